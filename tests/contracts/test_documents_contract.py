"""What whoever uses `Documents` may count on, of the fake and of blob storage alike."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any, cast

import pytest

from shared.adapters.azure.documents import BlobDocuments
from shared.domain.errors import ConfigurationError, Conflict
from shared.ports import MAX_ADDED_LINE_BYTES, Documents
from tests.contracts.azure_storage import container
from tests.fakes.documents import MemoryDocuments

MIB = 1024 * 1024


@pytest.fixture(params=["memory", "azure"])
def connection_string(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("azurite") if request.param == "azure" else None


@pytest.fixture
async def documents(connection_string: str | None) -> AsyncIterator[Documents]:
    if connection_string is None:
        yield MemoryDocuments()
        return
    async with container(connection_string) as (service, made):
        yield BlobDocuments(service, made.container_name, page_names=3)


async def _each(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


async def _names(documents: Documents, prefix: str) -> list[str]:
    return [name async for name in documents.names(prefix)]


async def _lines(documents: Documents, path: str) -> list[bytes]:
    return [line async for line in documents.read_lines(path)]


async def _value(documents: Documents, path: str) -> Any:
    document = await documents.get(path)
    return document and document.value


async def test_there_is_no_document_before_one_is_written(documents: Documents) -> None:
    assert await documents.get("exports/vip.json") is None


async def test_an_inserted_document_is_read_back_with_its_tag(documents: Documents) -> None:
    value = {"name": "Жінки 50+ 🌻", "count": 1_000_000, "share": 0.5, "none": None, "list": [{"a": True}]}
    etag = await documents.insert("exports/vip.json", value)
    there = await documents.get("exports/vip.json")
    assert there is not None
    assert (there.value, there.etag) == (value, etag)


async def test_the_first_of_two_inserts_wins(documents: Documents) -> None:
    assert await documents.insert("active/a.json", {"by": "first"})
    assert await documents.insert("active/a.json", {"by": "second"}) is None
    assert await _value(documents, "active/a.json") == {"by": "first"}


async def test_one_of_many_inserts_at_once_wins_even_when_all_write_the_same(documents: Documents) -> None:
    tags = await asyncio.gather(*(documents.insert("active/a.json", {"same": True}) for _ in range(6)))
    assert sum(tag is not None for tag in tags) == 1


async def test_a_document_is_replaced_in_the_version_that_was_read(documents: Documents) -> None:
    first = await documents.insert("runs/a.json", {"step": 1})
    assert first is not None
    second = await documents.replace("runs/a.json", {"step": 2}, etag=first)
    third = await documents.replace("runs/a.json", {"step": 3}, etag=second)
    assert len({first, second, third}) == 3
    there = await documents.get("runs/a.json")
    assert there is not None
    assert (there.value, there.etag) == ({"step": 3}, third)


async def test_a_document_that_somebody_else_changed_is_not_replaced(documents: Documents) -> None:
    stale = await documents.insert("runs/a.json", {"step": 1})
    assert stale is not None
    await documents.replace("runs/a.json", {"step": 2}, etag=stale)
    with pytest.raises(Conflict, match=r"runs/a\.json"):
        await documents.replace("runs/a.json", {"step": "mine"}, etag=stale)
    assert await _value(documents, "runs/a.json") == {"step": 2}


async def test_one_of_many_replacements_of_one_version_wins(documents: Documents) -> None:
    etag = await documents.insert("runs/a.json", {"step": 1})
    assert etag is not None
    results = await asyncio.gather(
        *(documents.replace("runs/a.json", {"same": True}, etag=etag) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5


async def test_a_deleted_document_is_not_replaced(documents: Documents) -> None:
    etag = await documents.insert("runs/a.json", {"step": 1})
    assert etag is not None
    await documents.delete("runs/a.json")
    with pytest.raises(Conflict):
        await documents.replace("runs/a.json", {"step": 2}, etag=etag)
    assert await documents.get("runs/a.json") is None


async def test_deleting_what_is_not_there_does_no_harm(documents: Documents) -> None:
    await documents.insert("active/a.json", {})
    await documents.delete("active/a.json")
    await documents.delete("active/a.json")
    assert await documents.get("active/a.json") is None


async def test_a_document_is_deleted_in_the_version_that_was_read(documents: Documents) -> None:
    await documents.insert("exports/a.json", {"step": 1})
    etag = await documents.insert("exports/b.json", {"step": 1})
    assert etag is not None
    await documents.delete("exports/b.json", etag=etag)
    assert await _names(documents, "exports/") == ["exports/a.json"]


async def test_a_document_that_somebody_else_changed_is_not_deleted(documents: Documents) -> None:
    stale = await documents.insert("exports/a.json", {"step": 1})
    assert stale is not None
    await documents.replace("exports/a.json", {"step": 2}, etag=stale)
    with pytest.raises(Conflict, match=r"exports/a\.json"):
        await documents.delete("exports/a.json", etag=stale)
    assert await _value(documents, "exports/a.json") == {"step": 2}


async def test_deleting_a_version_of_what_is_gone_already_is_no_conflict(documents: Documents) -> None:
    etag = await documents.insert("exports/a.json", {})
    assert etag is not None
    await documents.delete("exports/a.json", etag=etag)
    await documents.delete("exports/a.json", etag=etag)
    assert await documents.get("exports/a.json") is None


async def test_folders_come_in_order_over_many_pages_and_without_what_is_in_them(documents: Documents) -> None:
    wanted = [f"2026112{number}t060000z-6f3a" for number in range(10)]
    for run_id in reversed(wanted):
        await documents.insert(f"runs/vip/{run_id}/run.json", {})
        await documents.insert(f"runs/vip/{run_id}/parts/1-1.ndjson", {})
    await documents.insert("runs/vip/note.json", {})
    await documents.insert("runs/vip2/2026/run.json", {})
    assert [name async for name in documents.folders("runs/vip/")] == wanted
    assert [name async for name in documents.folders("runs/")] == ["vip", "vip2"]
    assert [name async for name in documents.folders("")] == ["runs"]
    assert [name async for name in documents.folders("nothing/")] == []


async def test_a_folder_is_gone_with_the_last_of_what_lay_in_it(documents: Documents) -> None:
    await documents.insert("runs/vip/a/run.json", {})
    await documents.insert("runs/vip/b/run.json", {})
    await documents.delete("runs/vip/a/run.json")
    assert [name async for name in documents.folders("runs/vip/")] == ["b"]


async def test_names_come_in_order_over_many_pages_and_with_their_prefix_only(documents: Documents) -> None:
    wanted = [f"runs/vip/{number:02}/run.json" for number in range(10)]
    for name in [*reversed(wanted), "runs/vip2/00/run.json", "exports/vip.json"]:
        await documents.insert(name, {})
    assert await _names(documents, "runs/vip/") == wanted
    assert await _names(documents, "nothing/") == []


async def test_a_listing_that_is_left_early_hands_on_what_its_user_throws(documents: Documents) -> None:
    await documents.insert("a/1", {})
    await documents.insert("a/2", {})
    async with aclosing(cast("Any", documents.names("a/"))) as names:
        assert await anext(names) == "a/1"
        with pytest.raises(ConnectionError, match="the user's own"):
            await names.athrow(ConnectionError("the user's own"))


async def test_paths_may_hold_any_character(documents: Documents) -> None:
    path = "runs/ä b+c#d%25e&f=1/run.json"
    assert await documents.insert(path, {"odd": True})
    assert await _value(documents, path) == {"odd": True}
    assert await _names(documents, "runs/") == [path]


async def test_a_document_that_is_not_json_is_named(documents: Documents) -> None:
    await documents.write_lines("exports/vip.json", _each([b'{"half":']))
    with pytest.raises(ConfigurationError, match=r"'exports/vip\.json'.* is not JSON"):
        await documents.get("exports/vip.json")


async def test_a_document_that_is_no_object_is_named(documents: Documents) -> None:
    await documents.write_lines("exports/vip.json", _each([b"[1, 2]"]))
    with pytest.raises(ConfigurationError, match=r"'exports/vip\.json'.* is not a JSON object"):
        await documents.get("exports/vip.json")


async def test_lines_are_read_back_as_they_were_written(documents: Documents) -> None:
    lines = [b"one", b"", "дві".encode(), b"with \r inside", b"last"]
    await documents.write_lines("parts/1-1.ndjson", _each(lines))
    assert await _lines(documents, "parts/1-1.ndjson") == lines


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, 3), (1, 2), (3, 2), (4, 2), (5, 1), (9, 1), (10, 0), (13, 0), (14, 0), (15, 0), (1000, 0)],
)
async def test_lines_are_read_from_the_first_that_begins_at_a_byte_or_behind_it(
    documents: Documents, at: int, expected: int
) -> None:
    lines = [b"one", b"four", b"end"]
    await documents.write_lines("a.ndjson", _each(lines))
    await documents.write_lines("empty.ndjson", _each([]))
    assert [line async for line in documents.read_lines("a.ndjson", at=at)] == lines[3 - expected :]
    assert [line async for line in documents.read_lines("empty.ndjson", at=at)] == []
    assert [line async for line in documents.read_lines("none.ndjson", at=at)] == []


async def test_reading_lines_that_nobody_wrote_gives_nothing(documents: Documents) -> None:
    assert await _lines(documents, "parts/9-9.ndjson") == []


async def test_writing_no_lines_leaves_an_empty_file(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", _each([b"old"]))
    await documents.write_lines("rejections.ndjson", _each([]))
    assert await _lines(documents, "rejections.ndjson") == []
    assert await _names(documents, "rejections") == ["rejections.ndjson"]


async def test_lines_are_written_over_what_was_there(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", _each([b"long" * MIB, b"longer" * MIB]))
    await documents.write_lines("rejections.ndjson", _each([b"short"]))
    assert await _lines(documents, "rejections.ndjson") == [b"short"]


async def test_lines_of_many_mib_and_many_small_lines_go_through(documents: Documents) -> None:
    lines = [bytes([65 + number]) * (5 * MIB + number) for number in range(3)]
    lines += [b"%d" % number for number in range(100_000)]
    await documents.write_lines("parts/1-1.ndjson", _each(lines))
    assert await _lines(documents, "parts/1-1.ndjson") == lines


async def test_lines_whose_source_fails_midway_are_not_written_at_all(documents: Documents) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * (9 * MIB)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await documents.write_lines("new.ndjson", broken())
    await documents.write_lines("old.ndjson", _each([b"old"]))
    with pytest.raises(ArithmeticError):
        await documents.write_lines("old.ndjson", broken())
    assert await _names(documents, "") == ["old.ndjson"]
    assert await _lines(documents, "old.ndjson") == [b"old"]


async def test_lines_that_are_left_early_hand_on_what_their_user_throws(documents: Documents) -> None:
    await documents.write_lines("a.ndjson", _each([b"1", b"2"]))
    async with aclosing(cast("Any", documents.read_lines("a.ndjson"))) as lines:
        assert await anext(lines) == b"1"
        with pytest.raises(ConnectionError, match="the user's own"):
            await lines.athrow(ConnectionError("the user's own"))


async def test_a_line_is_added_after_those_that_are_there(documents: Documents) -> None:
    lines = [b"one", b"", "дві".encode(), b"with \r inside", b"x" * MAX_ADDED_LINE_BYTES]
    for line in lines:
        await documents.append_line("audit/2026-11.ndjson", line)
    assert await _lines(documents, "audit/2026-11.ndjson") == lines
    assert await _names(documents, "audit/") == ["audit/2026-11.ndjson"]


async def test_of_lines_that_are_added_at_once_none_is_lost(documents: Documents) -> None:
    lines = [b"line %02d" % number for number in range(20)]
    await asyncio.gather(*(documents.append_line("audit/2026-11.ndjson", line) for line in lines))
    assert sorted(await _lines(documents, "audit/2026-11.ndjson")) == lines


@pytest.mark.parametrize(
    "line", [b"x" * (MAX_ADDED_LINE_BYTES + 1), b"one\ntwo", b"one\n"], ids=["long", "two", "ended"]
)
async def test_what_is_too_long_or_more_than_one_line_is_not_added(documents: Documents, line: bytes) -> None:
    with pytest.raises(ValueError, match="line"):
        await documents.append_line("audit/2026-11.ndjson", line)
    assert await _names(documents, "") == []


async def test_no_line_is_added_to_what_was_written_at_one_stroke(documents: Documents) -> None:
    await documents.write_lines("rejections.ndjson", _each([b"one"]))
    with pytest.raises(ConfigurationError, match=r"'rejections\.ndjson'"):
        await documents.append_line("rejections.ndjson", b"two")
    assert await _lines(documents, "rejections.ndjson") == [b"one"]


async def test_lines_that_were_added_can_be_deleted_and_begun_again(documents: Documents) -> None:
    await documents.append_line("a.ndjson", b"old")
    await documents.delete("a.ndjson")
    await documents.append_line("a.ndjson", b"new")
    assert await _lines(documents, "a.ndjson") == [b"new"]
