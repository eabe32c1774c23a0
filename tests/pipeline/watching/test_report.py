"""What the monitoring hears of runs, legs and ticks, over fakes."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from shared.store.paths import marker_path, run_path
from tests.builders import World, ndjson, people
from tests.events import events_in, named

Logs = pytest.LogCaptureFixture


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: Logs) -> None:
    caplog.set_level(logging.DEBUG)


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


def told(caplog: Logs, name: str) -> list[dict[str, Any]]:
    return named(events_in(caplog.messages), name)


async def test_a_good_run_tells_of_its_start_its_batches_its_leg_and_its_end(caplog: Logs) -> None:
    world = world_of(25)
    run = await world.whole_run()
    ids = {"export": "vip", "run": run.id}
    assert told(caplog, "run_started") == [{**ids, "trigger": "http"}]
    assert [(each["batch"], each["accepted"], each["refused"]) for each in told(caplog, "batch_taken")] == [
        (1, 10, 0),
        (2, 10, 0),
        (3, 5, 0),
    ]
    [leg] = told(caplog, "leg_ended")
    assert {**leg, "requests": 0} == {
        **ids,
        "leg": 1,
        "outcome": "succeeded",
        "seconds": 0.0,
        "rows": 25,
        "requests": 0,
        "throttled": 0,
    }
    assert leg["requests"] == sum(call != "turn" for call, _ in world.sink.faults.log)
    [end] = told(caplog, "run_ended")
    assert (end["status"], end["read"], end["accepted"], end["detail"]) == ("succeeded", 25, 25, "")
    assert told(caplog, "credentials_refused") == []


async def test_the_rows_of_each_leg_are_those_behind_which_it_moved_the_checkpoint(caplog: Logs) -> None:
    world = world_of(30)
    world.sink.faults.fail("send", "*/2")
    run = await world.whole_run()
    assert [(leg["leg"], leg["outcome"], leg["rows"]) for leg in told(caplog, "leg_ended")] == [
        (1, "unavailable", 10),
        (2, "succeeded", 20),
    ]
    assert told(caplog, "run_waiting") == [
        {"export": "vip", "run": run.id, "reason": "unavailable", "waiting_seconds": 0.0}
    ]
    assert len(told(caplog, "run_started")) == 1


async def test_rows_that_klaviyo_refused_count_in_the_batch_and_at_the_end(caplog: Logs) -> None:
    world = world_of(20)
    world.sink.refuse("p3@*")
    await world.whole_run()
    assert [(each["accepted"], each["refused"]) for each in told(caplog, "batch_taken")] == [(9, 1), (10, 0)]
    [end] = told(caplog, "run_ended")
    assert (end["status"], end["rejected"], end["accepted"]) == ("partial", 1, 19)


@pytest.mark.parametrize("call", ["list_details", "send"])
async def test_refused_credentials_name_the_connection_and_what_to_do(caplog: Logs, call: str) -> None:
    world = world_of()
    world.sink.faults.fail(call, error=CredentialsRefused("Klaviyo does not know the key."), times=9)
    run = await world.whole_run()
    sentence = "Klaviyo does not know the key."
    assert told(caplog, "credentials_refused") == [
        {"connection": "acme", "export": "vip", "run": run.id, "detail": sentence, "again": False}
    ]
    [end] = told(caplog, "run_ended")
    assert (end["status"], end["reason"]) == ("failed", "credentials_refused")


async def test_a_connection_that_cannot_be_found_out_any_more_is_empty(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", error=CredentialsRefused("Klaviyo does not know the key."), times=9)
    world.documents.faults.fail("get", "*/plan.json", skip=3, times=9)
    await world.leg(wake_up)
    assert [each["connection"] for each in told(caplog, "credentials_refused")] == [""]


async def test_a_leg_that_dies_is_told_of_as_broken_off(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("send", error=RuntimeError("A bug."))
    with pytest.raises(RuntimeError):
        await world.leg(wake_up)
    assert [leg["outcome"] for leg in told(caplog, "leg_ended")] == ["broken_off"]
    assert told(caplog, "run_ended") == told(caplog, "run_waiting") == []


async def test_a_run_that_does_not_come_forward_waits_longer_and_longer(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("list_details", times=3)
    for _ in range(3):
        await world.leg(wake_up)
        await world.clock.advance(3600)
    assert [each["waiting_seconds"] for each in told(caplog, "run_waiting")] == [0.0, 3600.0, 7200.0]


async def test_a_run_that_waits_for_others_counts_from_its_first_wait(caplog: Logs) -> None:
    world = world_of()
    older = await world.start()
    await world.clock.advance(1)
    younger = await world.start()
    for _ in range(3):
        await world.leg(younger)
        await world.clock.advance(60)
    waits = told(caplog, "run_waiting")
    assert [(each["reason"], each["waiting_seconds"]) for each in waits] == [
        ("previous_run_active", 0.0),
        ("previous_run_active", 60.0),
        ("previous_run_active", 120.0),
    ]
    await world.go(older)


async def test_a_tick_tells_how_many_runs_there_are_and_how_long_the_oldest_waits(caplog: Logs) -> None:
    world = world_of()
    await world.tick()
    await world.start()
    await world.clock.advance(110)
    await world.start()
    await world.clock.advance(40)
    await world.tick()
    assert told(caplog, "tick_completed") == [
        {"runs": 0, "woken": 0, "oldest_waiting_seconds": 0.0},
        {"runs": 2, "woken": 1, "oldest_waiting_seconds": 150.0},
    ]


async def test_a_tick_whose_storage_does_not_answer_is_not_completed(caplog: Logs) -> None:
    world = world_of()
    world.documents.faults.fail("names", "*", times=9)
    with pytest.raises(Unavailable):
        await world.tick()
    assert told(caplog, "tick_completed") == []


async def test_a_run_is_stuck_a_quarter_of_an_hour_after_its_last_sign_of_life(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    await world.clock.advance(899)
    await world.tick()
    assert told(caplog, "run_stuck") == []
    await world.clock.advance(1)
    await world.tick()
    assert told(caplog, "run_stuck") == [{"export": "vip", "run": wake_up.run_id, "silent_seconds": 900.0}]


async def test_a_run_that_waits_is_stuck_only_when_its_time_has_long_come(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.fail("list_details", error=Unavailable("Klaviyo is down.", after=3600.0))
    await world.leg(wake_up)
    await world.clock.advance(3600 + 899)
    await world.tick()
    assert told(caplog, "run_stuck") == []
    await world.clock.advance(1)
    await world.tick()
    assert [each["silent_seconds"] for each in told(caplog, "run_stuck")] == [900.0]


async def test_a_run_whose_document_is_damaged_is_stuck_since_it_was_requested(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    world.documents.put(run_path("vip", wake_up.run_id), {"schema": 1, "id": wake_up.run_id, "status": "flying"})
    await world.clock.advance(900)
    await world.tick()
    assert told(caplog, "run_stuck") == [{"export": "vip", "run": wake_up.run_id, "silent_seconds": 900.0}]
    assert [each["runs"] for each in told(caplog, "tick_completed")] == [1]


async def test_an_end_that_its_leg_did_not_live_to_tell_is_told_by_the_next_leg(caplog: Logs) -> None:
    world = world_of()
    wake_up, behind = await world.start(), await world.start()
    marker = world.documents.value(marker_path("vip", wake_up.run_id))
    await world.leg(wake_up)
    caplog.clear()
    world.documents.put(marker_path("vip", wake_up.run_id), marker)
    await world.clock.advance(180)
    assert wake_up in await world.tick()
    assert await world.leg(wake_up) == [behind], "the run behind it would wait in vain"
    assert await world.leg(wake_up) == []
    told_now = [(each["run"], each["status"]) for each in told(caplog, "run_ended") if not each["again"]]
    assert told_now == [(wake_up.run_id, "succeeded")]


async def test_a_tick_and_a_doubled_message_that_come_just_then_do_not_tell_the_end_again(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()

    async def meanwhile() -> None:
        await world.clock.advance(180)
        for each in {wake_up, *await world.tick()}:
            await world.leg(each)

    for place in ("active/vip.json", marker_path("vip", wake_up.run_id)):
        world.documents.faults.when("delete", place, meanwhile)
    await world.go(wake_up)
    told_again = [each["again"] for each in told(caplog, "run_ended")]
    assert sorted(told_again) == [False, True]  # three minutes have passed, so a tick was first to tell it again


async def test_a_slot_that_is_skipped_ends_as_skipped(caplog: Logs) -> None:
    world = world_of(export={"schedule": {"cron": "0 * * * *", "time_zone": "UTC"}})
    await world.tick()
    await world.start()
    await world.clock.advance(timedelta(hours=1).total_seconds())
    await world.tick()
    assert [(each["status"], each["reason"]) for each in told(caplog, "run_ended")] == [
        ("skipped", "previous_run_active")
    ]


async def test_nothing_that_is_logged_of_a_run_with_bad_rows_holds_an_address_or_a_row(caplog: Logs) -> None:
    rows = [*people(15), {"EMail": "no one@nowhere", "FirstName": "Anna-Sophie"}, b'{"EMail": "broken@example.com"']
    world = World({"vip/1.ndjson": ndjson(rows)}, max_profiles=5, in_flight=1)
    world.sink.refuse("p3@*")
    world.sink.fail_late("p7@*")
    world.sink.faults.fail("send", "*/2")
    run = await world.whole_run()
    assert run.tally.rejected == 4
    assert len(caplog.records) > 5
    # Whatever a record carries, the extra fields that no message shows included.
    text = "\n".join(f"{record.getMessage()} {record.__dict__!r}" for record in caplog.records)
    for secret in ("@", "Anna-Sophie", "example.com", "Name 3"):
        assert secret not in text


async def test_a_run_of_an_older_release_without_a_plan_of_its_connection_is_looked_up_in_its_export(
    caplog: Logs,
) -> None:
    world = world_of()
    wake_up = await world.start()
    world.sink.faults.when("send", "*", lambda: _forget_connection(world, wake_up.run_id))
    world.sink.faults.fail("send", error=CredentialsRefused("Klaviyo does not know the key."), times=9)
    await world.leg(wake_up)
    assert [each["connection"] for each in told(caplog, "credentials_refused")] == ["acme"]


async def _forget_connection(world: World, run_id: str) -> None:
    path = run_path("vip", run_id).replace("run.json", "plan.json")
    world.documents.put(path, {**world.documents.value(path), "connection_id": ""})
