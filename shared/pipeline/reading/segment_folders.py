"""Lists the folders that may be segments, level by level: what lies in dated folders is not gone through."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence
from shared.domain.sources.find_source import find_source, may_be_segment
from shared.domain.sources.level import Level
from shared.domain.sources.segment_folder import SegmentFolder, folder_of
from shared.domain.sources.segment_source import SegmentSource
from shared.domain.sources.source_rules import USUAL_RULES, SourceRules
from shared.pipeline.reading.few_at_once import AT_ONCE, few_at_once
from shared.pipeline.reading.segment_files import Answers
from shared.ports import Segments


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder, and what a run would read of it, or the *problem* for which a run cannot."""

    folder: SegmentFolder
    source: SegmentSource | None = None
    problem: Sentence | None = None

    @property
    def name(self) -> str:
        """Return the name of the folder, which is that of the segment."""
        return self.folder.name


async def list_folders(
    segments: Segments, *, rules: SourceRules = USUAL_RULES, after: str | None = None
) -> AsyncGenerator[ListedFolder]:
    """Yield every folder with files or dated folders directly in it, each one after the folders within it.

    *after* is a folder: only those behind it are yielded, and of the others as little as possible is listed.
    Raises `ConfigurationError` when there is no container, `Retryable`.
    """
    async for found in _Walk(segments, rules, after).below(await segments.level("")):
        yield found


async def find_folder(name: str, segments: Segments, *, rules: SourceRules = USUAL_RULES) -> ListedFolder | None:
    """Return the folder *name*, None where neither files nor dated folders lie in it; raises as `list_folders`."""
    found, _ = await _look_at(await segments.level(f"{name}/"), Answers(segments), rules)
    return found


def place_of(name: str) -> str:
    """Return the sort key of folder *name*: a folder comes after the folders in it."""
    return f"{name}/\U0010ffff"


class _Walk:
    def __init__(self, segments: Segments, rules: SourceRules, after: str | None) -> None:
        self._segments, self._rules = segments, rules
        self._answers = Answers(segments)
        self._after = "" if after is None else place_of(after)

    async def below(self, level: Level) -> AsyncGenerator[ListedFolder]:
        """Yield the folders in the folder *level*, and that folder itself."""
        found, is_closed = await _look_at(level, self._answers, self._rules)
        if not is_closed:
            paths = [f"{level.prefix}{folder}" for folder in level.visible_folders]
            paths = [path for path in paths if place_of(path) > self._after]
            for start in range(0, len(paths), AT_ONCE):
                some = [f"{path}/" for path in paths[start : start + AT_ONCE]]
                for inner in await few_at_once(self._segments.level, some):
                    async for each in self.below(inner):
                        yield each
        if found is not None:
            yield found


async def _look_at(level: Level, answers: Answers, rules: SourceRules) -> tuple[ListedFolder | None, bool]:
    """Return what the folder *level* is, if it may be a segment, and whether no other segment lies in it."""
    name = level.prefix.removesuffix("/")
    if not name or not may_be_segment(level):
        return None, False
    try:
        source = await answers.to(find_source(name, rules, top=level))
    except ConfigurationError as error:
        has_subfolders = error.sentence.code == "segment_has_subfolder"
        if has_subfolders and not level.files:
            return None, False
        folder = folder_of(name, level.files, has_subfolders=has_subfolders)
        return ListedFolder(folder, problem=error.sentence), not has_subfolders
    return ListedFolder(folder_of(name, source.files.all), source), True
