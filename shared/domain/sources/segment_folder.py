"""A folder that may hold a segment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SegmentFolder:
    """What a listing found directly in one folder.

    *files* counts the data files and *bytes* adds their sizes up; *formats* names their kinds (``.csv``,
    ``.ndjson.gz``, …). *unreadable* counts files of other kinds. *has_subfolders* is true when there are files in
    folders below. A folder with unreadable files or with sub-folders cannot be exported.
    """

    name: str
    files: int
    bytes: int
    last_modified: datetime
    formats: tuple[str, ...] = ()
    unreadable: int = 0
    has_subfolders: bool = False
