"""Says what the name of a file tells about it: the one place that knows the endings of names."""

from dataclasses import dataclass

from shared.domain.rows.dialect import Dialect, FileFormat


@dataclass(frozen=True, slots=True)
class FileKind:
    """What the name of a file says; *ending* is the end of the name that says so, for example ``.csv.gz``.

    The bytes of the file have the last word about *format* and *is_packed*.
    """

    format: FileFormat
    is_packed: bool
    ending: str

    @property
    def has_header(self) -> bool:
        """Tell whether the file names its columns at its beginning; without a header each row names its own."""
        return self.format is FileFormat.CSV

    @property
    def is_open(self) -> bool:
        """Tell whether files of this kind often hold something else than rows, such as ``manifest.json``."""
        return self.ending.removesuffix(_GZIP_ENDING) in _OPEN


def kind_of_file(name: str) -> FileKind | None:
    """Return the kind of a file of this *name*, or None when a file with such a name cannot be read as rows.

    Upper and lower case mean the same: ``CUSTOMERS.CSV`` is a CSV file.
    """
    full_name = name.lower()
    plain_name = full_name.removesuffix(_GZIP_ENDING)
    for ending, file_format in _FORMATS.items():
        if plain_name.endswith(ending):
            is_packed = plain_name != full_name
            return FileKind(file_format, is_packed, ending + _GZIP_ENDING if is_packed else ending)
    return None


def dialect_by_name(name: str) -> Dialect:
    """Return how a file of this *name* is written if it is as plain as it can be."""
    kind = kind_of_file(name)
    if kind is None:
        return Dialect(FileFormat.NDJSON)
    return Dialect(kind.format, kind.is_packed, delimiter=usual_delimiter(name))


def usual_delimiter(name: str) -> str:
    """Return the delimiter that the *name* of a CSV file makes likely: a tab for ``.tsv``."""
    return "\t" if name.lower().removesuffix(_GZIP_ENDING).endswith(".tsv") else ","


def is_data_file(name: str) -> bool:
    """Tell whether a file of this *name* can be read as rows."""
    return kind_of_file(name) is not None


def foreign_kind(name: str) -> str | None:
    """Return what a file of this *name* is, where it may hold customers and cannot be read: "an Excel workbook".

    None stands for a file that can be read as rows, and for one that holds no customers, such as ``readme.md``.
    """
    full_name = name.lower()
    if kind_of_file(full_name):
        return None
    plain_name = full_name.removesuffix(_GZIP_ENDING)
    inner = next((what for ending, what in _FOREIGN.items() if plain_name.endswith(ending)), None)
    if inner is None and plain_name != full_name:
        return "a gzip file whose name does not say what is in it, as .csv.gz would"
    return inner


_FORMATS = {
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
    ".json": FileFormat.JSON,
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
}
_OPEN = (".json", ".txt")
_GZIP_ENDING = ".gz"
_WORKBOOK, _ARCHIVE, _PACKED = "an Excel workbook", "an archive", "a file that is packed otherwise than with gzip"
_FOREIGN = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb"), _WORKBOOK),
    **dict.fromkeys((".ods", ".numbers"), "a spreadsheet"),
    **dict.fromkeys((".htm", ".html"), "a web page"),
    ".xml": "an XML file",
    ".parquet": "a Parquet file",
    ".avro": "an Avro file",
    ".orc": "an ORC file",
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz"), _ARCHIVE),
    **dict.fromkeys((".zst", ".bz2", ".snappy", ".lz4", ".xz", ".br", ".deflate", ".lzo"), _PACKED),
    **dict.fromkeys((".accdb", ".mdb", ".dbf", ".sqlite"), "a database"),
    **dict.fromkeys((".sav", ".dta", ".sas7bdat"), "a file of a statistics program"),
}
