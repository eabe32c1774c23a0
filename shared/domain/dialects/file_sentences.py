"""What is told about single files: problems, for which a file cannot be read, and warnings. All name the file."""

from shared.domain.rows.delimited.header import MAX_COLUMNS, MAX_HEADER_BYTES
from shared.domain.rows.text_encodings import name_of
from shared.domain.sentences import Sentence, say

_AS_UTF_8 = "write it as UTF-8, or set reading.encoding of the export."


def foreign(file: str, what: str) -> Sentence:
    """Say that the file holds no rows; *what* as in "an Excel workbook"."""
    text = "File '{file}' is {what}: write the rows as CSV or JSON instead, in UTF-8, packed with gzip or not at all."
    return say("not_rows", text, file=file, what=what)


def not_utf_8(file: str, looks_like: str | None) -> Sentence:
    """Say that the file is not UTF-8, and in which encoding it seems to be."""
    text = f"File '{{file}}' is not UTF-8 (it looks like {{encoding}}): {_AS_UTF_8}"
    if looks_like is None:
        text = f"File '{{file}}' is not UTF-8: {_AS_UTF_8}"
    return say("not_utf8", text, file=file, encoding=looks_like)


def not_in_encoding(file: str, codec: str) -> Sentence:
    """Say that the file is not in the encoding that the export, or its byte-order mark, names."""
    text = "File '{file}' is not {encoding}, although reading.encoding of the export or its first bytes say so: "
    text += "write it as UTF-8, or correct reading.encoding."
    return say("not_in_encoding", text, file=file, encoding=name_of(codec))


def no_header(file: str) -> Sentence:
    """Say that the file begins with data."""
    text = (
        "File '{file}' has no header row: its first line looks like data. Write a header row, or set reading.header "
        "to false and reading.columns to the names of the columns."
    )
    return say("no_header", text, file=file)


def header_unreadable(file: str) -> Sentence:
    """Say that the header is no record of CSV."""
    text = (
        "The header of file '{file}' is not CSV: a quote in it is not closed, or stands within a name. "
        "Write the header anew."
    )
    return say("header_unreadable", text, file=file)


def header_too_large(file: str) -> Sentence:
    """Say that the first record of a CSV file is too large for a header."""
    text = (
        "The header of file '{file}' has more than {most_bytes:,} bytes or {most_columns:,} columns: leave out columns "
        "that are not needed, and end each row with a line break."
    )
    return say("header_too_large", text, file=file, most_bytes=MAX_HEADER_BYTES, most_columns=MAX_COLUMNS)


def no_line_end(file: str, limit: int) -> Sentence:
    """Say that the first line of a CSV file does not end."""
    text = "File '{file}' has no line end in its first {limit:,} bytes: write it as CSV, one row a line."
    return say("no_line_end", text, file=file, limit=limit)


def too_few_columns(file: str, columns: int, cells: int) -> Sentence:
    """Say that the export names fewer columns than the file has."""
    text = (
        "reading.columns of the export names {columns:,} of the {cells:,} columns of file '{file}': name every column."
    )
    return say("too_few_columns", text, file=file, columns=columns, cells=cells)


def packed_unnamed(file: str) -> Sentence:
    """Warn that the name of a gzip file does not say so."""
    return say("gzip_not_in_name", "File '{file}' is gzip, though its name does not end in .gz.", file=file)


def not_packed(file: str) -> Sentence:
    """Warn that the name of a file says gzip, and that it is none."""
    return say("gzip_only_in_name", "File '{file}' is not gzip, though its name ends in .gz.", file=file)


def other_format(file: str, format_name: str) -> Sentence:
    """Warn that the name of a file says another format."""
    text = "File '{file}' is read as {format}, as its content shows, though its name says otherwise."
    return say("format_not_in_name", text, file=file, format=format_name)


def utf_16_without_mark(file: str) -> Sentence:
    """Warn that the encoding was recognised without a mark."""
    text = "File '{file}' is read as UTF-16, as its bytes show, though it has no byte-order mark."
    return say("utf16_without_mark", text, file=file)


def utf_8_after_all(file: str, codec: str) -> Sentence:
    """Warn that a file that is UTF-8 is read in the encoding that the export names."""
    text = "File '{file}' is read as {encoding}, as reading.encoding of the export says, though it looks like UTF-8."
    return say("looks_like_utf8", text, file=file, encoding=name_of(codec))
