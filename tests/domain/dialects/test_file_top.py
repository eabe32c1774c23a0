"""The top of a file."""

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.dialects.file_top import MOST_PACKED_BYTES, TOP_BYTES, FileTop
from tests.domain.dialects.looking import top_of
from tests.domain.rows.feeding import cut, cuts, single_bytes

Facts = tuple[bytes, bool, bool, str]


def facts(*pieces: bytes) -> Facts:
    top = top_of(pieces)
    return top.text, top.is_packed, top.is_whole, top.broken


def in_chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(st.binary(max_size=300), st.booleans(), cuts)
def test_the_top_is_the_same_however_the_chunks_fall(data: bytes, is_packed: bool, places: list[int]) -> None:
    data = gzip.compress(data) if is_packed else data
    assert facts(*cut(data, places)) == facts(*single_bytes(data)) == facts(data)


@pytest.mark.parametrize("size", [0, 1, TOP_BYTES - 1])
def test_a_small_file_is_whole(size: int) -> None:
    data = random.Random(size).randbytes(size).replace(b"\x1f", b"x")  # noqa: S311 - content of a file
    for chunk in (1000, 10**6):
        assert facts(*in_chunks(data, chunk)) == (data, False, True, "")
        assert facts(*in_chunks(gzip.compress(data), chunk)) == (data, True, True, "")


def test_of_a_large_file_only_the_top_is_needed() -> None:
    data = random.Random(1).randbytes(2 * TOP_BYTES).replace(b"\x1f", b"x")  # noqa: S311 - content of a file
    for content, is_packed in ((data, False), (gzip.compress(data), True)):
        for chunk in (1000, 65_536, 10**7):
            top = FileTop()
            needed = 0
            for piece in in_chunks(content, chunk):
                top.feed(piece)
                needed += len(piece)
                if top.is_enough:
                    break
            assert (top.text, top.is_packed, top.is_whole) == (data[:TOP_BYTES], is_packed, False)
            assert needed < TOP_BYTES + chunk + 32_768


def test_what_a_file_is_packed_with_is_told_by_its_first_bytes() -> None:
    assert not top_of([b"\x1f"]).is_packed
    assert not top_of([b"email\n\x1f\x8b"]).is_packed
    assert top_of(single_bytes(gzip.compress(b""))).is_packed


@pytest.mark.parametrize("chunk", [1, 5000, 10**6])
def test_broken_gzip_is_broken_whatever_the_chunks(chunk: int) -> None:
    packed = gzip.compress(random.Random(2).randbytes(50_000))  # noqa: S311 - content of a file
    assert top_of(in_chunks(packed[:-1], chunk)).broken == "it ends too early"
    assert top_of(in_chunks(packed[:100] + b"\xff" * 100 + packed[200:], chunk)).broken == "it is not valid gzip"
    assert facts(*in_chunks(packed[:-9] + b"x" * 9, chunk)) == facts(packed[:-9] + b"x" * 9)


def test_damage_near_the_end_of_the_top_is_seen_alike_whatever_the_chunks() -> None:
    packed = gzip.compress(random.Random(3).randbytes(TOP_BYTES + 40_000))  # noqa: S311 - content of a file
    for place in range(TOP_BYTES - 40_000, len(packed), 7919):
        damaged = packed[:place] + bytes([packed[place] ^ 0xFF]) + packed[place + 1 :]
        assert facts(*in_chunks(damaged, 1999)) == facts(damaged)


def test_gzip_with_next_to_nothing_in_it_is_not_read_for_ever() -> None:
    top = FileTop()
    nothing = gzip.compress(b"") * 1000
    fed = 0
    while not top.is_enough:
        top.feed(nothing)
        fed += len(nothing)

    assert fed < MOST_PACKED_BYTES + 2 * len(nothing)
    assert not top.is_whole


def test_a_small_file_that_unpacks_to_very_much_is_not_held() -> None:
    top = FileTop()
    top.feed(gzip.compress(b"x" * 100_000_000))
    assert len(top._text) < 3 * 1024 * 1024
