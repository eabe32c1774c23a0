"""Of the fakes' own tricks; what they share with the real thing is in tests/contracts."""

from collections.abc import AsyncIterator

import pytest

from shared.domain.errors import SourceChanged, Throttled, Unavailable
from shared.pipeline.reading.segment_files import list_files
from tests.fakes.documents import MemoryDocuments
from tests.fakes.secrets import MemorySecrets
from tests.fakes.segments import MemorySegments


async def _lines() -> AsyncIterator[bytes]:
    yield b"1"


async def test_a_call_that_fails_before_its_effect_leaves_nothing() -> None:
    documents = MemoryDocuments()
    documents.faults.fail("insert", "runs/*")
    with pytest.raises(Unavailable):
        await documents.insert("runs/a.json", {})
    assert documents.paths() == []
    assert await documents.insert("runs/a.json", {})


async def test_a_call_whose_answer_is_lost_has_taken_effect() -> None:
    documents = MemoryDocuments({"runs/a.json": {"step": 1}})
    there = await documents.get("runs/a.json")
    assert there is not None
    documents.faults.fail("replace", error=Throttled("later", after=3), after=True)
    with pytest.raises(Throttled):
        await documents.replace("runs/a.json", {"step": 2}, etag=there.etag)
    assert documents.value("runs/a.json") == {"step": 2}


async def test_only_matching_calls_fail_as_often_as_planned() -> None:
    documents = MemoryDocuments()
    documents.faults.fail("write_lines", "*/parts/*", skip=1, times=2)
    outcomes = []
    for path in ("runs/a/parts/1", "runs/a/run.json", "runs/a/parts/2", "runs/a/parts/3", "runs/a/parts/4"):
        try:
            await documents.write_lines(path, _lines())
        except Unavailable:
            outcomes.append(path)
    assert outcomes == ["runs/a/parts/2", "runs/a/parts/3"]
    assert documents.lines("runs/a/parts/4") == [1]


async def test_somebody_else_may_come_between() -> None:
    documents = MemoryDocuments({"runs/a.json": {"step": 1}})

    async def rival() -> None:
        documents.put("runs/a.json", {"by": "rival"})

    documents.faults.when("get", "runs/a.json", rival, skip=1)
    first = await documents.get("runs/a.json")
    second = await documents.get("runs/a.json")
    third = await documents.get("runs/a.json")
    assert [each and each.value for each in (first, second, third)] == [{"step": 1}, {"by": "rival"}, {"by": "rival"}]


async def test_calls_are_counted() -> None:
    documents = MemoryDocuments()
    await documents.get("runs/a.json")
    await documents.get("runs/b.json")
    await documents.delete("runs/a.json")
    assert documents.faults.calls == {"get": 2, "delete": 1}
    assert (documents.faults.count("get", "*/a.json"), documents.faults.count("*", "*/a.json")) == (1, 2)


async def test_a_file_changes_when_the_test_says_so() -> None:
    segments = MemorySegments({"vip/rows.csv": b"12345678"}, piece_bytes=2)
    segments.change("vip/rows.csv", b"new", after_pieces=2)
    [blob] = (await list_files("vip", segments)).data
    pieces = list[bytes]()

    async def read() -> None:
        async for piece in segments.read(blob):
            pieces.append(piece)

    with pytest.raises(SourceChanged, match=r"vip/rows\.csv"):
        await read()
    assert pieces == [b"12", b"34"]
    assert segments.open_reads == 0


async def test_a_reading_that_nobody_closes_is_seen() -> None:
    segments = MemorySegments({"vip/rows.csv": b"12345678"}, piece_bytes=2)
    [blob] = (await list_files("vip", segments)).data
    reading = segments.read(blob)
    await anext(reading)
    assert segments.open_reads == 1
    await reading.aclose()
    assert segments.open_reads == 0


async def test_a_secret_fails_as_planned_also_when_it_is_kept() -> None:
    secrets = MemorySecrets({"klaviyo-acme": "pk_1"})
    await secrets.get("klaviyo-acme")
    secrets.faults.fail("get")
    with pytest.raises(Unavailable):
        await secrets.get("klaviyo-acme")
    assert await secrets.get("klaviyo-acme", fresh=True) == "pk_1"
    assert secrets.faults.calls == {"get": 2, "get_fresh": 1}
