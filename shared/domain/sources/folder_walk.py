"""Makes folders of a listing of blobs; memory holds one path of folders at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.dialects.file_kind import Standing, kind_of_file
from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.segment_folder import SegmentFolder


class FolderWalk:
    """Takes blobs in the order of a listing, in which the blobs of a folder follow each other; mutable.

    Files and folders whose name, or the name of a folder above them, begins with ``_`` or ``.`` are left out: writers
    use such names for notes of their own.
    """

    def __init__(self) -> None:
        self._path: list[_OpenFolder] = []

    def feed(self, blob: ListedBlob) -> Iterator[SegmentFolder]:
        """Take *blob*; yield the folders whose last blob came before it, each one after the folders within it."""
        *steps, file = blob.name.split("/")
        if blob.is_folder or is_hidden((*steps, file)):
            return
        shared = self._shared(steps)
        yield from self._leave(shared)
        self._path += [_OpenFolder(step) for step in steps[shared:]]
        for folder in self._path[:-1]:
            folder.has_subfolders = True
        if self._path and file:
            self._path[-1].add(file, blob)

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
            if found := self._path.pop().found(name):
                yield found


@dataclass(slots=True)
class _Group:
    """Files of one standing in one folder; mutable."""

    files: int = 0
    bytes: int = 0
    archived: int = 0
    endings: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _OpenFolder:
    """A folder whose blobs are being listed; mutable."""

    step: str
    last_modified: datetime | None = None
    has_subfolders: bool = False
    groups: dict[Standing, _Group] = field(default_factory=lambda: {standing: _Group() for standing in Standing})

    def add(self, file: str, blob: ListedBlob) -> None:
        self.last_modified = max(self.last_modified or blob.modified, blob.modified)
        named = kind_of_file(file)
        group = self.groups[named.standing]
        group.files += 1
        group.bytes += blob.size
        group.archived += blob.is_archived
        if named.ending and len(group.endings) < _MOST_ENDINGS:
            group.endings.add(named.ending)

    def found(self, name: str) -> SegmentFolder | None:
        """Return what was found, or None when no file lies directly in the folder."""
        if self.last_modified is None:
            return None
        data, undecided = self.groups[Standing.DATA], self.groups[Standing.OPEN]
        if not data.files:
            data, undecided = undecided, data
        return SegmentFolder(
            name=name,
            files=data.files,
            bytes=data.bytes,
            last_modified=self.last_modified,
            formats=tuple(sorted(data.endings)),
            unreadable=self.groups[Standing.REFUSED].files,
            passed_over=undecided.files + self.groups[Standing.OTHER].files,
            archived=data.archived + undecided.archived,
            has_subfolders=self.has_subfolders,
        )


_MOST_ENDINGS = 20
