"""Errors as RFC 9457 problem documents, and what every other answer has in common."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

import azure.functions as func
import orjson

from shared.domain.errors import ExportError, Retryable

logger = logging.getLogger(__name__)

_PLAIN = {"Cache-Control": "no-store"}


class BadRequest(ExportError):
    """The request itself cannot be understood."""

    reason = "bad_request"


class NotFound(ExportError):
    """What the address names does not exist."""

    reason = "not_found"


class Refused(ExportError):
    """The request contradicts the state of things."""

    reason = "conflict"


def answer(status: HTTPStatus, value: object, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
    """Return *value* as JSON."""
    return func.HttpResponse(
        orjson.dumps(value),
        status_code=status,
        mimetype="application/json",
        headers={**_PLAIN, **(headers or {})},
    )


def problem(error: ExportError) -> func.HttpResponse:
    """Return *error* as a problem document; its message is made for people and holds no personal data."""
    status = _status(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("A request was answered with %d: %s", status, error)
    document: dict[str, Any] = {
        "type": f"urn:segment-export:problem:{error.reason}",
        "title": status.phrase,
        "status": status.value,
        "detail": str(error),
    }
    headers = dict(_PLAIN)
    if isinstance(error, Retryable):
        headers["Retry-After"] = str(max(1, ceil(error.after or 5)))
    return func.HttpResponse(
        orjson.dumps(document), status_code=status, mimetype="application/problem+json", headers=headers
    )


def _status(error: ExportError) -> HTTPStatus:
    match error:
        case NotFound():
            return HTTPStatus.NOT_FOUND
        case Refused():
            return HTTPStatus.CONFLICT
        case BadRequest():
            return HTTPStatus.BAD_REQUEST
        case Retryable():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR
