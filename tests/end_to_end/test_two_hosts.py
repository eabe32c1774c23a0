"""Two functions hosts as processes over one storage: what one is asked for, the leg on the other hears.

Klaviyo takes every batch, and its import jobs have no end.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from local.chaos.hosts import KillableHost
from local.clock import SystemClock
from local.processes import child
from shared.domain.identifiers import new_run_id
from shared.domain.runs.run import Waiting
from shared.store.new_run import request_run
from shared.store.run_markers import Marker
from shared.store.store import Store
from tests.builders import connection_document, export_document
from tests.end_to_end.two_hosts import seeded, started

EXPORTS, SEGMENTS, QUEUE = "two-hosts-exports", "two-hosts-segments", "two-hosts-queue"
TAKEN_UP_SECONDS = 90.0
"""So long after the death of its leg a run has another one."""
ENDED_SECONDS = 60.0
"""So long a run may take to end that shall not wait for its jobs."""


@dataclass(frozen=True)
class Hosts:
    """Two hosts, and what they store."""

    both: tuple[KillableHost, KillableHost]
    http: aiohttp.ClientSession
    store: Store

    async def ask(self, method: str, host: KillableHost, path: str) -> tuple[int, Any]:
        """Send a request to *host*; return status and answer."""
        async with self.http.request(method, f"{host.url}{path}") as response:
            return response.status, await response.json(content_type=None)

    async def at_work(self) -> tuple[KillableHost, KillableHost]:
        """Wait for a leg; return its host, and the other one."""
        async with asyncio.timeout(30):
            while True:
                for one, other in (self.both, self.both[::-1]):
                    if one.legs:
                        return one, other
                await asyncio.sleep(0.1)

    async def see(self, host: KillableHost, path: str, is_so: Callable[[Any], bool], *, seconds: float) -> Any:
        """Ask *host* for the run at *path* until *is_so* of it, for so many *seconds* at most; return the run."""
        async with asyncio.timeout(seconds):
            while True:
                status, run = await self.ask("GET", host, path)
                if status == 200 and is_so(run):
                    return run
                await asyncio.sleep(0.2)

    async def begin(self) -> str:
        """Request a run that waits for an hour, and wake it; return its address when it settles."""
        now = datetime.now(UTC)
        run = await request_run(Marker("vip", new_run_id(now, "0001"), "http", now), self.store)
        saver = await self.store.runs.open("vip", run.id)
        assert saver is not None
        waiting = Waiting("unavailable", now, now + timedelta(hours=1))
        await saver.save(lambda run: replace(run, waiting=waiting))
        address, (one, other) = f"/api/exports/vip/runs/{run.id}", self.both
        _, shown = await self.ask("GET", one, address)
        assert (shown["status"], shown["waiting"]["reason"], "wake" in shown["may"]) == ("queued", "unavailable", True)
        assert (await self.ask("POST", other, f"{address}/wake"))[0] == 202
        await self.see(one, address, lambda run: run["status"] == "settling", seconds=30)
        return address


@pytest.fixture
async def hosts(azurite: str) -> AsyncIterator[Hosts]:
    async with AsyncExitStack() as stack:
        documents = await seeded(
            azurite, stack, exports=EXPORTS, segments=SEGMENTS, connection=connection_document(account_id=None)
        )
        await documents.insert("exports/vip.json", export_document())
        words = (sys.executable, "-m", "local", "klaviyo", "--port", "0", "--no-limits", "--job-seconds", "3600")
        simulator = await stack.enter_async_context(child("The Klaviyo simulator", words))
        settings = {
            "AzureWebJobsStorage": azurite,
            "KLAVIYO_BASE_URL": (await simulator.wait_for_line(r"^(http://\S+)$"))[1],
            "EXPORTS_CONTAINER": EXPORTS,
            "SEGMENTS_CONTAINER": SEGMENTS,
            "QUEUE_NAME": QUEUE,
            "TICK_SCHEDULE": "*/30 * * * * *",  # as it is deployed
            "SECRET_KLAVIYO_ACME": "pk_simulator",
        }
        both = await started(settings, stack)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        yield Hosts(both, http, Store(documents, SystemClock(), new_id=lambda: "two-hosts"))


@pytest.mark.timeout(150)
async def test_a_run_is_woken_and_ended_without_its_jobs_over_the_host_that_does_not_work_on_it(hosts: Hosts) -> None:
    address = await hosts.begin()
    at_work, other = await hosts.at_work()
    status, asked = await hosts.ask("DELETE", other, f"{address}?settle=no")
    assert (status, asked["cancel_requested"]["settle"]) == (202, False)
    run = await hosts.see(at_work, address, lambda run: run["ended_at"], seconds=ENDED_SECONDS)
    assert run["jobs"] == {"submitted": 1, "ended": 0, "lost": 0, "open": 1}
    assert (run["tally"]["unconfirmed"], run["warnings"][0]["code"]) == (3, "settling_stopped")


@pytest.mark.timeout(200)
async def test_a_leg_that_is_killed_is_taken_up_again_on_another_host(hosts: Hosts) -> None:
    address = await hosts.begin()
    at_work, other = await hosts.at_work()
    assert at_work.kill() == 1
    run = await hosts.see(other, address, lambda run: run["legs"] > 1, seconds=TAKEN_UP_SECONDS)
    assert (run["status"], run["ended_at"]) == ("settling", None)
