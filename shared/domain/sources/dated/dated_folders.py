"""The dated folders of a segment, the newest first, listed only as far as somebody asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say
from shared.domain.sources.dated.date_names import DateKind, moment_of
from shared.domain.sources.level import Asking, Level, level_below
from shared.domain.sources.segment_files import has_subfolder

DAY_DEPTH = 3
"""A day in a tree of dates lies so many folders deep."""


@dataclass(frozen=True, slots=True)
class DatedFolder:
    """One state of a segment: *path* is the date below the folder of the segment, such as ``2026/11/28/0600``."""

    path: str
    moment: datetime
    level: Level


class DatedFolders:
    """Finds the dated folders of *segment*, whose folder is *top*; mutable.

    Folders after the moment *latest* are passed over, and named in *in_future*.
    """

    def __init__(self, segment: str, top: Level, kind: DateKind, *, latest: datetime) -> None:
        self.in_future: list[str] = []
        self._segment, self._kind, self._latest = segment, kind, latest
        self._open = [sorted(top.visible_folders)]
        """The paths that are left at each depth of the present one, the newest last."""
        self._days: dict[str, Level] = {}
        self._has_times: bool | None = None

    def next(self) -> Asking[DatedFolder | None]:
        """Return the next dated folder, None where none is left; raises `ConfigurationError`."""
        while self._open:
            if not self._open[-1]:
                self._open.pop()
                continue
            path = self._open[-1].pop()
            moment = moment_of(self._kind, path)
            if moment is None or moment > self._latest:
                self.in_future.append(path)
                continue
            level = self._days.pop(path, None) or (yield from self._list(path))
            if self._kind is not DateKind.TREE or len(self._open) > DAY_DEPTH:
                return DatedFolder(path, moment, level)
            if len(self._open) == DAY_DEPTH:
                if not (yield from self._holds_times(path, level)):
                    return DatedFolder(path, moment, level)
            elif level.files or not self._are_dates(path, level):
                raise ConfigurationError(has_subfolder(self._segment, path))
            self._open.append(sorted(f"{path}/{folder}" for folder in level.visible_folders))
        return None

    def _list(self, path: str) -> Asking[Level]:
        return level_below(f"{self._segment}/{path}/")

    def _are_dates(self, path: str, level: Level) -> bool:
        return all(moment_of(self._kind, f"{path}/{folder}") for folder in level.visible_folders)

    def _holds_times(self, path: str, level: Level) -> Asking[bool]:
        """Tell whether the day *path* has a folder for each time; looks at the day before as well, once."""
        if self._has_times is None and (days := self._open[-1]):
            self._days[days[-1]] = before = yield from self._list(days[-1])
            self._note(days[-1], before)
        return self._note(path, level)

    def _note(self, path: str, level: Level) -> bool:
        if not level.files and not level.visible_folders:
            return False  # an empty folder tells nothing
        has_times = bool(level.visible_folders) and self._are_dates(path, level)
        if (has_times and level.files) or (self._has_times is not None and has_times is not self._has_times):
            raise ConfigurationError(two_kinds(self._segment, ["yyyy/MM/dd", "yyyy/MM/dd/HHmm"]))
        self._has_times = has_times
        return has_times


def two_kinds(segment: str, kinds: Sequence[str]) -> Sentence:
    """Say that the dated folders of *segment* are named in several ways."""
    return say("dates_of_several_kinds", _SEVERAL_KINDS, segment=segment, kinds=", ".join(kinds))


_SEVERAL_KINDS = (
    "Segment '{segment}' has dated folders that are named in several ways: {kinds}. Which is the newest cannot be "
    "told, so name all of them in one way, or move the others away."
)
