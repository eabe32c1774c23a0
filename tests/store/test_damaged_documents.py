"""Whatever somebody does to a stored document: the others go on, and it is said which one is damaged."""

import logging
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, ndjson, people
from tests.damage import EMAIL, damaged

SEARCH = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}
NO_OBJECT = [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"[" * 2_000, b'{"a": NaN}']
KINDS = ("connection", "export", "marker", "run", "plan", "cancel", "slots", "line", "list")


async def under_way() -> tuple[World, WakeUp]:
    """Return a world with a run that has a plan and waits for its account, and with another, healthy export."""
    world = World({"vip/1.ndjson": ndjson(people(3))}, export={"schedule": HOURLY})
    world.put_export(id="other", schedule=HOURLY)
    await world.tick()
    await world.clock.advance(60)
    wake_up = await world.start()
    lease = await world.leases.take("accounts/AbC123")
    assert lease is not None
    await world.leg(wake_up)
    assert world.run(wake_up).waiting
    await lease.release()
    run = world.run(wake_up)
    world.documents.put("lists/vip.json", {"schema": 1, "list_id": "Y6nRLr", "run_id": "r", "since": "2026"})
    world.documents.put(f"runs/vip/{run.id}/cancel.json", {"schema": 1, "by": "Somebody", "at": "2026", "why": None})
    return world, wake_up


def paths(world: World, wake_up: WakeUp) -> dict[str, str]:
    (line,) = world.documents.paths("waiting/")
    own = f"runs/vip/{wake_up.run_id}"
    return {
        "connection": "connections/acme.json",
        "export": "exports/vip.json",
        "marker": f"active/vip/{wake_up.run_id}.json",
        "run": f"{own}/run.json",
        "plan": f"{own}/plan.json",
        "cancel": f"{own}/cancel.json",
        "slots": "schedules/vip.json",
        "line": line,
        "list": "lists/vip.json",
    }


@pytest.mark.parametrize("kind", KINDS)
@SEARCH
@given(data=st.data())
async def test_a_damaged_document_stops_neither_the_tick_nor_the_others(
    kind: str, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.clear()
    world, wake_up = await under_way()
    path = paths(world, wake_up)[kind]
    body = data.draw(damaged(world.documents.value(path)).map(orjson.dumps) | st.sampled_from(NO_OBJECT))
    world.documents._write(path, body)
    await world.clock.advance(3_600)
    woken = await world.tick()
    assert [each.export_id for each in woken if each.export_id == "other"] == ["other"]
    for each in woken:
        await world.leg(each)
    await world.leg(wake_up)
    if kind != "cancel":  # what stands there for whoever cancelled is told
        assert EMAIL not in caplog.text
    assert "Traceback" not in caplog.text
    if kind != "connection":  # they share it
        await finish(world, "other")


async def finish(world: World, export_id: str) -> None:
    """Let minutes pass until the runs of an export have ended well."""
    for _ in range(60):
        if not world.documents.paths(f"active/{export_id}/"):
            break
        await world.clock.advance(60)
        for each in await world.tick():
            await world.leg(each)
    ends = {run.status for run in world.all_runs(export_id)}
    assert RunStatus.SUCCEEDED in ends
    assert ends <= {RunStatus.SUCCEEDED, RunStatus.SKIPPED}


async def test_a_document_that_is_not_damaged_lets_everything_go_on() -> None:
    world, wake_up = await under_way()
    world.documents.blobs.pop(paths(world, wake_up)["cancel"])
    await world.clock.advance(3_600)
    await finish(world, "vip")
    await finish(world, "other")


@pytest.mark.parametrize("kind", ["run", "marker"])
async def test_the_log_says_which_document_is_damaged_and_what_to_do(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    world, wake_up = await under_way()
    path = paths(world, wake_up)[kind]
    document: dict[str, Any] = world.documents.value(path)
    world.documents.put(path, {**document, "created_at": "yesterday"})
    await world.clock.advance(600)
    await world.tick()
    assert f"'{path}' is damaged (/created_at must be a time with its time zone); mend it or delete it." in caplog.text
