"""One level of the folders in the storage, and how a decision about a source asks for what it must know.

A decision is a generator: it yields what it asks for, and is sent the answer. So the domain decides about folders
without reading any, and fakes and storage lead to the same decision.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.listed_blob import ListedBlob

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Level:
    """What lies directly below *prefix*, at the storage's own time *at*.

    *folders* are the names of the folders, without slashes. A folder may hold nothing but notes, or nothing at all.
    """

    prefix: str
    blobs: tuple[ListedBlob, ...]
    folders: tuple[str, ...]
    at: datetime

    @property
    def files(self) -> tuple[ListedBlob, ...]:
        """Return the blobs that are files, and no notes of a writer."""
        return tuple(blob for blob in self.blobs if not blob.is_folder and not is_hidden([blob.file]) and blob.file)

    @property
    def visible_folders(self) -> tuple[str, ...]:
        """Return the folders that are no notes of a writer."""
        return tuple(folder for folder in self.folders if not is_hidden([folder]))

    def named(self, file: str) -> ListedBlob | None:
        """Return the blob *file* of this level, or None."""
        return next((blob for blob in self.blobs if blob.name == f"{self.prefix}{file}"), None)


@dataclass(frozen=True, slots=True)
class LevelOf:
    """Asks for the level below *prefix*."""

    prefix: str


@dataclass(frozen=True, slots=True)
class BytesOf:
    """Asks for all bytes of *blob*, which is small."""

    blob: ListedBlob


@dataclass(frozen=True, slots=True)
class OnceOf:
    """Asks for what comes of *work*, which is the same whoever asks about *blob*, and takes long."""

    blob: ListedBlob
    work: "Callable[[], Asking[Any]]"


Asking = Generator[LevelOf | BytesOf | OnceOf | None, Any, _Answer]
"""A decision under way; where it yields None, all other tasks may run."""


def level_below(prefix: str) -> Asking[Level]:
    """Ask for the level below *prefix*."""
    level: Level = yield LevelOf(prefix)
    return level


def bytes_of(blob: ListedBlob) -> Asking[bytes]:
    """Ask for the bytes of *blob*."""
    body: bytes = yield BytesOf(blob)
    return body


def first_file_below(prefix: str) -> Asking[ListedBlob | None]:
    """Return a file at any depth below *prefix*, None where there is none; notes of writers do not count.

    After `MOST_LEVELS` levels without a file the look ends, as if there were none.
    """
    prefixes = [prefix]
    for _ in range(MOST_LEVELS):
        if not prefixes:
            return None
        level = yield from level_below(prefixes.pop())
        if level.files:
            return level.files[0]
        prefixes += [f"{level.prefix}{folder}/" for folder in reversed(level.visible_folders)]
    return None


MOST_LEVELS = 100
