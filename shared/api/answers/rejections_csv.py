"""Rejections as CSV for spreadsheets: a header, and the same columns whatever the export maps."""

import codecs
import csv
import io
from collections.abc import Mapping
from typing import Any

import orjson

_OF_A_LINE = ("blob", "row", "line", "rows", "reason", "detail", "refused_by")
_OF_A_PERSON = ("email", "phone_number", "external_id", "first_name", "last_name")
_REST = "fields"
"""The column with all other fields of the profile, as JSON."""
COLUMNS = (*_OF_A_LINE, *_OF_A_PERSON, _REST)
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide ones as well
"""A spreadsheet takes a cell that begins so for a formula, and a formula can send away what stands in other cells."""


def csv_header() -> bytes:
    """Return the first line of the CSV, without its line feed.

    A byte-order mark stands before it: without one, Excel takes UTF-8 for another encoding and garbles Cyrillic.
    """
    return codecs.BOM_UTF8 + _line(COLUMNS)


def csv_line(line: bytes) -> bytes:
    """Return *line*, a rejection as JSON, as a line of CSV without its line feed."""
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:
        read = None
    document = read if isinstance(read, dict) else {"detail": "The line cannot be read."}
    fields = document.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    rest = {name: value for name, value in fields.items() if name not in _OF_A_PERSON}
    cells = {**{name: fields.get(name) for name in _OF_A_PERSON}, _REST: rest or None}
    return _line([harmless(_text(value)) for value in _values({**document, **cells})])


def harmless(text: str) -> str:
    """Return *text* as a cell that no spreadsheet runs: with an apostrophe in front where it would be a formula."""
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text


def _values(document: Mapping[str, Any]) -> list[Any]:
    return [document.get(name) for name in COLUMNS]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _line(cells: list[str] | tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\n").encode()
