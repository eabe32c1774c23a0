"""A stray quote costs its own line: no row behind it is lost, and no text is taken for a row."""

import pytest

from shared.domain.rows.delimited.record_list import MOST_QUOTES
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.rows import Unreadable
from tests.domain.rows.delimited.reading import BACKSLASH, COMMA, read_csv

HEADER = "email,product,address\n"
B = "b@example.com,Phone,Lviv\n"
C = 'c@example.com,Tablet,", Odesa"\n'
D = "d@example.com,Radio,Dnipro\n"
BCD = ["b@example.com", "c@example.com", "d@example.com"]


@pytest.mark.parametrize(
    "stray",
    [
        'a@example.com,"TV 55,Kyiv',
        r'a@example.com,"TV 55\"",Kyiv',
        r'a@example.com,TV,"55\""',
        'a@example.com,"TV 55" wide,Kyiv',
        'a@example.com,"TV ""55,Kyiv',
        '"a@example.com,TV,Kyiv',
        'a@example.com,TV,"Kyiv',
        'a@example.com,TV,"',
        'a@example.com,TV,Kyiv,"x',
        'a@example.com,"TV",Kyiv,x,"y',
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_stray_quote_costs_its_own_line_only(stray: str, end: str) -> None:
    text = f"{HEADER}{stray}\n{B}{C}{D}".replace("\n", end)
    file = read_csv(text)

    assert file.words == ["unclosed_quote", *BCD]
    assert file.lines == [2, 3, 4, 5]
    assert file.cells[2] == ["c@example.com", "Tablet", ", Odesa"]


@pytest.mark.parametrize("between", [0, 1, 2, 15, 16, 17, 2000])
def test_a_stray_quote_swallows_no_rows_however_many_lie_before_the_next_quote(between: int) -> None:
    file = read_csv(HEADER + 'a@example.com,"TV 55,Kyiv\n' + B * between + C + D)

    assert file.words == ["unclosed_quote", *["b@example.com"] * between, "c@example.com", "d@example.com"]
    assert file.lines == [*range(2, between + 5)]


def test_each_of_several_stray_quotes_costs_its_own_line() -> None:
    text = HEADER + 'a@example.com,"TV 55,Kyiv\n' + B + 'e@example.com,"TV 60,Kyiv\n' + B + C + D

    assert read_csv(text).words == ["unclosed_quote", "b@example.com", "unclosed_quote", *BCD]


def test_a_stray_quote_before_a_record_of_several_lines_costs_its_own_line_only() -> None:
    text = HEADER + 'a@example.com,"TV 55" wide,Kyiv\n\n' + B + 'c@example.com,"one\n\ntwo, three",Lviv\n' + D
    file = read_csv(text)

    assert file.words == ["unclosed_quote", *BCD]
    assert file.lines == [2, 4, 5, 8]
    assert file.cells[2] == ["c@example.com", "one\n\ntwo, three", "Lviv"]


def test_a_quote_within_a_field_that_closes_costs_its_own_line_only() -> None:
    text = HEADER + 'a@example.com,"say "hi" now",Kyiv\n' + B + 'c@example.com,5" pipe,Lviv\n' + D
    file = read_csv(text)

    assert file.words == ["stray_quote", *BCD]
    assert file.cells[2] == ["c@example.com", '5" pipe', "Lviv"]


@pytest.mark.parametrize(
    ("header", "record", "cells"),
    [
        ("email,note", 'a@e.com,"one, two\n\nthree, ""four"", 5\n;"', ["a@e.com", 'one, two\n\nthree, "four", 5\n;']),
        ("note,email", '"one, two\nthree, four",a@e.com', ["one, two\nthree, four", "a@e.com"]),
        ("note,email", '"one\nthree@e.com is mine",a@e.com', ["one\nthree@e.com is mine", "a@e.com"]),
        ("note,email,x", '"one\ntwo",a@e.com,"y\nz"', ["one\ntwo", "a@e.com", "y\nz"]),
        ("boss,note,email", 'o@e.com,"one\ntwo",a@e.com', ["o@e.com", "one\ntwo", "a@e.com"]),
        ("email,note,boss", 'a@e.com,"one\ntwo",o@e.com', ["a@e.com", "one\ntwo", "o@e.com"]),
        ("email,note,x", 'a@e.com,"Ann\nann@e.com\n+380",y', ["a@e.com", "Ann\nann@e.com\n+380", "y"]),
        ("email,note", 'a@e.com , "one\ntwo" ', None),
        ("email,note", '"a@e.com" ,"one\ntwo" ', ["a@e.com", "one\ntwo"]),
        ("email,note", 'a@e.com,"' + "\n" * 40 + '"', ["a@e.com", "\n" * 40]),
    ],
)
@pytest.mark.parametrize("mapped", ["email", None])
def test_a_text_of_several_lines_is_read_as_it_was_written(
    header: str, record: str, cells: list[str] | None, mapped: str | None
) -> None:
    rest = "z@e.com," * (header.count(",") + 1)
    file = read_csv(f"{header}\n{record}\n{rest[:-1]}\n", email=mapped)

    if cells is None:  # blanks before a quote, and the field does not close on its line
        assert file.cells[0] == ["a@e.com ", ' "one']
    else:
        assert file.cells[:-1] == [cells]
        assert file.lines == [2, 3 + record.count("\n")]


@pytest.mark.parametrize(
    "record",
    [
        'a@example.com,"hello\nevil@x.example,Evil,x\nbye",z',
        'a@example.com,"hello\nbye\nevil@x.example,Evil,x",z',
        'a@example.com,"hello\n""evil@x.example"",Evil,x\nbye",z',
        'a@example.com,"hello\nEvil,evil@x.example,x\nbye",z',
        'a@example.com,"hello\n evil@x.example ,Evil,x,y\nbye",z',
        'a@example.com,"TV 55,Kyiv\nb@example.com,TV 60",Lviv',
        'a@example.com,"x" y\nb@example.com,Phone,Lviv\nb@example.com,5",Lviv',
    ],
)
def test_where_a_line_can_be_a_row_as_well_as_text_all_lines_are_refused_and_none_is_sent(record: str) -> None:
    file = read_csv(HEADER + B + record + "\n" + D)
    count = record.count("\n") + 1

    assert file.words == ["b@example.com", *["ambiguous_quotes"] * count, "d@example.com"]
    assert file.lines == [*range(2, count + 4)]
    (detail,) = {row.told.detail for _, row in file.rows if isinstance(row, Unreadable)}
    assert f"From line 3 to line {count + 2} of the file" in detail


def test_a_text_that_holds_a_row_is_ambiguous_where_its_row_has_the_address_last_too() -> None:
    file = read_csv('note,email\n"hello, x\nevil, evil@x.example\nbye",a@example.com\nx,b@example.com\n')

    assert file.words == [*["ambiguous_quotes"] * 3, "b@example.com"]


def test_the_end_of_a_broken_record_is_no_beginning_of_the_next() -> None:
    """The quote of the second line closes the record before; taken for an opening one, it would mix two customers."""
    file = read_csv('product,note,email\np0,"one"\n",a@example.com\np1",x,b@example.com\np2,y,c@example.com\n')

    assert file.words[-3:] == ["ambiguous_quotes", "ambiguous_quotes", "c@example.com"]


def test_an_open_quote_at_the_end_of_the_file_costs_its_own_line_only() -> None:
    for last in ("", "x", 'e@example.com,"x'):
        file = read_csv(HEADER + 'a@example.com,"TV,Kyiv\n' + B + D + last)
        expected = {"": [], "x": ["too_few_fields"], 'e@example.com,"x': ["unclosed_quote"]}[last]
        assert file.words == ["unclosed_quote", "b@example.com", "d@example.com", *expected]


def test_lines_behind_a_refused_quote_are_not_filled_up_if_they_are_short() -> None:
    file = read_csv(HEADER + 'a@example.com,"one\ntwo\n' + C + "x@example.com,y\n" + D)

    assert file.words == ["unclosed_quote", "too_few_fields", "c@example.com", "x@example.com", "d@example.com"]
    assert file.notes == [(3, "short_row")]


def test_a_file_that_escapes_with_a_backslash_loses_nothing() -> None:
    text = HEADER + r'a@example.com,"TV 55\"",Kyiv' + "\n" + B + r'c@example.com,TV,"55\""' + "\n" + D
    file = read_csv(text, BACKSLASH)

    assert file.words == ["a@example.com", *BCD]
    assert file.cells[0] == ["a@example.com", 'TV 55"', "Kyiv"]
    assert file.cells[2] == ["c@example.com", "TV", '55"']


@pytest.mark.parametrize(
    ("written", "value", "doubled"),
    [
        (r'"say \"hi\" now"', 'say "hi" now', None),
        (r'"Bob \\"', "Bob \\", "Bob \\\\"),
        (r'"C:\new"', r"C:\new", r"C:\new"),
        (r'"C:\dir\\"', "C:\\dir\\", r"C:\dir\\"),
        (r'"a\\\"b"', r"a\"b", None),
        (r'"a\\b"', r"a\\b", r"a\\b"),
        (r'"\\server\share"', r"\\server\share", r"\\server\share"),
        (r'"a""b\""', 'a"b"', None),
        (r'"\"\""', '""', None),
        (r'""', "", ""),
        (r'"\\\\"', "\\\\", r"\\\\"),
        (r"C:\new", r"C:\new", r"C:\new"),
        (r"5\" pipe", r"5\" pipe", r"5\" pipe"),
        (r"x\\", r"x\\", r"x\\"),
        ('"one\\\ntwo\\""', 'one\\\ntwo"', None),
        (r'"{""a"":""b \""c\""""}"', None, '{"a":"b \\"c\\""}'),
        ('"C:\\dir\\"', None, "C:\\dir\\"),
        (r' "a \"b\"" ', 'a "b"', r' "a \"b\"" '),
    ],
)
def test_a_backslash_escapes_a_quote_within_quotes_in_files_that_show_it(
    written: str, value: str | None, doubled: str | None
) -> None:
    text = f"email,note,x\na@example.com,{written},y\nb@example.com,n,y\n"
    for dialect, expected in ((BACKSLASH, value), (COMMA, doubled)):
        if expected is not None:
            assert read_csv(text, dialect).cells == [["a@example.com", expected, "y"], ["b@example.com", "n", "y"]]
        else:
            assert read_csv(text, dialect).words[0] != "a@example.com"


def test_a_field_after_blanks_ends_at_the_last_quote_that_can_close_it() -> None:
    assert read_csv('email,note\na@e.com, "b"","\nc@e.com, "x"" , "y\n').cells == [
        ["a@e.com", 'b",'],
        "too_many_fields",
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " ", "^", "]", "\\"])
def test_quotes_are_read_with_every_delimiter(delimiter: str) -> None:
    dialect = Dialect(FileFormat.CSV, delimiter=delimiter)
    stray, good = 'a@e.com,"TV,x\n', 'b@e.com,"say ""5"", 6",x\nc@e.com,5,"one\ntwo"\n'
    file = read_csv((HEADER + stray + good + good).replace(",", delimiter), dialect)

    assert file.words == ["unclosed_quote", *["b@e.com", "c@e.com"] * 2]
    assert file.cells[3] == ["b@e.com", f'say "5"{delimiter} 6' if delimiter != " " else 'say "5"  6', "x"]


def test_a_line_of_very_many_quotes_is_a_row_of_its_own_or_none() -> None:
    many = '""' * (MOST_QUOTES // 2)
    plain, broken = f'a@example.com,"{many}",Kyiv', f'a@example.com,"{many}" x,Kyiv'
    lines = [plain, broken, 'e@example.com,"TV', broken, 'f@example.com,"TV', plain, B]
    file = read_csv(HEADER + "\n".join(lines))

    a, e, b = "a@example.com", "unclosed_quote", "b@example.com"
    assert file.words == [a, "stray_quote", e, "stray_quote", e, a, b]
    assert isinstance(file.rows[0][1], dict)
    assert len(file.rows[0][1]["product"]) == MOST_QUOTES // 2


def test_a_line_behind_a_stray_quote_is_not_filled_up_if_it_is_short() -> None:
    file = read_csv(HEADER + 'a@example.com,"TV" x,"one\nt@example.com\n' + B)
    assert file.words[0] == "unclosed_quote"
    assert file.words[-1] == "b@example.com"
    broken = 'a@example.com,"TV" x,y"\n'
    assert read_csv(HEADER + broken + "t@example.com\n" + B).words == ["stray_quote", "too_few_fields", "b@example.com"]
