"""Decides how a file is read: the one place that knows the endings of names."""

from dataclasses import dataclass

from shared.domain.rows.dialect import Dialect, FileFormat


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a file is read; *ending* is the end of its name that says so, for example ``.csv.gz``."""

    format: FileFormat
    is_packed: bool
    ending: str

    @property
    def has_header(self) -> bool:
        """Tell whether the file names its columns at its beginning; without a header each row names its own."""
        return self.format is FileFormat.CSV


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
    return Dialect(kind.format, kind.is_packed) if kind else Dialect(FileFormat.NDJSON)


def is_data_file(name: str) -> bool:
    """Tell whether a file of this *name* can be read as rows."""
    return kind_of_file(name) is not None


_FORMATS = {".ndjson": FileFormat.NDJSON, ".jsonl": FileFormat.NDJSON, ".csv": FileFormat.CSV}
_GZIP_ENDING = ".gz"
