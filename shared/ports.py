"""The seams to the outside world: what the use-cases need, and nothing of how it is done."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.domain.batch import Batch
from shared.domain.isolation import IsolationBudget
from shared.domain.plan import SegmentBlob
from shared.domain.receipt import ImportFault, JobReport, Sent
from shared.domain.segment_folder import SegmentFolder


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

    async def delete(self, path: str, *, etag: str | None = None) -> None:
        """Remove the document at *path*; with *etag* that version only, and `Conflict` is raised for another one.

        None being there is no conflict: what was wanted is so, and a repeat after a lost answer finds it so.
        """
        ...

    def names(self, prefix: str) -> AsyncIterator[str]:
        """Yield the paths that begin with *prefix*, in order."""
        ...

    def folders(self, prefix: str) -> AsyncIterator[str]:
        """Yield the names of the folders directly under *prefix* (which ends with a slash, or is empty), in order.

        What lies in them is not listed. A folder is there as long as anything lies in it.
        """
        ...

    async def write_lines(self, path: str, lines: AsyncIterator[bytes]) -> None:
        """Write *lines* (without line ends) to *path*, over what was there; it is there wholly or not at all.

        Raises `Conflict` when somebody else wrote there at the same time.
        """
        ...

    def read_lines(self, path: str, *, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the lines at *path*, without line ends; nothing when there is nothing at *path*.

        With *at*, only those that begin at that byte or behind it; that is for lines written at one stroke.
        Lines that are added meanwhile may be missing. Raises `Conflict` when all are written over meanwhile.
        """
        ...

    async def append_line(self, path: str, line: bytes) -> None:
        """Add *line* (without a line end) to the lines at *path*, which need not be there yet.

        Of lines that many add at once none is lost, in whatever order they stand. One whose answer was lost may stand
        there twice: give a line an id of its own, by which a reader leaves out the second. Storage may keep
        the lines in several files, named *path* and *path* with a number behind it; they are read as one.

        Raises `ValueError` for a line that is longer than `MAX_ADDED_LINE_BYTES` or not one line, `ConfigurationError`
        where something lies that was written at one stroke.
        """
        ...


MAX_ADDED_LINE_BYTES = 256 * 1024
"""The longest line that can be added: room for the largest request there is, before and after."""


def check_line(line: bytes) -> None:
    """Raise `ValueError` when *line* cannot be added to lines."""
    if len(line) > MAX_ADDED_LINE_BYTES:
        raise ValueError(f"A line of {len(line)} bytes is too long to be added; {MAX_ADDED_LINE_BYTES} is the most.")
    if b"\n" in line:
        raise ValueError("What has a line end in it is more than one line, and cannot be added as one.")


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

        Leaving after the first piece reads no more than that, and that is small.
        Raises `SourceChanged` when it is not the version that was listed, `Unavailable`.
        """
        ...

    def folders(self) -> AsyncIterator[SegmentFolder]:
        """Yield every folder with a file directly in it, each after the folders within it; holds no more than a path.

        Left out is what the name of no segment can name, and whatever has a ``_`` or ``.`` in front of its name or of
        a folder's above it: writers use those for their own notes.
        Raises `ConfigurationError` when there is no container, `Unavailable`.
        """
        ...


class Secrets(Protocol):
    """Keys by name."""

    async def get(self, name: str, *, fresh: bool = False) -> str:
        """Return the secret *name*; *fresh* asks the source itself, past any cache.

        Raises `CredentialsRefused` when there is none or it may not be read, `Unavailable`.
        """
        ...

    async def put(self, name: str, value: str) -> None:
        """Write a new version of the secret *name*, which need not be there yet.

        From then on this process gets the new value. Others may get the old one for ten minutes more, unless they ask
        afresh, as whoever meets a refused key does.

        Raises `ConfigurationError` when secrets cannot be written here, or not under this name or with this value;
        `CredentialsRefused` when the app may not; `Unavailable`, after which the value may be written or not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """A Klaviyo account; *is_test* is Klaviyo's own flag."""

    id: str
    name: str
    is_test: bool


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
        """Return the list; raises `ConfigurationError` when there is none. The cheapest call there is."""
        ...

    def lists(self) -> AsyncIterator[list[ListInfo]]:
        """Yield the account's lists by name, a page of few at a time."""
        ...

    async def live_flows(self, list_id: str) -> tuple[Flow, ...]:
        """Return the flows that take up whoever is added to the list: those that are neither draft nor archived.

        Raises `ScopeMissing` when the key may not ask, `ConfigurationError` when there is no such list.
        """
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

    def __call__(self, secret_name: str, account_id: str | None = None) -> Sink:
        """Return the sink; the key is read when it is first needed.

        Over one with *account_id* nothing goes to another account, whatever becomes of the key meanwhile; only
        `account` tells of the other one.
        """
        ...
