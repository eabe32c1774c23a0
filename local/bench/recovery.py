"""``python -m local recovery``: measures how long a run stands still after a stop, a kill and a silent storage.

Each time two hosts listen, one of them with a leg at work, at the times of a deployment.
"""

import argparse
import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import Azurite, azurite
from local.bench.costs import DEPLOYED_TICK
from local.bench.table import Figure, table
from local.bench.whole_runs import RUN_TIMEOUT
from local.chaos.hosts import Death, KillableHost
from local.demo.options import sample_options
from local.demo.rows import write_sample
from local.demo.system import EXPORT_ID, SEGMENT, app_settings, configure, simulator
from local.processes import LocalProblem
from local.samples import SampleSpec
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.domain.runs.run import Run
from shared.store.paths import run_path

ROWS = 250_000
ANSWER_SECONDS = "3"
"""With 10,000 profiles a request, and one request at a time, the leg works for a bit more than a minute."""
SILENT_SECONDS = 45.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class System:
    """Storage, two hosts, and a run."""

    storage: Azurite
    documents: BlobDocuments
    hosts: tuple[KillableHost, KillableHost]
    run_id: str

    @property
    def busy(self) -> KillableHost:
        """Return the host with the leg."""
        return max(self.hosts, key=lambda host: host.legs)

    async def run(self) -> Run:
        """Return the run."""
        document = await self.documents.get(run_path(EXPORT_ID, self.run_id))
        if document is None:
            raise LocalProblem("The run is gone.")
        return Run.from_document(document.value)

    async def at_work(self) -> Run:
        """Wait until the run has sent something, and return it."""
        while not (run := await self.run()).checkpoint.row:  # noqa: ASYNC110 - in processes of their own
            await asyncio.sleep(LOOK_SECONDS)
        return run


Blow = Callable[[System], Coroutine[Any, Any, None]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--only", choices=[*CASES], help="measure one of them (default: all)")


async def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    figures = []
    for name in [arguments.only] if arguments.only else CASES:
        seconds = await _standstill(name)
        print(f"… {name}: {seconds:.1f} s", flush=True)
        figures.append(Figure(f"{name}: the run stands still", f"{seconds:.1f} s"))
    print()
    print(table(figures))
    return 0


async def _standstill(name: str) -> float:
    """Return the seconds from the blow, or from its end, to the next leg or the next checkpoint."""
    stop, blow = CASES[name]
    async with _system(stop) as system:
        async with asyncio.timeout(RUN_TIMEOUT):
            before = await system.at_work()
        hit = asyncio.create_task(blow(system))
        if name == SILENT:
            await hit
            before = await system.run()
        began = time.monotonic()
        async with asyncio.timeout(RUN_TIMEOUT):
            while True:
                now = await system.run()
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
        async with http.post(f"{hosts[0].url}/api/exports/{EXPORT_ID}/runs") as response:
            run_id = (await response.json())["id"]
        yield System(storage, documents, (hosts[0], hosts[1]), run_id)


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


SILENT = f"storage silent for {SILENT_SECONDS:g} s"
CASES: dict[str, tuple[str, Blow]] = {
    "stop, told": ("told", _dies(Death.STOPPED)),
    "stop, not told": ("silent", _dies(Death.STOPPED)),
    "host killed": ("silent", _dies(Death.KILLED)),
    "worker killed": ("silent", _dies(Death.WORKER_KILLED)),
    SILENT: ("silent", _fall_silent),
}
"""What is measured, with how its hosts stop; the run is watched from the blow on, or from the end of the silence."""
