"""Rows with too few or too many cells, without any, and what stands above and between the rows."""

import pytest

from shared.domain.rows.csv_rows import CsvRows
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.rows import Unreadable
from tests.domain.rows.delimited.reading import COMMA, read_csv

HEADER = "email,name,note,x\n"
GOOD = "z@e.com,Zoe,n,1\n"


def semicolon(**fields: object) -> Dialect:
    return Dialect(FileFormat.CSV, delimiter=";", **fields)  # type: ignore[arg-type] # fields of a dialect


@pytest.mark.parametrize(
    "blank", [",,,", '"","","",""', " ,\t, ,", '"",,,', ",,,\r", ",", ",,,,,,,", ' "" ," " ,,', '""']
)
def test_a_record_without_a_filled_cell_is_no_row(blank: str) -> None:
    file = read_csv(f"{HEADER}{GOOD}{blank}\n{GOOD}{blank}\n")

    assert file.words == ["z@e.com", "z@e.com"]
    assert file.lines == [2, 4]
    assert file.notes == [(1, "blank_row"), (2, "blank_row")]


@pytest.mark.parametrize("blank", ["", " ", "\t", "\r", "  \r"])
def test_a_blank_line_is_no_row_and_no_note(blank: str) -> None:
    file = read_csv(f"{blank}\n{HEADER}{blank}\n{GOOD}{blank}\n{GOOD}")

    assert (file.lines, file.notes) == ([4, 6], [])


def test_many_blank_records_behind_the_rows_are_no_rows() -> None:
    file = read_csv(HEADER + GOOD * 200 + ",,,\n" * 12_000)

    assert file.words == ["z@e.com"] * 200
    assert file.notes == [(200, "blank_row")] * 12_000


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("a@e.com", ["a@e.com", "", "", ""]),
        ("a@e.com,Ann", ["a@e.com", "Ann", "", ""]),
        ("a@e.com,Ann,\r", ["a@e.com", "Ann", "", ""]),
        ('a@e.com,"Ann, B"', ["a@e.com", "Ann, B", "", ""]),
        ('a@e.com,"Ann\nB"', ["a@e.com", "Ann\nB", "", ""]),
    ],
)
@pytest.mark.parametrize("behind", ["", GOOD, "\n", ",,,\n", 'b@e.com,"x"y"z",a\n', HEADER])
def test_missing_cells_at_the_end_are_empty_ones(row: str, cells: list[str], behind: str) -> None:
    file = read_csv(f"{HEADER}{row}\n{behind}")

    assert file.cells[0] == cells
    assert file.notes[0] == (0, "short_row")


def test_short_rows_behind_each_other_are_rows_unless_they_make_one_row() -> None:
    rows = ["a@e.com", "b@e.com", "c@e.com,C", "d@e.com,D", "e@e.com,E"]
    file = read_csv(HEADER + "\n".join(rows) + "\n")

    assert file.words == ["a@e.com", "b@e.com", "c@e.com", "d@e.com", "e@e.com"]
    assert file.notes == [(index, "short_row") for index in range(5)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a@e.com,Ann,one\ntwo,x\n", ["too_few_fields"] * 2),
        ("a@e.com,Ann,one\r\ntwo,x\r\n", ["too_few_fields"] * 2),
        ("a@e.com\nAnn,one,two,x\n", ["a@e.com", "Ann"]),
        ("a@e.com,A\nnn,n,x\n" + GOOD, [*["too_few_fields"] * 2, "z@e.com"]),
        ("a@e.com,Ann,one\n\ntwo,x\n", ["too_few_fields"] * 2),
        (GOOD + "a@e.com,Ann,one\ntwo,x\n" + GOOD, ["z@e.com", *["too_few_fields"] * 2, "z@e.com"]),
        ("a@e.com,Ann,one\ntwo,x\na@e.com,Ann,one\ntwo,x\n", ["too_few_fields"] * 4),
        ("a@e.com,Ann,one\n,,,\ntwo,x\n", ["a@e.com", "two"]),
        ("a@e.com,Ann,one\n" + GOOD + "two,x\n", ["a@e.com", "z@e.com", "two"]),
    ],
)
def test_two_short_rows_that_make_one_row_together_are_both_refused(text: str, words: list[str]) -> None:
    assert read_csv(HEADER + text).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a@e.com,Ann,one\ntwo\nthree,x\n", ["too_few_fields"] * 3),
        ("a@e.com,A\nn\nn,n,x\n" + GOOD, [*["too_few_fields"] * 3, "z@e.com"]),
        ("a@e.com,Ann,one\ntwo\n\nthree\nfour,x\n" + GOOD, [*["too_few_fields"] * 4, "z@e.com"]),
        ("b@e.com\na@e.com,Ann,one\ntwo\nthree,x\n", ["b@e.com", *["too_few_fields"] * 3]),
        ("a@e.com,Ann,one\n" + "more\n" * 18 + "end,x\n", ["too_few_fields"] * 20),
        ("a@e.com,Ann,one\n" + "more\n" * 20 + "end,x\n", ["a@e.com", *["more"] * 20, "end"]),
        ("a@e.com,A\nb@e.com,B\nc@e.com,C\n", ["a@e.com", "b@e.com", "c@e.com"]),
    ],
)
def test_short_rows_that_make_one_row_are_all_refused_where_only_the_first_has_an_address(
    text: str, words: list[str]
) -> None:
    assert read_csv(HEADER + text).words == words


