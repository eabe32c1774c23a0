"""JSON documents and lines of JSON."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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
