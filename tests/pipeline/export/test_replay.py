"""Legs that end by their time budget: the next one replays, sends nothing twice, and the end is the same."""

import itertools
import random
from collections import Counter
from typing import Any

import pytest

from shared.domain.runs.progress import TIME_BUDGET
from shared.domain.runs.run import Run, RunStatus, Waiting
from tests.builders import SlowSegments, World, checked, csv_file, ndjson, packed
from tests.fakes.clock import FakeClock

MAPPING = {"email": "EMail", "first_name": "FirstName", "phone_number": "Phone"}
COLUMNS = ("EMail", "FirstName", "Phone")


def rows(draw: random.Random, count: int) -> list[dict[str, Any]]:
    """Return rows with bad ones, duplicates and awkward texts among them."""
    return [
        {
            "EMail": draw.choice(
                ["bad", "a..b@example.com", *(f"p{draw.randrange(count)}@example.com" for _ in range(8))]
            ),
            "FirstName": draw.choice(["Ann", 'Ó, "quoted"', "two\nlines", "", "x" * 40]),
            "Phone": draw.choice(["", "12", "+14155552671"]),
        }
        for _ in range(count)
    ]


def files(seed: int) -> dict[str, bytes]:
    """Return a segment of several files of every format, some of them empty, with lines that cannot be read."""
    draw = random.Random(seed)  # noqa: S311 - test data
    makers = {
        "ndjson": lambda each: ndjson([*each, b"{", *each[:1]]),
        "jsonl.gz": lambda each: packed(ndjson([b"[]", *each])),
        "csv": lambda each: csv_file(each, COLUMNS) + b"one,two\r\n",
        "csv.gz": lambda each: packed(csv_file(each, COLUMNS)),
    }
    endings = draw.sample(sorted(makers), 4)
    return {
        f"vip/{number}.{ending}": makers[ending](rows(draw, draw.choice([1, 7, 25, 60])))
        for number, ending in enumerate(endings)
    }


def world_of(blobs: dict[str, bytes], *, budget: float, max_profiles: int) -> World:
    clock = FakeClock()
    segments = SlowSegments(blobs, clock, seconds=1, piece_bytes=97)
    world = World(
        segments=segments,
        clock=clock,
        budget_seconds=budget,
        in_flight=3,
        max_profiles=max_profiles,
        export={"mapping": MAPPING, "limits": {"max_rejected_share": 1}},
    )
    world.sink.seconds = lambda batch: float(batch.number * 7 % 5)
    world.sink.refuse("p1?@*")
    world.sink.fail_late("p2?@*")
    return world


async def to_the_end(world: World, sizes: list[int]) -> Run:
    """See a run through, with another batch size in each leg; every leg but the last one pauses and says so."""
    wake_up = await world.start()
    messages, size = [wake_up], itertools.cycle(sizes)
    while messages:
        assert messages == [wake_up]
        world.sink.max_profiles = next(size)
        before = world.run(wake_up).checkpoint.row
        messages = await world.leg(wake_up)
        run = checked(world.run(wake_up))
        if messages:
            assert run.status is RunStatus.EXPORTING
            assert run.waiting == Waiting(TIME_BUDGET, world.clock.now(), world.clock.now())
            assert run.checkpoint.row > before
    return world.run(wake_up)


def sent(world: World) -> Counter[str]:
    return Counter(profile["email"] for job in world.sink.made for profile in job.profiles)


@pytest.mark.parametrize("seed", range(12))
async def test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice(seed: int) -> None:
    blobs = files(seed)
    whole = world_of(blobs, budget=1e9, max_profiles=10)
    expected = await to_the_end(whole, [10])
    assert expected.legs == 1

    draw = random.Random(seed)  # noqa: S311 - test data
    world = world_of(blobs, budget=draw.choice([2, 5, 8]), max_profiles=10)
    run = await to_the_end(world, draw.choice([[10], [3, 8, 1], [1, 1000]]))

    assert run.legs > 1
    assert run.tally == expected.tally
    assert run.status is expected.status
    assert run.left_out == expected.left_out
    assert run.notes == expected.notes
    assert run.warnings == expected.warnings
    assert sent(world) == sent(whole)
    assert set(sent(world).values()) == {1}
    assert world.sink.members() == whole.sink.members()
    assert places(world, run) == places(whole, expected)
    assert world.segments.open_reads == 0


def places(world: World, run: Run) -> list[tuple[Any, ...]]:
    """Return where the rejected rows stand, or whom Klaviyo named, and why."""
    return sorted(
        (line["blob"] or "", line["row"] or 0, line["reason"], line["fields"].get("email") or "")
        for line in world.rejections(run)
        if line["row"]
    ) + sorted(("late", line["fields"]["email"]) for line in world.rejections(run) if not line["row"])


async def test_a_leg_whose_time_is_up_at_once_still_takes_new_rows() -> None:
    blobs = files(1)
    world = world_of(blobs, budget=1e-9, max_profiles=10)
    run = await to_the_end(world, [10])
    whole = world_of(blobs, budget=1e9, max_profiles=10)
    assert run.tally == (await to_the_end(whole, [10])).tally
    assert run.legs > 10


async def test_before_it_replays_a_leg_makes_sure_that_klaviyo_answers() -> None:
    world = world_of(files(2), budget=5, max_profiles=10)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    reads = world.segments.faults.calls["read"]
    world.sink.faults.fail("list_details")
    assert await world.leg(wake_up) == []
    assert world.segments.faults.calls["read"] == reads
    run = world.run(wake_up)
    assert run.waiting is not None
    assert run.waiting.reason == "unavailable"
    await world.go()
    assert checked(world.run(wake_up)).status is RunStatus.PARTIAL


async def test_a_leg_that_fails_in_the_middle_repeats_at_most_what_was_in_flight() -> None:
    world = world_of(files(3), budget=1e9, max_profiles=4)
    world.sink.faults.fail("send", "*/5", times=2)
    wake_up = await world.start()
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    whole = world_of(files(3), budget=1e9, max_profiles=4)
    assert run.tally == (await to_the_end(whole, [4])).tally
    assert world.sink.members() == whole.sink.members()
    repeated = sent(world) - sent(whole)
    assert 0 < repeated.total() <= 2 * 2 * 4  # twice the two others of a window of three
