"""Errors as RFC 9457 problem documents."""

import logging
from http import HTTPStatus
from math import ceil
from typing import Any

from shared.domain.control_errors import KeyReused
from shared.domain.errors import Conflict, Damaged, ExportError, Retryable
from shared.domain.sentences import Sentence

logger = logging.getLogger(__name__)


class BadRequest(ExportError):
    """The request itself cannot be understood."""

    reason = "bad_request"


class Invalid(BadRequest):
    """A document that was sent in cannot be used; *problems* are all that is wrong, each with its JSON pointer."""

    reason = "invalid_document"

    def __init__(self, message: str, problems: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.problems = problems


class Unauthorized(ExportError):
    """It is not known who asks."""

    reason = "unauthorized"


class Forbidden(ExportError):
    """Whoever asks may not do that."""

    reason = "forbidden"


class NotFound(ExportError):
    """What the address names does not exist."""

    reason = "not_found"


class Refused(ExportError):
    """The request contradicts the state of things; *more* are members that help a program to go on."""

    reason = "conflict"

    def __init__(self, sentence: Sentence | str, *, reason: str | None = None, **more: Any) -> None:
        super().__init__(sentence)
        self.reason = reason or self.reason
        self.more = more


class Missed(ExportError):
    """A precondition of the request does not hold."""

    reason = "precondition_failed"


class TooLarge(ExportError):
    """The body is larger than anything that makes sense here."""

    reason = "too_large"


class Unprocessable(ExportError):
    """The request is well-formed and yet cannot be followed."""

    reason = "unprocessable"


STATUSES: dict[type[ExportError], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.CONFLICT,
    Conflict: HTTPStatus.CONFLICT,
    Damaged: HTTPStatus.CONFLICT,
    Missed: HTTPStatus.PRECONDITION_FAILED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unprocessable: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadRequest: HTTPStatus.BAD_REQUEST,
    Retryable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What each error is answered with; any other one is the app's own trouble, and a 500."""


def problem(error: ExportError) -> tuple[HTTPStatus, dict[str, Any], dict[str, str]]:
    """Return the status, the document and the headers that tell of *error*.

    Its message is made for people and holds no personal data.
    """
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), _OURS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("A request was answered with %d: %s", status, error)
    document: dict[str, Any] = {
        "type": f"urn:segment-export:problem:{error.reason}",
        "title": phrase(status),
        "status": status.value,
        "detail": str(error),
    }
    if isinstance(error, Invalid):
        document["errors"] = [{"pointer": pointer, "detail": detail} for pointer, detail in error.problems]
    if isinstance(error, Refused):
        document |= error.more
    wait = {"Retry-After": str(max(1, ceil(error.after or 5)))} if isinstance(error, Retryable) else {}
    return status, document, wait


class Unforeseen(ExportError):
    """A fault of ours."""

    reason = "internal_error"


def phrase(status: HTTPStatus) -> str:
    """Return what *status* is called (RFC 9110); Python before 3.13 has older names for two of them."""
    return _RENAMED.get(status, status.phrase)


_OURS = HTTPStatus.INTERNAL_SERVER_ERROR
_RENAMED = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
