"""A process may be killed at any step while it starts an export on new data: each state still has its one run."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from shared.control.new_data.start_on_new_data import NewData
from shared.control.tick import TickSettings, tick
from shared.domain.runs.wake_up import WakeUp
from tests.builders import checked
from tests.crashes.rows import KnownSegment
from tests.crashes.stage import Stage, assert_every_row_has_its_outcome, assert_tidy
from tests.crashes.steps import FILES, Scene, each_step, goes_on, one_leg, verdict

TWO_LOOKS = 12
"""Minutes."""


def waiting_stage(*names: str) -> Stage:
    """Return a stage whose exports wait for new data, which is there and complete."""
    stage = Stage({name: KnownSegment(name, FILES) for name in names or ("vip", "gold")})
    for name in stage.known:
        stage.change_export(name, schedule={"on": "new_data"})
        stage.segments.put(f"{name}/_SUCCESS", b"")
    return stage


def one_tick(stage: Stage, _wake_up: WakeUp | None = None) -> Coroutine[Any, Any, Any]:
    settings = TickSettings(max_lateness=timedelta(hours=1))
    where = NewData(stage.resources.segments, stage.resources.source_rules)
    return tick(stage.store, stage.leases, stage.clock, stage.resources.events, settings, new_data=where)


async def pass_time(stage: Stage) -> None:
    for _ in range(TWO_LOOKS):
        await stage.clock.advance(60)
        await stage.go(*await stage.tick())


async def nothing(_stage: Stage) -> WakeUp:
    return WakeUp("vip", "none")


async def each_has_one_run(scene: Scene) -> None:
    stage = scene.stage
    await pass_time(stage)
    for name in stage.known:
        (run,) = stage.all_runs(name)
        assert run.trigger == "new_data"
        assert_every_row_has_its_outcome(stage, checked(run))
    await assert_tidy(stage)


@pytest.mark.parametrize("lives_on", [False, True], ids=["dies", "gets no answer"])
async def test_a_tick_that_fails_at_any_step_leaves_one_run_of_each_state(*, lives_on: bool) -> None:
    problems, steps = [], []
    async for scene in each_step(waiting_stage, nothing, one_tick, lives_on=lives_on):
        steps.append(scene.step)
        problems += await verdict(scene, each_has_one_run)
    assert not problems, "\n".join(problems)
    assert {"before documents.replace looks.json", "before documents.insert served/vip.json"} <= {*steps}


async def test_a_leg_that_dies_at_any_step_of_such_a_run_leaves_no_second_run() -> None:
    async def begin(stage: Stage) -> WakeUp:
        (wake_up,) = await stage.tick()
        return wake_up

    async def goes_on_alone(scene: Scene) -> None:
        await goes_on(scene)
        await pass_time(scene.stage)
        assert len(scene.stage.all_runs()) == 1

    problems = [
        problem
        async for scene in each_step(lambda: waiting_stage("vip"), begin, one_leg)
        for problem in await verdict(scene, goes_on_alone)
    ]
    assert not problems, "\n".join(problems)
