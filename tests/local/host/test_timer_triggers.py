"""Timer triggers, on a clock that moves by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import azure.functions as func

from local.host.functions import Timer, read_functions
from local.host.host import Timing, running_host
from local.host.invocation import Invoker, Work
from local.host.settings import HostSettings
from local.host.timers import TRY_AGAIN_SECONDS, TimerListener, TimerRecord
from local.host.worker.inside import WorkerInside
from tests.fakes.clock import START, FakeClock

SETTINGS = HostSettings(values={})


class NoQueues:
    async def send(self, queue: Any, body: bytes) -> None:
        raise AssertionError("Nothing here sends.")


class HastyClock(FakeClock):
    """A clock whose sleeps end a little early, as those of an event loop may."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(max(seconds - 0.001, 0.0005))


class CorrectedClock(FakeClock):
    """A clock that is set back by *behind* seconds, as a machine's may be."""

    behind = 0.0

    def now(self) -> datetime:
        return super().now() - timedelta(seconds=self.behind)


class Calls:
    """When the function was called, in seconds from the start; each call takes as long as it is told to."""

    def __init__(self, clock: FakeClock, *, takes: float = 0, fails: bool = False) -> None:
        self.at: list[float] = []
        self.late: list[bool] = []
        self.last: func.TimerRequest | None = None
        self._clock = clock
        self._takes = takes
        self._fails = fails

    def app(self, schedule: str, *, at_start: bool = False) -> func.FunctionApp:
        app = func.FunctionApp()

        @app.timer_trigger(arg_name="timer", schedule=schedule, run_on_startup=at_start)
        async def tick(timer: func.TimerRequest) -> None:
            self.last = timer
            self.late.append(timer.past_due)
            self.at.append((self._clock.now() - START).total_seconds())
            if self._takes:
                await self._clock.sleep(self._takes)
            if self._fails:
                raise RuntimeError("on purpose")

        return app


