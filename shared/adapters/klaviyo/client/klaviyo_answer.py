"""What comes of one attempt at Klaviyo: an answer that means something, or a failure that may pass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self

from shared.adapters.klaviyo.client.json_api import errors, is_document
from shared.adapters.klaviyo.client.rates import Rate
from shared.domain.errors import LONGEST_ASKED_SECONDS, ContractBroken, Throttled, Unavailable
from shared.domain.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class KlaviyoAnswer:
    """An answer with a status of 2xx or 4xx (but neither 408 nor 429), and the key that it was given to."""

    status: int
    body: bytes = field(repr=False)
    key: str = field(default="", repr=False)

    @property
    def refuses_the_key(self) -> bool:
        """Tell whether Klaviyo does not know the key (401), or the key lacks a scope (403)."""
        return self.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

    @property
    def is_of_nothing(self) -> bool:
        """Tell whether Klaviyo has not, or no longer, what was asked for (404, 410)."""
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

    def expect_success(self, rate: Rate) -> Self:
        """Return this answer of the endpoint of *rate*; raises `ContractBroken` for a status of 4xx."""
        if self.status < HTTPStatus.BAD_REQUEST:
            return self
        codes = ", ".join(sorted({error.code for error in errors(self.body)})) or "no code"
        raise ContractBroken(
            say(
                "klaviyo_unforeseen_status",
                "Klaviyo, {endpoint}: status {status} ({codes}), which its rules do not foresee; "
                "look at its status page.",
                endpoint=rate.name,
                status=self.status,
                codes=codes,
            )
        )


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt that may be repeated.

    *why* is a part of a sentence. *asked* is the wait in seconds that Klaviyo asked for, if it did.
    *lost* tells whether Klaviyo may have carried out the request all the same.
    *error* is the class that the last of several failed attempts is raised as.
    """

    why: Sentence
    error: type[Throttled | Unavailable] = Unavailable
    asked: float | None = None
    lost: bool = False

    @classmethod
    def throttled(cls, seconds: float | None) -> "FailedAttempt":
        """Return the failure of a request that Klaviyo put off for *seconds* (429), or for a time it did not name."""
        return cls(say("klaviyo_throttled", "asked to slow down (429)"), Throttled, asked=seconds)

    @classmethod
    def unanswered(cls, kind: str) -> "FailedAttempt":
        """Return the failure of a request whose connection broke; *kind* is the name of the vendor's error."""
        return cls(say("klaviyo_no_answer", "no answer ({kind})", kind=kind), lost=True)

    @classmethod
    def unconnected(cls, base_url: str, kind: str) -> "FailedAttempt":
        """Return the failure of a request that certainly never left; *kind* is the name of the vendor's error."""
        why = say("klaviyo_unreachable", "no connection to {address} ({kind})", address=base_url, kind=kind)
        return cls(why)

    def given_up(self, rate: Rate, attempts: int) -> Throttled | Unavailable:
        """Return the error for the last of *attempts* failed attempts at the endpoint of *rate*."""
        params = {**self.why.params, "endpoint": rate.name, "attempts": attempts}
        detail = f"Klaviyo, {rate.name}: {self.why}, given up for now at attempt {attempts}."
        return self.error(Sentence(self.why.code, params, detail), after=self.asked)


def judge(status: int, headers: Mapping[str, str], body: bytes, key: str) -> KlaviyoAnswer | FailedAttempt:
    """Return what an answer means that was given to *key*; raises `ContractBroken` for a redirection (3xx)."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return FailedAttempt.throttled(_seconds(headers.get("Retry-After")))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        why = say("klaviyo_status", "status {status}", status=status)
        return FailedAttempt(why, asked=_seconds(headers.get("Retry-After")), lost=True)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise ContractBroken(
            say(
                "klaviyo_redirection",
                "Klaviyo sent us elsewhere (status {status}); mend the setting KLAVIYO_BASE_URL.",
                status=status,
            )
        )
    if status not in _CLEAR and not is_document(body):
        why = say("klaviyo_no_json", _NO_JSON, status=status)
        return FailedAttempt(why, lost=status < HTTPStatus.MULTIPLE_CHOICES)
    return KlaviyoAnswer(status, body, key)


def _seconds(text: str | None) -> float | None:
    """Read ``Retry-After``: Klaviyo gives whole seconds. The wait is 1 to 3,600 s; None where *text* is no number."""
    return min(max(1.0, float(text)), LONGEST_ASKED_SECONDS) if text and _NUMBER(text) else None


_NO_JSON = (
    "answered something that is not JSON (status {status}; look at its status page and at the setting KLAVIYO_BASE_URL)"
)
_CLEAR = (HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""Statuses that mean the same without a body. Any other answer that is not JSON came from a proxy before Klaviyo."""
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?").fullmatch
