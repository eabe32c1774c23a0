"""Disrupts runs: kills hosts, cancels runs, sends wake-ups twice, empties the queue and puts garbage into it."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import orjson

from local.chaos.checks import Problem
from local.chaos.clicks import Clicks
from local.chaos.hosts import Death, KillableHost
from local.chaos.result import DisruptionCounts
from local.chaos.scenario import Scenario
from local.chaos.system import RunningSystem
from shared.domain.runs.wake_up import WakeUp
from shared.store.run_markers import Marker

LOOK_SECONDS = 0.05
LONGEST_AIM = 3.0
"""The longest time in seconds between seeing a leg at work and the kill."""
SINGLE_KILL_SHARE = 0.4
"""The share of kills that hit one host only, in each way in turn, after which the product must recover without help."""
WORKERS_SHARE = 0.4
"""The share of the other kills that kill the workers of all hosts, and not the hosts."""
TWICE_EVERY = 5
"""Every fifth export is started twice."""
CANCELLED_EVERY = 4
"""At most one run for so many exports is asked to stop, so that enough runs go on to their end."""
KILLS_A_HIT = 3
"""At most this many kills are tried for each hit that the scenario asks for."""
WORK_TIMEOUT = 150.0
"""The longest wait for a leg in seconds: longer than the product takes to notice a dead leg."""
SHORT_WORK_TIMEOUT = 10.0
SPARED_STARTS = 4
"""No host is killed while a run has this many starts without progress: the fifth dead leg would fail the run."""
_GARBAGE = (b"", b"[]", b'{"export_id": "chaos-00"}', b"\xff\xfe", b'{"export_id": "../x", "run_id": "y"}')


class Disruptions:
    """Starts exports and disrupts their runs. Mutable."""

    def __init__(
        self, system: RunningSystem, scenario: Scenario, counts: DisruptionCounts, say: Callable[[str], None]
    ) -> None:
        self._system = system
        self._scenario = scenario
        self._counts = counts
        self._say = say
        self._clicks = Clicks(system, counts, scenario.seed)
        self._exports = 0
        self._ways: list[Death] = []
        self._seen: list[WakeUp] = []
        self._is_over = False

    @property
    def exports(self) -> int:
        """Return how many exports were created."""
        return self._exports

    @property
    def problems(self) -> list[Problem]:
        """Return what was wrong with the answers to double clicks."""
        return self._clicks.problems

    async def run(self) -> None:
        """Start exports and kill hosts until enough kills have hit a leg; disturb the queue all the time."""
        # The texts seed the draws: another text gives another sequence for the same scenario.
        dice = Random(f"{self._scenario.seed} blows")
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(self._keep_runs_active())
            disturbing = group.create_task(self.disturb_queue())
            for _ in range(self._scenario.kills * KILLS_A_HIT):
                if self._counts.hits >= self._scenario.kills:
                    break
                await asyncio.sleep(dice.uniform(*self._scenario.pauses))
                await self._kill_one_or_all(dice)
            self._is_over = True
            disturbing.cancel()
            await starting
        if self._scenario.is_long:
            await self._kill_all(helped=False)

    async def disturb_queue(self) -> None:
        """Disturb the queue until cancelled."""
        dice = Random(f"{self._scenario.seed} wake-ups")
        disturbances: list[Callable[[Random], Awaitable[None]]] = [*[self._double] * 3, self._garbage, self._cancel]
        if self._scenario.is_long:
            disturbances.append(self._lose)
        while True:
            await asyncio.sleep(dice.uniform(*self._scenario.queue_pauses))
            await dice.choice(disturbances)(dice)

    async def _keep_runs_active(self) -> None:
        """Keep as many runs active as the scenario says; start every fifth export twice.

        On a busy machine the kills are over before so many exports have begun: the rest begin after them.
        """
        while not self._is_over or self._exports < self._scenario.runs_at_once:
            if self._exports < self._scenario.most_exports and len(await self._markers()) < self._scenario.runs_at_once:
                number, self._exports = self._exports, self._exports + 1
                segment = self._scenario.segments[number % len(self._scenario.segments)]
                export_id = await self._system.add_export(number, segment.name)
                await self._clicks.start(export_id, number, may_double=True)
                if self._exports % TWICE_EVERY == 0:
                    await self._clicks.start(export_id, number, may_double=False)
            else:
                await asyncio.sleep(LOOK_SECONDS * 10)

    async def _kill_one_or_all(self, dice: Random) -> None:
        await self._wait_for_progress()
        hosts = await self._at_work()
        await asyncio.sleep(dice.uniform(0, LONGEST_AIM))
        if self._scenario.is_long and dice.random() < SINGLE_KILL_SHARE:
            await self._end_one(hosts, dice)
        elif dice.random() < WORKERS_SHARE:
            await self._kill_workers()
        else:
            await self._kill_all(helped=True)

    async def _end_one(self, hosts: list[KillableHost], dice: Random) -> None:
        """Let one of *hosts* or its worker die, in a way that was not used for long."""
        if not self._ways:
            self._ways = dice.sample([*Death, Death.STOPPED], len(Death) + 1)  # one host tells its worker, one does not
        await self._end(dice.choice(hosts), self._ways.pop())

    async def _end(self, host: KillableHost, how: Death) -> None:
        """Let one host or its worker die; its runs have to wait for the end of their leases and for the tick."""
        legs = await host.end(how)
        self._count(host, how, legs)

    async def _kill_workers(self) -> None:
        """Kill the workers of all hosts, which live on; leases end and runs are woken at once."""
        await asyncio.gather(*(self._end(host, Death.WORKER_KILLED) for host in self._system.hosts))
        await self._system.break_leases()
        for marker in await self._markers():
            await self._put(marker.wake_up)

    async def _kill_all(self, *, helped: bool) -> None:
        """Kill all hosts at one moment and start them again.

        With *helped*, leases end and runs are woken at once; without, the product takes a minute or two for that.
        """
        self._counts.outages += 1
        for host in self._system.hosts:
            self._count(host, Death.KILLED, host.kill())
        await asyncio.gather(*(host.wait_until_gone() for host in self._system.hosts))
        if helped:
            await self._system.break_leases()  # every leg that held a lease is dead
        await asyncio.gather(*(host.start() for host in self._system.hosts))
        if helped:
            for marker in await self._markers():
                await self._put(marker.wake_up)

    def _count(self, host: KillableHost, how: Death, legs: int) -> None:
        self._counts.deaths[f"{how} and told" if how is Death.STOPPED and host.tells else how.value] += 1
        self._counts.kills += 1
        self._counts.hits += legs > 0
        self._counts.legs_killed += legs
        self._say(f"host {host.name}: {how} with {legs} legs at work")

    async def _at_work(self) -> list[KillableHost]:
        """Wait until a leg is at work and return the hosts with legs; after a timeout, return all hosts."""
        timeout = WORK_TIMEOUT if self._scenario.is_long else SHORT_WORK_TIMEOUT
        for _ in range(round(timeout / LOOK_SECONDS)):
            if hosts := [host for host in self._system.hosts if host.legs]:
                return hosts
            await asyncio.sleep(LOOK_SECONDS)
        return [*self._system.hosts]

    async def _wait_for_progress(self) -> None:
        """Wait until no run is one dead leg away from failing."""
        for _ in range(round(2 * WORK_TIMEOUT / LOOK_SECONDS / 10)):
            runs = [await self._system.store.runs.get(each.export_id, each.run_id) for each in await self._markers()]
            if not any(run and run.starts >= SPARED_STARTS for run in runs):
                return
            await asyncio.sleep(LOOK_SECONDS * 10)

    async def _double(self, dice: Random) -> None:
        """Wake a run twice, through the queue or through both hosts at once; the run may have ended before."""
        if not (wake_up := await self._some_run(dice)):
            return
        self._counts.doubled += 1
        if dice.random() < 0.5:  # noqa: PLR2004 - one way or the other
            await asyncio.gather(*(self._system.call_leg(host, wake_up) for host in self._system.hosts))
        else:
            await asyncio.gather(self._put(wake_up), self._put(wake_up))

    async def _lose(self, _dice: Random) -> None:
        self._counts.lost += 1
        await self._system.queue.clear_messages()

    async def _cancel(self, dice: Random) -> None:
        if wake_up := await self._some_run(dice):
            await self._clicks.cancel(wake_up, most=self._exports // CANCELLED_EVERY)

    async def _garbage(self, dice: Random) -> None:
        self._counts.garbage += 1
        await self._system.put_message(dice.choice(_GARBAGE))

    async def _some_run(self, dice: Random) -> WakeUp | None:
        active = [marker.wake_up for marker in await self._markers()]
        self._seen = list(dict.fromkeys((*self._seen, *active)))
        among = active if active and dice.random() < 0.8 else self._seen  # noqa: PLR2004 - rather one that still works
        return dice.choice(among) if among else None

    async def _put(self, wake_up: WakeUp) -> None:
        await self._system.put_message(orjson.dumps(wake_up.document()))

    async def _markers(self) -> list[Marker]:
        return await self._system.store.markers.oldest_first()
