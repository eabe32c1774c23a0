"""A folder that may hold a segment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SegmentFolder:
    """What a listing found directly in one folder.

    *files* counts the data files and *bytes* adds their sizes up; *formats* names their kinds (``.csv``,
    ``.ndjson.gz``, …). *unreadable* counts files that may hold rows and that the app cannot read. *passed_over* counts
    files that are no rows, and those whose names leave it open beside data. *archived* counts data files in the archive
    tier. *has_subfolders* is true when there are files in folders below.
    A folder with unreadable or archived files, or with sub-folders, cannot be exported.
    """

    name: str
    files: int
    bytes: int
    last_modified: datetime
    formats: tuple[str, ...] = ()
    unreadable: int = 0
    passed_over: int = 0
    archived: int = 0
    has_subfolders: bool = False
