"""Cancelling runs over HTTP."""

from shared.domain.runs.run import RunStatus
from tests.api.calling import RUNS, Api


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
    reply = await api.delete(f"{RUNS}/{run.id}")
    assert reply.problem(409)["detail"] == f"Run '{run.id}' has ended already (succeeded)."
    assert api.world.documents.paths(f"runs/vip/{run.id}/cancel") == []
