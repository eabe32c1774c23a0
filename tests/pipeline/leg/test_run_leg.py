"""One leg: what becomes of what goes wrong, and who works on a run when."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.domain.errors import (
    ConfigurationError,
    ContractBroken,
    CredentialsRefused,
    ExportError,
    Throttled,
    Unavailable,
)
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.leg import LAST_MINUTES_SECONDS
from shared.pipeline.watching.watch import GRACE_SECONDS, LOOK_EVERY_SECONDS, OVERTIME_SECONDS
from shared.ports import LEASE_SECONDS
from shared.settings import LONGEST_LEG
from tests.builders import World, checked, ndjson, people
from tests.fakes.sink import LIST


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


def pause(world: World, wake_up: WakeUp) -> tuple[str, timedelta]:
    """Return why the run waits and how long."""
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.since == world.clock.now()
    return waiting.reason, waiting.next_try - waiting.since


async def ending(world: World) -> tuple[RunStatus, str, str]:
    """See a run through and return how it ended."""
    run = checked(await world.whole_run())
    assert run.ending is not None
    assert world.documents.value(f"runs/vip/{run.id}/run.json")["error"]["detail"] == run.ending.detail
    return run.status, run.ending.reason, run.ending.detail


async def test_a_run_of_one_leg_tells_its_whole_story() -> None:
    world = world_of()
    wake_up = await world.start()
    began = world.clock.now()
    assert world.documents.paths("active/") == [f"active/vip/{wake_up.run_id}.json"]
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.legs, run.trigger) == (RunStatus.SUCCEEDED, 1, "http")
    assert (run.created_at, run.started_at, run.ended_at) == (began, began, began)
    assert (run.waiting, run.ending, run.pauses) == (None, None, 0)
    assert world.documents.paths("active/") == []


@pytest.mark.parametrize("wake_up", [WakeUp("vip", "20200101t000000z-0000"), WakeUp("nobody", "1")])
async def test_a_wake_up_for_an_unknown_run_does_nothing(wake_up: WakeUp) -> None:
    world = world_of()
    before = dict(world.documents.blobs)
    assert await world.leg(wake_up) == []
    assert world.documents.blobs == before


async def test_a_wake_up_for_a_run_that_has_ended_does_nothing() -> None:
    world = world_of()
    run = await world.whole_run()
    before, sweeps = dict(world.documents.blobs), world.sink.sweeps
    assert await world.leg(WakeUp("vip", run.id)) == []
    assert world.documents.blobs == before
    assert (world.sink.sweeps, world.sink.faults.calls["send"]) == (sweeps, 3)


async def test_a_run_that_another_leg_works_on_is_left_alone() -> None:
    world = world_of()
    wake_up = await world.start()
    gate = asyncio.Event()
    world.sink.faults.when("send", f"{LIST}/2", gate.wait)  # type: ignore[arg-type]  # what it returns does not matter
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(600)
    run = world.run(wake_up)
    assert await world.leg(wake_up) == []
    assert world.run(wake_up) == run
    assert run.heartbeat_at is not None
    assert world.clock.now() - run.heartbeat_at <= timedelta(seconds=30)
    gate.set()
    await leg
    assert checked(world.run(wake_up)).legs == 1


async def test_of_two_legs_that_begin_at_the_same_moment_one_gives_way() -> None:
    world = world_of()
    wake_up = await world.start()
    assert list(await asyncio.gather(world.leg(wake_up), world.leg(wake_up))) == [[], []]
    run = checked(world.run(wake_up))
    assert (run.status, run.legs) == (RunStatus.SUCCEEDED, 1)
    assert len(world.sink.made) == 3


async def test_a_run_whose_leg_died_is_taken_up_when_its_lease_has_run_out() -> None:
    world = world_of()
    world.leases.faults.fail("release", times=2)  # the dead let go of nothing
    wake_up = await world.start()
    world.sink.faults.when("send", f"{LIST}/2", asyncio.Event().wait)  # type: ignore[arg-type]  # for ever
    leg = asyncio.create_task(world.leg(wake_up))
    await world.clock.advance(2)
    leg.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leg
    assert await world.leg(wake_up) == []
    assert world.run(wake_up).legs == 1
    await world.clock.advance(90)
    assert await world.leg(wake_up) == []
    run = checked(world.run(wake_up))
    assert (run.status, run.legs, run.tally) == (RunStatus.SUCCEEDED, 2, Tally(read=30, accepted=30))
    assert [job.batch for job in world.sink.made] == [1, 2, 3]
    assert world.sink.in_flight == 0


@pytest.mark.parametrize("call", ["list_details", "send"])
async def test_a_klaviyo_that_does_not_answer_pauses_the_run_longer_each_time(call: str) -> None:
    world = world_of()
    world.sink.faults.fail(call, times=7)
    wake_up = await world.start()
    pauses = []
    for _ in range(7):
        assert await world.leg(wake_up) == []
        reason, wait = pause(world, wake_up)
        assert reason == "unavailable"
        pauses.append(wait / timedelta(minutes=1))
        await world.clock.advance(wait.total_seconds())
        assert await world.tick() == [wake_up]
    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    await world.go(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_a_wait_that_klaviyo_asks_for_is_kept() -> None:
    world = world_of()
    world.sink.faults.fail("send", error=Throttled("Slow down.", after=3_000))
    wake_up = await world.start()
    await world.leg(wake_up)
    assert pause(world, wake_up) == ("throttled", timedelta(seconds=3_000))


async def test_a_wait_of_days_that_klaviyo_asks_for_is_kept_for_an_hour() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))})
    world.sink.faults.fail("send", error=Throttled("Slow down.", after=999_999))
    wake_up = await world.start()
    await world.leg(wake_up)
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.next_try - world.clock.now() == timedelta(hours=1)


async def test_requests_that_do_not_end_when_the_time_is_used_up_are_cut_off() -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, max_profiles=10, budget_seconds=60)
    world.sink.seconds = lambda batch: 100_000.0 if batch.number == 2 else 0.0
    wake_up = await world.start()
    assert await world.leg(wake_up) == []
    assert (
        60 + OVERTIME_SECONDS <= world.clock.monotonic() <= 60 + OVERTIME_SECONDS + LOOK_EVERY_SECONDS + GRACE_SECONDS
    )
    run = checked(world.run(wake_up))
    assert (run.status, run.tally, run.starts) == (RunStatus.EXPORTING, Tally(read=10, accepted=10), 0)
    assert run.waiting is not None
    assert (run.waiting.reason, run.waiting.detail[:24]) == ("unavailable", "The answers were so slow")
    assert run.parts == {"1": 2}  # the batch that may have been taken, and the one behind it that was
    assert world.sink.in_flight == 0
    assert not world.leases.is_held("accounts/AbC123")
    world.sink.seconds = lambda _batch: 0.0
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally == Tally(read=30, accepted=30)


@pytest.mark.parametrize(
    ("port", "call"),
    [("sink", "list_details"), ("segments", "read"), ("sink", "jobs"), ("leases", "take")],
)
async def test_whatever_keeps_a_leg_it_is_over_before_it_is_killed(port: str, call: str) -> None:
    world = World({"vip/1.ndjson": ndjson(people(30))}, max_profiles=10, budget_seconds=1200)
    wake_up = await world.start()
    faults = {"sink": world.sink.faults, "segments": world.segments.faults, "leases": world.leases.faults}[port]
    faults.when(call, "accounts/*" if port == "leases" else "*", lambda: world.clock.sleep(100_000))
    assert await world.leg(wake_up) == []
    assert world.clock.monotonic() <= 28 * 60
    waiting = world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.detail.startswith("The leg did not come to an end within ")
    await world.go(wake_up)
    assert checked(world.run(wake_up)).tally == Tally(read=30, accepted=30)


def test_the_longest_leg_is_over_before_the_functions_host_kills_it() -> None:
    host = json.loads((Path(__file__).parents[3] / "host.json").read_text())
    hours, minutes, seconds = map(int, host["functionTimeout"].split(":"))
    timeout = hours * 3600 + minutes * 60 + seconds
    assert timeout >= LONGEST_LEG + LAST_MINUTES_SECONDS + LEASE_SECONDS


async def test_progress_makes_the_next_pause_short_again() -> None:
    world = world_of()
    world.sink.faults.fail("send", "*/1", times=3)
    world.sink.faults.fail("send", "*/2")
    wake_up = await world.start()
    for _ in range(3):
        await world.leg(wake_up)
    assert pause(world, wake_up)[1] == timedelta(minutes=4)
    await world.leg(wake_up)
    assert world.run(wake_up).checkpoint.batches == 1
    assert pause(world, wake_up)[1] == timedelta(minutes=1)


async def test_a_pause_for_the_time_budget_does_not_make_the_next_one_long() -> None:
    world = world_of(budget_seconds=1)
    world.segments.faults.when("read", "*", lambda: world.clock.sleep(2), skip=1)
    wake_up = await world.start()
    assert await world.leg(wake_up) == [wake_up]
    world.sink.faults.fail("list_details")
    await world.leg(wake_up)
    assert pause(world, wake_up) == ("unavailable", timedelta(minutes=1))


async def test_a_segment_that_cannot_be_read_for_now_pauses_the_run() -> None:
    world = world_of()
    world.segments.faults.fail("read", skip=1)
    wake_up = await world.start()
    await world.leg(wake_up)
    assert pause(world, wake_up)[0] == "unavailable"
    await world.go()
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


async def test_documents_that_cannot_be_written_bring_the_message_back() -> None:
    world = world_of()
    wake_up = await world.start()
    world.documents.faults.fail("replace", "*/run.json")
    with pytest.raises(Unavailable):
        await world.leg(wake_up)
    await world.go(wake_up)
    assert checked(world.run(wake_up)).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize("skip", range(2, 9))
async def test_a_save_whose_answer_is_lost_is_known_again(skip: int) -> None:
    world = world_of()
    wake_up = await world.start()
    world.documents.faults.fail("replace", "*/run.json", after=True, skip=skip)
    await world.go(wake_up)
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.SUCCEEDED, Tally(read=30, accepted=30))
    assert len(world.sink.made) <= 4


@pytest.mark.parametrize(
    "error",
    [CredentialsRefused("No."), ConfigurationError("No list."), ContractBroken("What?")],
    ids=lambda e: e.reason,
)
@pytest.mark.parametrize("call", ["list_details", "send"])
async def test_what_a_person_must_mend_ends_the_run_and_says_so(error: ExportError, call: str) -> None:
    world = world_of()
    world.sink.faults.fail(call, error=error)
    assert await ending(world) == (RunStatus.FAILED, error.reason, str(error))


async def test_what_was_sent_before_a_failure_is_settled() -> None:
    world = world_of(sweeps_to_end=10)
    world.sink.fail_late("p1@*")
    world.sink.faults.fail("send", "*/3", error=CredentialsRefused("Revoked."))
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.tally == Tally(read=20, accepted=19, rejected=1)
    assert world.sink.sweeps > 10


async def test_a_missing_export_ends_the_run() -> None:
    world = world_of()
    await world.documents.delete("exports/vip.json")
    assert await ending(world) == (RunStatus.FAILED, "configuration", "Export 'vip' does not exist any more.")


async def test_a_missing_connection_ends_the_run() -> None:
    world = world_of()
    await world.documents.delete("connections/acme.json")
    status, reason, detail = await ending(world)
    assert (status, reason) == (RunStatus.FAILED, "configuration")
    assert detail.startswith("Export 'vip' uses connection 'acme', which does not exist")


async def test_an_export_that_cannot_be_read_ends_the_run() -> None:
    world = world_of(export={"segments": []})
    assert "/segments" in (await ending(world))[2]


async def test_without_consent_nothing_is_read_or_sent() -> None:
    world = world_of(connection={"consent": {"accepted": False}})
    assert "has to accept the consent" in (await ending(world))[2]
    assert world.segments.faults.log == []
    assert world.sink.faults.log == []


async def test_a_consent_that_is_withdrawn_between_two_legs_stops_the_run() -> None:
    world = world_of()
    world.sink.faults.fail("send", "*/2")
    wake_up = await world.start()
    await world.leg(wake_up)
    connection = world.documents.value("connections/acme.json")
    world.documents.put("connections/acme.json", {**connection, "consent": {"accepted": False}})
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally(read=10, accepted=10))
    assert world.sink.faults.count("send", "*/2") == 1
