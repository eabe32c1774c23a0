"""A run from its request to its end, over fakes: what the list holds then, and what became of every row."""

import pytest

from shared.domain.runs.run import Jobs, RunStatus, Source, Tally
from tests.builders import World, checked, csv_file, ndjson, packed, people, warnings_of

GOOD = people(10)
BAD = [{"EMail": "a@b", "FirstName": "x"}, {"EMail": "", "FirstName": "x"}]
ROWS = [*GOOD[:4], BAD[0], *GOOD[2:], BAD[1], GOOD[0]]
NDJSON = ndjson([*ROWS[:3], b"{", b"[1]", *ROWS[3:]])
CSV = csv_file(ROWS) + b"p99@example.com,a,b\r\np98@example.com,a,b\r\n"
CHECK = "Set phone_region of the export, or write phone numbers with a plus sign and the country code."
LEFT_OUT = "they were left out, and their rows went without them. The first one is in 'vip/1.ndjson', row 1."


@pytest.mark.parametrize(
    ("name", "body", "bad_rows"),
    [
        ("rows.ndjson", NDJSON, [4, 5, 7, 16]),
        ("rows.jsonl.gz", packed(NDJSON), [4, 5, 7, 16]),
        ("rows.csv", CSV, [5, 14, 16, 17]),
        ("rows.csv.gz", packed(CSV), [5, 14, 16, 17]),
    ],
)
async def test_every_row_of_a_file_has_one_outcome(name: str, body: bytes, bad_rows: list[int]) -> None:
    world = World({f"vip/{name}": body}, max_profiles=3)
    run = checked(await world.whole_run())
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=17, accepted=10, duplicates=3, rejected=4)
    assert world.sink.members() == {
        row["EMail"]: {"email": row["EMail"], "first_name": row["FirstName"]} for row in GOOD
    }
    assert [(line["blob"], line["row"]) for line in world.rejections(run)] == [(f"vip/{name}", row) for row in bad_rows]
    assert world.segments.open_reads == 0


async def test_the_first_of_the_rows_with_one_address_wins_over_files_and_batches() -> None:
    files = {
        "vip/1.csv": csv_file([{"EMail": "A@Example.com", "FirstName": "first"}, *people(4)]),
        "vip/2.ndjson": ndjson([{"EMail": " a@example.com", "FirstName": "second"}, *people(6)]),
    }
    world = World(files, max_profiles=2)
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=12, accepted=7, duplicates=5)
    assert world.sink.members()["a@example.com"]["first_name"] == "first"
    assert len(world.sink.emails()) == 7


async def test_rows_that_klaviyo_refuses_at_once_and_late_are_counted_and_named_once() -> None:
    world = World({"vip/1.ndjson": ndjson(people(20)), "vip/2.ndjson": ndjson(people(5, first=21))}, max_profiles=8)
    world.sink.refuse("p3@*")
    world.sink.fail_late("p1?@*")
    run = checked(await world.whole_run())
    assert run.status is RunStatus.PARTIAL
    assert run.tally == Tally(read=25, accepted=14, rejected=11)
    assert run.jobs == Jobs(submitted=4, ended=4)
    lines = world.rejections(run)
    named = [line["fields"]["email"] for line in lines]
    assert sorted(named) == sorted(["p3@example.com", *(f"p{n}@example.com" for n in range(10, 20))])
    assert {line["refused_by"] for line in lines} == {"klaviyo"}
    at_once, *late = lines
    assert (at_once["blob"], at_once["row"]) == ("vip/1.ndjson", 3)
    assert {(line["row"], str(line["rows"])) for line in late} == {
        (None, "[['vip/1.ndjson', 9, 16]]"),
        (None, "[['vip/1.ndjson', 17, 20], ['vip/2.ndjson', 1, 4]]"),
    }


async def test_a_profile_over_klaviyos_limit_is_rejected_and_costs_no_other_row() -> None:
    rows = [*people(2), {"EMail": "big@example.com", "FirstName": "x" * 100_000}, *people(2, first=3)]
    world = World({"vip/1.ndjson": ndjson(rows)})
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=5, accepted=4, rejected=1)
    assert [(line["row"], line["reason"]) for line in world.rejections(run)] == [(3, "profile_too_large")]


async def test_a_batch_is_no_larger_than_klaviyo_takes() -> None:
    world = World({"vip/1.ndjson": ndjson(people(50))}, payload_bytes=500)
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=50, accepted=50)
    assert len(world.sink.made) > 5
    encoded = [b",".join(world.sink.encode(each) for each in job.profiles) for job in world.sink.made]
    assert all(len(body) <= world.sink.max_bytes("Y6nRLr") for body in encoded)


