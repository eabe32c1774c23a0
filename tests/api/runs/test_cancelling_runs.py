"""Cancelling runs over HTTP: everybody sees at once who asked, and what comes next."""

from datetime import timedelta

import pytest

from shared.domain.runs.run import RunStatus, Tally
from shared.domain.runs.wake_up import WakeUp
from tests.api.calling import CONTRIBUTOR, LABEL, READER, RUNS, Api, details, entra, trail
from tests.builders import World, checked, ndjson, people


async def settling(api: Api) -> WakeUp:
    """Return a run that has sent its rows and waits for Klaviyo's import jobs."""
    api.world.sink.sweeps_to_end = 10_000
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    run = api.world.run(wake_up)
    assert (run.status, run.waiting and run.waiting.reason) == (RunStatus.SETTLING, "klaviyo_is_importing")
    return wake_up


async def test_a_run_is_cancelled_by_a_note_and_a_message() -> None:
    api = Api()
    wake_up = await api.world.start()
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}")
    assert reply.status == 202
    assert reply.headers["Location"] == reply.json["self"]
    assert reply.wake_ups == [wake_up]
    await api.world.go(wake_up)
    run = api.world.run(wake_up)
    assert run.status is RunStatus.CANCELLED
    assert run.ending is not None
    assert run.ending.detail == "A caller with a function key cancelled the run."
    assert api.world.sink.made == []


async def test_a_run_that_has_ended_cannot_be_cancelled() -> None:
    api = Api()
    run = await api.world.whole_run()
    for query in ("", "?settle=no"):
        reply = await api.delete(f"{RUNS}/{run.id}{query}")
        assert reply.problem(409)["detail"] == f"Run '{run.id}' has ended already (succeeded)."
    assert api.world.documents.paths(f"runs/vip/{run.id}/cancel") == []
    assert api.world.documents.paths(f"runs/vip/{run.id}/stop-settling") == []


async def test_everybody_sees_at_once_that_somebody_wants_the_run_to_stop() -> None:
    api = entra()
    wake_up = await api.world.start()
    address = f"{RUNS}/{wake_up.run_id}"
    assert (await api.get(address)).status == 401
    assert (await api.get(address, role=READER)).json["cancel_requested"] is None
    cancelled = (await api.delete(address, role=CONTRIBUTOR)).json["cancel_requested"]
    assert (cancelled["by"], cancelled["at"]) == ("The user with object id 0d1f", "2026-11-23T06:00:00.000Z")
    assert (cancelled["settle"], cancelled["code"]) == (True, "cancelling")
    details([cancelled])
    await api.world.clock.advance(60)
    [listed] = (await api.get(RUNS, role=READER)).json["runs"]
    assert (await api.get(address, role=READER)).json["cancel_requested"] == listed["cancel_requested"] == cancelled
    await api.world.go(wake_up)
    assert (await api.get(address, role=READER)).json["cancel_requested"] is None


async def test_a_run_that_settles_says_that_cancelling_it_changes_little() -> None:
    api = Api()
    wake_up = await settling(api)
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}")
    assert (reply.status, reply.json["cancel_requested"]["code"]) == (202, "cancelling_while_settling")
    assert "?settle=no" in reply.json["cancel_requested"]["detail"]
    await api.world.leg(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SETTLING


async def test_a_settling_run_that_pauses_ends_when_somebody_does_not_want_to_wait() -> None:
    api = Api(World({"vip/1.ndjson": ndjson([*people(30), {"EMail": "bad"}])}, max_profiles=10))
    wake_up = await settling(api)
    await api.delete(f"{RUNS}/{wake_up.run_id}")
    for _ in range(4):  # until the pauses are ten minutes long
        await api.world.leg(wake_up)
    asked_at = api.world.clock.now()
    waiting = api.world.run(wake_up).waiting
    assert waiting is not None
    assert waiting.next_try - asked_at == timedelta(minutes=10)
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}?settle=no")
    assert (reply.status, reply.wake_ups) == (202, [wake_up])
    told = reply.json["cancel_requested"]
    assert (told["by"], told["settle"], told["code"]) == (LABEL, False, "cancelling_at_once")
    assert "Klaviyo may still finish those jobs, perhaps after the jobs of newer runs" in told["detail"]
    assert await api.world.leg(wake_up) == []
    run = checked(api.world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=31, rejected=1, unconfirmed=30))
    assert api.world.clock.now() - asked_at < timedelta(minutes=1)
    [warning] = run.warnings
    assert (warning.code, warning.params) == ("settling_stopped", {"who": LABEL, "jobs": 3, "rows": 30})
    assert {line["status"] for line in api.world.unconfirmed(run)} == {"not waited for"}
    assert [line["after"] for line in trail(api) if line["what"] == "run.cancelled"] == [None, {"settle": "no"}]


async def test_a_run_that_sends_is_stopped_and_ends_without_waiting() -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(60))}, max_profiles=10, in_flight=1, sweeps_to_end=10_000))
    api.world.sink.seconds = lambda _: 10.0
    wake_up, leg = await api.world.begin(25)
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}?settle=no")
    assert reply.status == 202
    await api.world.clock.advance(60)
    await leg
    run = checked(api.world.run(wake_up))
    assert run.status is RunStatus.CANCELLED
    assert run.tally.unconfirmed == run.tally.read > 0
    assert api.world.documents.paths("active/") == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"by": 7}', b'{"by": "Dana", "at": "yesterday"}'])
async def test_a_damaged_note_counts_as_one_of_somebody(body: bytes) -> None:
    api = Api()
    wake_up = await settling(api)
    address = f"{RUNS}/{wake_up.run_id}"
    for name, settles in (("cancel", True), ("stop-settling", False)):
        api.world.documents.blobs[f"runs/vip/{wake_up.run_id}/{name}.json"] = body
        api.world.documents._tags[f"runs/vip/{wake_up.run_id}/{name}.json"] = "1"
        told = (await api.get(address)).json["cancel_requested"]
        assert told is not None
        assert (told["by"], told["at"], told["settle"]) == ("Somebody", None, settles)
    await api.world.leg(wake_up)
    assert api.world.run(wake_up).status is RunStatus.PARTIAL


async def test_settle_is_yes_or_no() -> None:
    api = Api()
    wake_up = await api.world.start()
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}?settle=maybe")
    assert reply.problem(400)["detail"] == "settle must be one of yes, no."
    assert api.world.documents.paths(f"runs/vip/{wake_up.run_id}/cancel") == []
