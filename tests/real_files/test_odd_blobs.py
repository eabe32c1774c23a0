"""Names, packing and properties of blobs that say something else than their content, and files beside the data."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.api.calling import Api
from tests.builders import World, ndjson, packed
from tests.real_files.whole_run import MAPPING, Body, outcome_in, outcome_of

CSV = "email,first_name\na@example.com,A\n"
GZIP = packed(CSV.encode())
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "body", "warnings"),
    [
        ("a.csv.gz", GZIP, []),
        ("a.csv.GZ", GZIP, []),
        ("a.csv", GZIP, ["gzip_not_in_name"]),
        ("a.txt", GZIP, ["gzip_not_in_name"]),
        ("part-0", GZIP, ["gzip_not_in_name"]),
        ("a.json", packed(b'[{"email":"a@example.com","first_name":"A"}]'), ["gzip_not_in_name"]),
        ("a.csv.gz", CSV, ["gzip_only_in_name"]),
        ("a.ndjson.gz", ndjson([{"email": "a@example.com", "first_name": "A"}]), ["gzip_only_in_name"]),
        ("a.csv.gz", GZIP + b"\0" * 512, []),
    ],
)
async def test_the_first_bytes_say_whether_a_file_is_packed(name: str, body: Body, warnings: list[str]) -> None:
    found = await outcome_of(body, name)
    assert (found.run.status, found.values("first_name"), found.warnings) == ("succeeded", ["A"], warnings)
    assert all(f"vip/{name}" in each.detail for each in found.run.warnings if each.code in warnings)


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.csv.gz", GZIP[:-10], "file_unreadable"),
        ("a.csv.gz", GZIP[:30] + b"\xff" * 30, "file_unreadable"),
        ("a.csv.gz", packed(GZIP), "not_rows"),
        ("a.csv", b"PK\x03\x04\x14\0\6\0", "not_rows"),
        ("a.csv", OLE + bytes(504), "not_rows"),
        ("a.csv.gz", packed(b"PK\x03\x04\x14\0\6\0"), "not_rows"),
        ("a.csv", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "not_rows"),
        ("a.ndjson", '\ufeff<?xml version="1.0"?><Error><Code>x</Code></Error>', "not_rows"),
        ("a.csv", b"PAR1\x15\x04\x15\x10" + bytes(40), "parquet_other_name"),
        ("a.csv.gz", packed(b"PAR1\x15\x04\x15\x10" + bytes(40)), "not_rows"),
        ("a.csv", b"PARE\x15\x04\x15\x10" + bytes(40), "parquet_encrypted"),
        ("a.csv", b"BZh91AY&SY" + bytes(20), "not_rows"),
        ("a.csv", b"\x28\xb5\x2f\xfd\x04\x00", "not_rows"),
    ],
)
async def test_what_holds_no_rows_fails_the_run_and_says_what_to_write(name: str, body: Body, code: str) -> None:
    found = await outcome_of({name: body, "good.csv": CSV})
    assert found.failure[0] == code
    assert f"File 'vip/{name}'" in found.failure[1]
    assert found.segment["problem"]["code"] == code
    if code == "not_rows":
        assert "write the rows as CSV or JSON instead" in found.failure[1]


@pytest.mark.parametrize(
    "name", ["CUSTOMERS.CSV", "a.Txt", "a.TSV", "a.dat", "part-00000", "a.b.csv", "customers.0001"]
)
async def test_names_in_any_case_and_without_an_ending_are_read(name: str) -> None:
    assert (await outcome_of(CSV, name)).names == "a"


@pytest.mark.parametrize(
    "ending", ["xlsx", "XLS", "xml", "avro", "orc", "zip", "csv.zst", "bz2", "snappy", "parquet.gz", "html"]
)
async def test_a_file_that_may_hold_customers_is_not_passed_over(ending: str) -> None:
    code, detail = (await outcome_of({"a.csv": CSV, f"b.{ending}": b"x"})).failure
    assert code == "segment_file_of_unknown_kind"
    assert f"File 'b.{ending}' of segment 'vip' is" in detail
    assert "write CSV, TSV or JSON lines instead" in detail


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("manifest.json", '{"rows":1}'),
        ("schema.json", '[{"name":"email","type":"text"}]'),
        ("readme.md", "hello\n"),
        ("notes.txt", "hello\n"),
        ("picture.png", "\x89PNG"),
        ("b.csv.bak", CSV),
        ("b.json", '{"Email":"evil@x.example"}\n'),
        ("b.txt", "evil@x.example,Evil\n"),
    ],
)
async def test_other_files_beside_the_data_are_passed_over_and_named(name: str, body: str) -> None:
    found = await outcome_of({"a.csv": CSV, name: body})
    assert (found.run.status, found.names, found.warnings) == ("succeeded", "a", ["files_passed_over"])
    assert f"'{name}'" in next(each.detail for each in found.run.warnings if each.code == "files_passed_over")
    assert "files_passed_over" in [each["code"] for each in found.preview["warnings"]]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("b.json", '{"email":"b@example.com"}\n'),
        ("b.json", '[{"first_name":"B","email":"b@example.com"}]'),
        ("b.txt", "first_name;email\nB;b@example.com\n"),
    ],
)
async def test_a_file_beside_the_data_is_read_where_it_has_the_column(name: str, body: str) -> None:
    found = await outcome_of({"a.csv": CSV, name: body})
    assert (found.run.status, found.names, found.warnings) == ("succeeded", "a b", [])


@pytest.mark.parametrize("name", ["_SUCCESS", "_committed_1", ".a.csv.crc", "_delta_log/1.json"])
async def test_notes_of_the_writers_are_no_files(name: str) -> None:
    assert (await outcome_of({"a.csv": CSV, name: "x"})).warnings == []


def world_of(blobs: dict[str, bytes], properties: dict[str, dict[str, Any]]) -> World:
    world = World(blobs, export={"mapping": MAPPING})
    world.segments.properties.update(properties)
    return world


@pytest.mark.parametrize(
    ("marker", "properties"),
    [
        ("vip/sub", {"metadata": {"Hdi_isfolder": "true"}}),
        ("vip/sub", {"metadata": {"hdi_isfolder": "True"}}),
        ("vip/sub", {"metadata": {"HDI_ISFOLDER": "TRUE"}}),
        ("vip/sub/", {}),
        ("vip/", {}),
    ],
)
async def test_a_marker_of_a_folder_is_no_file(marker: str, properties: dict[str, Any]) -> None:
    blobs = {"vip/1.csv": CSV.encode(), marker: b""}
    found = await outcome_in(world_of(blobs, {marker: properties}), blobs)
    assert (found.run.status, found.names, found.warnings) == ("succeeded", "a", [])


@pytest.mark.parametrize("name", ["vip/1.csv", "vip/2.ndjson.gz", "vip/part-3", "vip/4.json"])
async def test_an_archived_file_is_told_as_such(name: str) -> None:
    blobs = {"vip/1.csv": CSV.encode(), name: CSV.encode()}
    found = await outcome_in(world_of(blobs, {name: {"tier": "Archive"}}), blobs)
    code, detail = found.failure
    assert (code, "rehydrate the file" in detail) == ("segment_file_archived", True)
    assert f"'{name.removeprefix('vip/')}'" in detail
    assert found.segment["problem"]["code"] == "segment_file_archived"


@pytest.mark.parametrize("folder", ["new customers", "vip ", "a  b/c"])
async def test_a_folder_that_cannot_be_a_segment_is_listed_with_the_reason(folder: str) -> None:
    api = Api(World({f"{folder}/1.csv": CSV.encode(), "vip/1.csv": CSV.encode()}))
    api.world.segments.put("vip/2.csv", CSV.encode(), modified=datetime(2026, 11, 1, tzinfo=UTC))
    listed = {each["name"]: each["problem"] for each in (await api.get("segments")).json["segments"]}
    assert listed["vip"] is None
    assert listed[folder]["code"] == "segment_name_unusable"
