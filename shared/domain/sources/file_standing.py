"""What the name of a file says of its place in a segment: whether the file is data, may be, or is something else."""

from dataclasses import dataclass
from enum import Enum


class Standing(Enum):
    """What a file in the folder of a segment is."""

    DATA = "rows of the segment"
    OPEN = "rows or something else: the name does not say"
    REFUSED = "of a kind that may hold rows, and that the app cannot read"
    OTHER = "no rows: a note, a picture, a program"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """What the name of a file says; *ending* is the end that says so, such as ``.csv.gz``; empty where none does."""

    standing: Standing
    ending: str


def named_file(name: str) -> NamedFile:
    """Return what *name*, of a blob or of a file, says of the file.

    Upper and lower case mean the same. A name without an ending, or with a number as its ending (``part-00000``,
    ``customers.0001``), says nothing: some writers of data leave the ending out.
    """
    file = name.rpartition("/")[2].lower()
    packed = ".gz" if file.endswith(".gz") else ""
    plain = file.removesuffix(packed)
    stem, dot, word = plain.rpartition(".")
    ending = f".{word}" if dot and stem and not word.isdecimal() else ""
    return NamedFile(_standing(ending), ending + packed)


def what_cannot_be_read(ending: str) -> str:
    """Return in words what a refused file with this *ending* is."""
    return _REFUSED[ending.removesuffix(".gz")]


def _standing(ending: str) -> Standing:
    if ending in _DATA:
        return Standing.DATA
    if ending in _OPEN:
        return Standing.OPEN
    return Standing.REFUSED if ending in _REFUSED else Standing.OTHER


_DATA = frozenset({".csv", ".tsv", ".psv", ".ndjson", ".jsonl"})
_OPEN = frozenset({"", ".json", ".txt", ".tab", ".dat", ".data"})
_WORKBOOK, _PACKED, _DATABASE = "a workbook", "a packed file or an archive", "a database"
_REFUSED = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), _WORKBOOK),
    **dict.fromkeys((".zip", ".zst", ".bz2", ".snappy", ".lz4", ".xz", ".lzo", ".br", ".z", ".7z", ".rar"), _PACKED),
    **dict.fromkeys((".tar", ".tgz", ".deflate"), _PACKED),
    **dict.fromkeys((".mdb", ".accdb", ".sqlite", ".db", ".dbf"), _DATABASE),
    ".xml": "XML",
    ".htm": "a web page",
    ".html": "a web page",
    ".avro": "Avro",
    ".orc": "ORC",
    ".parquet": "Parquet",
    ".feather": "Arrow",
    ".arrow": "Arrow",
    ".sav": "SPSS",
}
