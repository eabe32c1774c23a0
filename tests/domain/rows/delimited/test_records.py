"""Lines of CSV, joined into records: each line is in one record, and is looked at a few times at most."""

import csv

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.domain.rows.delimited.line_looks import LineLooks
from shared.domain.rows.delimited.quotes import Afresh, CsvQuotes, Within, quotes_of
from shared.domain.rows.delimited.record_list import Records
from shared.domain.rows.delimited.records import MAX_RECORD_LINES, RecordGatherer
from shared.domain.rows.dialect import Escape
from tests.domain.rows.feeding import rough_files

MOST_BYTES = 20_000


def gatherer_of(quotes: CsvQuotes, columns: int, most_bytes: int = MOST_BYTES) -> RecordGatherer:
    return RecordGatherer(LineLooks(quotes, columns, 0), b"\n", 2, most_bytes=most_bytes)


rough_lines = st.lists(
    st.sampled_from(['"', '""', ",", ',"', '",', "a", " ", "a@b.co", "\\", '\\"', "\r", "x,y", "\n", '"\n"']),
    max_size=40,
).map("".join)


def line_counts(records: Records) -> list[int]:
    return [records.spans.get(index, 1) for index in range(len(records.texts))]


@settings(max_examples=300)
@given(
    rough_files | rough_lines,
    st.integers(1, 4),
    st.sampled_from(["doubled", "backslash"]),
    st.sampled_from([12, MOST_BYTES]),
)
@example('"x\na,b,"c\nz",y,"w\n', 3, "doubled", MOST_BYTES)
def test_every_line_of_a_rough_file_is_in_one_record(text: str, columns: int, escape: Escape, most_bytes: int) -> None:
    lines = text.encode().split(b"\n")
    gatherer = gatherer_of(quotes_of(",", escape), columns, most_bytes)
    number = 2
    for records in (gatherer.feed(list(lines)), gatherer.close()):
        assert records.first == number
        for index, count in enumerate(line_counts(records)):
            assert records.lines()[index] == number
            if index in records.refused:
                assert count == 1
                is_ambiguous = records.refused[index].reason == "ambiguous_quotes"  # so are all lines of its record
                assert is_ambiguous or b'"' in lines[number - 2]
            elif count == 1 and b'"' not in lines[number - 2]:
                assert records.texts[index] == lines[number - 2]
            else:
                assert _is_one_record(records.texts[index])
            number += count
        assert records.next_line() == number
    assert number == len(lines) + 2


def _is_one_record(record: bytes) -> bool:
    try:
        return len(list(csv.reader([record.decode()], strict=True))) == 1
    except csv.Error as error:
        return "new-line" in str(error)  # a stray carriage return: one bad row, refused as a whole


class CountingQuotes(CsvQuotes):
    """Counts how many bytes are looked at."""

    looked_at = 0

    def afresh(self, line: bytes) -> Afresh:
        self.looked_at += len(line) + 1
        return super().afresh(line)

    def within(self, line: bytes) -> Within:
        self.looked_at += len(line) + 1
        return super().within(line)

    def plain(self, record: bytes) -> bytes:
        self.looked_at += len(record) + 1
        return super().plain(record)

    def cell(self, record: bytes, place: int) -> bytes:
        self.looked_at += len(record) + 1
        return super().cell(record, place)


