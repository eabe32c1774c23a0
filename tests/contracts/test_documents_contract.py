"""What whoever uses `Documents` may count on, of the fake and of blob storage alike."""

import asyncio
from contextlib import aclosing
from typing import Any, cast

import pytest

from shared.domain.errors import ConfigurationError, Conflict
from shared.ports import Documents
from tests.contracts.documents import each, names_in


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
    assert await names_in(documents, "exports/") == ["exports/a.json"]


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
    assert await names_in(documents, "runs/vip/") == wanted
    assert await names_in(documents, "nothing/") == []


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
    assert await names_in(documents, "runs/") == [path]


async def test_a_document_that_is_not_json_is_named(documents: Documents) -> None:
    await documents.write_lines("exports/vip.json", each([b'{"half":']))
    with pytest.raises(ConfigurationError, match=r"'exports/vip\.json'.* is not JSON"):
        await documents.get("exports/vip.json")


async def test_a_document_that_is_no_object_is_named(documents: Documents) -> None:
    await documents.write_lines("exports/vip.json", each([b"[1, 2]"]))
    with pytest.raises(ConfigurationError, match=r"'exports/vip\.json'.* is not a JSON object"):
        await documents.get("exports/vip.json")
