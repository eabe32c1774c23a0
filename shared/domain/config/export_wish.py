"""What somebody wants an export to be: the body of a PUT, read strictly."""

import re

from shared.domain.config.export import Export
from shared.domain.config.reading import Reader

MAX_DISPLAY_NAME = 200
MAX_SEGMENTS = 100
"""Every one of them is listed and looked into before a run."""

_MINE = (
    "display_name",
    "connection_id",
    "list_id",
    "segments",
    "mapping",
    "phone_region",
    "limits",
    "allow_flows",
    "schedule",
    "enabled",
)
_SHOWN = (
    "schema",
    "id",
    "self",
    "connection",
    "created_at",
    "changed_at",
    "changed_by",
    "status",
    "last_run",
    "next_run",
    "warnings",
    "may",
)
_LIST = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch


def read_export_wish(reader: Reader, export_id: str) -> Export:
    """Read what was sent in for *export_id*, noting everything that is wrong in *reader*.

    What is shown of an export, and cannot be changed, is passed over. A stored export may be more than this allows:
    what ran before goes on running.
    """
    reader.allow_only((*_MINE, *_SHOWN))
    if reader.raw("id") not in (None, export_id):
        reader.wrong("id", "must be the id in the address")
    export = Export.read(reader, export_id)
    if problem := display_name_problem(export.display_name):
        reader.wrong("display_name", problem)
    if export.list_id and not _LIST(export.list_id):
        reader.wrong("list_id", "must be the id of a list as Klaviyo shows it, such as 'Y6nRLr'")
    if len(export.segments) > MAX_SEGMENTS:
        reader.wrong("segments", f"must be at most {MAX_SEGMENTS} names")
    for index, segment in enumerate(export.segments[:MAX_SEGMENTS]):
        if segment in export.segments[:index]:
            reader.wrong("segments", "is there twice", index=index)
    return export


def display_name_problem(name: str) -> str | None:
    """Return what is wrong with the *name* of an export, which may be anything that a person can read, or None."""
    if len(name) > MAX_DISPLAY_NAME:
        return f"must have at most {MAX_DISPLAY_NAME} characters"
    if name and (name.isspace() or not name.isprintable()):
        return "must be a text that can be read, on one line"
    return None
