"""Tells whether the writer of a dated folder has finished."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.dialects.file_kind import Standing, kind_of_file
from shared.domain.sentences import Sentence, say
from shared.domain.sources.level import Level
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models.model_file import MODEL

SUCCESS = "_SUCCESS"
TEMPORARY = "_temporary"
STARTED, COMMITTED = "_started_", "_committed_"


@dataclass(frozen=True, slots=True)
class Partitions:
    """The *files* of a dated folder that a model names; the model was *written* then."""

    files: Collection[str]
    written: datetime


def data_files(level: Level) -> list[ListedBlob]:
    """Return the files of *level* that may be rows, by their names."""
    files = [blob for blob in level.files if blob.file != MODEL]
    return [blob for blob in files if kind_of_file(blob.name).standing is not Standing.OTHER]


def why_incomplete(level: Level, quiet: timedelta, partitions: Partitions | None = None) -> Sentence | None:
    """Return why the dated folder *level* must not be read yet, None where its writer has finished.

    A writer says so with ``_SUCCESS`` or with the *partitions* of a model. A folder without either is complete when
    nothing was written to it for *quiet*, by the clock of the storage.
    """
    data = data_files(level)
    since, minutes = level.at - quiet, int(quiet / timedelta(minutes=1))
    if (unfinished := _unfinished(level, data)) is not None:
        return unfinished
    if empty := [blob for blob in data if not blob.size and blob.modified > since]:
        text = "its file '{file}' is empty, and was written less than {minutes:,} minutes ago"
        return say("folder_with_empty_file", text, file=empty[0].file, minutes=minutes)
    if missing := sorted(set(partitions.files if partitions else ()) - {blob.file for blob in data}):
        text = "the model names {count:,} files that are not in it, such as '{file}'"
        return say("folder_lacks_files", text, count=len(missing), file=missing[0])
    if is_finished(level, partitions) or all(blob.modified <= since for blob in level.blobs):
        return None
    text = "something was written to it less than {minutes:,} minutes ago, and nothing says that it is complete"
    return say("folder_not_quiet", text, minutes=minutes)


def is_finished(level: Level, partitions: Partitions | None = None) -> bool:
    """Tell whether the writer of *level*, which has data, said that it has finished, after it wrote the last file."""
    data = data_files(level)
    last = max(blob.modified for blob in data)
    if (success := level.named(SUCCESS)) is not None and success.modified >= last:
        return True
    return partitions is not None and partitions.written >= last and {blob.file for blob in data} == {*partitions.files}


def _unfinished(level: Level, data: list[ListedBlob]) -> Sentence | None:
    """Return what shows that the writer is at work, or was stopped, whatever else is there."""
    if TEMPORARY in level.folders:
        return say("folder_with_temporary", "its writer has not removed the folder _temporary yet")
    notes = {blob.file for blob in level.blobs}
    started = sorted(note for note in notes if note.startswith(STARTED))
    if open_ := [note for note in started if COMMITTED + note.removeprefix(STARTED) not in notes]:
        text = "it has the note '{note}' of a writer that has not committed its files"
        return say("folder_not_committed", text, note=open_[0])
    return None if data else say("folder_without_data", "it has no data file yet")
