"""The seams to the outside world: what the use-cases need, and nothing of how it is done."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.domain.batch import Batch
from shared.domain.isolation import IsolationBudget
from shared.domain.plan import SegmentBlob
from shared.domain.receipt import ImportFault, JobReport, Sent


class Clock(Protocol):
    """Time, as it passes for everybody and as it passes for this process."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 gives everybody else a turn."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document as it was read, with the tag of that version."""

    value: dict[str, Any]
    etag: str


class Documents(Protocol):
    """JSON documents by path, with optimistic concurrency; and lines of JSON, written at one stroke.

    Every method raises `Unavailable` when the storage does not answer, `Throttled` when it asks to slow down.
    """

    async def get(self, path: str) -> Document | None:
        """Return the document at *path*, or None; raises `ConfigurationError` for one that is not JSON."""
        ...

    async def insert(self, path: str, value: Mapping[str, Any]) -> str | None:
        """Write a new document and return its tag, or None when there is one at *path* already."""
        ...

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        """Write over the version *etag* and return the new tag; raises `Conflict` when another one is there."""
        ...

    async def delete(self, path: str) -> None:
        """Remove the document at *path*, if there is one."""
        ...

    def names(self, prefix: str) -> AsyncIterator[str]:
        """Yield the paths that begin with *prefix*, in order."""
        ...

    async def write_lines(self, path: str, lines: AsyncIterator[bytes]) -> None:
        """Write *lines* (without line ends) to *path*, over what was there; it is there wholly or not at all.

        Raises `Conflict` when somebody else wrote there at the same time.
        """
        ...

    def read_lines(self, path: str) -> AsyncIterator[bytes]:
        """Yield the lines at *path*, without line ends; nothing when there is nothing at *path*.

        Raises `Conflict` when they are written over meanwhile.
        """
        ...


LEASE_SECONDS = 60
"""How long a lease holds after it was taken or renewed; the longest that Azure has with an end."""


class Lease(Protocol):
    """The exclusive right to a name, until it is released or runs out."""

    async def renew(self) -> bool:
        """Hold it for another minute from now; return False when it is lost. Gives up within about five seconds.

        Raises `Retryable` when it is not known.
        """
        ...

    async def release(self) -> None:
        """Let go of it; what goes wrong is of no matter, as it runs out by itself."""
        ...


class Leases(Protocol):
    """Who may work on what, among all processes."""

    async def take(self, name: str) -> Lease | None:
        """Return the lease *name*, or None while somebody else has it; raises `Retryable`."""
        ...

    async def forget(self, name: str) -> None:
        """Clear away what keeps the lease *name*, which nobody has and nobody will want again; raises `Retryable`."""
        ...


class Segments(Protocol):
    """The rows of segments, in files."""

    async def blobs(self, segment: str) -> list[SegmentBlob]:
        """Return the data files of *segment* in name order.

        Raises `ConfigurationError` when there is no such folder or it holds sub-folders of data, `Unavailable`.
        """
        ...

    def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        """Yield the bytes of *blob* in pieces of at most a few MiB.

        Raises `SourceChanged` when it is not the version that was listed, `Unavailable`.
        """
        ...


class Secrets(Protocol):
    """Keys by name."""

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the secret *name*; *fresh* asks the source itself, past any cache.

        Raises `CredentialsRefused` when there is none or it may not be read, `Unavailable`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """A Klaviyo account; *is_test* is Klaviyo's own flag."""

    id: str
    name: str
    is_test: bool


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

    async def list_name(self, list_id: str) -> str:
        """Return the name of the list; raises `ConfigurationError` when there is none. The cheapest call there is."""
        ...

    async def send(self, batch: Batch, *, list_id: str, budget: IsolationBudget) -> Sent:
        """Hand *batch* to Klaviyo for the list; refused rows are taken out as far as *budget* allows."""
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

    def __call__(self, secret_name: str) -> Sink:
        """Return the sink; the key is read when it is first needed."""
        ...
