"""Lets the events of a scenario happen to an app at work, one after the other, and then nothing more go wrong."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shared.domain.control_errors import RunActive
from shared.domain.errors import Retryable, Throttled
from shared.domain.runs.run import Run
from shared.domain.runs.wake_up import WakeUp
from shared.pipeline.leg.run_leg import run_leg
from shared.ports.host_stop import HostStop
from tests.crashes.events import (
    Cancel,
    ChangeSource,
    Deliver,
    Double,
    End,
    Event,
    Fault,
    Kill,
    Lose,
    Minutes,
    Outage,
    Pass,
    Plague,
    Scenario,
    Start,
    Tick,
    Turns,
    WorkerEnds,
)
from tests.crashes.processes import Process, Step, current_process
from tests.crashes.rows import COLUMNS, TEXTS, KnownSegment, drawn_kinds
from tests.crashes.stage import Stage

DRAIN_TICKS = 600
"""So many minutes later at the latest every run must have ended, when nothing more goes wrong."""

MESSAGES_A_MINUTE = 50


@dataclass
class Play:
    """A scenario on its stage; mutable."""

    scenario: Scenario
    queue: list[WakeUp] = field(default_factory=list)
    interruptions: Counter[str] = field(default_factory=Counter)
    """How many legs of each run began and never came to say that it waits or has ended.

    They died, lost their lease, or were broken off by the storage.
    """
    cancelled: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    _states: Counter[str] = field(default_factory=Counter)
    """How often each segment was written anew."""
    _plague: list[int] = field(default_factory=list)
    _working: list[tuple[Process, "asyncio.Task[None]"]] = field(default_factory=list)
    _ended: dict[Process, End] = field(default_factory=dict)
    """How the workers of dead processes ended."""
    _hidden: list[tuple[float, WakeUp]] = field(default_factory=list)
    """Messages of dead processes, and when they are back."""
    _left: dict[Process, Run] = field(default_factory=dict)
    """Each process's run, as the process wrote it last."""

    def __post_init__(self) -> None:
        told = self.scenario
        files = {
            name: [drawn_kinds(told.seed + n, told.rows), drawn_kinds(told.seed + 50, told.rows)]
            for n, name in enumerate(("vip", "gold"))
        }
        self.stage = Stage(
            {
                name: KnownSegment(name, kinds, endings=self._endings, folder=self._folder(name))
                for name, kinds in files.items()
            },
            in_flight=told.in_flight,
            budget_seconds=told.budget_seconds,
        )
        self.stage.ports()["documents"].faults.observers.append(self._note_written)
        self.stage.sink.max_profiles = told.batch
        self.stage.sink.sweeps_to_end = told.sweeps_to_end
        self.stage.sink.seconds = lambda batch: told.send_seconds * (batch.number * 7 % 3)

    @property
    def _endings(self) -> tuple[str, ...]:
        """Return what the files of every third scenario are: Parquet and CSV."""
        return TEXTS if self.scenario.seed % 3 else (*COLUMNS, "csv")

    def _folder(self, export_id: str) -> str | None:
        """Return the newest dated folder of a segment; half of the scenarios have such, in which each state lies."""
        return f"2026-01-{self._states[export_id] % 28 + 1:02}" if self.scenario.seed % 2 else None

    async def to_the_end(self) -> None:
        """Let everything happen, and then nothing more go wrong until every run has ended."""
        for event in self.scenario.events:
            await self._happen(event)
            self._surface()
            self._gather_up()
        await self._drain()

    async def _happen(self, event: Event) -> None:
        match event:
            case Start(export_id, dies_at):
                await self._in_a_process(lambda: self._start(export_id), dies_at)
            case Tick(dies_at):
                await self._in_a_process(self._tick, dies_at)
            case Cancel(export_id):
                await self._in_a_process(lambda: self._cancel(export_id), None)
            case ChangeSource(export_id, seed):
                self._change(export_id, seed)
            case Pass(seconds):
                await self.stage.clock.advance(seconds)
            case WorkerEnds() | Minutes():
                await self._come_over_all(event)
            case Outage(seconds):
                self.stage.leases.faults.fail("renew", times=10_000)
                await self.stage.clock.advance(seconds)
                self.stage.ports()["leases"].faults.forget()
            case Turns(count):
                for _ in range(count):
                    await asyncio.sleep(0)
            case _:
                self._go_wrong(event)

    async def _come_over_all(self, event: WorkerEnds | Minutes) -> None:
        if isinstance(event, Minutes):
            await self._let_pass(event.count)
        else:
            await self._end_the_worker(event.how)

    def _go_wrong(self, event: Event) -> None:
        match event:
            case Deliver(number, dies_at) if self.queue:
                self._deliver(self.queue.pop(number % len(self.queue)), dies_at)
            case Double(number) if self.queue:
                self.queue.append(self.queue[number % len(self.queue)])
            case Lose(number) if self.queue:
                self.queue.pop(number % len(self.queue))
            case Kill(number) if self._working:
                self._working[number % len(self._working)][0].kill()
            case Plague(deaths, dies_at):
                self._plague = [dies_at] * deaths
            case Fault():
                self._plan(event)

    async def _end_the_worker(self, how: End) -> None:
        if how is End.STOPPED_AND_TOLD:
            self.stage.resources.stop.tell()
            self.stage.resources = replace(self.stage.resources, stop=HostStop())  # of the worker that follows
        await self.stage.clock.advance(how.grace)
        for process, task in self._working:
            if not task.done():
                self._ended[process] = how
                process.kill()

    def _surface(self) -> None:
        """Let the messages that are due come back."""
        now = self.stage.clock.monotonic()
        self.queue += [wake_up for due, wake_up in self._hidden if due <= now]
        self._hidden = [(due, wake_up) for due, wake_up in self._hidden if due > now]

    async def _let_pass(self, minutes: int) -> None:
        for _ in range(minutes):
            await self.stage.clock.advance(60)
            await self._in_a_process(self._tick, None)
            self._surface()
            for _ in range(len(self.queue)):
                self._deliver(self.queue.pop(0), None)

    async def _in_a_process(self, work: Callable[[], Awaitable[None]], dies_at: int | None) -> None:
        async def tried() -> None:
            with suppress(Retryable, RunActive):  # the caller hears of it, and may try again
                await work()

        await Process(dies_at=dies_at).run(tried())

    async def _start(self, export_id: str) -> None:
        self.queue.append(await self.stage.start(export_id))

    async def _tick(self) -> None:
        self.queue += await self.stage.tick()

    async def _cancel(self, export_id: str) -> None:
        unended = [run for run in self.stage.all_runs(export_id) if not run.status.is_ended]
        for run in unended[-1:]:
            self.cancelled.add(run.id)
            await self.stage.store.runs.ask_to_cancel(run, by="Dana", now=self.stage.clock.now())
            self.queue.append(WakeUp(run.export_id, run.id))

    def _deliver(self, wake_up: WakeUp, dies_at: int | None) -> None:
        process = Process(dies_at=self._plague.pop() if self._plague else dies_at)
        self._working.append((process, asyncio.create_task(self._work(process, wake_up))))

    async def _work(self, process: Process, wake_up: WakeUp) -> None:
        try:
            follow_ups = await process.run(run_leg(wake_up, self.stage.resources))
        except Retryable:
            follow_ups = None
        left = self._left.pop(process, None)
        if left is not None and not left.waiting and not left.status.is_ended:
            self.interruptions[left.id] += 1
        if how := self._ended.pop(process, None):
            self._hidden.append((self.stage.clock.monotonic() + how.back_after, wake_up))
        else:
            self.queue += [wake_up] if follow_ups is None else follow_ups

    def _note_written(self, step: Step) -> None:
        process = current_process()
        if process and (step.call, step.after) == ("replace", True) and step.path.endswith("/run.json"):
            self._left[process] = Run.from_document(self.stage.documents.value(step.path))

    def _plan(self, fault: Fault) -> None:
        faults = self.stage.ports()[fault.port].faults
        error = None if fault.wait is None else Throttled("Slow down.", after=fault.wait)
        faults.fail(fault.call, after=fault.after, skip=fault.skip, times=fault.times, error=error)

    def _change(self, export_id: str, seed: int) -> None:
        self.changed.add(export_id)
        kinds = [drawn_kinds(seed, self.scenario.rows + 1), drawn_kinds(seed + 1, 3)]
        self._states[export_id] += 1
        folder = self._folder(export_id)
        segment = KnownSegment(export_id, kinds, first=100 * seed, endings=self._endings, folder=folder)
        self.stage.change_source(segment, removes_older=folder is not None and seed % 2 == 0)

    async def _drain(self) -> None:
        for fake in self.stage.ports().values():
            fake.faults.forget()
        self._plague = []
        for _ in range(DRAIN_TICKS):
            self._gather_up()
            self._surface()
            for _ in range(MESSAGES_A_MINUTE):
                if self.queue:
                    self._deliver(self.queue.pop(0), None)
                    await self.stage.clock.advance(0.5)
            if not self._working and not self.stage.documents.paths("active/"):
                if not self._hidden:
                    return  # messages that came back late have done no harm either
                await self.stage.clock.advance(max(due for due, _ in self._hidden) - self.stage.clock.monotonic())
                continue
            await self.stage.clock.advance(60)
            await self._tick()
        message = f"{self.stage.documents.paths('active/')} did not end."
        raise AssertionError(message)

    def _gather_up(self) -> None:
        """Forget the processes that are over; what one of them raised is raised here."""
        over = [task for _, task in self._working if task.done()]
        self._working = [(process, task) for process, task in self._working if not task.done()]
        for task in over:
            task.result()
