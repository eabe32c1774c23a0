"""``python -m local costs``: counts what Azure bills for a large run, and for idle hours of the timer."""

import argparse
import asyncio
import math
import re
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from local.azurite import azurite
from local.bench.counting import Kind, counter
from local.bench.looks_for_data import NEWEST, waiting_export, write_segment
from local.bench.table import Figure, table
from local.bench.whole_runs import ANSWER_SECONDS, LOOK_SECONDS, RUN_TIMEOUT, prepared
from local.demo.system import EXPORT_ID, RunningSystem
from local.processes import LocalProblem
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.leases import BlobLeases
from shared.adapters.azure.segments import BlobSegments
from shared.adapters.event_log import EventLog
from shared.control.new_data.start_on_new_data import NewData
from shared.control.tick import TickSettings, tick
from shared.domain.runs.run import Run, RunStatus
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sources.source_rules import USUAL_RULES
from shared.store.paths import export_path, run_path
from shared.store.store import Store

_T = TypeVar("_T")
ROWS = 1_000_000
EXPORTS = 10
TICK_SECONDS = 30
TICKS = 3_600 // TICK_SECONDS
DEPLOYED_TICK = {"TICK_SCHEDULE": f"*/{TICK_SECONDS} * * * * *"}
LEAST_BILLED_MS, BILLED_STEP_MS = 1_000, 100
"""Flex Consumption bills at least one second an execution, and rounds longer ones up to a tenth of a second."""
_EXECUTING = "Executing '"
_EXECUTED = re.compile(r"Executed '(\w+)' in (\d+) ms")
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """The use of Azure: requests to blobs by kind, executions by function, billed seconds, bytes sent to Klaviyo."""

    requests: Counter[Kind]
    executions: Counter[str]
    billed_seconds: float
    sent_bytes: int = 0


class TickClock:
    """The `Clock` port over a time that moves only when a caller says so. Mutable."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def pass_on(self) -> None:
        """Move the time on to the next tick."""
        self._now += timedelta(seconds=TICK_SECONDS)

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*, while which this time stands still."""
        await asyncio.sleep(seconds)

    async def beside(self, event: Future[_T]) -> _T:
        """Wait for *event*, which a thread beside the event loop brings about soon."""
        return await asyncio.wrap_future(event)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="rows of the run (default: %(default)s)")
    parser.add_argument(
        "--exports", type=int, default=EXPORTS, metavar="N", help="exports in the idle hour (default: %(default)s)"
    )


async def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    idle = await idle_hour(arguments.exports)
    print(f"… an idle hour with {arguments.exports} scheduled exports", flush=True)
    looking = await idle_hour(arguments.exports, waits_for_data=True)
    print(f"… an idle hour with {arguments.exports} exports that wait for new data", flush=True)
    large = await large_run(arguments.rows)
    print(f"… a run of {arguments.rows:,} rows\n", flush=True)
    looks = _figures("idle hour with looks for new data", looking)
    print(table([*_figures("idle hour", idle), *looks, *_figures("run", large)]))
    return 0


async def idle_hour(exports: int, *, waits_for_data: bool = False) -> Usage:
    """Run the tick for an hour in which none of *exports* scheduled exports is due; each has run before.

    With *waits_for_data* each waits for new data instead, in a dated segment of its own, and nothing new comes.
    """
    counts: Counter[Kind] = Counter()
    settings = TickSettings(max_lateness=timedelta(hours=12), keep=timedelta(days=30))
    clock = TickClock(datetime(2026, 11, 23, 10, tzinfo=UTC))
    async with (
        azurite() as storage,
        counter(counts)(storage.connection_string) as address,
        BlobServiceClient.from_connection_string(address, **STORAGE_OPTIONS) as service,
    ):
        await service.create_container("exports")
        files = await service.create_container("segments")
        documents = BlobDocuments(service, "exports")
        store, leases = Store(documents, clock, new_id=lambda: "line"), BlobLeases(service, "exports")
        for number in range(exports):
            await _write_export(documents, f"export-{number:03}")
            if waits_for_data:
                await _let_wait(f"export-{number:03}", documents, store, files)
        looking = NewData(BlobSegments(service, "segments"), USUAL_RULES)

        async def one_tick() -> list[WakeUp]:
            return await tick(store, leases, clock, EventLog(), settings, new_data=looking)

        await one_tick()  # puts the runs into the index, once and for all
        counts.clear()
        for _ in range(TICKS):
            if await one_tick():
                raise LocalProblem("An export was due in the idle hour.")
            clock.pass_on()
    # Azure bills a tick as one second, although a tick over ten exports takes a fraction of that.
    return Usage(counts, Counter(tick=TICKS), TICKS * LEAST_BILLED_MS / 1_000)


