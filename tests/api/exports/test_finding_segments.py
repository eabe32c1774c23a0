"""Segments over HTTP."""

from datetime import UTC, datetime

import pytest

from shared.domain.errors import ConfigurationError
from tests.api.calling import CONTRIBUTOR, Api, entra
from tests.api.shape_check import check
from tests.builders import World, csv_file, ndjson, packed, people
from tests.fakes.segments import MemorySegments

BLOBS = {
    "Gold/1.csv": csv_file(people(3)),
    "eu/vip/1.ndjson": ndjson(people(2)),
    "eu/vip/2.ndjson": ndjson(people(2)),
    "mixed/1.ndjson": ndjson(people(1)),
    "mixed/deeper/1.ndjson": ndjson(people(1)),
    "odd/1.xlsx": b"x",
    "vip/1.csv.gz": packed(b"EMail\nx\n")[:-9],
}


def api_over(blobs: dict[str, bytes] | None = None, **options: int) -> Api:
    return Api(World(segments=MemorySegments(BLOBS if blobs is None else blobs, **options)))


async def test_folders_are_listed_with_what_lies_in_them() -> None:
    api = api_over()
    api.world.segments.put("eu/vip/3.ndjson", b"", modified=datetime(2026, 11, 20, tzinfo=UTC))
    reply = await api.get("segments")
    check(reply, 200, "Segments")
    found = {each["name"]: each for each in reply.json["segments"]}
    assert list(found) == ["Gold", "eu/vip", "mixed/deeper", "mixed", "odd", "vip"]
    assert found["eu/vip"] == {
        "name": "eu/vip",
        "files": 3,
        "bytes": 2 * len(BLOBS["eu/vip/1.ndjson"]),
        "last_modified": "2026-11-20T00:00:00.000Z",
        "formats": [".ndjson"],
        "unreadable": 0,
        "passed_over": 0,
        "archived": 0,
        "has_subfolders": False,
        "layout": "flat",
        "state": None,
        "columns": None,
        "types": {},
        "problem": None,
        "dialects": [],
        "warnings": [],
    }
    assert "sub-folder 'deeper'" in found["mixed"]["problem"]["detail"]
    assert "cannot be read" in found["odd"]["problem"]["detail"]
    assert api.world.segments.faults.calls["read"] == 0


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
async def test_page_by_page_every_folder_comes_once(limit: int) -> None:
    api, names, address = api_over(), [], f"segments?limit={limit}"
    while address:
        page = (await api.get(address)).json
        assert len(page["segments"]) <= limit
        names += [each["name"] for each in page["segments"]]
        assert len(names) <= 6
        address = page["next"]
    assert names == ["Gold", "eu/vip", "mixed/deeper", "mixed", "odd", "vip"]
    assert api.world.segments.open_reads == 0


async def test_columns_are_looked_for_when_that_is_wished_and_only_in_the_beginning() -> None:
    api = api_over(BLOBS | {"big/1.ndjson": ndjson(people(50_000))}, piece_bytes=256 * 1024)
    reply = await api.get("segments?columns=true")
    check(reply, 200, "Segments")
    found = {each["name"]: each for each in reply.json["segments"]}
    assert found["Gold"]["columns"] == found["eu/vip"]["columns"] == found["big"]["columns"] == ["EMail", "FirstName"]
    assert (found["odd"]["columns"], found["mixed"]["columns"]) == (None, None)
    assert "File 'vip/1.csv.gz' cannot be read" in found["vip"]["problem"]["detail"]
    assert api.world.segments.faults.count("read", "big/*") == 1
    assert "@example.com" not in reply.text


async def test_one_segment_can_be_looked_into_by_its_name() -> None:
    api = api_over()
    (only,) = (await api.get("segments?segment=eu/vip&columns=true")).json["segments"]
    assert (only["name"], only["columns"]) == ("eu/vip", ["EMail", "FirstName"])
    (await api.get("segments?segment=EU/vip")).problem(404)


@pytest.mark.parametrize("name", ["..", "a/../b", "a//b", "/a", "a%00", "%2e%2e/x", "a\\b", "x" * 513, ""])
async def test_a_name_with_tricks_is_refused(name: str) -> None:
    api = api_over()
    (await api.get(f"segments?segment={name}")).problem(400)
    assert api.world.segments.faults.log == []


@pytest.mark.parametrize("name", ["a%00", "x" * 1025, ""])
async def test_a_page_begins_after_the_name_of_a_folder(name: str) -> None:
    api = api_over()
    (await api.get(f"segments?after={name}")).problem(400)
    assert api.world.segments.faults.log == []


async def test_a_folder_that_no_segment_can_be_is_listed_with_the_reason_and_a_page_can_begin_after_it() -> None:
    api = api_over({"a b/1.csv": csv_file(people(1)), "vip/1.csv": csv_file(people(1)), "z/readme.md": b"x"})
    first = await api.get("segments?limit=1")
    check(first, 200, "Segments")
    (only,) = first.json["segments"]
    assert (only["name"], only["problem"]["code"]) == ("a b", "segment_name_unusable")
    rest = (await api.get(first.json["next"].removeprefix("/api/"))).json["segments"]
    assert [each["name"] for each in rest] == ["vip"]
    last = (await api.get("segments?after=vip")).json["segments"]
    assert [(each["name"], each["problem"]["code"]) for each in last] == [("z", "segment_missing")]


async def test_a_folder_whose_name_holds_an_address_is_counted_and_not_shown() -> None:
    api = api_over({"ann@example.com/1.csv": csv_file(people(1)), "vip/1.csv": csv_file(people(1))})
    reply = await api.get("segments")
    check(reply, 200, "Segments")
    assert [each["name"] for each in reply.json["segments"]] == ["vip"]
    assert reply.json["warnings"][0]["params"] == {"count": 1}
    assert "ann@" not in reply.text


async def test_archived_files_are_named_in_the_problem_of_their_folder() -> None:
    api = api_over({"vip/1.csv": csv_file(people(1))})
    api.world.segments.properties["vip/1.csv"] = {"tier": "Archive"}
    (only,) = (await api.get("segments?columns=true")).json["segments"]
    assert (only["problem"]["code"], only["archived"], only["columns"]) == ("segment_file_archived", 1, None)


async def test_a_missing_container_is_told_and_a_contributor_may_look() -> None:
    api = api_over()
    api.world.segments.faults.fail("listed", error=ConfigurationError("There is no container 'segments'."))
    assert "no container" in (await api.get("segments")).problem(409)["detail"]
    assert (await entra(World()).get("segments", role=CONTRIBUTOR)).status == 200
