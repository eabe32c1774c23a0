"""A folder that may hold a segment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shared.domain.dialects.file_kind import Standing, kind_of_file
from shared.domain.sources.listed_blob import ListedBlob


@dataclass(frozen=True, slots=True)
class SegmentFolder:
    """What a listing found directly in one folder, or in the dated folder that a run would read.

    *files* counts the data files and *bytes* adds their sizes up; *formats* names their kinds (``.csv``,
    ``.ndjson.gz``, …). *last_modified* is when the last file was written, None where there is no file.
    *unreadable* counts files that may hold rows and that the app cannot read. *passed_over* counts files that are no
    rows, and those whose names leave it open beside data. *archived* counts data files in the archive tier.
    *has_subfolders* is true when there are files in folders below that are no dated folders.
    A folder with unreadable or archived files, or with such sub-folders, cannot be exported.
    """

    name: str
    files: int
    bytes: int
    last_modified: datetime | None
    formats: tuple[str, ...] = ()
    unreadable: int = 0
    passed_over: int = 0
    archived: int = 0
    has_subfolders: bool = False


def folder_of(name: str, files: Collection[ListedBlob], *, has_subfolders: bool = False) -> SegmentFolder:
    """Return what *files*, those of one folder, make of the folder of segment *name*."""
    groups: dict[Standing, list[ListedBlob]] = {standing: [] for standing in Standing}
    for blob in files:
        groups[kind_of_file(blob.name).standing].append(blob)
    data, undecided = groups[Standing.DATA], groups[Standing.OPEN]
    if not data:
        data, undecided = undecided, data
    endings = {ending for blob in data if (ending := kind_of_file(blob.name).ending)}
    return SegmentFolder(
        name=name,
        files=len(data),
        bytes=sum(blob.size for blob in data),
        last_modified=max((blob.modified for blob in files), default=None),
        formats=tuple(sorted(endings)[:_MOST_ENDINGS]),
        unreadable=len(groups[Standing.REFUSED]),
        passed_over=len(undecided) + len(groups[Standing.OTHER]),
        archived=sum(blob.is_archived for blob in (*data, *undecided)),
        has_subfolders=has_subfolders,
    )


_MOST_ENDINGS = 20
