"""What whoever uses `Documents` may count on of files of lines, of the fake and of blob storage alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import pytest

from shared.domain.errors import ConfigurationError
from shared.ports import MAX_ADDED_LINE_BYTES, Documents
from tests.contracts.documents import each, lines_of, names_in

MIB = 1024 * 1024


async def test_lines_are_read_back_as_they_were_written(documents: Documents) -> None:
    lines = [b"one", b"", "дві".encode(), b"with \r inside", b"last"]
    await documents.write_lines("parts/1-1.ndjson", each(lines))
    assert await lines_of(documents, "parts/1-1.ndjson") == lines


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, 3), (1, 2), (3, 2), (4, 2), (5, 1), (9, 1), (10, 0), (13, 0), (14, 0), (15, 0), (1000, 0)],
)
async def test_lines_are_read_from_the_first_that_begins_at_a_byte_or_behind_it(
    documents: Documents, at: int, expected: int
) -> None:
    lines = [b"one", b"four", b"end"]
    await documents.write_lines("a.ndjson", each(lines))
    await documents.write_lines("empty.ndjson", each([]))
    assert [line async for line in documents.read_lines("a.ndjson", at=at)] == lines[3 - expected :]
    assert [line async for line in documents.read_lines("empty.ndjson", at=at)] == []
    assert [line async for line in documents.read_lines("none.ndjson", at=at)] == []


async def test_reading_lines_that_nobody_wrote_gives_nothing(documents: Documents) -> None:
    assert await lines_of(documents, "parts/9-9.ndjson") == []


async def test_writing_no_lines_leaves_an_empty_file(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", each([b"old"]))
    await documents.write_lines("rejections.ndjson", each([]))
    assert await lines_of(documents, "rejections.ndjson") == []
    assert await names_in(documents, "rejections") == ["rejections.ndjson"]


async def test_lines_are_written_over_what_was_there(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", each([b"long" * MIB, b"longer" * MIB]))
    await documents.write_lines("rejections.ndjson", each([b"short"]))
    assert await lines_of(documents, "rejections.ndjson") == [b"short"]


async def test_lines_of_many_mib_and_many_small_lines_go_through(documents: Documents) -> None:
    lines = [bytes([65 + number]) * (5 * MIB + number) for number in range(3)]
    lines += [b"%d" % number for number in range(100_000)]
    await documents.write_lines("parts/1-1.ndjson", each(lines))
    assert await lines_of(documents, "parts/1-1.ndjson") == lines


async def test_lines_whose_source_fails_midway_are_not_written_at_all(documents: Documents) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * (9 * MIB)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await documents.write_lines("new.ndjson", broken())
    await documents.write_lines("old.ndjson", each([b"old"]))
    with pytest.raises(ArithmeticError):
        await documents.write_lines("old.ndjson", broken())
    assert await names_in(documents, "") == ["old.ndjson"]
    assert await lines_of(documents, "old.ndjson") == [b"old"]


async def test_lines_that_are_left_early_hand_on_what_their_user_throws(documents: Documents) -> None:
    await documents.write_lines("a.ndjson", each([b"1", b"2"]))
    async with aclosing(cast("Any", documents.read_lines("a.ndjson"))) as lines:
        assert await anext(lines) == b"1"
        with pytest.raises(ConnectionError, match="the user's own"):
            await lines.athrow(ConnectionError("the user's own"))


async def test_a_line_is_added_after_those_that_are_there(documents: Documents) -> None:
    lines = [b"one", b"", "дві".encode(), b"with \r inside", b"x" * MAX_ADDED_LINE_BYTES]
    for line in lines:
        await documents.append_line("audit/2026-11.ndjson", line)
    assert await lines_of(documents, "audit/2026-11.ndjson") == lines
    assert await names_in(documents, "audit/") == ["audit/2026-11.ndjson"]


async def test_of_lines_that_are_added_at_once_none_is_lost(documents: Documents) -> None:
    lines = [b"line %02d" % number for number in range(20)]
    await asyncio.gather(*(documents.append_line("audit/2026-11.ndjson", line) for line in lines))
    assert sorted(await lines_of(documents, "audit/2026-11.ndjson")) == lines


@pytest.mark.parametrize(
    "line", [b"x" * (MAX_ADDED_LINE_BYTES + 1), b"one\ntwo", b"one\n"], ids=["long", "two", "ended"]
)
async def test_what_is_too_long_or_more_than_one_line_is_not_added(documents: Documents, line: bytes) -> None:
    with pytest.raises(ValueError, match="line"):
        await documents.append_line("audit/2026-11.ndjson", line)
    assert await names_in(documents, "") == []


async def test_no_line_is_added_to_what_was_written_at_one_stroke(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", each([b"one"]))
    with pytest.raises(ConfigurationError, match=r"'rejections\.ndjson'"):
        await documents.append_line("rejections.ndjson", b"two")
    assert await lines_of(documents, "rejections.ndjson") == [b"one"]


async def test_lines_that_were_added_can_be_deleted_and_begun_again(documents: Documents) -> None:
    await documents.append_line("a.ndjson", b"old")
    await documents.delete("a.ndjson")
    await documents.append_line("a.ndjson", b"new")
    assert await lines_of(documents, "a.ndjson") == [b"new"]