async def _let_wait(export_id: str, documents: BlobDocuments, store: Store, files: ContainerClient) -> None:
    """Let the export wait for new data; what is in its segment is not new."""
    export = waiting_export(export_id)
    path = export_path(export_id)
    stored = await documents.get(path)
    await documents.replace(path, export.document(), etag=stored.etag if stored else "")
    await store.served.begin(export_id, datetime.now(UTC) + timedelta(hours=1))
    await write_segment(files, f"{export.segments[0]}/{NEWEST}/")


async def large_run(rows: int) -> Usage:
    """Run an export of *rows* rows in its own host; the tick runs as often as in Azure."""
    counts: Counter[Kind] = Counter()
    options = {"before_storage": counter(counts), "more_settings": DEPLOYED_TICK}
    async with prepared(rows, ("--latency", ANSWER_SECONDS), **options) as system:
        counts.clear()
        async with system.http.post(f"{system.host_url}/api/exports/{EXPORT_ID}/runs") as response:
            run_id = (await response.json())["id"]
        async with asyncio.timeout(RUN_TIMEOUT):
            await _ended(system, run_id, rows)
            # A tick during the run is left out, because the idle hour counts the ticks.
            calls = [(name, took) for name, took in await _calls(system) if name != "tick"]
        return Usage(
            Counter(counts),
            Counter(name for name, _ in calls),
            sum(billed_ms(took) for _, took in calls) / 1_000,
            await _sent_bytes(system),
        )


async def _ended(system: RunningSystem, run_id: str, rows: int) -> None:
    """Wait for the end of the run; the look-ups go past the counting proxy, so they are not counted."""
    while True:
        document = await system.documents.get(run_path(EXPORT_ID, run_id))
        if document and (run := Run.from_document(document.value)).status.is_ended:
            break
        await asyncio.sleep(LOOK_SECONDS)
    if run.tally.read != rows or run.status not in (RunStatus.SUCCEEDED, RunStatus.PARTIAL):
        raise LocalProblem(f"The run of {rows:,} rows ended as {run.status}: {run.ending}")


async def _calls(system: RunningSystem) -> list[tuple[str, int]]:
    """Wait until no function runs; return the name and the milliseconds of each call."""
    while True:
        lines = list(system.host.lines)
        done = [(match[1], int(match[2])) for line in lines if (match := _EXECUTED.search(line))]
        if len(done) == sum(_EXECUTING in line for line in lines):
            return done
        await asyncio.sleep(LOOK_SECONDS)


def billed_ms(took: int) -> int:
    """Return the billed milliseconds of an execution that *took* so many milliseconds."""
    return max(LEAST_BILLED_MS, math.ceil(took / BILLED_STEP_MS) * BILLED_STEP_MS)


async def _write_export(documents: BlobDocuments, export_id: str) -> None:
    """Write an export with a schedule, its last slot, and an ended run."""
    export = {
        "schema": 1,
        "id": export_id,
        "display_name": export_id,
        "connection_id": "acme",
        "list_id": "Y6nRLr",
        "segments": ["vip"],
        "mapping": {"email": "EMail"},
        "schedule": {"cron": "0 6 * * *", "time_zone": "UTC"},
    }
    await documents.insert(f"exports/{export_id}.json", export)
    await documents.insert(f"schedules/{export_id}.json", {"schema": 1, "last_slot": "2026-11-23T06:00:00.000Z"})
    run_id = "20261123t060000z-0000"
    ended = {"schema": 1, "id": run_id, "export_id": export_id, "trigger": "schedule", "status": "succeeded"}
    times = {"created_at": "2026-11-23T06:00:00.000Z", "ended_at": "2026-11-23T06:01:00.000Z"}
    await documents.insert(f"runs/{export_id}/{run_id}/run.json", {**ended, **times})


async def _sent_bytes(system: RunningSystem) -> int:
    async with system.http.get(f"{system.simulator_url}/simulator/stats") as response:
        counted: dict[str, int] = (await response.json())["bytes"]
    return sum(counted.values())


def _figures(what: str, usage: Usage) -> list[Figure]:
    figures = [Figure(f"{what}: {kind} requests to blobs", f"{usage.requests[kind]:,}") for kind in Kind]
    figures += [Figure(f"{what}: calls of {name}", f"{count:,}") for name, count in sorted(usage.executions.items())]
    figures.append(Figure(f"{what}: billed seconds", f"{usage.billed_seconds:,.1f}"))
    if usage.sent_bytes:
        figures.append(Figure(f"{what}: sent to Klaviyo", f"{usage.sent_bytes / _MEGA:,.0f} MB"))
    return figures
