"""A request, what becomes of it on its way, and the answer, without any HTTP server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.account.lots import Lot
from local.klaviyo.http.endpoints import Endpoint
from local.klaviyo.http.problems import Refused
from local.klaviyo.rules.behaviour import Behaviour
from local.klaviyo.rules.limits import Quota
from local.klaviyo.rules.validation import Import


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrives, before its body does; the names of *headers* in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""


@dataclass(slots=True)
class Visit:
    """A call on its way: what was drawn for it, and how far it was let in; mutable."""

    call: Call
    lot: Lot
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
class Asked:
    """A call that was let in, at *now* (seconds since 1970), to be done."""

    call: Call
    identifier: str
    body: bytes
    account: Account
    behaviour: Behaviour
    now: float
    start_job: Callable[[Import], Job]
    prepared: "Import | Refused | None" = None


@dataclass(frozen=True, slots=True)
class Done:
    """What has come of it."""

    status: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: Mapping[str, str]
