"""Cutting bytes into lines."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.rows.lines import MAX_LINE_BYTES, SKIPPED_LINE, Line, LineSplitter
from tests.domain.rows.feeding import cut, cuts, single_bytes

BOM = b"\xef\xbb\xbf"


def lines_of(*pieces: bytes, line_end: bytes = b"\n") -> list[Line]:
    splitter = LineSplitter(line_end)
    lines = [line for piece in pieces for line in splitter.feed(piece)]
    return [*lines, *splitter.close()]


def simply(data: bytes) -> list[bytes]:
    """Return the lines of *data* in the plainest way there is."""
    lines = [re.sub(b"^(?:\xef\xbb\xbf)+", b"", line) for line in data.split(b"\n")]
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


def test_byte_order_marks_are_left_out_at_the_beginning_of_each_line_only() -> None:
    assert lines_of(BOM + BOM + b"a\n" + BOM + b"b" + BOM + b"\n") == [b"a", b"b" + BOM]


@given(documents.map(b"".join), cuts)
def test_a_file_without_line_feeds_has_lines_that_end_with_carriage_returns(data: bytes, places: list[int]) -> None:
    swapped = data.translate(bytes.maketrans(b"\r\n", b"\n\r"))
    expected = [line.translate(bytes.maketrans(b"\r\n", b"\n\r")) for line in simply(data)]

    assert lines_of(*cut(swapped, places), line_end=b"\r") == expected


def test_only_line_feeds_end_lines() -> None:
    line = "a\u2028b\u0085c\x0b\x0c\x1cd\r".encode()
    assert lines_of(line + b"\n" + line) == [line, line]


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
        held = max(held, len(splitter._rest))

    assert MAX_LINE_BYTES / 2 < held <= MAX_LINE_BYTES
    assert splitter.feed(b"\nb\n") == [SKIPPED_LINE, b"b"]
