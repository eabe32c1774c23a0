"""Waking runs over HTTP."""

from shared.domain.runs.run import RunStatus
from shared.store.paths import run_lease
from tests.api.calling import CONTRIBUTOR, READER, RUNS, Api, entra, trail


async def test_a_waiting_run_is_taken_up_before_its_time() -> None:
    api = entra()
    api.world.sink.faults.fail("list_details", times=1)
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    address = f"{RUNS}/{wake_up.run_id}"
    waiting = (await api.get(address, role=CONTRIBUTOR)).json
    assert waiting["waiting"]["reason"] == "unavailable"
    assert waiting["may"] == ["cancel", "wake"]
    assert (await api.get(address, role=READER)).json["may"] == []
    assert (await api.post(f"{address}/wake", role=READER)).problem(403)
    assert api.world.documents.paths("audit/") == []
    reply = await api.post(f"{address}/wake", role=CONTRIBUTOR)
    assert (reply.status, reply.wake_ups) == (202, [wake_up])
    assert reply.headers["Location"] == reply.json["self"]
    [line] = trail(api)
    assert (line["what"], line["subject"], line["by"]["name"]) == ("run.woken", address, "dana@example.com")
    await api.world.leg(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SUCCEEDED


async def test_a_run_that_has_ended_cannot_be_woken() -> None:
    api = Api()
    run = await api.world.whole_run()
    reply = await api.post(f"{RUNS}/{run.id}/wake")
    assert reply.problem(409)["detail"] == f"Run '{run.id}' has ended already (succeeded)."
    assert (await api.post(f"{RUNS}/gone/wake")).status == 404


async def test_a_run_at_work_needs_no_wake_up() -> None:
    api = Api()
    wake_up = await api.world.start()
    api.world.leases.hand_over(run_lease("vip", wake_up.run_id))
    reply = await api.post(f"{RUNS}/{wake_up.run_id}/wake")
    assert "a leg works on it, so there is nothing to wake" in reply.problem(409)["detail"]
    assert api.world.documents.paths("audit/") == []


async def test_a_run_whose_wake_up_was_lost_is_woken() -> None:
    api = Api()
    wake_up = await api.world.start()
    reply = await api.post(f"{RUNS}/{wake_up.run_id}/wake")
    assert (reply.status, reply.wake_ups) == (202, [wake_up])
