"""What is found out before anything is sent: segments, columns, the list, the account."""

from typing import Any

import pytest

from shared.domain.config.export import Export
from shared.domain.config.reading import Reading
from shared.domain.dialects.file_top import TOP_BYTES
from shared.domain.errors import CredentialsRefused
from shared.domain.runs.run import Run, RunStatus
from shared.pipeline.plan import column_search as columns
from shared.pipeline.reading.segment_survey import survey_segment
from tests.builders import World, checked, csv_file, ndjson, packed, people, warnings_of
from tests.fakes.segments import MemorySegments

MAPPING = {"email": "EMail", "first_name": "FirstName", "location": {"city": "City"}, "properties": {"tier": "Tier"}}
FULL = {"EMail": "a@example.com", "FirstName": "A", "City": "Kyiv", "Tier": "gold"}
COLUMNS = tuple(FULL)


def world_of(blobs: dict[str, bytes], **changes: Any) -> World:
    return World(blobs, export={"mapping": MAPPING, **changes})


async def failure(world: World) -> str:
    """See a run through that fails before anything is sent; return why."""
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert run.ending.reason == "configuration"
    assert world.sink.faults.calls["send"] == 0
    assert run.tally.read == 0
    assert world.segments.open_reads == 0
    return run.ending.detail


async def success(world: World) -> Run:
    run = checked(await world.whole_run())
    assert run.status is RunStatus.SUCCEEDED
    return run


async def test_a_missing_segment_fails_the_run_and_is_named() -> None:
    assert "There is no segment 'vip'" in await failure(world_of({"vipp/1.csv": b""}))


async def test_a_sub_folder_of_data_fails_the_run_and_is_named() -> None:
    assert "sub-folder '2026'" in await failure(
        world_of({"vip/1.csv": csv_file([FULL], COLUMNS), "vip/2026/1.csv": b""})
    )


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
async def test_the_email_column_must_be_in_the_header_of_each_csv_file(place: int, ending: str) -> None:
    files = [csv_file([FULL], COLUMNS)] * 3
    files[place] = csv_file([FULL], ("FirstName", "Mail", "City"))
    detail = await failure(
        world_of(
            {f"vip/{n}.csv": body for n, body in enumerate(files)}
            if ending == "csv"
            else {f"vip/{n}.csv.gz": packed(body) for n, body in enumerate(files)}
        )
    )
    assert detail == (
        f"File 'vip/{place}.{ending}' has no column 'EMail', which the mapping of the export takes e-mail addresses "
        "from. Columns there: City, FirstName, Mail. Mend the mapping or the segment."
    )


async def test_a_file_that_is_cut_off_fails_the_run_before_anything_is_sent() -> None:
    detail = await failure(world_of({"vip/1.ndjson": b'{"EMail": \n' * 4}))
    assert detail.startswith("File 'vip/1.ndjson' ends before its last JSON bracket")


async def test_the_email_column_must_be_in_every_segment() -> None:
    blobs = {"vip/1.ndjson": ndjson([FULL]), "gold/1.ndjson": ndjson([{"Mail": "a@example.com"}])}
    detail = await failure(world_of(blobs, segments=["vip", "gold"]))
    assert detail.startswith("Segment 'gold' (its first row, from file 'gold/1.ndjson' on) has no column 'EMail'")
    assert "Columns there: Mail." in detail


async def test_a_segment_named_twice_is_read_once() -> None:
    run = await success(world_of({"vip/1.ndjson": ndjson([FULL])}, segments=["vip", "vip"]))
    assert (run.tally.read, run.source.blobs) == (1, 1)


async def test_csv_headers_count_beside_ndjson_in_one_segment() -> None:
    blobs = {"vip/1.ndjson": ndjson([FULL]), "vip/2.csv": csv_file([FULL], ("Mail",))}
    assert (await failure(world_of(blobs))).startswith("File 'vip/2.csv' has no column 'EMail'")


async def test_the_email_column_must_show_in_the_first_10_000_rows() -> None:
    late = [{"FirstName": "x"}] * columns.PEEK_ROWS
    blobs = {"vip/1.ndjson": ndjson(late[:4_100]), "vip/2.jsonl.gz": packed(ndjson([*late[4_100:], FULL]))}
    detail = await failure(world_of(blobs))
    assert detail.startswith(
        "Segment 'vip' (its first 10,000 rows, from file 'vip/1.ndjson' on) has no column 'EMail', "
    )


