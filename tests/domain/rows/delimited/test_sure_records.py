"""Records of several lines that are found by one search: as line by line, and only where nothing is in doubt."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.domain.rows.delimited.line_looks import LineLooks
from shared.domain.rows.delimited.quotes import quotes_of
from shared.domain.rows.delimited.records import RecordGatherer
from shared.domain.rows.delimited.sure_records import MOST_PLAIN_LINES, SureRecords
from shared.domain.rows.dialect import Escape

COLUMNS, EMAIL = 4, 1

bits = st.sampled_from([b"a", b" ", b"@", b"c@e.com", b"x,y", b'""', b"\n", b"\n\n", b"\\", b'\\"', b"\r"])
texts = st.lists(bits, max_size=5).map(lambda parts: b'"' + b"".join(parts) + b'"')
fields = texts | st.sampled_from([b"", b"a", b"b@e.com", b'"', b'"x', b'x"', b' "x" '])
rows = st.lists(fields, max_size=COLUMNS).map(b",".join)
good_rows = st.tuples(st.just(b"1,a@e.com"), texts, texts).map(b",".join)


def looks_of(delimiter: str = ",", escape: Escape = "doubled", email: int | None = EMAIL) -> LineLooks:
    return LineLooks(quotes_of(delimiter, escape), COLUMNS, email)


def records(looks: LineLooks, lines: list[bytes], lines_at_once: int, most_bytes: int) -> list[tuple[bytes, int, str]]:
    """Return the text, the number of lines and the refusal of each record."""
    gatherer, found = RecordGatherer(looks, b"\n", 2, most_bytes=most_bytes), list[tuple[bytes, int, str]]()
    pages = [gatherer.feed(lines[at : at + lines_at_once]) for at in range(0, len(lines), lines_at_once)]
    for read in [*pages, gatherer.close()]:
        why = {index: refused.reason for index, refused in read.refused.items()}
        found += [(text, read.spans.get(index, 1), why.get(index, "")) for index, text in enumerate(read.texts)]
    return found


@settings(max_examples=300)
@given(
    st.lists(good_rows | rows, max_size=6),
    st.sampled_from([",", "|"]),
    st.sampled_from(["doubled", "backslash"]),
    st.sampled_from([None, 0, EMAIL]),
    st.sampled_from([20, 20_000]),
)
@example([b'1,a@e.com,"x\ny",z', b"2,b@e.com,,"], ",", "doubled", EMAIL, 20_000)
def test_the_records_are_those_of_one_line_after_the_other(
    rows: list[bytes], delimiter: str, escape: Escape, email: int | None, most_bytes: int
) -> None:
    looks = looks_of(delimiter, escape, email)
    lines = b"\n".join(rows).replace(b",", delimiter.encode()).split(b"\n")
    assert records(looks, lines, len(lines), most_bytes) == records(looks, lines, 1, most_bytes)


@pytest.mark.parametrize(
    "record",
    [
        b'1,a@e.com,"x\ny",z',
        b'1,a@e.com,"x ""y"", @\nz",',
        b'1,a@e.com,"x, y","\n\n"\r',
        b'1,a@e.com,"x' + b"\n" * (MOST_PLAIN_LINES - 1) + b'",z',
    ],
)
def test_a_text_of_several_lines_is_found(record: bytes) -> None:
    lines = record.split(b"\n")
    assert SureRecords(looks_of(), b"\n", 20_000).at([b"", *lines, b"2,b@e.com,,"], 1) == record
    assert SureRecords(looks_of(), b"\n", len(record) - 1).at(lines, 0) is None


@pytest.mark.parametrize(
    "record",
    [
        b'1,a@e.com,"x\ny@z",',
        b'1,"x\ny",a@e.com,',
        b'1,"x\ny",z,',
        b'1,a@e.com,"x\ny",z,z',
        b'1,a@e.com,"x\n""y""\nz",',
        b'1,a@e.com,"x\ny","z\nz"',
        b'1,a@e.com, "x\ny",z',
        b'1,a@e.com,"x\ny"z,',
        b'1,a@e.com,"x',
        b'1,a@e.com,"x' + b"\n" * MOST_PLAIN_LINES + b'",z',
    ],
)
def test_where_there_may_be_doubt_nothing_is_found(record: bytes) -> None:
    assert SureRecords(looks_of(), b"\n", 20_000).at([*record.split(b"\n"), b"2,b@e.com,,"], 0) is None


def test_nothing_is_found_behind_a_line_that_is_too_long() -> None:
    assert SureRecords(looks_of(), b"\n", 20_000).at([b'1,a@e.com,"x', None, b'y",z'], 0) is None