@pytest.mark.parametrize("columns", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    "lines",
    [
        [b'a","'],
        [b',"'],
        [b'"'],
        [b'x,"y'],
        [b'",'],
        [b'x",y,"'],
        [b'""'],
        [b'"', *[b""] * 400],
        [b'a@example.com,"x', b"b@example.com,y", b'c@example.com,"z"'],
        [b'a@example.com,"x', b'b@example.com,"x', b'y",z', b'"a"b"'],
        [b"," * 500 + b'"', b'x",y,"', *[b""] * 100],
    ],
    ids=range(11),
)
def test_quotes_that_stay_open_line_after_line_are_not_looked_at_again_and_again(
    lines: list[bytes], columns: int
) -> None:
    """An unclosed quote is refused and what is behind it read anew: each byte a few times, not once for each line."""
    lines = lines * (3 * MOST_BYTES // sum(len(line) + 1 for line in lines))
    quotes = CountingQuotes(b",", "doubled")
    gatherer = gatherer_of(quotes, columns)
    counts = [*line_counts(gatherer.feed(list(lines))), *line_counts(gatherer.close())]

    assert sum(counts) == len(lines)
    assert quotes.looked_at <= 5 * sum(len(line) + 1 for line in lines)


@pytest.mark.parametrize(("last", "reason"), [(b'z",y,"w', "unclosed_quote"), (b'z",b@e.com,"w', "ambiguous_quotes")])
def test_a_record_that_is_too_wide_once_the_quote_before_is_refused_is_judged_then(last: bytes, reason: str) -> None:
    gatherer = gatherer_of(quotes_of(",", "doubled"), 3)

    assert gatherer.feed([b'"x', b'a,b,"c', last]).texts == []
    assert [why.reason for why in gatherer.close().refused.values()] == ["unclosed_quote", reason, reason]


@pytest.mark.parametrize("at", range(1, 5))
def test_the_end_of_a_text_is_no_row_where_the_line_that_opened_its_quote_was_too_wide(at: int) -> None:
    lines = [b'a@e.com,,"Call', b"me", b"", b'b@e.com, or write"', b'c@e.com,5" pipe']
    gatherer = gatherer_of(quotes_of(",", "doubled"), 2)
    first, second = gatherer.feed(lines[:at]), gatherer.feed(lines[at:])

    assert [*first.texts, *second.texts] == [b"", b"me", b"", b"", b'c@e.com,5" pipe']
    assert [why.reason for each in (first, second) for why in each.refused.values()] == [
        "unclosed_quote",
        "stray_quote",
    ]


def test_the_end_of_a_text_is_no_row_where_the_lines_that_opened_its_quote_were_refused() -> None:
    lines = [b'a@e.com,Ann,"tea', b'b@e.com,"Bo ""B""","milk', b"", b'c@e.com, sugar"', b"d@e.com,Di,x"]
    gatherer = gatherer_of(quotes_of(",", "doubled"), 3)

    records = gatherer.feed(lines)
    assert [why.reason for why in records.refused.values()] == ["ambiguous_quotes", "ambiguous_quotes", "stray_quote"]
    assert records.texts[2:] == [b"", b"", b"d@e.com,Di,x"]


@pytest.mark.parametrize("unseen", ["\u2028", " ", "\u00a0", "\u200b", "\ufeff", "\ufffd", "\0\r"])
@pytest.mark.parametrize("before", ["", "a@e.com,"])
def test_a_short_line_with_a_quote_behind_what_is_not_seen_is_no_row(unseen: str, before: str) -> None:
    lines = [f'{before}{unseen}"Call'.encode(), f'{before}{unseen}"Call,b@e.com'.encode(), b'c@e.com, "Di,x']
    records = gatherer_of(quotes_of(",", "doubled"), 4 if before else 3).feed(lines[:2])
    assert [why.reason for why in records.refused.values()] == ["unclosed_quote"] * 2

    assert gatherer_of(quotes_of(",", "doubled"), 3).feed(lines[2:]).texts == lines[2:]


@pytest.mark.parametrize("unseen", ["\u2028", "\u00a0", "\u200b", "\ufeff", "\ufffd", " \0", "\0 "])
@pytest.mark.parametrize("before", ["", "a@e.com,Ann,"])
def test_a_whole_line_with_a_quote_behind_a_character_that_is_not_seen_is_no_row(unseen: str, before: str) -> None:
    behind = ",b@e.com" if not before else ""
    lines = [f'{before}{unseen}"Call{behind}'.encode(), b",c@e.com", f'{before}{unseen}"x"{behind}'.encode()]
    records = gatherer_of(quotes_of(",", "doubled"), 3 if before else 2).feed(lines)
    assert [*records.refused] == [0]
    assert records.freed == {1}
    assert records.texts[1:] == lines[1:]


@pytest.mark.parametrize("name", [b'"Ann\\"\n""; Bo\\""', b'"Ann\\""" @\nBo"'])
def test_a_text_of_several_lines_that_has_quotes_escaped_in_both_ways_is_no_record(name: bytes) -> None:
    lines = b"a@e.com,%s\nb@e.com,Di" % name
    records = gatherer_of(quotes_of(",", "backslash"), 2).feed([*lines.split(b"\n")])
    assert [(at, why.reason) for at, why in records.refused.items()] == [
        (0, "ambiguous_quotes"),
        (1, "ambiguous_quotes"),
    ]
    assert records.texts[2:] == [b"b@e.com,Di"]


def test_quotes_escaped_in_both_ways_are_read_where_nothing_else_can_be_meant() -> None:
    quotes = quotes_of(",", "backslash")
    assert not quotes.mixes_escapes(b'"Ann \\"A\\"\n"," ""B"""')
    assert gatherer_of(quotes, 2).feed([b'a@e.com,"Ann \\"A\\" ""B"""']).texts == [b'a@e.com,"Ann ""A"" ""B"""']


def test_a_line_with_a_quote_behind_a_backslash_that_escapes_nothing_is_no_row() -> None:
    lines = [b'\\"Call,b@e.com', b'me",c@e.com', b'd@e.com,\\"x\\"']
    records = gatherer_of(quotes_of(",", "doubled"), 2).feed(lines)
    assert [*records.refused] == [0]
    assert records.texts[1:] == lines[1:]
    assert gatherer_of(quotes_of(",", "backslash"), 2).feed(lines).texts == lines


def test_a_line_that_begins_as_a_row_is_no_text_where_its_quotes_are_broken() -> None:
    lines = [b'1,a@e.com,,"Call', b'; ""', b'2,b@e.com,,"" or write', b'soon",', b"3,c@e.com,,x,"]
    records = RecordGatherer(LineLooks(quotes_of(",", "doubled"), 5, 1), b"\n", 2).feed(lines)
    assert {why.reason for why in records.refused.values()} == {"ambiguous_quotes"}
    assert [*records.refused] == [0, 1, 2, 3]
    assert records.texts[4:] == lines[4:]


@pytest.mark.parametrize("row", [b'b@e.com;p1\\"n1', b'b@e.com;"" or write', b'b@e.com;p1\\"n1" x'])
def test_a_line_that_begins_as_a_row_is_no_text_where_it_has_quotes_that_close_nothing(row: bytes) -> None:
    lines = [b'a@e.com;"Call', row, b'soon"', b"c@e.com;Di;x"]
    escape: Escape = "backslash" if b"\\" in row else "doubled"
    records = RecordGatherer(LineLooks(quotes_of(";", escape), 3, 0), b"\n", 2).feed(lines)
    assert {why.reason for why in records.refused.values()} == {"ambiguous_quotes"}
    assert records.texts == [b"", b"", b"", b"c@e.com;Di;x"]


def test_blanks_that_are_delimiters_too_are_looked_at_once() -> None:
    quotes = quotes_of("\t", "doubled")
    assert not quotes.has_lone_opener(b"\t" * 1_000_000 + b'x"')
    assert quotes.has_lone_opener(b'x\t "y\tz')
    assert not quotes.has_hidden_opener(b" \0\t" * 500_000 + b'x"')
    assert not quotes_of(",", "doubled").has_hidden_opener(b'"Call, \n",b@e.com')
    assert quotes.has_hidden_opener(b'x\t\0"y\tz')


@pytest.mark.parametrize("row", [b'b@e.com,"Bo"', b'b@e.com,5" pipe', b'b@e.com, "Bo" '])
def test_a_row_behind_a_line_that_was_too_wide_stays_a_row(row: bytes) -> None:
    gatherer = gatherer_of(quotes_of(",", "doubled"), 2)

    records = gatherer.feed([b'a@e.com,,"Call', row, b'c@e.com, or write"'])
    assert [*records.refused] == [0]


def test_a_quote_that_stays_open_over_very_many_lines_is_refused() -> None:
    gatherer = RecordGatherer(LineLooks(quotes_of(",", "doubled"), 2, 0), b"\n", 2)
    records = gatherer.feed([b'a@e.com,"x', *[b""] * (MAX_RECORD_LINES - 1)])
    assert records.texts == []

    records = gatherer.feed([b""])
    assert (len(records.texts), [*records.refused]) == (MAX_RECORD_LINES + 1, [0])
