"""Unpacking gzip."""

import gzip
import sys
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.rows.gunzip import BITE_BYTES, STEP_BYTES, BadGzip, Gunzip
from tests.domain.rows.feeding import cut, cuts, single_bytes


def unpacked(*pieces: bytes) -> bytes:
    gunzip = Gunzip()
    data = b"".join(step for piece in pieces for step in gunzip.feed(piece))
    gunzip.close()
    return data


@given(st.lists(st.binary(max_size=200), max_size=4), st.integers(0, 3), cuts)
@example([b"", b"a", b""], 1, [1])
def test_streams_behind_each_other_are_one_however_the_pieces_fall(
    contents: list[bytes], zeros: int, places: list[int]
) -> None:
    packed = b"".join(gzip.compress(content) + b"\0" * zeros for content in contents)
    expected = b"".join(contents)

    assert unpacked(packed) == expected
    assert unpacked(*cut(packed, places)) == expected
    assert unpacked(*single_bytes(packed)) == expected


@given(st.binary(min_size=1, max_size=50), st.integers(BITE_BYTES, 5 * STEP_BYTES), cuts)
def test_nothing_is_lost_between_two_steps(unit: bytes, size: int, places: list[int]) -> None:
    content = (unit * (size // len(unit) + 1))[:size]

    assert unpacked(*cut(gzip.compress(content, 6), places)) == content


def test_a_small_file_that_becomes_a_large_one_comes_in_small_steps() -> None:
    bomb = gzip.compress(bytes(64 * STEP_BYTES), 9)
    assert len(bomb) < STEP_BYTES / 8
    gunzip = Gunzip()
    sizes = [len(step) for step in gunzip.feed(bomb)]
    gunzip.close()

    assert sum(sizes) == 64 * STEP_BYTES
    assert max(sizes) == STEP_BYTES


def test_streams_that_hold_nothing_leave_places_to_pause() -> None:
    packed = gzip.compress(b"") * (8 * BITE_BYTES // len(gzip.compress(b"")))
    steps = [*Gunzip().feed(packed)]

    assert steps == [b""] * len(steps)
    assert len(steps) >= len(packed) // BITE_BYTES


def test_the_first_step_comes_before_the_rest_is_unpacked() -> None:
    bomb = gzip.compress(bytes(64 * STEP_BYTES), 9)
    gunzip = Gunzip()
    steps = gunzip.feed(bomb)
    next(steps)
    next(steps)

    left = gunzip._stream.unconsumed_tail
    assert len(bomb) * 0.9 < len(left) < len(bomb)


def test_zlib_never_gets_so_much_that_copying_the_rest_behind_each_small_stream_would_cost_time() -> None:
    member = gzip.compress(b"a,b\n")
    packed = member * (4 * BITE_BYTES // len(member))
    gunzip = Gunzip()
    behind = 0
    for _ in gunzip.feed(packed):
        behind = max(behind, sys.getsizeof(gunzip._stream.unused_data))
    gunzip.close()

    assert behind <= BITE_BYTES + 100


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_stream_that_ends_too_early_is_damaged(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content)
    length = data.draw(st.integers(1, len(packed) - 1))

    with pytest.raises(BadGzip, match="ends too early"):
        unpacked(packed[:length])


@pytest.mark.parametrize(
    "packed",
    [
        b"EMail\na@example.com\n",
        gzip.compress(b"abc") + b"rubbish",
        gzip.compress(b"abc")[:-8] + b"\1\2\3\4\5\6\7\x08",
        zlib.compress(b"abc"),
        b"PK\x03\x04rest",
    ],
)
def test_what_is_no_gzip_is_damaged(packed: bytes) -> None:
    with pytest.raises(BadGzip, match="not valid gzip"):
        unpacked(packed)
    with pytest.raises(BadGzip, match="not valid gzip"):
        unpacked(*single_bytes(packed))


def test_an_empty_file_is_empty() -> None:
    assert unpacked() == b""
    assert unpacked(b"") == b""
    assert unpacked(gzip.compress(b"")) == b""