@pytest.mark.parametrize(
    ("last", "word"),
    [
        ("a@e.com,Ann", "too_few_fields"),
        ("a@e.com", "too_few_fields"),
        ('a@e.com,"Ann"', "too_few_fields"),
        ('a@e.com,"Ann\nB"', "too_few_fields"),
        ("a@e.com,Ann,n,x", "a@e.com"),
        ('a@e.com,Ann,"n\nm",x', "a@e.com"),
        ("a@e.com,Ann,n,", "a@e.com"),
        ('a@e.com,Ann,"n', "unclosed_quote"),
    ],
)
def test_a_short_last_line_without_a_line_end_is_cut_off(last: str, word: str) -> None:
    file = read_csv(HEADER + "b@e.com\n" + last)

    assert file.words == ["b@e.com", word]
    assert file.notes == [(0, "short_row")]


def test_a_short_last_line_refuses_the_short_line_before_if_both_make_one_row() -> None:
    assert read_csv(HEADER + "b@e.com,Bob,one\ntwo,x").words == ["too_few_fields", "too_few_fields"]


@pytest.mark.parametrize("tail", [",", ",,,", ',""', ", ,\t", ',""\r'])
def test_empty_cells_behind_the_last_column_are_dropped(tail: str) -> None:
    file = read_csv(f"{HEADER}a@e.com,Ann,n,x{tail}\n{GOOD}")

    assert file.cells[0] == ["a@e.com", "Ann", "n", "x"]
    assert (file.words, file.notes) == (["a@e.com", "z@e.com"], [])


@pytest.mark.parametrize("tail", [",y", ",,y", ',"y"', ",y,", ',","'])
def test_a_filled_cell_behind_the_last_column_is_refused(tail: str) -> None:
    assert read_csv(f"{HEADER}a@e.com,Ann,n,x{tail}\n{GOOD}").words == ["too_many_fields", "z@e.com"]


def test_a_row_with_the_delimiter_in_its_address_is_refused() -> None:
    text = 'name|email\n|"Call Ann|ann@e.com"\nBo|bo@e.com\nDi|"di|\n@e.com"\n"E|d"|ed@e.com\n'
    dialect = Dialect(FileFormat.CSV, delimiter="|")
    file = read_csv(text, dialect)
    assert file.words == ["stray_quote", "bo@e.com", "ambiguous_quotes", "ambiguous_quotes", "ed@e.com"]
    assert file.lines == [2, 3, 4, 5, 6]
    assert read_csv(text, dialect, None).words[0] == "Call Ann|ann@e.com"


@pytest.mark.parametrize("header", ["email,name", '"email","name"', "email , name", " email,name ", "email,name\r"])
@pytest.mark.parametrize("again", [None, "email,name", '"email","name"', " email , name", "email,name\r"])
def test_a_repeated_header_is_no_row(header: str, again: str | None) -> None:
    again = again or header
    file = read_csv(f"{header}\na@e.com,Ann\n{again}\nb@e.com,Bob\n{again}\n")

    assert (file.words, file.lines) == (["a@e.com", "b@e.com"], [2, 4])
    assert file.notes == [(1, "repeated_header"), (2, "repeated_header")]


@pytest.mark.parametrize("row", ["email,Name", "email,", "name,email", "email,name,x", "email"])
def test_a_row_that_is_a_part_of_the_header_is_a_row(row: str) -> None:
    assert len(read_csv(f"email,name\n{row}\na@e.com,Ann\n").rows) == 2


def test_notes_and_titles_stand_above_the_header() -> None:
    text = "sep=;\n\nCustomers of May;;\n;;\nby Ann\nemail;name;x\na@e.com;Ann;1\nTotal;;12\n"
    file = read_csv(text, semicolon(note_lines=1, title_lines=2))

    assert file.words == ["title_line", "title_line", "a@e.com", "Total"]
    assert file.lines == [3, 5, 7, 8]
    assert file.notes == [(1, "blank_row")]


