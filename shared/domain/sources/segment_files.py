"""Decides which of the blobs in the folder of a segment are its rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.dialects.file_kind import Standing, kind_of_file
from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say
from shared.domain.sources.hidden_names import is_hidden
from shared.domain.sources.listed_blob import ListedBlob

MAX_NAMED = 5
"""So many files are named in one sentence."""


@dataclass(frozen=True, slots=True)
class SegmentFiles:
    """The files of one segment, each group in name order.

    *data* are rows. *open* lie beside data, and their names do not say whether they are rows: they are, where they have
    the e-mail column of the mapping. *passed_over* are no rows.
    """

    segment: str
    data: tuple[ListedBlob, ...]
    open: tuple[ListedBlob, ...] = ()
    passed_over: tuple[ListedBlob, ...] = ()

    @property
    def all(self) -> tuple[ListedBlob, ...]:
        """Return all files."""
        return (*self.data, *self.open, *self.passed_over)


def files_of_segment(segment: str, listed: Iterable[ListedBlob], *, state: str | None = None) -> SegmentFiles:
    """Return the files of *segment*; *listed* are the blobs whose names begin with its folder.

    With *state*, the path of a dated folder, its files are those of that folder.
    Names that begin with ``_`` or ``.`` are left out: writers use them for notes of their own.
    Where no name says that a file is data, the files whose names leave it open are the data.
    Raises `ConfigurationError` when there is no data, a sub-folder, or a file that may hold rows and cannot be read.
    """
    groups: dict[Standing, list[ListedBlob]] = {standing: [] for standing in Standing}
    folder = f"{segment}/" if state is None else f"{segment}/{state}/"
    for blob in listed:
        steps = blob.name[len(folder) :].split("/")
        if not (is_hidden(steps) or steps == [""] or blob.is_folder):
            if len(steps) > 1:
                raise ConfigurationError(has_subfolder(segment, steps[0] if state is None else f"{state}/{steps[0]}"))
            groups[_standing(segment, steps[0], blob)].append(blob)
    data, undecided = groups[Standing.DATA], groups[Standing.OPEN]
    if not data:
        data, undecided = undecided, []
    if not data:
        raise ConfigurationError(say("segment_missing", _NO_SEGMENT, segment=segment, folder=folder))
    return SegmentFiles(segment, tuple(data), tuple(undecided), tuple(groups[Standing.OTHER]))


def has_subfolder(segment: str, folder: str) -> Sentence:
    """Say that *folder*, below that of *segment*, holds data, and is no dated folder."""
    return say("segment_has_subfolder", _SUBFOLDER, segment=segment, folder=folder)


def passed_over_warning(segment: str, blobs: Iterable[ListedBlob]) -> list[Sentence]:
    """Return one sentence about the files of *segment* that are passed over; none when *blobs* is empty."""
    files = [blob.name.rpartition("/")[2] for blob in blobs]
    if not files:
        return []
    named = ", ".join(f"'{file}'" for file in files[:MAX_NAMED])
    if len(files) > MAX_NAMED:
        named += f" and {len(files) - MAX_NAMED:,} more"
    return [say("files_passed_over", _PASSED_OVER, segment=segment, files=named, count=len(files))]


def _standing(segment: str, file: str, blob: ListedBlob) -> Standing:
    """Return what *blob* is; raises `ConfigurationError` for a file that may hold rows and cannot be read."""
    named = kind_of_file(file)
    if named.standing is Standing.REFUSED:
        unknown = say("segment_file_of_unknown_kind", _UNKNOWN_KIND, segment=segment, file=file, kind=named.what)
        raise ConfigurationError(unknown)
    if blob.is_archived and named.standing is not Standing.OTHER:
        raise ConfigurationError(say("segment_file_archived", _ARCHIVED, segment=segment, file=file))
    return named.standing


_NO_SEGMENT = (
    "There is no segment '{segment}': folder '{folder}' of the container for segments has no data file. Check the name "
    "(it is case-sensitive) and that the segment was written."
)
_SUBFOLDER = (
    "Segment '{segment}' has the sub-folder '{folder}' with data in it; its files must lie directly in its folder, or "
    "all of them in dated folders such as 2026/11/28/0600."
)
_UNKNOWN_KIND = (
    "File '{file}' of segment '{segment}' is {kind}, which cannot be read; write CSV, TSV or JSON lines instead (each "
    "also as .gz), or begin the name of the file with '_' if it is none of the segment's data."
)
_ARCHIVED = (
    "File '{file}' of segment '{segment}' lies in the archive tier, and Azure cannot read it there; rehydrate the file "
    "(which takes hours), or move it out of the segment."
)
_PASSED_OVER = (
    "Segment '{segment}' has files beside its data that were passed over: {files}. If they hold rows, write them as "
    "CSV, TSV or JSON lines, with the e-mail column of the mapping; otherwise move them away, or begin their names "
    "with '_'."
)
