"""Recognises by its first bytes what cannot be read as rows, whatever its name says."""

import re
from codecs import BOM_UTF8

PARQUET = "a Parquet file"
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    (b"PAR1", PARQUET),
    (b"PARE", PARQUET),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"\x04\x22\x4d\x18", "packed with lz4"),
    (b"\xff\x06\x00\x00sNaPpY", "packed with Snappy"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "packed twice with gzip"),
    (b"SQLite format 3\x00", "a database"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a document"),
    (b"\x00\x00\xfe\xff", "in UTF-32"),
    (b"\xff\xfe\x00\x00", "in UTF-32"),
)
_PARQUET = b"PAR1"
_MARKUP = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<head", "a web page"),
    (b"<table", "a web page"),
    (b"<!doctype", "an XML file"),
    (b"<?xml", "an XML file"),
    (b"<!--", "an XML file"),
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f-\xff]").search
_TAR = slice(257, 262)
_LOOKED_AT = 1024


def foreign_content(top: bytes) -> str | None:
    """Return what a file with this *top* is: "an Excel workbook"; None where it may be rows."""
    if top[_TAR] == b"ustar":
        return "a TAR archive"
    for magic, what in _MAGIC:
        if top.startswith(magic) and not _is_header(magic, top):
            return what
    begin = top[:_LOOKED_AT].removeprefix(BOM_UTF8).lstrip().lower()
    return next((what for magic, what in _MARKUP if begin.startswith(magic)), None)


def is_parquet(top: bytes) -> bool:
    """Tell whether a file with this *top* is Parquet."""
    return top.startswith(_PARQUET) and not _is_header(_PARQUET, top)


def _is_header(magic: bytes, top: bytes) -> bool:
    """Tell whether *magic* may be the beginning of a column's name: ``ORCID`` and ``BZhours`` are no magic."""
    return magic.isalnum() and not _NO_TEXT(top[:_LOOKED_AT])