@pytest.mark.parametrize(
    ("dialect", "text", "header", "numbers"),
    [
        (semicolon(columns=("email", "name")), "E;N\na@e.com;Ann\nE;N\nb@e.com;Bob\n", ("email", "name"), [2, 4]),
        (semicolon(columns=("email", "name"), has_header=False), "a@e.com;A\n\nb@e.com;B", ("email", "name"), [1, 3]),
        (semicolon(has_header=False, note_lines=1), "sep=;\n\na@e.com;A\nb@e.com;B", ("1", "2"), [3, 4]),
        (semicolon(title_lines=1, columns=("email", "n")), "T\nE;N\na@e.com;A\nb@e.com;B", ("email", "n"), [1, 3, 4]),
        (semicolon(columns=("email",), has_header=False), "a@e.com\nemail\nb@e.com\n", ("email",), [1, 3]),
    ],
)
def test_columns_are_named_by_the_header_or_by_the_export(
    dialect: Dialect, text: str, header: tuple[str, ...], numbers: list[int]
) -> None:
    reader = CsvRows(dialect)
    read = reader.feed([*text.encode().split(b"\n")])

    assert reader.header == header
    assert [*read.lines] == numbers
    assert {(*row,) for row in read.rows if isinstance(row, dict)} == {header}


@pytest.mark.parametrize("value", ["a\u2028b", "a\u0085b", "a\u2029b", "a\x0bb", "a\x1cb", "a\0b"])
def test_what_is_no_line_end_of_csv_is_data(value: str) -> None:
    assert read_csv(f"{HEADER}a@e.com,{value},n,x\n").cells == [["a@e.com", value, "n", "x"]]


@pytest.mark.parametrize("row", ["a@e.com,A\rnn,n,x", "a@e.com,Ann,n\r,x", "\ra@e.com,Ann,n,x", "a@e.com,Ann,n,x\ry"])
def test_a_lone_carriage_return_outside_of_quotes_is_refused(row: str) -> None:
    file = read_csv(f"{HEADER}{row}\n{GOOD}")

    assert file.words == ["not_csv", "z@e.com"]
    assert read_csv(f'{HEADER}a@e.com,"A\rnn",n,x\n').cells == [["a@e.com", "A\rnn", "n", "x"]]


def test_a_file_with_carriage_returns_alone_is_read() -> None:
    text = 'email,name,note\ra@e.com,Ann,"one\rtwo"\r\rb@e.com,"Bob,x\rc@e.com,C,", y"\r'
    file = read_csv(text, Dialect(FileFormat.CSV, line_end="\r"))

    assert file.words == ["a@e.com", "unclosed_quote", "c@e.com"]
    assert file.lines == [2, 5, 6]
    assert file.cells[0] == ["a@e.com", "Ann", "one\rtwo"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ('a@e.com, "Smith" ,x', "Smith"),
        ('a@e.com,"Smith" ,x', "Smith"),
        ('a@e.com,\t"Smith",x', "Smith"),
        ('a@e.com, "Smith, ""J"" A" ,x', 'Smith, "J" A'),
        ('a@e.com, " Smith " ,x', " Smith "),
        ('a@e.com, "Old" town,x', ' "Old" town'),
        ('a@e.com,Old "town" ,x', 'Old "town" '),
        ('a@e.com, "Old,x', ' "Old'),
        ("a@e.com, Smith ,x", " Smith "),
        ('a@e.com, "" ,x', ""),
        (' "a@e.com" , "Smith" , "x" ', "Smith"),
    ],
)
def test_blanks_around_a_quoted_field_are_no_data(row: str, name: str) -> None:
    file = read_csv(f"email,name,x\n{row}\nb@e.com,Bob,x\n")

    assert file.cells[0] == ["a@e.com", name, file.cells[0][2]]
    assert file.words == ["a@e.com", "b@e.com"]


def test_a_row_that_is_not_utf8_costs_itself_only() -> None:
    bad = [b"a@e.com,\xc3,n,x", b'a@e.com,"\xff\n",n,x', b"\xff"]
    file = read_csv(HEADER.encode() + b"".join(row + b"\n" + GOOD.encode() for row in bad))

    assert file.words == ["wrong_encoding", "z@e.com"] * 3
    assert file.lines == [2, 3, 4, 6, 7, 8]


def test_a_row_with_another_number_of_cells_says_which() -> None:
    told = [
        row.told
        for _, row in read_csv("email,name\na@e.com,Ann,x\nb@e.com,Bob,x,y\nc@e.com,Cid,x\n").rows
        if isinstance(row, Unreadable)
    ]
    assert [(each.code, each.params) for each in told] == [
        ("too_many_fields", {"found": found, "expected": 2}) for found in (3, 4, 3)
    ]


def test_no_sentence_holds_a_cell() -> None:
    text = HEADER + 'secret\nsecret,"secret\nsecret,secret\nsecret@e.com,"secret" secret",x\nsecret,1,2,3,4\nsecret\r1'
    for _, row in read_csv(text, COMMA).rows:
        assert isinstance(row, dict) or "secret" not in row.told.detail
