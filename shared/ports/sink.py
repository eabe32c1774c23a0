"""A Klaviyo account."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.domain.batches.batch import Batch
from shared.domain.errors import ConfigurationError
from shared.domain.runs.isolation import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Receipt, Sent


@dataclass(frozen=True, slots=True)
class Account:
    """A Klaviyo account; *is_test* is Klaviyo's own flag."""

    id: str
    name: str
    is_test: bool


class UnknownList(ConfigurationError):
    """There is no such list in the account."""


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list; *opt_in* is Klaviyo's word for how people join it themselves, None where it does not say."""

    id: str
    name: str
    opt_in: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, which does something with everybody who comes into it; *status* is Klaviyo's word."""

    id: str
    name: str
    status: str


class SendingCut(asyncio.CancelledError):
    """Sending was cancelled; *taken* are receipts of what Klaviyo took, or may have taken, until then."""

    def __init__(self, taken: Iterable[Receipt]) -> None:
        super().__init__()
        self.taken = tuple(taken)


class Encoder(Protocol):
    """How profiles are packed for Klaviyo."""

    max_profiles: int
    """How many profiles one request takes."""

    def max_bytes(self, list_id: str) -> int:
        """Return how many bytes of encoded profiles, joined by commas, fit into one request for the list."""
        ...

    def encode(self, attributes: Mapping[str, Any]) -> bytes:
        """Return one profile as it stands in a request."""
        ...


class Sink(Encoder, Protocol):
    """One Klaviyo account, seen over one key.

    Every method may raise `Retryable` (when its retries have ended) and `Fatal`; what `send` raises carries in
    ``taken`` what Klaviyo took until then.
    """

    async def account(self) -> Account:
        """Return the account that the key leads to."""
        ...

    async def has_scope(self, scope: str) -> bool | None:
        """Tell whether the key has *scope*; None where that cannot be learnt without changing anything."""
        ...

    async def list_details(self, list_id: str) -> ListInfo:
        """Return the list; raises `UnknownList` when there is none. The cheapest call there is."""
        ...

    def lists(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the account's lists by name, a page of few at a time."""
        ...

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up whoever is added to the list: those that are neither draft nor archived.

        Raises `ScopeMissing` when the key may not ask, `ConfigurationError` when there is no such list.
        """
        ...

    async def send(
        self, batch: Batch, *, list_id: str, budget: IsolationBudget, fence: Callable[[], object] = lambda: None
    ) -> Sent:
        """Hand *batch* to Klaviyo for the list; refused rows are taken out as far as *budget* allows.

        *fence* is called before each request leaves; what it raises ends the sending there.
        Raises `SendingCut` when it is cancelled.
        """
        ...

    def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        ...

    async def job(self, job_id: str) -> JobReport | None:
        """Return one import job, or None when Klaviyo does not know it (any more)."""
        ...

    def import_faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        """Yield every row that the job refused, all pages of them."""
        ...


class Sinks(Protocol):
    """Sinks by the name of the secret that holds their key."""

    def __call__(self, secret_name: str, account_id: str | None = None) -> Sink:
        """Return the sink; the key is read when it is first needed.

        Over one with *account_id* nothing goes to another account, whatever becomes of the key meanwhile; only
        `account` tells of the other one.
        """
        ...
