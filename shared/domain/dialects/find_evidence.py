"""Looks at the top of a file for evidence of how the file is written."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from shared.domain.config.reading import Reading
from shared.domain.dialects import file_sentences as sentences
from shared.domain.dialects.csv_finding import csv_finding
from shared.domain.dialects.csv_shape import CsvShape, csv_shape
from shared.domain.dialects.evidence import Evidence, FileFinding
from shared.domain.dialects.file_kind import kind_of_file, usual_delimiter
from shared.domain.dialects.file_model import FileModel
from shared.domain.dialects.file_top import TOP_BYTES, FileTop
from shared.domain.dialects.foreign_content import PARQUET, foreign_content
from shared.domain.dialects.json_shape import begins_as_json, holds_objects, json_format, names_in
from shared.domain.dialects.text_encoding import Encoding, are_mostly_utf_8, find_encoding, is_utf_8, looks_like
from shared.domain.rows.decoding import Decoder
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import unreadable
from shared.domain.rows.lines import without_marks
from shared.domain.rows.parquet import parquet_sentences
from shared.domain.rows.parquet.footer_bytes import ENCRYPTED
from shared.domain.rows.text_encodings import UTF_8
from shared.domain.sentences import Sentence

ESCAPE = "surrogateescape"
"""Bytes that are not UTF-8 stand in texts so that they can be told and turned back."""
KEPT_CHARACTERS = 16 * 1024
"""So much of the first lines is kept of a file that does not show its delimiter."""


def find_evidence(
    name: str, top: FileTop, reading: Reading | None = None, model: FileModel | None = None
) -> Iterator[Evidence | None]:
    """Yield None after each step of less than 20 ms, so that the caller can let others run, and last the evidence.

    *reading* is what the export says; it wins over what the file shows, but for a byte-order mark. *model* is what a
    model says of the file, if it is CSV.
    """
    reading = reading or Reading()
    reading = model.reading(reading) if model else reading
    text, what = top.text, foreign_content(top.text)
    encoding = find_encoding(text, reading.encoding)
    if top.broken:
        yield _refused(name, unreadable(name, top.broken))
    elif what or encoding.is_binary:
        yield _refused(name, _foreign(name, top, what or "no text"))
    else:
        warnings = _warnings(name, top, encoding, reading)
        text = _whole_lines(_in_utf_8(text, encoding.codec), is_whole=top.is_whole)
        yield None
        plain = Dialect(FileFormat.CSV, top.is_packed, encoding.codec)
        steps = _by_content(name, text, plain, reading, model, is_whole=top.is_whole)
        for found in steps:
            yield found and replace(found, alone=replace(found.alone, warnings=(*warnings, *found.alone.warnings)))


def _foreign(name: str, top: FileTop, what: str) -> Sentence:
    if what != PARQUET or top.is_packed:
        return sentences.foreign(name, what)
    return parquet_sentences.encrypted(name) if top.text.startswith(ENCRYPTED) else parquet_sentences.other_name(name)


def csv_evidence(  # noqa: PLR0913 - what is known of the file, each by name
    name: str, text: str, plain: Dialect, reading: Reading, model: FileModel | None = None, *, is_whole: bool
) -> Iterator[Evidence | None]:
    """Yield None after each step, and last the evidence in *text*, the top of a CSV file."""
    if not is_whole and "\n" not in text and "\r" not in text:
        yield _refused(name, sentences.no_line_end(name, TOP_BYTES))
        return
    shape: CsvShape | None = None
    for shape in csv_shape(text, usual_delimiter(name), reading, is_whole=is_whole):
        if shape is None:
            yield None
    if shape is None:
        return
    if shape.fit.header and any(map(_is_undecoded, shape.fit.header)):
        yield _refused(name, _wrong_encoding(name, text.encode("utf-8", ESCAPE), plain.encoding))
        return
    kept = "" if shape.shows_delimiter or model is not None else _first_lines(text)
    finding = csv_finding(name, shape, plain, reading, model)
    yield Evidence(finding, shape.shows_delimiter, shape.escape_shown, kept, is_whole and len(kept) == len(text))


def _by_content(  # noqa: PLR0913 - as above
    name: str, text: bytes, plain: Dialect, reading: Reading, model: FileModel | None, *, is_whole: bool
) -> Iterator[Evidence | None]:
    is_named_json = kind_of_file(name).format in (FileFormat.NDJSON, FileFormat.JSON)
    is_json = begins_as_json(text) and (is_named_json or holds_objects(text))
    yield None
    if is_json or (is_named_json and _has_objects(text)):
        yield _json_evidence(name, text, plain)
        return
    if not are_mostly_utf_8(text):
        yield _refused(name, _wrong_encoding(name, text, plain.encoding))
        return
    yield None
    for found in csv_evidence(name, text.decode("utf-8", ESCAPE), plain, reading, model, is_whole=is_whole):
        if found is None or not is_named_json:
            yield found
        elif found.shows_delimiter:
            yield _warned(found, sentences.other_format(name, "CSV"))
        else:
            yield _json_evidence(name, text, plain)


def _json_evidence(name: str, text: bytes, plain: Dialect) -> Evidence:
    if not are_mostly_utf_8(text, end=b"}"):
        return _refused(name, _wrong_encoding(name, text, plain.encoding))
    line_end: Literal["\n", "\r"] = "\r" if b"\r" in text and b"\n" not in text else "\n"
    dialect = Dialect(json_format(text), plain.is_packed, plain.encoding, line_end)
    found = Evidence(FileFinding(name, dialect, names=names_in(text, dialect.format)))
    is_named_csv = kind_of_file(name).format is FileFormat.CSV
    return _warned(found, sentences.other_format(name, "JSON")) if is_named_csv else found


def _refused(name: str, problem: Sentence) -> Evidence:
    return Evidence(FileFinding(name, None, problem))


def _warned(found: Evidence, warning: Sentence) -> Evidence:
    return replace(found, alone=replace(found.alone, warnings=(*found.alone.warnings, warning)))


def _warnings(name: str, top: FileTop, encoding: Encoding, reading: Reading) -> list[Sentence]:
    is_named_packed = kind_of_file(name).is_named_packed
    warnings = [sentences.utf_16_without_mark(name)] if encoding.is_guessed else []
    if top.is_packed and not is_named_packed:
        warnings.append(sentences.packed_unnamed(name))
    if is_named_packed and not top.is_packed and top.text:
        warnings.append(sentences.not_packed(name))
    if reading.encoding and encoding.codec != UTF_8 and not encoding.is_marked and _shows_utf_8(top):
        warnings.append(sentences.utf_8_after_all(name, encoding.codec))
    return warnings


def _shows_utf_8(top: FileTop) -> bool:
    text = _whole_lines(top.text, is_whole=top.is_whole)
    return not text.isascii() and is_utf_8(text)


def _wrong_encoding(name: str, text: bytes, codec: str) -> Sentence:
    return sentences.not_utf_8(name, looks_like(text)) if codec == UTF_8 else sentences.not_in_encoding(name, codec)


def _is_undecoded(cell: str) -> bool:
    return not cell.isascii() and any(_FIRST_BYTE <= char <= _LAST_BYTE for char in cell)


def _in_utf_8(text: bytes, codec: str) -> bytes:
    if codec != UTF_8:
        text = Decoder(codec).feed(text)
    return without_marks(text)


def _whole_lines(text: bytes, *, is_whole: bool) -> bytes:
    """Return *text* without what its end has cut off: a line, or in a text of one line an object or a character."""
    if is_whole:
        return text
    end = max(text.rfind(b"\n"), -1 if b"\n" in text else text.rfind(b"\r"))
    if end < 0:
        end = text.rfind(b"}")
    return text[: end + 1] if end >= 0 else _CUT_CHARACTER(b"", text)


def _first_lines(text: str) -> str:
    kept = text[:KEPT_CHARACTERS]
    if len(kept) == len(text):
        return text
    end = max(kept.rfind("\n"), kept.rfind("\r"))
    return kept[: end + 1] if end >= 0 else kept


def _has_objects(text: bytes) -> bool:
    """Tell whether one of the first lines begins as an object."""
    return any(line.lstrip().startswith(b"{") for line in text[:_LOOKED_AT].splitlines()[:_LINES])


_CUT_CHARACTER = re.compile(rb"[\xc0-\xff][\x80-\xbf]{0,3}\Z").sub
_LINES = 20
_LOOKED_AT = 64 * 1024
_FIRST_BYTE, _LAST_BYTE = "\udc80", "\udcff"
"""What a byte that is not UTF-8 is decoded to."""
