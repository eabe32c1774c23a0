"""Files in other encodings than UTF-8."""

import codecs
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.rows.decoding import Decoder
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.text_encodings import ENCODINGS, codec_of, name_of
from tests.domain.rows.feeding import Found, cut, cuts, found

CODECS = [codec for name in ENCODINGS if (codec := codec_of(name)) and codec not in ("utf-8", "utf-16")]
"""The codecs that a file is decoded with: UTF-16 is always one of its two kinds by then."""


def decoded(codec: str, pieces: list[bytes]) -> bytes:
    decoder = Decoder(codec)
    return b"".join(decoder.feed(piece) for piece in pieces) + decoder.close()


def rows(data: bytes, encoding: str, **dialect: Any) -> list[Found]:
    reader = FileReader("a.ndjson", Dialect(FileFormat.NDJSON, encoding=encoding, **dialect))
    return [found(row) for page in (*reader.feed(data), *reader.close()) for row in page.rows]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Олена Їжак"),
        ("cp1252", "Zoë Müller €"),
        ("koi8-u", "Ґалаґан"),
        ("utf-16-le", "Їжак 🦔"),
        ("utf-16-be", "Їжак 🦔"),
        ("shift_jis", "田中"),
        ("gb18030", "中文 🦔"),
    ],
)
def test_a_file_is_read_in_its_encoding(encoding: str, text: str) -> None:
    assert rows(f'{{"a":"{text}"}}\n{{"a":"x"}}'.encode(encoding), encoding) == [{"a": text}, {"a": "x"}]


@pytest.mark.parametrize("encoding", CODECS)
@given(data=st.binary(max_size=60), places=cuts)
def test_any_bytes_come_out_the_same_however_the_pieces_fall(encoding: str, data: bytes, places: list[int]) -> None:
    assert decoded(encoding, cut(data, places)) == decoded(encoding, [data])


@pytest.mark.parametrize("encoding", CODECS)
@given(text=st.text(max_size=30))
def test_a_text_that_was_written_in_an_encoding_is_read_as_it_was(encoding: str, text: str) -> None:
    data = text.encode(encoding, "ignore")
    assert decoded(encoding, [data]) == data.decode(encoding).encode()


@pytest.mark.parametrize(
    ("encoding", "bad"),
    [("cp1252", b"\x81"), ("cp1251", b"\x98"), ("utf-16-le", b"\x00\xd8"), ("utf-16-be", b"\xdc\x00")],
)
def test_what_is_no_character_costs_its_row_only(encoding: str, bad: bytes) -> None:
    data = '{"a":"1"}\n{"a":"'.encode(encoding) + bad + '"}\n{"a":"3"}\n'.encode(encoding)
    first, (reason, detail), third = rows(data, encoding)

    assert (first, reason, third) == ({"a": "1"}, "wrong_encoding", {"a": "3"})
    why = f"The line has bytes that are no text in {name_of(encoding).upper()}"
    assert detail == f"{why}: write the file as UTF-8, or set reading.encoding of the export."


@pytest.mark.parametrize("cut_off", [b"{", b"\x3d\xd8", b"\x3d\xd8\x94"])
def test_a_character_that_the_end_cuts_off_costs_the_last_row(cut_off: bytes) -> None:
    whole = '{"a":"1"}\n'.encode("utf-16-le")
    assert [row if isinstance(row, dict) else row[0] for row in rows(whole + cut_off, "utf-16-le")] == [
        {"a": "1"},
        "wrong_encoding",
    ]


def test_a_mark_of_utf_16_is_no_text_wherever_files_were_put_together() -> None:
    part = codecs.BOM_UTF16_LE + '{"a":"1"}\n'.encode("utf-16-le")
    assert rows(part + part, "utf-16-le") == [{"a": "1"}, {"a": "1"}]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("windows-1251", "cp1251"),
        ("CP1251", "cp1251"),
        ("Windows_1251", "cp1251"),
        ("latin1", "iso8859-1"),
        ("utf8", "utf-8"),
        ("US-ASCII", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("UTF-16LE", "utf-16-le"),
        ("iso-8859-12", None),
        ("rot13", None),
        ("zlib", None),
        ("utf-7", None),
        ("raw_unicode_escape", None),
        ("", None),
        ("é", None),
        ("a\0b", None),
    ],
)
def test_an_encoding_is_known_by_any_of_its_names_and_only_encodings_of_texts_are(name: str, codec: str | None) -> None:
    assert codec_of(name) == codec


def test_every_encoding_has_the_name_that_people_know() -> None:
    assert all((codec := codec_of(name)) and name_of(codec) == name for name in ENCODINGS)
    assert {"windows-1250", "windows-1258", "iso-8859-15", "koi8-r", "koi8-u", "utf-16-be"} <= set(ENCODINGS)
