"""JSON documents and lines of JSON."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.domain.errors import Conflict


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document as it was read, with the tag of that version."""

    value: dict[str, Any]
    etag: str


class Documents(Protocol):
    """JSON documents by path, with optimistic concurrency, and files of lines by path.

    Every method may raise `Unavailable` (storage does not answer), `Throttled` (storage asks to slow down) and
    `CredentialsRefused`.
    """

    async def get(self, path: str) -> Document | None:
        """Return the document at *path*, or None; raises `Damaged` when a file there is not a JSON object."""
        ...

    async def insert(self, path: str, value: Mapping[str, Any]) -> str | None:
        """Write a new document and return its tag, or None when there is a document at *path* already."""
        ...

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        """Write over the version *etag* and return the new tag; raises `Conflict` when another version is there."""
        ...

    async def delete(self, path: str, *, etag: str | None = None) -> None:
        """Remove the document at *path*; with *etag* only that version, else raises `Conflict`.

        A document that is not there is no conflict: a repeat after a lost answer finds none.
        """
        ...

    def names(self, prefix: str) -> AsyncIterator[str]:
        """Yield the paths that begin with *prefix*, in order."""
        ...

    def folders(self, prefix: str) -> AsyncIterator[str]:
        """Yield the names of the folders directly under *prefix* (which ends with a slash, or is empty), in order.

        Files in the folders are not listed. A folder exists as long as a file lies in it or below it.
        """
        ...

    async def write_lines(self, path: str, lines: AsyncIterator[bytes]) -> None:
        """Write *lines* (without line ends) to *path*, over the file there. Readers see all lines or none.

        Raises `Conflict` when somebody else writes to *path* at the same time.
        """
        ...

    def read_lines(self, path: str, *, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the lines at *path*, without line ends; nothing when there is no file.

        With *at*, only the lines that begin at that byte or after it; *at* is for files of `write_lines`.
        Lines that are added meanwhile may be missing. Raises `Conflict` when the file is written over meanwhile.
        """
        ...

    async def append_line(self, path: str, line: bytes) -> None:
        """Add *line* (without a line end) to the file at *path*, which is made when there is none.

        Several processes may add lines at once: none is lost, but their order is not fixed. A line whose answer was
        lost may be there twice, so give each line an id, by which a reader leaves out the second one.
        Storage may keep the lines in several files, *path* and *path* with a number after it; `read_lines` reads them
        as one file.

        Raises `ValueError` for a line that is longer than `MAX_ADDED_LINE_BYTES` or has a line end in it, and
        `ConfigurationError` where a file of `write_lines` lies or where no further line fits.
        """
        ...


async def write_over(documents: Documents, path: str, value: Mapping[str, Any], etag: str | None) -> bool:
    """Write *value* over the version *etag* at *path*, None where no document is there; raises as *documents* does.

    Returns False, and writes nothing, when another version is there: somebody else was faster.
    """
    if etag is None:
        return await documents.insert(path, value) is not None
    try:
        await documents.replace(path, value, etag=etag)
    except Conflict:
        return False
    return True


MAX_ADDED_LINE_BYTES = 256 * 1024
"""The longest line that can be added; an audit line has the largest request in it twice, before and after."""


def check_line(line: bytes) -> None:
    """Raise `ValueError` when `Documents.append_line` does not take *line*."""
    if len(line) > MAX_ADDED_LINE_BYTES:
        raise ValueError(f"A line of {len(line)} bytes is too long to be added; {MAX_ADDED_LINE_BYTES} is the most.")
    if b"\n" in line:
        raise ValueError("What has a line end in it is more than one line, and cannot be added as one.")