@asynccontextmanager
async def listening(
    app: func.FunctionApp, clock: FakeClock, *, record: TimerRecord | None = None, early: float = 0.0
) -> AsyncIterator[None]:
    worker = WorkerInside(app)
    [function] = read_functions(await worker.start(), SETTINGS)
    assert isinstance(function.trigger, Timer)
    invoker = Invoker(worker, NoQueues(), None)
    listener = TimerListener(
        function, function.trigger, invoker=invoker, work=Work(), clock=clock, record=record, early=lambda: early
    )
    task = asyncio.create_task(listener.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_timer_calls_at_each_time_of_its_schedule() -> None:
    clock = FakeClock()
    calls = Calls(clock)
    async with listening(calls.app("0 * * * * *"), clock):
        await clock.advance(185)
    assert calls.at == [60, 120, 180]
    assert isinstance(calls.last, func.TimerRequest)
    assert not calls.last.past_due


async def test_a_sleep_that_ends_early_makes_no_second_call() -> None:
    clock = HastyClock()
    calls = Calls(clock)
    async with listening(calls.app("0 * * * * *"), clock):
        await clock.advance(185)
    assert calls.at == [60, 120, 180]


async def test_a_clock_that_is_set_back_makes_no_second_call() -> None:
    clock = CorrectedClock()
    calls = Calls(clock, takes=1)
    async with listening(calls.app("0 * * * * *"), clock):
        await clock.advance(60.5)
        clock.behind = 30
        await clock.advance(100)
    assert calls.at == [60, 120]


async def test_a_time_that_passes_during_a_call_is_left_out() -> None:
    clock = FakeClock()
    calls = Calls(clock, takes=90)
    async with listening(calls.app("0 * * * * *"), clock):
        await clock.advance(320)
    assert calls.at == [60, 180, 300]


async def test_a_call_that_fails_does_not_end_the_timer() -> None:
    clock = FakeClock()
    calls = Calls(clock, fails=True)
    async with listening(calls.app("0 * * * * *"), clock):
        await clock.advance(130)
    assert calls.at == [60, 120]


async def test_a_timer_that_runs_on_startup_is_called_at_once() -> None:
    clock = FakeClock()
    calls = Calls(clock)
    async with listening(calls.app("0 0 * * * *", at_start=True), clock):
        await clock.advance(1)
    assert calls.at == [0]


async def test_a_schedule_is_utc_whatever_the_clock_shows() -> None:
    clock = FakeClock(START + timedelta(minutes=30))
    calls = Calls(clock)
    async with listening(calls.app("0 0 7 * * *"), clock):
        await clock.advance(3600)
    assert calls.at == [3600]


async def test_the_host_runs_the_timers_of_an_app() -> None:
    clock = FakeClock()
    calls = Calls(clock)
    async with running_host(WorkerInside(calls.app("*/10 * * * * *")), SETTINGS, "", timing=Timing(clock)):
        await clock.advance(25)
    assert calls.at == [10, 20]


class SharedRecord:
    """What the instances of one timer know together; mutable."""

    def __init__(self, due: datetime | None = None) -> None:
        self.holder: object = None
        self.noted = due

    def of(self, clock: FakeClock) -> "OneRecord":
        """Return the record as one more instance sees it."""
        return OneRecord(self)


class OneRecord:
    def __init__(self, shared: SharedRecord) -> None:
        self.lost = asyncio.Event()
        self._shared = shared

    async def take(self) -> bool:
        if self._shared.holder not in (None, self):
            return False
        self._shared.holder = self
        return True

    async def keep(self) -> None:
        await self.lost.wait()
        self.lost.clear()

    async def release(self) -> None:
        if self._shared.holder is self:
            self._shared.holder = None

    async def due(self) -> datetime | None:
        return self._shared.noted

    async def note(self, last: datetime | None, due: datetime) -> None:
        self._shared.noted = due


async def test_the_times_that_no_instance_was_there_for_are_made_up_for_by_one_late_call() -> None:
    clock, shared = FakeClock(), SharedRecord(due=START - timedelta(minutes=5))
    calls = Calls(clock)
    async with listening(calls.app("0 * * * * *"), clock, record=shared.of(clock)):
        await clock.advance(1)
        await clock.advance(130)
    assert calls.at == [0, 60, 120]
    assert calls.late == [True, False, False]
    assert shared.noted == START + timedelta(minutes=3)


async def test_a_timer_that_fires_more_often_than_each_minute_makes_up_for_nothing() -> None:
    clock, shared = FakeClock(), SharedRecord(due=START - timedelta(minutes=5))
    calls = Calls(clock)
    async with listening(calls.app("*/10 * * * * *"), clock, record=shared.of(clock)):
        await clock.advance(15)
    assert calls.at == [10]


async def test_one_of_two_instances_has_the_timer_and_the_other_takes_it_when_that_lets_go() -> None:
    clock, shared = FakeClock(), SharedRecord()
    first, second = Calls(clock), Calls(clock)
    async with listening(second.app("0 * * * * *"), clock, record=shared.of(clock)):
        shared.holder = "the first"
        async with listening(first.app("0 * * * * *"), clock, record=shared.of(clock)):
            await clock.advance(70)
        shared.holder = None
        await clock.advance(TRY_AGAIN_SECONDS + 120)
    assert (first.at, second.at) == ([], [120, 180])


async def test_an_instance_that_has_lost_the_timer_calls_no_more() -> None:
    clock, shared = FakeClock(), SharedRecord()
    calls, record = Calls(clock), shared.of(clock)
    async with listening(calls.app("0 * * * * *"), clock, record=record):
        await clock.advance(70)
        shared.holder = "another"
        record.lost.set()
        await clock.advance(200)
    assert calls.at == [60]


async def test_a_timer_that_fires_early_does_not_fire_twice() -> None:
    clock = FakeClock()
    calls = Calls(clock)
    async with listening(calls.app("0 * * * * *"), clock, early=0.006):
        await clock.advance(185)
    assert [round(at, 3) for at in calls.at] == [59.994, 119.994, 179.994]
