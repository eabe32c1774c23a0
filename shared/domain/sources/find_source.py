"""Decides what a run reads of a segment, from what lies in its folder: for runs, previews and lists of segments."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.dialects.file_kind import Standing, kind_of_file
from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say
from shared.domain.sources.dated.completeness import Partitions, is_finished, why_incomplete
from shared.domain.sources.dated.date_names import DateKind, kind_of_date
from shared.domain.sources.dated.dated_folders import DatedFolder, DatedFolders, two_kinds
from shared.domain.sources.level import Asking, Level, first_file_below, level_below
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models.find_model import model_above, model_in
from shared.domain.sources.models.model_file import MODEL
from shared.domain.sources.models.model_sentences import files_not_there
from shared.domain.sources.models.source_model import SourceModel
from shared.domain.sources.segment_files import MAX_NAMED, SegmentFiles, files_of_segment, has_subfolder
from shared.domain.sources.segment_source import Layout, SegmentSource
from shared.domain.sources.source_rules import SourceRules

MOST_LOOKED_AT = 20
"""So many dated folders are looked at for a complete one."""
FUTURE = timedelta(days=1)
"""A folder whose date lies further ahead than this is passed over: the zone of a date is not known."""
DELTA_LOG = "_delta_log"


class SourceIncomplete(ConfigurationError):
    """The segment has no complete dated folder that may be read; a later look may find one."""

    reason = "source_incomplete"


def find_source(
    segment: str, rules: SourceRules, *, not_before: datetime | None = None, top: Level | None = None
) -> Asking[SegmentSource]:
    """Return the source of *segment*; *top* is its folder, where that was listed already.

    A dated folder from before *not_before*, the date of the last run's, is not read.
    Raises `SourceIncomplete`, and `ConfigurationError` for a segment that is not there or cannot be read.
    """
    if top is None:
        top = yield from level_below(f"{segment}/")
    if DELTA_LOG in top.folders:
        raise ConfigurationError(say("delta_table", _DELTA, segment=segment))
    kind = yield from _date_kind(segment, top)
    model = (yield from model_in(segment, top)) or (yield from model_above(segment))
    if kind is None:
        files = files_of_segment(segment, _without_model(top, model))
        told = _not_there(segment, top, model)
        return SegmentSource(segment, Layout.FLAT, files, _written(files), top.at, warnings=told, model=model)
    folders = DatedFolders(segment, top, kind, latest=top.at + FUTURE)
    return (yield from _newest_complete(segment, folders, rules, not_before, model))


def may_be_segment(level: Level) -> bool:
    """Tell whether the folder *level* is more than a way to other folders; a model lies above many segments."""
    files = [blob for blob in level.files if blob.file != MODEL or not level.visible_folders]
    return bool(files) or any(kind_of_date(folder) is not None for folder in level.visible_folders)


def _date_kind(segment: str, top: Level) -> Asking[DateKind | None]:
    """Return how the dated folders are named, None where the files lie directly in the folder of the segment.

    Raises `ConfigurationError` where other folders hold files.
    """
    dates = {folder: kind for folder in top.visible_folders if (kind := kind_of_date(folder)) is not None}
    standings = {kind_of_file(blob.name).standing for blob in top.files}
    is_flat = not dates or not standings.isdisjoint((Standing.DATA, Standing.REFUSED))
    for folder in top.visible_folders:
        if is_flat or folder not in dates:
            yield from _require_empty(segment, top, folder)
    if is_flat:
        return None
    kinds = set(dates.values())
    if len(kinds) > 1:
        raise ConfigurationError(two_kinds(segment, sorted(kind.value for kind in kinds)))
    return kinds.pop()


def _require_empty(segment: str, level: Level, folder: str) -> Asking[None]:
    """Raise `ConfigurationError` where a file lies below *folder* of *level*."""
    below = f"{level.prefix}{folder}/"
    if (yield from first_file_below(below)) is not None:
        raise ConfigurationError(has_subfolder(segment, below[len(segment) + 1 : -1]))


def _newest_complete(
    segment: str, folders: DatedFolders, rules: SourceRules, not_before: datetime | None, above: SourceModel | None
) -> Asking[SegmentSource]:
    incomplete: list[tuple[str, Sentence]] = []
    for _ in range(MOST_LOOKED_AT):
        folder = yield from folders.next()
        if folder is None or (not_before is not None and folder.moment < not_before):
            break
        level = folder.level
        model = (yield from model_in(segment, level)) or above
        partitions = Partitions(model.files_below(level.prefix), model.written) if model else None
        if (why := why_incomplete(level, rules.quiet, partitions)) is None:
            found = yield from _source(segment, folder, model)
            told = [*_passed_over(segment, folders), *_newer(segment, folder, incomplete)]
            is_said = is_finished(level, partitions)
            return replace(found, warnings=(*found.warnings, *told), is_said=is_said)
        incomplete.append((folder.path, why))
    else:
        folder = None
    raise SourceIncomplete(_nothing_to_read(segment, incomplete, older=folder))


def _source(segment: str, folder: DatedFolder, model: SourceModel | None) -> Asking[SegmentSource]:
    level = folder.level
    for below in level.visible_folders:
        yield from _require_empty(segment, level, below)
    files = files_of_segment(segment, _without_model(level, model), state=folder.path)
    written = _written(files)
    return SegmentSource(
        segment, Layout.DATED, files, written, level.at, state=folder.path, moment=folder.moment, model=model
    )


def _without_model(level: Level, model: SourceModel | None) -> list[ListedBlob]:
    return [blob for blob in level.blobs if model is None or blob.name != model.file]


def _written(files: SegmentFiles) -> datetime:
    return max(blob.modified for blob in files.data)


def _not_there(segment: str, top: Level, model: SourceModel | None) -> tuple[Sentence, ...]:
    """Return a warning where *model* names files in the folder of *segment* that are not there."""
    if model is None:
        return ()
    there = {blob.file for blob in top.blobs}
    missing = sorted(file for file in model.files_below(top.prefix) if file not in there)
    return (files_not_there(model.file, segment, missing),) if missing else ()


def _passed_over(segment: str, folders: DatedFolders) -> list[Sentence]:
    if not folders.in_future:
        return []
    named = ", ".join(f"'{path}'" for path in folders.in_future[:MAX_NAMED])
    return [say("folders_in_future", _IN_FUTURE, segment=segment, folders=named, count=len(folders.in_future))]


def _newer(segment: str, read: DatedFolder, incomplete: list[tuple[str, Sentence]]) -> list[Sentence]:
    return [
        say("newer_folder_incomplete", _NEWER, segment=segment, folder=path, why=str(why), read=read.path)
        for path, why in incomplete[:1]
    ]


def _nothing_to_read(segment: str, incomplete: list[tuple[str, Sentence]], older: DatedFolder | None) -> Sentence:
    if incomplete:
        path, why = incomplete[0]
        return say("source_incomplete", _INCOMPLETE, segment=segment, folder=path, why=str(why))
    if older is not None:
        return say("source_older", _OLDER, segment=segment, folder=older.path)
    return say("source_without_folder", _NO_FOLDER, segment=segment)


_DELTA = (
    "Segment '{segment}' is a Delta table. Its folder also holds files that are not part of the table any more, so it "
    "is not read. Write the rows as files into a folder of their own, for example in Spark with "
    "df.coalesce(1).write.csv(path, header=True), and export that folder."
)
_IN_FUTURE = (
    "Segment '{segment}' has dated folders more than a day in the future, which were passed over: {folders}. Name each "
    "folder after the time at which it was written."
)
_NEWER = (
    "Dated folder '{folder}' of segment '{segment}' is newer and not complete: {why}. So '{read}' is read. If no "
    "writer is at work on the newer one, write it anew or remove it."
)
_INCOMPLETE = (
    "Segment '{segment}' has no complete dated folder to read. The newest one is '{folder}': {why}. It is read as soon "
    "as its writer has finished; if none is at work on it, write it anew."
)
_OLDER = (
    "The newest dated folder of segment '{segment}' is '{folder}', and the last run has read a newer one, which is "
    "gone. Let the segment be written anew; nothing older than what the last run has read is sent."
)
_NO_FOLDER = (
    "Segment '{segment}' has only dated folders that are empty or lie in the future. Check that the segment was "
    "written, and that its folders bear the right date."
)
