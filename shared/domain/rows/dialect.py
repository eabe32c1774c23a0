"""How the rows of one file are written: the format, the encoding, and for CSV the delimiter and the header."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Strict


class FileFormat(StrEnum):
    """How rows stand in a file."""

    NDJSON = "ndjson"
    """One JSON object a line."""
    JSON = "json"
    """Objects in one array, or objects that take several lines each."""
    CSV = "csv"
    """One record a row, with a delimiter between its fields."""
    PARQUET = "parquet"
    """Columns of typed values, in row groups."""


Escape = Literal["doubled", "backslash"]
"""How a quote stands in a quoted field: as two quotes, or behind a backslash."""
ColumnType = Literal["integer", "number", "boolean", "date", "datetime", "text", "list", "object"]
"""What the values of a column stand for; the words are those of a mapping, and of JSON where values are nested."""


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How one file is read; a plan stores the dialect of each file.

    *is_packed* tells that the file is gzip. *encoding* is a name of Python's codecs; the other fields are for CSV.
    *line_end* is a line feed (before which a carriage return may stand), or a carriage return alone.
    *note_lines* counts the lines above the header that are no rows (``sep=;``), and *title_lines* the lines after these
    and above the header that are refused as rows (``Customers of May``). Lines without a filled cell are not counted.
    *columns* are the names that the export, a model, or the footer of a Parquet file gives to the columns; None stands
    for those of the header. *types* are those of *columns*, as a model or a footer has them; it is empty without.
    """

    format: FileFormat
    is_packed: Annotated[bool, Strict()] = False
    encoding: str = "utf-8"
    line_end: Literal["\n", "\r"] = "\n"
    delimiter: str = ","
    escape: Escape = "doubled"
    has_header: Annotated[bool, Strict()] = True
    note_lines: int = 0
    title_lines: int = 0
    columns: tuple[str, ...] | None = None
    types: tuple[ColumnType, ...] = ()
