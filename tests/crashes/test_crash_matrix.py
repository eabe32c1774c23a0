"""A process may be killed at any step: each is tried, before and after it took effect, and the end must be the same."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from shared.control.tick import TickSettings, tick
from shared.domain.errors import StopAsked
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.store.new_run import request_run
from shared.store.run_markers import Marker
from tests.builders import checked
from tests.crashes.rows import Kind, KnownSegment
from tests.crashes.stage import (
    BATCH,
    WINDOW,
    Stage,
    assert_every_row_has_its_outcome,
    assert_rejections,
    assert_tidy,
    settled,
)
from tests.crashes.steps import (
    FILES,
    B,
    D,
    G,
    Scene,
    each_step,
    goes_on,
    leg,
    one_leg,
    slow_stage,
    small_stage,
    stage_of_columns,
    stage_of_many_legs,
    verdict,
)


@pytest.mark.parametrize("make", [small_stage, slow_stage, stage_of_many_legs, stage_of_columns])
async def test_a_leg_that_dies_at_any_step_costs_no_row_and_repeats_at_most_its_window(
    make: Callable[[], Stage],
) -> None:
    problems = [
        problem async for scene in each_step(make, Stage.start, one_leg) for problem in await verdict(scene, goes_on)
    ]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("make", [small_stage, slow_stage, stage_of_many_legs, stage_of_columns])
async def test_a_call_that_fails_at_any_step_costs_no_row_and_repeats_at_most_a_window(
    make: Callable[[], Stage],
) -> None:
    problems = [
        problem
        async for scene in each_step(make, Stage.start, one_leg, lives_on=True)
        for problem in await verdict(scene, goes_on)
    ]
    assert not problems, "\n".join(problems)


async def test_a_leg_that_goes_on_after_a_death_may_die_at_any_step_too() -> None:
    async def begin(stage: Stage) -> WakeUp:
        wake_up = await stage.start()
        stage.sink.faults.fail("send", "*/4", times=1)  # a clean pause in the middle
        await leg(stage, wake_up)
        assert 0 < stage.run(wake_up).checkpoint.row < len(stage.known["vip"].rows)
        await stage.clock.advance(60)
        return wake_up

    problems = [
        problem
        async for scene in each_step(small_stage, begin, one_leg)
        for problem in await verdict(scene, goes_on_after_a_pause)
    ]
    assert not problems, "\n".join(problems)


async def goes_on_after_a_pause(scene: Scene) -> None:
    run = await settled(scene.stage, scene.wake_up)
    assert_every_row_has_its_outcome(scene.stage, run)
    await assert_tidy(scene.stage)
    assert scene.stage.repeated() <= 2 * WINDOW * BATCH


@pytest.mark.parametrize("size", [1, 2, 7])
async def test_a_leg_that_cuts_its_batches_in_another_way_goes_on_wherever_the_one_before_died(size: int) -> None:
    async def goes_on_with_other_batches(scene: Scene) -> None:
        scene.stage.sink.max_profiles = size
        await goes_on(scene)

    problems = [
        problem
        async for scene in each_step(small_stage, Stage.start, one_leg)
        for problem in await verdict(scene, goes_on_with_other_batches)
    ]
    assert not problems, "\n".join(problems)


STRICT = {"email": "EMail", "first_name": "FirstName", "external_id": "Code"}
LAX = {"email": "EMail", "first_name": "FirstName"}


@pytest.mark.parametrize(("before", "after"), [(LAX, STRICT), (STRICT, LAX)], ids=["stricter", "laxer"])
async def test_a_leg_that_judges_rows_in_another_way_goes_on_wherever_the_one_before_died(
    before: dict[str, str], after: dict[str, str]
) -> None:
    def make() -> Stage:
        stage = small_stage()
        stage.change_export("vip", mapping=before)
        stage.judges_codes = True
        return stage

    async def goes_on_under_other_rules(scene: Scene) -> None:
        stage = scene.stage
        row = stage.run(scene.wake_up).checkpoint.row
        stage.change_export("vip", mapping=after)
        path = f"runs/vip/{scene.wake_up.run_id}/plan.json"
        if path in stage.documents.blobs:
            stage.documents.put(path, {**stage.documents.value(path), "mapping": after})
        run = await settled(stage, scene.wake_up)
        rules = [before] * row + [after] * (len(stage.known["vip"].rows) - row)
        assert_judged(stage, run, strictly=[rule is STRICT for rule in rules])
        await assert_tidy(stage)

    problems = [
        problem
        async for scene in each_step(make, Stage.start, one_leg)
        for problem in await verdict(scene, goes_on_under_other_rules)
    ]
    assert not problems, "\n".join(problems)


def assert_judged(stage: Stage, run: Run, *, strictly: list[bool]) -> None:
    """Check that each row is in the list or named in the rejections, once, by the rules that it was judged by."""
    refused, taken = set(), set()
    for row, strict in zip(stage.known["vip"].rows, strictly, strict=True):
        if row.kind in (B, D) or (strict and row.has_long_code):
            refused.add((row.blob, row.number))
        elif row.kind is G:
            taken.add(row.email)
    lines = [(line["blob"], line["row"]) for line in stage.rejections(run) if line["row"]]
    assert sorted(lines) == sorted(refused)
    members = set(stage.sink.emails())
    assert taken <= members
    assert members <= set(stage.known["vip"].emails(G))
    assert run.tally.read == len(strictly)


async def test_a_leg_that_dies_at_any_step_of_settling_names_each_rejection_once() -> None:
    async def begin(stage: Stage) -> WakeUp:
        stage.sink.sweeps_to_end = 10
        wake_up = await stage.start()
        await leg(stage, wake_up)
        assert stage.run(wake_up).status is RunStatus.SETTLING
        await stage.clock.advance(60)
        return wake_up

    problems, steps = [], []
    async for scene in each_step(small_stage, begin, one_leg):
        steps.append(scene.step)
        problems += await verdict(scene, goes_on)
    assert not problems, "\n".join(problems)
    assert any("after documents.write_lines" in step and "rejections.ndjson" in step for step in steps)


async def test_a_run_that_is_cancelled_or_fails_is_settled_wherever_a_leg_dies() -> None:
    async def begin(stage: Stage) -> WakeUp:
        wake_up = await stage.start()
        stage.sink.faults.fail("send", "*/4", error=StopAsked("Dana cancelled the run."))
        return wake_up

    async def is_settled(scene: Scene) -> None:
        stage = scene.stage
        stage.sink.faults.fail("send", "*/4", error=StopAsked("Dana cancelled the run."))
        run = await settled(stage, scene.wake_up)
        assert run.status in (RunStatus.CANCELLED, RunStatus.PARTIAL)
        assert_rejections(stage, run)
        await assert_tidy(stage)
        late = stage.known["vip"].rows[: run.checkpoint.row]
        assert run.tally.accepted == sum(row.kind is Kind.GOOD for row in late)

    problems = [
        problem
        async for scene in each_step(small_stage, begin, one_leg)
        for problem in await verdict(scene, is_settled)
    ]
    assert not problems, "\n".join(problems)


async def test_a_death_while_a_run_is_being_requested_leaves_nothing_or_a_run_that_ends_well() -> None:
    run_id = "20261123t060000z-0001"

    async def begin(stage: Stage) -> WakeUp:
        return WakeUp("vip", run_id)

    def request(stage: Stage, wake_up: WakeUp) -> Coroutine[Any, Any, Any]:
        return request_run(Marker("vip", run_id, "http", stage.clock.now()), stage.store)

    async def nothing_or_a_run(scene: Scene) -> None:
        stage = scene.stage
        if not stage.documents.paths("active/"):
            assert stage.all_runs() == []
            return
        await stage.go()  # the message was never sent
        (run,) = stage.all_runs()
        assert_every_row_has_its_outcome(stage, checked(run))
        await assert_tidy(stage)
        assert stage.repeated() == 0

    problems, outcomes = [], set()
    async for scene in each_step(small_stage, begin, request):
        problems += await verdict(scene, nothing_or_a_run)
        outcomes.add(len(scene.stage.all_runs()))
    assert not problems, "\n".join(problems)
    assert outcomes == {0, 1}


HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}


def scheduled_stage() -> Stage:
    """Return a stage with two exports that are due each hour."""
    stage = Stage({name: KnownSegment(name, FILES) for name in ("vip", "gold")})
    for name in stage.known:
        stage.change_export(name, schedule=HOURLY)
    return stage


async def test_a_tick_that_dies_at_any_step_makes_each_run_once_and_wakes_those_that_wait() -> None:
    async def begin(stage: Stage) -> WakeUp:
        await stage.tick()
        waiting = await stage.start()
        stage.sink.faults.fail("send", times=1)
        await leg(stage, waiting)
        assert stage.run(waiting).waiting is not None
        await stage.clock.advance(3600)
        return waiting

    def one_tick(stage: Stage, _wake_up: WakeUp) -> Coroutine[Any, Any, Any]:
        settings = TickSettings(max_lateness=timedelta(hours=1))
        return tick(stage.store, stage.resources.leases, stage.clock, stage.resources.events, settings)

    async def all_end(scene: Scene) -> None:
        stage = scene.stage
        await stage.go()
        waiting, skipped = stage.all_runs()
        (due,) = stage.all_runs("gold")
        assert (skipped.status, skipped.trigger, due.trigger) == (RunStatus.SKIPPED, "schedule", "schedule")
        for run in (waiting, due):
            assert_every_row_has_its_outcome(stage, checked(run))
        await assert_tidy(stage)

    problems = [
        problem
        async for scene in each_step(scheduled_stage, begin, one_tick)
        for problem in await verdict(scene, all_end)
    ]
    assert not problems, "\n".join(problems)
