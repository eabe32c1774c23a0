"""Makes folders of a listing of blobs; memory holds one path of folders at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.identifiers import segment_problem
from shared.domain.rows.file_kind import kind_of_file
from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.segment_folder import SegmentFolder


@dataclass
class _OpenFolder:
    """A folder whose blobs are being listed; mutable."""

    step: str
    files: int = 0
    bytes: int = 0
    last_modified: datetime | None = None
    formats: set[str] = field(default_factory=set)
    unreadable: int = 0
    has_subfolders: bool = False


class FolderWalk:
    """Takes blobs in the order of a listing, in which the blobs of a folder follow each other; mutable."""

    def __init__(self) -> None:
        self._path: list[_OpenFolder] = []

    def feed(self, name: str, size: int, last_modified: datetime) -> Iterator[SegmentFolder]:
        """Take the blob *name*, of *size* bytes; yield the folders whose last blob came before this one."""
        *steps, file = name.split("/")
        if is_hidden((*steps, file)):
            return
        shared = self._shared(steps)
        yield from self._leave(shared)
        self._path += [_OpenFolder(step) for step in steps[shared:]]
        for folder in self._path[:-1]:
            folder.has_subfolders = True
        if self._path and file:
            _add(self._path[-1], file, size, last_modified)

    def close(self) -> Iterator[SegmentFolder]:
        """End the listing; yield the folders that are still open."""
        yield from self._leave(0)

    def _shared(self, steps: Sequence[str]) -> int:
        """Return how many of the open folders, from the top, are in *steps* as well."""
        depth = 0
        while depth < min(len(steps), len(self._path)) and steps[depth] == self._path[depth].step:
            depth += 1
        return depth

    def _leave(self, depth: int) -> Iterator[SegmentFolder]:
        """Close all open folders but the first *depth*, and yield those that have files."""
        while len(self._path) > depth:
            name = "/".join(folder.step for folder in self._path)
            folder = self._path.pop()
            if folder.last_modified and not segment_problem(name):
                yield SegmentFolder(
                    name=name,
                    files=folder.files,
                    bytes=folder.bytes,
                    last_modified=folder.last_modified,
                    formats=tuple(sorted(folder.formats)),
                    unreadable=folder.unreadable,
                    has_subfolders=folder.has_subfolders,
                )


def _add(folder: _OpenFolder, file: str, size: int, last_modified: datetime) -> None:
    folder.last_modified = max(folder.last_modified or last_modified, last_modified)
    if kind := kind_of_file(file):
        folder.files += 1
        folder.bytes += size
        folder.formats.add(kind.ending)
    else:
        folder.unreadable += 1
