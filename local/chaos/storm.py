"""What goes wrong while runs are under way: hosts die, wake-ups come twice, late or never."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import aiohttp
import orjson

from local.chaos.hosts import MortalHost
from local.chaos.ledger import Ledger
from local.chaos.scenario import Scenario
from local.chaos.stage import Stage
from shared.domain.runs.wake_up import WakeUp
from shared.store.markers import Marker

LOOK_SECONDS = 0.05
LONGEST_AIM = 3.0
"""Seconds at most between seeing a leg at work and the blow."""
ALONE_SHARE = 0.3
"""Of all blows, those that hit one host and leave what it held to the product alone."""
TWICE_EVERY = 5
"""One export of so many is asked to run twice."""
BLOWS_A_HIT = 3
"""So many blows are struck for one hit that is wanted, at most."""
WORK_PATIENCE = 150.0
"""Seconds that are waited for a leg: longer than the product takes to notice that one has died."""
SHORT_PATIENCE = 10.0
SPARED_STARTS = 4
"""A run whose legs have begun so often without progress is spared: five such deaths end it, as is promised as well."""
_GARBAGE = (b"", b"[]", b'{"export_id": "chaos-00"}', b"\xff\xfe", b'{"export_id": "../x", "run_id": "y"}')


class Storm:
    """Everything that is done to the product while it works; mutable."""

    def __init__(self, stage: Stage, scenario: Scenario, ledger: Ledger, say: Callable[[str], None]) -> None:
        self._stage = stage
        self._scenario = scenario
        self._ledger = ledger
        self._say = say
        self._exports = 0
        self._seen: list[WakeUp] = []
        self._is_over = False

    @property
    def exports(self) -> int:
        """Return how many exports were made."""
        return self._exports

    async def rage(self) -> None:
        """Start exports and kill hosts until it is enough; wake-ups are meddled with all the time."""
        dice = Random(f"{self._scenario.seed} blows")
        async with asyncio.TaskGroup() as group:
            feeding = group.create_task(self._feed())
            meddling = group.create_task(self.meddle())
            for _ in range(self._scenario.kills * BLOWS_A_HIT):
                if self._ledger.hits >= self._scenario.kills:
                    break
                await asyncio.sleep(dice.uniform(*self._scenario.pauses))
                await self._blow(dice)
            self._is_over = True
            meddling.cancel()
            await feeding
        if self._scenario.is_patient:
            await self._cut_power(helped=False)

    async def meddle(self) -> None:
        """Trouble the queue until cancelled."""
        dice = Random(f"{self._scenario.seed} wake-ups")
        troubles: list[Callable[[Random], Awaitable[None]]] = [self._double, self._double, self._double, self._garbage]
        if self._scenario.is_patient:
            troubles.append(self._lose)
        while True:
            await asyncio.sleep(dice.uniform(*self._scenario.meddling))
            await dice.choice(troubles)(dice)

    async def _feed(self) -> None:
        """Keep as many runs under way as the scenario wants; some are asked to run twice."""
        while not self._is_over:
            if self._exports < self._scenario.most_exports and len(await self._markers()) < self._scenario.runs_at_once:
                number, self._exports = self._exports, self._exports + 1
                segment = self._scenario.segments[number % len(self._scenario.segments)]
                export_id = await self._stage.add_export(number, segment.name)
                for _ in range(1 + (self._exports % TWICE_EVERY == 0)):
                    await self._start(export_id, number)
            else:
                await asyncio.sleep(LOOK_SECONDS * 10)

    async def _start(self, export_id: str, number: int) -> None:
        """Ask for a run, of either host in turn, until one says that there is one."""
        for attempt in range(200):
            host = self._stage.hosts[(number + attempt) % len(self._stage.hosts)]
            try:
                async with self._stage.http.post(f"{host.url}/api/exports/{export_id}/runs") as response:
                    if response.status == 202:  # noqa: PLR2004 - Accepted
                        return
            except aiohttp.ClientError:
                pass  # it died at that, or before
            await asyncio.sleep(LOOK_SECONDS * 4)

    async def _blow(self, dice: Random) -> None:
        await self._until_nobody_is_spared()
        hosts = await self._at_work()
        await asyncio.sleep(dice.uniform(0, LONGEST_AIM))
        if self._scenario.is_patient and dice.random() < ALONE_SHARE:
            await self._kill(dice.choice(hosts))
        else:
            await self._cut_power(helped=True)

    async def _kill(self, host: MortalHost) -> None:
        """Kill one host and start it again; what it held must wait for its lease and for the tick."""
        self._strike(host)
        await host.bury()
        await host.start()

    async def _cut_power(self, *, helped: bool) -> None:
        """Kill all hosts at one moment and start them again.

        Where that is *helped*, what a minute or two would bring is brought at once: leases end, runs are woken.
        """
        self._ledger.outages += 1
        for host in self._stage.hosts:
            self._strike(host)
        await asyncio.gather(*(host.bury() for host in self._stage.hosts))
        if helped:
            await self._stage.break_leases()  # nobody lives who could hold one
        await asyncio.gather(*(host.start() for host in self._stage.hosts))
        if helped:
            for marker in await self._markers():
                await self._put(marker.wake_up)

    def _strike(self, host: MortalHost) -> None:
        legs = host.strike()
        self._ledger.kills += 1
        self._ledger.hits += legs > 0
        self._ledger.legs_killed += legs
        self._say(f"host {host.name} killed with {legs} legs at work")

    async def _at_work(self) -> list[MortalHost]:
        """Wait until a leg is at work and return the hosts of such; all hosts if there is none for long."""
        patience = WORK_PATIENCE if self._scenario.is_patient else SHORT_PATIENCE
        for _ in range(round(patience / LOOK_SECONDS)):
            if hosts := [host for host in self._stage.hosts if host.legs]:
                return hosts
            await asyncio.sleep(LOOK_SECONDS)
        return [*self._stage.hosts]

    async def _until_nobody_is_spared(self) -> None:
        for _ in range(round(2 * WORK_PATIENCE / LOOK_SECONDS / 10)):
            runs = [await self._stage.store.runs.get(each.export_id, each.run_id) for each in await self._markers()]
            if not any(run and run.starts >= SPARED_STARTS for run in runs):
                return
            await asyncio.sleep(LOOK_SECONDS * 10)

    async def _double(self, dice: Random) -> None:
        """Wake a run once more, at both hosts at once or twice over the queue; it may have ended as well."""
        if not (wake_up := await self._some_run(dice)):
            return
        self._ledger.doubled += 1
        if dice.random() < 0.5:  # noqa: PLR2004 - one way or the other
            await asyncio.gather(*(self._stage.call_leg(host, wake_up) for host in self._stage.hosts))
        else:
            await asyncio.gather(self._put(wake_up), self._put(wake_up))

    async def _lose(self, _dice: Random) -> None:
        self._ledger.lost += 1
        await self._stage.queue.clear_messages()

    async def _garbage(self, dice: Random) -> None:
        self._ledger.garbage += 1
        await self._stage.put_message(dice.choice(_GARBAGE))

    async def _some_run(self, dice: Random) -> WakeUp | None:
        active = [marker.wake_up for marker in await self._markers()]
        self._seen = list(dict.fromkeys((*self._seen, *active)))
        among = active if active and dice.random() < 0.8 else self._seen  # noqa: PLR2004 - rather one that still works
        return dice.choice(among) if among else None

    async def _put(self, wake_up: WakeUp) -> None:
        await self._stage.put_message(orjson.dumps(wake_up.document()))

    async def _markers(self) -> list[Marker]:
        return await self._stage.store.markers.oldest_first()
