"""A folder in which a segment may lie."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SegmentFolder:
    """A folder of segments' storage, as it was listed: what lies directly in it.

    *files* counts its data files, *bytes* their sizes, *formats* names their kinds (``.csv``, ``.ndjson.gz``, …).
    *unreadable* counts files of other kinds, and *has_subfolders* tells of files further down: with either, the
    segment cannot be exported.
    """

    name: str
    files: int
    bytes: int
    last_modified: datetime
    formats: tuple[str, ...] = ()
    unreadable: int = 0
    has_subfolders: bool = False
