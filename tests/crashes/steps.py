"""A process dies, or a call of it fails, at each step of its work: a stage for each, and what must become of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from shared.domain.errors import Unavailable
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.run_leg import run_leg
from tests.crashes.processes import Process
from tests.crashes.rows import COLUMNS, Kind, KnownSegment
from tests.crashes.stage import (
    BATCH,
    WINDOW,
    Stage,
    assert_every_row_has_its_outcome,
    assert_tidy,
    settled,
)

G, U, B, D, L = Kind.GOOD, Kind.DUPLICATE, Kind.BAD, Kind.DOOR, Kind.LATE
FILES = [[G, G, B, G, U, D, G, L, G, G, G], [G, U, G, L, B, D, G, G, G, B]]


def small_stage(**options: Any) -> Stage:
    stage = Stage({"vip": KnownSegment("vip", FILES)}, **options)
    stage.sink.sweeps_to_end = 2
    return stage


def slow_stage() -> Stage:
    """Return a stage on which sending takes so long that leases are renewed and signs of life are given."""
    stage = small_stage()
    stage.sink.seconds = lambda batch: 9.0 + batch.number * 7 % 20
    return stage


def stage_of_columns() -> Stage:
    """Return a stage whose rows lie in Parquet files, in a dated folder."""
    stage = Stage({"vip": KnownSegment("vip", FILES, endings=COLUMNS, folder="2026-01-01")})
    stage.sink.sweeps_to_end = 2
    return stage


def stage_of_many_legs() -> Stage:
    """Return a stage on which the time of a leg is up after its first page."""
    return small_stage(budget_seconds=0)


async def leg(stage: Stage, wake_up: WakeUp) -> None:
    """Deliver a message to a process."""
    await Process().run(run_leg(wake_up, stage.resources))


async def each_step(
    make: Callable[[], Stage], begin: "Begin", work: "Work", *, lives_on: bool = False
) -> AsyncIterator["Scene"]:
    """Yield a stage for each step of *work*, on which a process has just died at it, or *lives_on* after a failure."""
    stage = make()
    whole = Process()
    await whole.run(work(stage, await begin(stage)))
    assert not whole.is_dead
    for number, step in enumerate(whole.steps):
        stage = make()
        wake_up = await begin(stage)
        process = Process(fails_at=number) if lives_on else Process(dies_at=number)
        with suppress(Unavailable):  # then the queue brings the message again
            await process.run(work(stage, wake_up))
        assert process.is_dead is not lives_on
        yield Scene(str(step), stage, wake_up)


Begin = Callable[[Stage], Awaitable[WakeUp]]

Work = Callable[[Stage, WakeUp], Coroutine[Any, Any, Any]]


@dataclass(frozen=True)
class Scene:
    """A stage on which a process died at *step* of its work on a run."""

    step: str
    stage: Stage
    wake_up: WakeUp


def one_leg(stage: Stage, wake_up: WakeUp) -> Coroutine[Any, Any, Any]:
    return run_leg(wake_up, stage.resources)


async def verdict(scene: Scene, check: Callable[[Scene], Awaitable[None]]) -> list[str]:
    """Return what *check* finds wrong, beside the promises that the stage watches over."""
    try:
        await check(scene)
    except AssertionError as error:
        return [f"{scene.step}: {error}"]
    return [f"{scene.step}: {broken}" for broken in scene.stage.broken]


async def goes_on(scene: Scene) -> None:
    """See the run through; everything must be as if nothing had happened."""
    stage = scene.stage
    run = await settled(stage, scene.wake_up)
    assert_every_row_has_its_outcome(stage, run)
    await assert_tidy(stage)
    assert len(stage.all_runs()) == 1
    assert stage.repeated() <= WINDOW * BATCH, "more than the window was repeated"
