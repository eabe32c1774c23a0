"""Klaviyo's error answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of an answer: *detail* describes it, *pointer* or *parameter* gives its place."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    code: str = "invalid"
    title: str = "Invalid input."

    def document(self, identifier: str, status: int) -> dict[str, Any]:
        """Return the error as a JSON:API error object."""
        source = {"parameter": self.parameter} if self.parameter else {"pointer": self.pointer or "/data"}
        return {
            "id": identifier,
            "status": status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "source": source,
            "links": {},
            "meta": {},
        }


class Refused(Exception):
    """The request is answered with *status* and *problems*."""

    def __init__(self, status: int, *problems: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, problems)
        self.status = status
        self.problems = problems
        self.headers = dict(headers or {})


def invalid(detail: str, pointer: str | None = None) -> Refused:
    """Return the 400 for a fault in the body at *pointer*."""
    return Refused(400, Problem(detail, pointer))


def invalid_parameter(name: str, detail: str) -> Refused:
    """Return the 400 for a fault in the query parameter *name*."""
    return Refused(400, Problem(detail, parameter=name))


def not_authenticated() -> Refused:
    """Return the 401 for a request without a key."""
    detail = "Missing or invalid authorization scheme. Please use Klaviyo-API-Key."
    title = "Authentication credentials were not provided."
    return Refused(401, Problem(detail, code="not_authenticated", title=title))


def unknown_key() -> Refused:
    """Return the 401 for a key that no account has."""
    title = "Incorrect authentication credentials."
    return Refused(401, Problem("Invalid or revoked API key.", code="authentication_failed", title=title))


def not_permitted() -> Refused:
    """Return the 403 for a key that lacks a scope; like Klaviyo's, the answer does not name the scope."""
    title = "You do not have permission to perform this action."
    return Refused(403, Problem(title, "/data/", code="permission_denied", title=title))


def not_found(detail: str) -> Refused:
    """Return a 404."""
    return Refused(404, Problem(detail, code="not_found", title="Not found."))


def wrong_method(method: str, allowed: list[str]) -> Refused:
    """Return the 405 for a path that has only other methods."""
    problem = Problem(f'Method "{method}" not allowed.', code="method_not_allowed", title="Method not allowed.")
    return Refused(405, problem, headers={"Allow": ", ".join(allowed)})


def too_large(limit: int) -> Refused:
    """Return the 413 for a body of more than *limit* bytes."""
    problem = Problem(f"Payload exceeds {limit} bytes.", code="payload_too_large", title="Payload too large.")
    return Refused(413, problem)


def wrong_media_type(found: str) -> Refused:
    """Return the 415 for a content type other than JSON:API."""
    title = "Unsupported media type."
    return Refused(
        415, Problem(f'Unsupported media type "{found}" in request.', code="unsupported_media_type", title=title)
    )


def throttled(retry_after: int) -> Refused:
    """Return the 429 with *retry_after* seconds in its ``Retry-After`` header."""
    plural = "" if retry_after == 1 else "s"
    detail = f"Request was throttled. Expected available in {retry_after} second{plural}."
    problem = Problem(detail, code="throttled", title="Request was throttled.")
    return Refused(429, problem, headers={"Retry-After": str(retry_after)})


def unavailable(status: int) -> Refused:
    """Return a 5xx."""
    return Refused(status, Problem("A server error occurred.", code="error", title="Server error."))
