"""``python -m local recovery``: measures how long a run stands still after a stop, a kill and a silent storage.

Each time two hosts listen, one of them with a leg at work, at the times of a deployment.
"""

import argparse
import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueClient

from local.azurite import Azurite, azurite
from local.bench.costs.usage import DEPLOYED_TICK
from local.bench.table import Figure, table
from local.bench.whole_runs import RUN_TIMEOUT
from local.chaos.hosts import Death, KillableHost
from local.demo.options import SEGMENT, sample_options
from local.demo.rows import write_sample
from local.demo.system import EXPORT_ID, app_settings, configure, export_document, simulator
from local.processes import LocalProblem
from local.samples import SampleSpec
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.domain.runs.run import Run, RunStatus
from shared.store.paths import run_path

ROWS = 250_000
ANSWER_SECONDS = "3"
"""With 10,000 profiles a request, and one request at a time, the leg works for a bit more than a minute."""
SILENT_SECONDS = 45.0
MOST_SECONDS = 90.0
"""The longest that a run should stand still, whatever died."""
LOOK_SECONDS = 0.1
NEXT_ID = "next"


@dataclass(frozen=True, slots=True)
class System:
    """Storage, two hosts, a run, and a run of another export over the same account that waits behind it."""

    storage: Azurite
    documents: BlobDocuments
    queue: QueueClient
    hosts: tuple[KillableHost, KillableHost]
    run_id: str
    next_id: str

    @property
    def busy(self) -> KillableHost:
        """Return the host with the leg."""
        return max(self.hosts, key=lambda host: host.legs)

    async def run(self) -> Run:
        """Return the run."""
        return await self._run(EXPORT_ID, self.run_id)

    async def next_run(self) -> Run:
        """Return the run that waits behind the other one."""
        return await self._run(NEXT_ID, self.next_id)

    async def at_work(self) -> Run:
        """Wait until the run has sent something, and return it."""
        while not (run := await self.run()).checkpoint.row:  # noqa: ASYNC110 - in processes of their own
            await asyncio.sleep(LOOK_SECONDS)
        return run

    async def has_let_go(self) -> None:
        """Wait until the run does not need the account any more."""
        while (await self.run()).status is RunStatus.EXPORTING:  # noqa: ASYNC110 - in processes of their own
            await asyncio.sleep(LOOK_SECONDS)

    async def _run(self, export_id: str, run_id: str) -> Run:
        document = await self.documents.get(run_path(export_id, run_id))
        if document is None:
            raise LocalProblem("The run is gone.")
        return Run.from_document(document.value)


Blow = Callable[[System], Coroutine[Any, Any, None]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--only", choices=[*CASES], help="measure one of them (default: all)")


async def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    figures = []
    async for figure in measure([arguments.only] if arguments.only else [*CASES]):
        print(f"… {figure.what}: {figure.value}", flush=True)
        figures.append(figure)
    print()
    print(table(figures))
    return 0


async def measure(names: Sequence[str] = ()) -> AsyncIterator[Figure]:
    """Yield how long the run stands still in each of the cases *names*, or in all."""
    for name in names or CASES:
        seconds = await _standstill(name)
        yield Figure(
            f"{name}: the run stands still",
            f"{seconds:.1f} s",
            "",
            f"at most {MOST_SECONDS:g} s",
            seconds <= MOST_SECONDS,
        )


async def _standstill(name: str) -> float:
    """Return the seconds from the blow, or from its end, to the next leg or the next checkpoint."""
    stop, blow = CASES[name]
    async with _system(stop) as system:
        async with asyncio.timeout(RUN_TIMEOUT):
            before = await system.at_work()
            watched = system.run
            if name == LOST:
                await system.has_let_go()
                watched = system.next_run
                before = await watched()
        hit = asyncio.create_task(blow(system))
        if name == SILENT:
            await hit
            before = await system.run()
        began = time.monotonic()
        async with asyncio.timeout(RUN_TIMEOUT):
            while True:
                now = await watched()
                if now.legs > before.legs or (name == SILENT and now.checkpoint.row > before.checkpoint.row):
                    break
                await asyncio.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - began
        await hit
        return seconds


@asynccontextmanager
async def _system(stop: str) -> AsyncIterator[System]:
    demo = sample_options(ROWS)
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(azurite())
        klaviyo = await simulator(stack, demo, ("--latency", ANSWER_SECONDS))
        service = BlobServiceClient.from_connection_string(storage.connection_string, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        for container in ("exports", "segments"):
            await service.create_container(container)
        await write_sample(service.get_container_client("segments"), SEGMENT, SampleSpec(ROWS))
        documents = BlobDocuments(service, "exports")
        await configure(documents, demo)
        await documents.insert(f"exports/{NEXT_ID}.json", {**export_document(demo), "id": NEXT_ID})
        settings = {
            **app_settings(demo, storage.connection_string, klaviyo),
            **DEPLOYED_TICK,
            "REQUESTS_IN_FLIGHT": "1",
        }
        words = ("--stop", stop, "--polling", "azure")
        hosts = [KillableHost(name, settings, words=words) for name in ("A", "B")]
        for host in hosts:
            stack.push_async_callback(host.wait_until_gone)
            await host.start()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        queue = QueueClient.from_connection_string(storage.connection_string, settings["QUEUE_NAME"])
        await stack.enter_async_context(queue)
        run_ids = []
        for export_id in (EXPORT_ID, NEXT_ID):
            async with http.post(f"{hosts[0].url}/api/exports/{export_id}/runs") as response:
                run_ids.append((await response.json())["id"])
        yield System(storage, documents, queue, (hosts[0], hosts[1]), *run_ids)


def _dies(how: Death) -> Blow:
    async def blow(system: System) -> None:
        await system.busy.end(how)

    return blow


async def _fall_silent(system: System) -> None:
    os.kill(system.storage.process.pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(SILENT_SECONDS)
    finally:
        os.kill(system.storage.process.pid, signal.SIGCONT)


async def _lose_the_next(system: System) -> None:
    """Kill both hosts, which hold all messages that were sent, and lose what they have not taken yet."""
    for host in system.hosts:
        host.kill()
    await system.queue.clear_messages()
    await asyncio.gather(*(host.wait_until_gone() for host in system.hosts))
    await asyncio.gather(*(host.start() for host in system.hosts))


LOST = "hosts killed when a run has let go of the account: the next in line"
SILENT = f"storage silent for {SILENT_SECONDS:g} s"
CASES: dict[str, tuple[str, Blow]] = {
    "stop, told": ("told", _dies(Death.STOPPED)),
    "stop, not told": ("silent", _dies(Death.STOPPED)),
    "host killed": ("silent", _dies(Death.KILLED)),
    "worker killed": ("silent", _dies(Death.WORKER_KILLED)),
    SILENT: ("silent", _fall_silent),
    LOST: ("silent", _lose_the_next),
}
"""What is measured, with how its hosts stop; the run is watched from the blow on, or from the end of the silence."""
