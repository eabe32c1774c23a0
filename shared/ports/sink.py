"""A Klaviyo account, as the rest of the app sees it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.domain.batches.batch import Batch
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.sentences import masked


@dataclass(frozen=True, slots=True)
class Account:
    """A Klaviyo account; *is_test* is Klaviyo's own flag."""

    id: str
    name: str
    is_test: bool


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list; *opt_in* is Klaviyo's word for how people join the list by themselves, None where it gives none.

    An e-mail address in the name is masked: names of lists stand in documents and answers.
    """

    id: str
    name: str
    opt_in: str | None

    def __post_init__(self) -> None:
        """Mask the name."""
        object.__setattr__(self, "name", masked(self.name))


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, which does something with everybody who comes into it; *status* is Klaviyo's word.

    An e-mail address in the name is masked.
    """

    id: str
    name: str
    status: str

    def __post_init__(self) -> None:
        """Mask the name."""
        object.__setattr__(self, "name", masked(self.name))


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
    """One Klaviyo account, over one key.

    Every method may raise `Retryable` (after retries of its own) and `Fatal`.
    """

    async def account(self) -> Account:
        """Return the account that the key leads to."""
        ...

    async def has_scope(self, scope: str) -> bool | None:
        """Tell whether the key has *scope*; None where only a change in the account could show it."""
        ...

    async def list_details(self, list_id: str) -> ListInfo:
        """Return the list; raises `UnknownList` when there is none. No other call costs Klaviyo less."""
        ...

    def lists(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the account's lists by name, a page of few at a time."""
        ...

    async def make_list(self, name: str) -> ListInfo:
        """Make a list and return it; Klaviyo makes a second one where a list has that *name* already.

        It is asked for once: without an answer nobody knows whether the list is there, which raises `Unavailable`.
        """
        ...

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up everybody who is added to the list, without drafts and archived flows.

        Raises `UnknownList`, and `ScopeMissing` when the key may not ask.
        """
        ...

    async def send(
        self,
        batch: Batch,
        *,
        list_id: str,
        budget: IsolationBudget,
        collector: ReceiptCollector,
        fence: Callable[[], object] = lambda: None,
    ) -> Sent:
        """Hand *batch* to Klaviyo for the list.

        Rows that Klaviyo refuses are taken out, as far as *budget* allows the extra requests for that.
        *collector* gets each receipt as it comes. It also gets a receipt without a job id for each request that
        Klaviyo may have carried out without an answer, such as the one that was under way when the send was cancelled.
        After a send that returned, *collector* holds the receipts of `Sent`.
        *fence* is called before each request leaves; what it raises ends the send there.
        """
        ...

    def use(self) -> AccountUse:
        """Return how the account was used lately, for the leg that has it next."""
        ...

    def go_on_from(self, use: AccountUse) -> None:
        """Keep the account's limits from there on where the leg before, perhaps of another process, has left off."""
        ...

    async def newest_job(self) -> JobReport | None:
        """Return the account's newest import job, whoever has made it; None when there is none."""
        ...

    def jobs(self) -> AsyncIterator[list[JobReport]]:
        """Yield the account's import jobs, newest first, a page at a time."""
        ...

    async def job(self, job_id: str) -> JobReport | None:
        """Return one import job, or None when Klaviyo does not know the job, or no longer knows it."""
        ...

    def import_faults(self, job_id: str) -> AsyncIterator[ImportFault]:
        """Yield every row that the job refused, all pages of them."""
        ...


class Sinks(Protocol):
    """Sinks by the name of the secret that holds their key."""

    def __call__(self, secret_name: str, account_id: str | None = None) -> Sink:
        """Return the sink; the key is read from its secret when the sink first needs it.

        A sink with an *account_id* sends nothing to another account, even if somebody exchanges the key meanwhile.
        Its method `account` still returns the account that the key leads to.
        """
        ...
