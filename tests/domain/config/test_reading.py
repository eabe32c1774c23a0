"""How an export overrides what is found out about its files."""

from typing import Any

import pytest

from shared.domain.config.export import Export
from shared.domain.config.reading import Reading
from tests.domain.config.test_models import EXPORT, STORED, problems

FULL: dict[str, Any] = {
    "encoding": "Windows-1251",
    "delimiter": ";",
    "escape": "backslash",
    "header": False,
    "columns": ["email", "Ім'я"],
    "null_values": ["NULL", ""],
    "decimal_comma": True,
}


def test_an_export_without_it_finds_everything_out_and_stores_nothing_of_it() -> None:
    for export in (Export.from_document(STORED), Export.from_document({**STORED, "reading": None})):
        assert export.reading == Reading()
        assert "reading" not in export.document()


def test_what_is_set_is_stored_and_read_back_and_nothing_else() -> None:
    assert Reading.written(FULL).document() == FULL
    assert Reading.written({"header": False, "columns": ["a"]}).document() == {"header": False, "columns": ["a"]}
    export = Export.from_document({**STORED, "reading": FULL})
    assert Export.from_document(export.document()) == export
    assert export.document()["reading"] == FULL


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf-16", "cp1252", "latin-1", "koi8-u", "Shift_JIS", "ISO-8859-15"])
def test_an_encoding_has_any_of_its_names(name: str) -> None:
    assert problems(Reading, {"encoding": name}) == ()


@pytest.mark.parametrize(
    "name", ["", "rot13", "hex", "base64", "utf-7", "idna", "\0", "x" * 1000, "punycode", 5, "mbcs"]
)
def test_what_is_no_encoding_of_texts_is_refused(name: Any) -> None:
    assert [problem.pointer for problem in problems(Reading, {"encoding": name})] == ["/encoding"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~", "^", ":"])
def test_a_delimiter_is_one_sign(delimiter: str) -> None:
    assert Reading.written({"delimiter": delimiter}).delimiter == delimiter


@pytest.mark.parametrize("delimiter", ["", '"', "'", "a", "7", "\n", "\r", ";;", "\x01", "é", "\\", 5, ["|"]])
def test_a_quote_a_letter_and_a_digit_are_no_delimiter(delimiter: Any) -> None:
    assert [problem.pointer for problem in problems(Reading, {"delimiter": delimiter})] == ["/delimiter"]


def test_columns_are_told_where_they_are_wrong() -> None:
    assert [each.pointer for each in problems(Reading, {"columns": ["a", "b", "a", "b"]})] == [
        "/columns/2",
        "/columns/3",
    ]
    assert [each.pointer for each in problems(Reading, {"columns": ["a", ""]})] == ["/columns"]
    assert [each.pointer for each in problems(Export, {**EXPORT, "reading": {"header": False}})] == ["/reading"]


def test_a_stored_one_may_be_older_than_a_limit() -> None:
    stored = {"null_values": ["x" * 100] * 60}
    assert Export.from_document({**STORED, "reading": stored}).document()["reading"] == stored