async def test_a_column_in_row_10_000_is_early_enough() -> None:
    late = [{"FirstName": "x"}] * (columns.PEEK_ROWS - 1)
    world = world_of({"vip/1.ndjson": ndjson([*late, FULL])}, limits={"max_rejected_share": 1})
    run = checked(await world.whole_run())
    assert (run.status, run.tally.accepted, run.tally.rejected) == (RunStatus.PARTIAL, 1, 9_999)
    assert run.warnings == ()


async def test_reading_ends_as_soon_as_every_column_was_seen() -> None:
    beyond_the_top = [{"EMail": "a@example.com", "City": "x" * 200}] * (TOP_BYTES // 200)
    body = ndjson([*beyond_the_top, {"FirstName": "", "Tier": 1}, *people(50_000)])
    segments = MemorySegments({"vip/1.ndjson": body, "vip/2.ndjson": body}, piece_bytes=100_000)
    search = await looked_at(segments)
    assert search.warnings == ()
    assert segments.faults.calls["read"] == len(ndjson(beyond_the_top)) // 100_000 + 1


async def test_nothing_more_is_read_where_the_top_has_every_column() -> None:
    segments = MemorySegments({"vip/1.ndjson": ndjson([FULL]), "vip/2.ndjson": ndjson([FULL])})
    search = await looked_at(segments)
    assert (search.warnings, segments.faults.calls["read"]) == ((), 0)
    assert segments.open_reads == 0


async def test_of_a_csv_file_no_more_than_the_top_is_read() -> None:
    body = csv_file([FULL] * 20_000, COLUMNS)
    segments = MemorySegments({"vip/1.csv": body, "vip/2.csv": body}, piece_bytes=TOP_BYTES + 1)
    await looked_at(segments)
    looked = [("listed", "vip/"), ("listed", "model.json")]
    assert segments.faults.log == [*looked, ("read", "vip/1.csv"), ("read", "vip/2.csv")]
    assert segments.open_reads == 0


async def looked_at(segments: MemorySegments) -> columns.ColumnSearch:
    world = World(segments=segments)
    world.put_export(mapping=MAPPING)
    export = Export.from_document(world.documents.value("exports/vip.json"))
    search = columns.ColumnSearch(export.mapping, segments, world.clock)
    surveyed = await survey_segment("vip", Reading(), email_column="EMail", segments=segments, clock=world.clock)
    segments.faults.calls.clear()
    await search.look_at("vip", surveyed.files)
    return search


async def test_other_missing_columns_become_one_warning_each() -> None:
    blobs = {
        "vip/1.csv": csv_file([FULL], COLUMNS),
        "vip/2.csv": csv_file([FULL], ("EMail", "FirstName")),
        "vip/3.csv": csv_file([FULL], ("EMail", "Tier", "FirstName")),
        "vip/4.ndjson": ndjson([{"EMail": "b@example.com", "Tier": 1, "FirstName": "x"}]),
    }
    run = await success(world_of(blobs))
    assert warnings_of(run) == [
        "File 'vip/2.csv' and 2 more have no column 'City', which the mapping names.",
        "File 'vip/2.csv' has no column 'Tier', which the mapping names.",
    ]


async def test_a_mapped_column_that_stands_twice_in_a_header_fails_the_run() -> None:
    body = b"EMail,City,City,Tier,Tier\r\na@example.com,1,2,3,4\r\n"
    assert await failure(world_of({"vip/1.csv": body})) == (
        "File 'vip/1.csv' has the mapped column 'City' twice; give the columns different names."
    )


async def test_columns_that_are_not_mapped_may_stand_twice() -> None:
    await success(world_of({"vip/1.csv": b"EMail,FirstName,City,Tier,x,x\r\na@example.com,1,2,3,4,5\r\n"}))


async def test_a_segment_where_no_row_can_be_read_is_said_to_be_so() -> None:
    detail = await failure(world_of({"vip/1.ndjson": b'{"EMail"}\n' * 4 + b"[]\n"}))
    assert detail == (
        "Segment 'vip' (its first 5 rows, from file 'vip/1.ndjson' on) holds no row that can be read "
        "(not_json 4, not_an_object 1). "
        "Write its files as one JSON object a line, in UTF-8, or name them after the format that they are in."
    )


async def test_rows_of_no_columns_at_all_are_said_to_be_so() -> None:
    detail = await failure(world_of({"vip/1.ndjson": b"{}\n{}\n"}))
    assert "Columns there: none that can be shown." in detail


async def test_at_most_twenty_columns_are_shown() -> None:
    wide = {f"column{n:03}": n for n in range(30)}
    detail = await failure(world_of({"vip/1.csv": csv_file([wide], wide)}))
    assert "column019, …. Mend" in detail
    assert "column020" not in detail


async def test_a_header_that_cannot_be_read_fails_the_run() -> None:
    assert "File 'vip/2.csv' is not UTF-8" in await failure(
        world_of({"vip/1.csv": csv_file([FULL], COLUMNS), "vip/2.csv": b"EMail,\xff\r\n"})
    )


async def test_an_unknown_list_fails_the_run_and_is_named() -> None:
    assert "'WRONG1'" in await failure(world_of({"vip/1.ndjson": ndjson([FULL])}, list_id="WRONG1"))


async def test_the_plan_fixes_what_every_leg_does() -> None:
    world = world_of({"vip/1.ndjson": ndjson([FULL])}, phone_region="UA", limits={"max_rows": 7})
    run = await success(world)
    plan = world.documents.value(f"runs/vip/{run.id}/plan.json")
    assert plan["blobs"] == [["vip/1.ndjson", len(ndjson([FULL])), '"1"']]
    assert (plan["list_id"], plan["list_name"], plan["account_id"]) == ("Y6nRLr", "VIP newsletter", "AbC123")
    assert (plan["mapping"], plan["phone_region"]) == (MAPPING, "UA")
    assert plan["limits"] == {"max_rejected_share": 0.5, "max_rows": 7}
    assert plan["secret_name"] == "klaviyo-acme"


async def test_a_run_names_its_first_files_without_addresses() -> None:
    names = ["vip/of-ann@example.com.ndjson", *(f"vip/{number}.ndjson" for number in range(10, 31))]
    bodies = {name: ndjson([{**FULL, "EMail": f"p{place}@example.com"}]) for place, name in enumerate(names)}
    run = await success(world_of(bodies))
    assert run.source.blobs == 22
    assert run.source.files == tuple(f"vip/{number}.ndjson" for number in range(10, 30))
    of_ann = await success(world_of({names[0]: bodies[names[0]]}))
    assert of_ann.source.files == ("vip/…@….com.ndjson",)


async def test_a_plan_that_was_written_before_counts() -> None:
    world = world_of({"vip/1.ndjson": ndjson([FULL])})
    wake_up = await world.start()
    world.documents.faults.fail("replace", "runs/vip/*/run.json", skip=1)  # the leg's claim succeeds, then this
    await world.leg(wake_up)
    world.put_export(mapping={"email": "Nothing"}, list_id="WRONG1")
    world.put_export(mapping={**MAPPING, "title": "Title"})
    await world.go()
    run = checked(world.run(wake_up))
    assert run.status is RunStatus.SUCCEEDED
    assert world.documents.value(f"runs/vip/{run.id}/plan.json")["mapping"] == MAPPING


@pytest.mark.parametrize("known", ["AbC123", None])
async def test_the_plan_and_the_connection_know_the_account_that_klaviyo_names(known: str | None) -> None:
    world = World({"vip/1.ndjson": ndjson(people(1))}, connection={"account_id": known})
    run = await success(world)
    assert world.documents.value(f"runs/vip/{run.id}/plan.json")["account_id"] == "AbC123"
    assert world.documents.value("connections/acme.json")["account_id"] == "AbC123"
    assert world.sink.faults.calls["account"] == 1


async def test_a_key_that_leads_to_another_account_ends_the_run_before_anything_is_sent() -> None:
    world = World({"vip/1.ndjson": ndjson(people(1))}, connection={"account_id": "Other1"})
    run = await world.whole_run()
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert "AbC123" in run.ending.detail
    assert "Other1" in run.ending.detail
    assert world.sink.made == []


async def test_a_key_that_may_not_tell_its_account_is_good_enough() -> None:
    world = World({"vip/1.ndjson": ndjson(people(1))}, connection={"account_id": None})
    world.sink.faults.fail("account", error=CredentialsRefused("The key lacks accounts:read."))
    run = await success(world)
    assert world.documents.value(f"runs/vip/{run.id}/plan.json")["account_id"] is None
