"""Errors as RFC 9457 problem documents."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from shared.domain.config.field_problems import Problem
from shared.domain.control_errors import KeyReused
from shared.domain.errors import Conflict, Damaged, ExportError, Retryable
from shared.domain.sentences import Sentence

logger = logging.getLogger(__name__)


class BadRequest(ExportError):
    """The request itself cannot be understood."""

    reason = "bad_request"


class Invalid(BadRequest):
    """A document that was sent in cannot be used; *problems* has everything that is wrong with the document."""

    reason = "invalid_document"

    def __init__(self, sentence: Sentence, problems: Sequence[Problem]) -> None:
        super().__init__(sentence)
        self.problems = tuple(problems)


class Unauthorized(ExportError):
    """The app does not know who makes the request."""

    reason = "unauthorized"


class Forbidden(ExportError):
    """The caller may not do that."""

    reason = "forbidden"


class NotFound(ExportError):
    """What the address names does not exist."""

    reason = "not_found"


class Refused(ExportError):
    """The request contradicts the state of the app; *more* are members of the problem that help a program to go on."""

    reason = "conflict"

    def __init__(self, sentence: Sentence, *, public: Sentence | None = None, **more: Any) -> None:
        super().__init__(sentence, public=public)
        self.more = more

    @classmethod
    def because_of(cls, error: ExportError, *, reason: str | None = None, **more: Any) -> "Refused":
        """Return the refusal with the two sentences of *error*; *reason* takes the place of the usual one."""
        refused = cls(error.sentence, public=error.public, **more)
        refused.reason = reason or cls.reason
        return refused


class Unhealthy(ExportError):
    """Something that the app needs does not work; *more* are members of the problem that say what."""

    reason = "unhealthy"

    def __init__(self, sentence: Sentence, **more: Any) -> None:
        super().__init__(sentence)
        self.more = more


class Missed(ExportError):
    """A precondition of the request does not hold."""

    reason = "precondition_failed"


class TooLarge(ExportError):
    """The body is larger than any document that people write."""

    reason = "too_large"


class LengthMissing(ExportError):
    """The request does not name the length of its body."""

    reason = "length_missing"


class Unprocessable(ExportError):
    """The request is well-formed, and the app cannot do what it asks for."""

    reason = "unprocessable"


STATUSES: dict[type[ExportError], HTTPStatus] = {
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.CONFLICT,
    Conflict: HTTPStatus.CONFLICT,
    Damaged: HTTPStatus.CONFLICT,
    Missed: HTTPStatus.PRECONDITION_FAILED,
    LengthMissing: HTTPStatus.LENGTH_REQUIRED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unprocessable: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadRequest: HTTPStatus.BAD_REQUEST,
    Unhealthy: HTTPStatus.SERVICE_UNAVAILABLE,
    Retryable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of the answer to each error; the answer to any other error is 500, as the fault is the app's own."""


def problem(error: ExportError, *, to_administrator: bool) -> tuple[HTTPStatus, dict[str, Any], dict[str, str]]:
    """Return the status, the document and the headers of the answer to *error*.

    An administrator reads the sentence of the error, everybody else its public sentence.
    """
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), _OURS)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("A request was answered with %d: %s", status, error)
    document: dict[str, Any] = {
        "type": f"urn:segment-export:problem:{error.reason}",
        "title": phrase(status),
        "status": status.value,
        **(error.sentence if to_administrator else error.public).document(),
    }
    if isinstance(error, Invalid):
        document["errors"] = [{"pointer": each.pointer, **each.sentence.document()} for each in error.problems]
    if isinstance(error, Refused | Unhealthy):
        document |= error.more
    wait = {"Retry-After": str(max(1, ceil(error.after or 5)))} if isinstance(error, Retryable) else {}
    return status, document, wait


class Unforeseen(ExportError):
    """The app itself has failed."""

    reason = "internal_error"


def phrase(status: HTTPStatus) -> str:
    """Return what *status* is called (RFC 9110); Python before 3.13 has older names for two of them."""
    return _RENAMED.get(status, status.phrase)


_OURS = HTTPStatus.INTERNAL_SERVER_ERROR
_RENAMED = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
