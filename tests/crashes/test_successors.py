"""Whoever is next at an account or at a gate begins soon, wherever the run before it was cut off or got no answer."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.run_leg import run_leg
from tests.builders import checked
from tests.crashes.rows import KnownSegment
from tests.crashes.stage import Stage, assert_tidy
from tests.crashes.steps import FILES, Scene, each_step, leg, one_leg, verdict

TICK_SECONDS = 30
POLL_SECONDS = 15
"""The longest that a message lies in an idle queue."""
TAKEN_UP_SECONDS = 90
"""After so long at most somebody works again where a leg was cut off: a lease, a tick, a look into the queue."""
LONG = 600
MANY = 30


def two_exports() -> Stage:
    return Stage({name: KnownSegment(name, FILES[:1], first=n * 100) for n, name in enumerate(("vip", "gold"))})


def two_runs_of_one() -> Stage:
    return Stage({"vip": KnownSegment("vip", FILES[:1])})


async def one_in_line(stage: Stage) -> WakeUp:
    """Request a run for each of two exports; the second one comes to the line while the first one sends."""
    first = await stage.start("vip")
    await stage.clock.advance(1)
    second = await stage.start("gold")
    stage.sink.faults.when("send", "*/1", lambda: leg(stage, second))
    return first


async def one_behind(stage: Stage) -> WakeUp:
    """Request two runs of an export; the second one is looked at while the first one sends."""
    first = await stage.start("vip")
    await stage.clock.advance(1)
    second = await stage.start("vip")
    stage.sink.faults.when("send", "*/1", lambda: leg(stage, second))
    return first


class Host:
    """A host that goes on where a leg was cut off: it fires the timer and hands messages on as late as may be."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._queue: list[tuple[float, WakeUp]] = []

    async def until(self, is_reached: Callable[[], bool], *, within: float) -> None:
        """Go on until something *is_reached*; fail where that takes longer than *within* seconds."""
        clock = self._stage.clock
        end = clock.monotonic() + within
        while not is_reached():
            assert clock.monotonic() < end, f"not reached within {within} s"
            due = [wake_up for at, wake_up in self._queue if at <= clock.monotonic()]
            self._queue = [(at, wake_up) for at, wake_up in self._queue if at > clock.monotonic()]
            for wake_up in due:
                self.send(await run_leg(wake_up, self._stage.resources))
            await clock.advance(1)
            if int(clock.monotonic()) % TICK_SECONDS == 0:
                self.send(await self._stage.tick())

    def send(self, wake_ups: list[WakeUp]) -> None:
        self._queue += [(self._stage.clock.monotonic() + POLL_SECONDS, wake_up) for wake_up in wake_ups]


def the_first(stage: Stage) -> Run:
    return min((run for name in stage.known for run in stage.all_runs(name)), key=lambda run: run.created_at)


def the_second(stage: Stage) -> Run:
    return max((run for name in stage.known for run in stage.all_runs(name)), key=lambda run: run.created_at)


def has_let_go_of_account(run: Run) -> bool:
    return run.status not in (RunStatus.QUEUED, RunStatus.EXPORTING) or run.waiting is not None


def has_ended(run: Run) -> bool:
    return run.status.is_ended


def has_begun(run: Run) -> bool:
    return run.checkpoint.row > 0 or run.status.is_ended


async def the_next_begins(scene: Scene, is_over: Callable[[Run], bool]) -> None:
    """See that the second run gets its turn soon after the first one *is_over*, and that both end well."""
    stage, host = scene.stage, Host(scene.stage)
    await host.until(lambda: is_over(the_first(stage)), within=LONG)
    await host.until(lambda: has_begun(the_second(stage)), within=TAKEN_UP_SECONDS)
    await host.until(lambda: stage.documents.paths("active/") == [], within=LONG)
    assert [checked(run(stage)).status for run in (the_first, the_second)] == [RunStatus.PARTIAL] * 2
    await assert_tidy(stage)


@pytest.mark.parametrize("lives_on", [False, True], ids=["killed", "no answer"])
@pytest.mark.parametrize(
    ("make", "begin", "is_over"),
    [(two_exports, one_in_line, has_let_go_of_account), (two_runs_of_one, one_behind, has_ended)],
    ids=["account", "gate"],
)
async def test_the_next_run_has_its_turn_soon_wherever_the_one_before_was_cut_off(
    make: Callable[[], Stage],
    begin: Callable[[Stage], Coroutine[Any, Any, WakeUp]],
    is_over: Callable[[Run], bool],
    lives_on: bool,
) -> None:
    problems, waited = list[str](), 0
    async for scene in each_step(make, begin, one_leg, lives_on=lives_on):
        if the_second(scene.stage).waiting is not None:  # else nobody was to wake it
            waited += 1
            problems += await verdict(scene, lambda scene: the_next_begins(scene, is_over))
    assert not problems, "\n".join(problems)
    assert waited > MANY
