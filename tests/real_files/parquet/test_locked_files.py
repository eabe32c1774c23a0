"""Parquet that is encrypted, or packed in a way that nobody here can unpack, says so."""

import pytest

from tests.real_files.parquet.encrypting import encrypted_file
from tests.real_files.parquet.made_by_hand import IN_DICTIONARY, Column, file_of, page, texts
from tests.real_files.whole_run import outcome_of

ROWS = {"email": ["a@example.com", "b@example.com"], "x": ["1", "2"], "y": ["3", "4"]}
MAPPED = {"email": "email", "properties": {"x": "x"}}


@pytest.mark.parametrize("encrypted", [["x"], ["email", "x"]])
@pytest.mark.parametrize("has_plain_footer", [True, False])
async def test_a_file_with_an_encrypted_column_that_is_mapped(encrypted: list[str], *, has_plain_footer: bool) -> None:
    body = encrypted_file(ROWS, encrypted, has_plain_footer=has_plain_footer)
    assert body.endswith(b"PAR1" if has_plain_footer else b"PARE")
    found = await outcome_of(body, "vip.parquet", mapping=MAPPED)
    assert found.failure[0] == "parquet_encrypted"


async def test_an_encrypted_column_that_is_not_mapped_is_no_hindrance() -> None:
    body = encrypted_file(ROWS, ["y"], has_plain_footer=True)
    assert (await outcome_of(body, "vip.parquet", mapping=MAPPED)).values("x") == ["1", "2"]


async def test_a_whole_file_that_is_encrypted_cannot_be_read_whatever_is_mapped() -> None:
    body = encrypted_file(ROWS, ["y"], has_plain_footer=False)
    assert (await outcome_of(body, "vip.parquet", mapping=MAPPED)).failure[0] == "parquet_encrypted"


@pytest.mark.parametrize("codec", ["lzo", "of tomorrow", "of nobody"])
@pytest.mark.parametrize("has_dictionary", [True, False])
async def test_a_codec_that_cannot_be_unpacked(codec: str, *, has_dictionary: bool) -> None:
    emails = texts([b"a@example.com", b"b@example.com"])
    dictionary = page(emails, 2, kind=2, codec="none") if has_dictionary else b""
    data = page(b"\x01\x03\x02", 2, encoding=IN_DICTIONARY, codec="none") if dictionary else b""
    pages = dictionary + data or page(emails, 2, codec="none")
    column = Column("email", pages, 2, codec=codec, dictionary_bytes=len(dictionary))
    found = await outcome_of(file_of(2, column), "vip.parquet", mapping={"email": "email"})
    assert found.failure[0] == "parquet_codec_unknown"
