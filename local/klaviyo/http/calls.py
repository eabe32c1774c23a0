"""The forms of a request inside the simulator: as it arrives, pending, admitted, and its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.behaviour.draws import Draw
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.endpoints import Endpoint
from local.klaviyo.http.problems import Refused
from local.klaviyo.rules.import_body import Import
from local.klaviyo.rules.rate_limits import Quota


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrives, before its body; the names of *headers* are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""


@dataclass(slots=True)
class PendingCall:
    """A call between arrival and answer: its draw, and the account and quota, or the refusal. Mutable."""

    call: Call
    draw: Draw
    endpoint: Endpoint | None = None
    identifier: str = ""
    account: Account | None = None
    quota: Quota | None = None
    refused: Refused | None = None

    @property
    def name(self) -> str:
        """Return the endpoint's name."""
        return self.endpoint.name if self.endpoint else "unknown"


@dataclass(frozen=True, slots=True)
class AdmittedCall:
    """A call that passed all checks, for its handler; *now* is seconds since 1970."""

    call: Call
    identifier: str
    body: bytes
    account: Account
    behaviour: Behaviour
    now: float
    start_job: Callable[[Import], Job]
    prepared: "Import | Refused | None" = None


@dataclass(frozen=True, slots=True)
class HandlerResult:
    """The status and the JSON document that a handler returns."""

    status: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as bytes."""

    status: int
    body: bytes
    headers: Mapping[str, str]
