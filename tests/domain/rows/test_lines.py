"""Cutting bytes into lines."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.rows.lines import MAX_LINE_BYTES, SKIPPED_LINE, Line, LineSplitter
from tests.domain.rows.feeding import cut, cuts, single_bytes

BOM = b"\xef\xbb\xbf"


def lines_of(*pieces: bytes) -> list[Line]:
    splitter = LineSplitter()
    lines = [line for piece in pieces for line in splitter.feed(piece)]
    return [*lines, *splitter.close()]


def simply(data: bytes) -> list[bytes]:
    """Return the lines of *data* in the plainest way there is."""
    lines = data.removeprefix(BOM).split(b"\n")
    return lines if lines[-1] else lines[:-1]


documents = st.lists(st.sampled_from([b"\n", b"\r\n", b"a", b"bc", BOM, b"\xef", b"\xbb", b"\xbf", b'"', b"\0"]))


@given(documents.map(b"".join), cuts)
@example(BOM + b"a\n" + BOM + b"b", [1, 2])
@example(BOM, [1])
@example(b"\xef\xbb", [1])
@example(b"\n" + BOM + b"a", [1])
@example(b"\xef\n\xbb\xbf", [1, 2])
def test_the_lines_are_the_same_however_the_pieces_fall(data: bytes, places: list[int]) -> None:
    expected = simply(data)

    assert lines_of(data) == expected
    assert lines_of(*cut(data, places)) == expected
    assert lines_of(*single_bytes(data)) == expected


def test_a_byte_order_mark_is_left_out_at_the_beginning_only() -> None:
    assert lines_of(BOM + b"a\n" + BOM + b"b\n") == [b"a", BOM + b"b"]


def test_empty_pieces_are_nothing() -> None:
    assert lines_of(b"", b"a", b"", b"\n", b"") == [b"a"]


@pytest.mark.parametrize("piece_bytes", [1000, 65_536, MAX_LINE_BYTES, 3 * MAX_LINE_BYTES])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_of_just_one_mebibyte_is_taken_and_a_longer_one_is_not(piece_bytes: int, end: bytes) -> None:
    longest = b"x" * MAX_LINE_BYTES
    data = b"a\n" + longest + b"\n" + longest + b"y\nb\n" + longest + b"y" + end

    pieces = [data[start : start + piece_bytes] for start in range(0, len(data), piece_bytes)]

    assert lines_of(*pieces) == [b"a", longest, SKIPPED_LINE, b"b", SKIPPED_LINE]


def test_a_line_that_is_too_long_is_not_held() -> None:
    splitter = LineSplitter()
    piece = b"x" * 64 * 1024
    held = 0
    for _ in range(64):
        assert splitter.feed(piece) == []
        held = max(held, sum(sys.getsizeof(value) for value in vars(splitter).values()))

    assert MAX_LINE_BYTES / 2 < held < MAX_LINE_BYTES + 1000
    assert splitter.feed(b"\nb\n") == [SKIPPED_LINE, b"b"]