@pytest.mark.parametrize("body", [b"", b"\n\n"])
@pytest.mark.parametrize("name", ["vip/1.ndjson", "vip/1.csv"])
async def test_a_segment_without_rows_succeeds_and_its_list_is_looked_for_all_the_same(name: str, body: bytes) -> None:
    world = World({name: body})
    run = checked(await world.whole_run())
    assert run.status is RunStatus.SUCCEEDED
    assert (run.tally, run.jobs) == (Tally(), Jobs())
    assert world.sink.faults.calls["list_details"] == 1
    assert world.rejections(run) == []


async def test_a_csv_file_of_a_header_only_has_no_rows() -> None:
    world = World({"vip/1.csv": csv_file([])})
    run = await world.whole_run()
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally())


async def test_a_segment_of_bad_rows_only_ends_with_each_of_them_named() -> None:
    limits = {"max_rejected_share": 1}
    world = World({"vip/1.ndjson": ndjson([{"EMail": "nobody"}] * 30)}, export={"limits": limits})
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.FAILED, Tally(read=30, rejected=30))
    assert [line["row"] for line in world.rejections(run)] == list(range(1, 31))
    assert run.jobs == Jobs()


async def test_the_run_shows_how_large_the_source_is_and_how_much_of_it_was_read() -> None:
    body = ndjson(people(30))
    world = World({"vip/1.ndjson": body, "vip/2.ndjson": body})
    run = await world.whole_run()
    files = ("vip/1.ndjson", "vip/2.ndjson")
    assert run.source == Source(blobs=2, bytes=2 * len(body), bytes_read=2 * len(body), files=files)


async def test_values_that_cannot_be_sent_become_warnings_and_count_only_rows_that_went() -> None:
    rows = [{**row, "Phone": "0671234567", "Code": []} for row in people(3)]
    rows += [rows[0], {**rows[1], "EMail": "bad"}, {**rows[0], "EMail": "x@example.com", "Phone": "+14155552671"}]
    mapping = {"email": "EMail", "phone_number": "Phone", "external_id": "Code"}
    world = World({"vip/1.ndjson": ndjson([*rows, {**rows[2], "Code": "1"}])}, export={"mapping": mapping})
    run = checked(await world.whole_run())
    assert run.tally == Tally(read=7, accepted=4, duplicates=2, rejected=1)
    assert warnings_of(run) == [
        f"4 values of external_id are no texts (true, false, lists or objects); {LEFT_OUT} Write a text or a number.",
        f"3 values of phone_number are phone numbers without a country code; {LEFT_OUT} {CHECK}",
    ]


@pytest.mark.parametrize("died", [False, True])
async def test_values_that_klaviyo_refuses_are_counted_once_and_their_rows_arrive(died: bool) -> None:
    mapping = {"email": "EMail", "first_name": "FirstName", "properties": {"Tier": "FirstName"}}
    world = World({"vip/1.ndjson": ndjson(people(40))}, export={"mapping": mapping}, max_profiles=10, in_flight=2)
    world.sink.refuse_value("p3@*", "first_name")
    world.sink.refuse_value("p1?@*", "properties.Tier")
    if died:
        world.sink.faults.fail("send", "*/2", after=True)
    run = checked(await world.whole_run())
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=40, accepted=40))
    assert run.left_out == {"first_name": 1, "properties.Tier": 10}
    assert len(warnings_of(run)) == 2
    assert world.sink.members()["p3@example.com"] == {"email": "p3@example.com", "properties": {"Tier": "Name 3"}}
    assert world.sink.members()["p12@example.com"] == {"email": "p12@example.com", "first_name": "Name 12"}


async def test_one_value_that_cannot_be_sent_is_told_of_in_the_singular() -> None:
    mapping = {"email": "EMail", "phone_number": "Phone"}
    world = World({"vip/1.ndjson": ndjson([{"EMail": "a@example.com", "Phone": "12"}])}, export={"mapping": mapping})
    run = await world.whole_run()
    [warning] = warnings_of(run)
    assert warning.startswith("1 value of phone_number is a phone number without a country code; it was left out, and ")
    assert warning.endswith(f"its row went without it. The first one is in 'vip/1.ndjson', row 1. {CHECK}")
    assert run.status is RunStatus.SUCCEEDED
