"""What the name of a file says of the file: the one place that knows the endings of names."""

from dataclasses import dataclass
from enum import Enum

from shared.domain.rows.dialect import FileFormat


class Standing(Enum):
    """What a file in the folder of a segment is."""

    DATA = "rows of the segment"
    OPEN = "rows or something else: the name does not say"
    REFUSED = "of a kind that may hold rows, and that the app cannot read"
    OTHER = "no rows: a note, a picture, a program"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What the name of a file says; the bytes of the file have the last word about all of it.

    *ending* is the end of the name that says so, such as ``.csv.gz``; empty where none does.
    *format* is None where the name says nothing of it.
    """

    standing: Standing
    ending: str
    format: FileFormat | None = None

    @property
    def is_named_packed(self) -> bool:
        """Tell whether the name says that the file is gzip."""
        return self.ending.endswith(_GZIP)

    @property
    def what(self) -> str:
        """Return in words what a refused file is."""
        return _REFUSED.get(self.ending) or _REFUSED[self.ending.removesuffix(_GZIP)]


def kind_of_file(name: str) -> FileKind:
    """Return what *name*, of a blob or of a file, says of the file.

    Upper and lower case mean the same. A name without an ending, or with a number as its ending (``part-00000``,
    ``customers.0001``), says nothing: some writers of data leave the ending out.
    """
    file = name.rpartition("/")[2].lower()
    packed = _GZIP if file.endswith(_GZIP) else ""
    stem, dot, word = file.removesuffix(packed).rpartition(".")
    ending = f".{word}" if dot and stem and not word.isdecimal() else ""
    return FileKind(_standing(ending, packed), ending + packed, _FORMATS.get(ending) or _OPEN.get(ending))


def usual_delimiter(name: str) -> str:
    """Return the delimiter that the *name* of a CSV file makes likely: a tab for ``.tsv``."""
    return _DELIMITERS.get(kind_of_file(name).ending.removesuffix(_GZIP), ",")


def _standing(ending: str, packed: str) -> Standing:
    if ending in _FORMATS and ending + packed not in _REFUSED:
        return Standing.DATA
    if ending in _OPEN:
        return Standing.OPEN
    return Standing.REFUSED if ending in _REFUSED or ending + packed in _REFUSED else Standing.OTHER


_GZIP = ".gz"
_FORMATS = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".psv": FileFormat.CSV,
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
    ".parquet": FileFormat.PARQUET,
}
_DELIMITERS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
_OPEN = {"": None, ".json": FileFormat.JSON, ".txt": None, ".tab": None, ".dat": None, ".data": None}
_REFUSED = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb"), "an Excel workbook"),
    **dict.fromkeys((".ods", ".numbers"), "a spreadsheet"),
    **dict.fromkeys((".htm", ".html"), "a web page"),
    ".xml": "an XML file",
    ".parquet.gz": "a Parquet file that is packed once more",
    ".avro": "an Avro file",
    ".orc": "an ORC file",
    **dict.fromkeys((".arrow", ".feather"), "an Arrow file"),
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz"), "an archive"),
    **dict.fromkeys(
        (".zst", ".bz2", ".snappy", ".lz4", ".xz", ".br", ".deflate", ".lzo", ".z"),
        "a file that is packed otherwise than with gzip",
    ),
    **dict.fromkeys((".accdb", ".mdb", ".dbf", ".sqlite", ".db"), "a database"),
    **dict.fromkeys((".sav", ".dta", ".sas7bdat"), "a file of a statistics program"),
}
