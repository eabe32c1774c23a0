"""What people do at the wrong moment: click twice, and cancel a run while it works."""

import asyncio
import time
from contextlib import suppress
from http import HTTPStatus
from random import Random
from typing import Any

import aiohttp

from local.chaos.checks import Problem, ProblemKind
from local.chaos.hosts import KillableHost
from local.chaos.result import DisruptionCounts
from local.chaos.system import RunningSystem
from shared.domain.runs.wake_up import WakeUp

TRIES = 200
PAUSE_SECONDS = 0.2
DOUBLE_SHARE = 0.5
"""The share of exports whose first run is asked for by a double click."""
QUICK_SECONDS = 2.0
"""A host that begins anew may let a click in later, when the run of the other click has ended: two runs then are right.

Whether two ran at once is told of all runs by their documents.
"""


class Clicks:
    """Starts and cancels runs over HTTP as people do; mutable. *problems* are the double clicks that started two."""

    def __init__(self, system: RunningSystem, counts: DisruptionCounts, seed: int) -> None:
        self._system = system
        self._counts = counts
        self._dice = Random(f"{seed} clicks")
        self._cancelled: set[WakeUp] = set()
        self.problems: list[Problem] = []

    async def start(self, export_id: str, number: int, *, may_double: bool) -> None:
        """Ask for a run until a host accepts; some of the first clicks are double clicks."""
        if may_double and self._dice.random() < DOUBLE_SHARE and await self._click_twice(export_id):
            return
        for attempt in range(TRIES):
            answer = await self._ask(self._system.hosts[(number + attempt) % len(self._system.hosts)], export_id)
            if answer and answer[0] == HTTPStatus.ACCEPTED:
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def cancel(self, wake_up: WakeUp, *, most: int) -> None:
        """Ask the run to stop, over any host, unless *most* runs were asked that already."""
        if len(self._cancelled) >= most or wake_up in self._cancelled:
            return
        self._cancelled.add(wake_up)
        self._counts.cancels += 1
        host = self._dice.choice(self._system.hosts)
        with suppress(aiohttp.ClientError, TimeoutError):  # a host that was just killed, a worker that hangs
            address = f"{host.url}/api/exports/{wake_up.export_id}/runs/{wake_up.run_id}"
            async with self._system.http.delete(address):
                pass

    async def _click_twice(self, export_id: str) -> bool:
        """Ask for two runs at one moment, over one host or two; return whether a host has accepted.

        Exactly one of two answers may accept. The other one names the run that is there.
        """
        self._counts.double_clicks += 1
        hosts = [self._dice.choice(self._system.hosts) for _ in range(2)]
        began = time.monotonic()
        answers = [answer for answer in await asyncio.gather(*(self._ask(host, export_id) for host in hosts)) if answer]
        is_quick = time.monotonic() - began < QUICK_SECONDS
        started = [run for status, run in answers if status == HTTPStatus.ACCEPTED]
        in_the_way = [run for status, run in answers if status == HTTPStatus.CONFLICT]
        if len(started) > 1 and is_quick:
            self.problems.append(Problem(ProblemKind.AT_ONCE, f"{export_id}: one double click, two runs"))
        if started and in_the_way and started != in_the_way:
            self.problems.append(Problem(ProblemKind.AT_ONCE, f"{export_id}: 409 does not name the run that is there"))
        return bool(started)

    async def _ask(self, host: KillableHost, export_id: str) -> tuple[int, str | None] | None:
        """Return the status and the address of the run; None where the host died before it answered."""
        try:
            async with self._system.http.post(f"{host.url}/api/exports/{export_id}/runs") as response:
                told: dict[str, Any] = await response.json(content_type=None) or {}  # a dead worker's answer is empty
        except (aiohttp.ClientError, ValueError, TimeoutError):
            return None
        return response.status, response.headers.get("Location") or told.get("run")
