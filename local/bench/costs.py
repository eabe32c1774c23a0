"""``python -m local costs``: what a large run and an idle hour ask of Azure, by what it bills."""

import argparse
import asyncio
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from azure.storage.blob.aio import BlobServiceClient

from local.azurite import azurite
from local.bench.counting import Kind, counter
from local.bench.table import Figure, table
from local.bench.whole_runs import ANSWER_SECONDS, LOOK_SECONDS, PATIENCE, prepared
from local.demo.stage import EXPORT_ID, Stage
from local.processes import LocalProblem
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.options import STORAGE_OPTIONS
from shared.adapters.event_log import EventLog
from shared.control.tick import TickSettings, tick
from shared.domain.runs.run import Run, RunStatus
from shared.store.paths import run_path
from shared.store.store import Store

ROWS = 1_000_000
EXPORTS = 10
MINUTES = 60
DEPLOYED_TICK = {"TICK_SCHEDULE": "0 * * * * *"}
LEAST_BILLED_MS, BILLED_STEP_MS = 1_000, 100
"""Flex Consumption bills at least a second of every execution, and from there on each tenth that was begun."""
_EXECUTING = "Executing '"
_EXECUTED = re.compile(r"Executed '(\w+)' in (\d+) ms")
_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of Azure: requests to blobs by kind, calls of functions, and their time."""

    requests: Counter[Kind]
    executions: Counter[str]
    billed_seconds: float
    sent_bytes: int = 0


class Minutes:
    """The `Clock` port over minutes that pass at a word; mutable."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def pass_one(self) -> None:
        """Let a minute pass."""
        self._now += timedelta(minutes=1)

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""
        self._now += timedelta(seconds=seconds)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N", help="rows of the run (default: %(default)s)")
    parser.add_argument(
        "--exports", type=int, default=EXPORTS, metavar="N", help="exports in the idle hour (default: %(default)s)"
    )


async def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    idle = await idle_hour(arguments.exports)
    print(f"… an idle hour with {arguments.exports} scheduled exports", flush=True)
    large = await large_run(arguments.rows)
    print(f"… a run of {arguments.rows:,} rows\n", flush=True)
    print(table([*_figures("idle hour", idle), *_figures("run", large)]))
    return 0


async def idle_hour(exports: int) -> Asked:
    """Let the tick fire for an hour in which none of *exports* scheduled exports is due; each has run before."""
    counts: Counter[Kind] = Counter()
    settings = TickSettings(max_lateness=timedelta(hours=12), keep=timedelta(days=30))
    clock = Minutes(datetime(2026, 11, 23, 10, tzinfo=UTC))
    async with (
        azurite() as storage,
        counter(counts)(storage.connection_string) as address,
        BlobServiceClient.from_connection_string(address, **STORAGE_OPTIONS) as service,
    ):
        await service.create_container("exports")
        documents = BlobDocuments(service, "exports")
        store = Store(documents, clock, new_id=lambda: "line")
        for number in range(exports):
            await _lay_out(documents, f"export-{number:03}")
        counts.clear()
        for _ in range(MINUTES):
            if await tick(store, clock, EventLog(), settings):
                raise LocalProblem("An export was due in the idle hour.")
            clock.pass_one()
    # The shortest that is billed; a tick over ten exports takes a fraction of it.
    return Asked(counts, Counter(tick=MINUTES), MINUTES * LEAST_BILLED_MS / 1_000)


async def large_run(rows: int) -> Asked:
    """Run an export of *rows* rows in a host of its own; the tick fires as often as in Azure."""
    counts: Counter[Kind] = Counter()
    staging = {"before_storage": counter(counts), "more_settings": DEPLOYED_TICK}
    async with prepared(rows, ("--latency", ANSWER_SECONDS), **staging) as on_stage:
        counts.clear()
        async with on_stage.http.post(f"{on_stage.host_url}/api/exports/{EXPORT_ID}/runs") as response:
            run_id = (await response.json())["id"]
        async with asyncio.timeout(PATIENCE):
            await _ended(on_stage, run_id, rows)
            # A tick that falls into the run is one of an idle hour's.
            calls = [(name, took) for name, took in await _calls(on_stage) if name != "tick"]
        return Asked(
            Counter(counts),
            Counter(name for name, _ in calls),
            sum(billed_ms(took) for _, took in calls) / 1_000,
            await _sent_bytes(on_stage),
        )


async def _ended(on_stage: Stage, run_id: str, rows: int) -> None:
    """Wait for the end of the run, looking past the counter."""
    while True:
        document = await on_stage.documents.get(run_path(EXPORT_ID, run_id))
        if document and (run := Run.from_document(document.value)).status.is_ended:
            break
        await asyncio.sleep(LOOK_SECONDS)
    if run.tally.read != rows or run.status not in (RunStatus.SUCCEEDED, RunStatus.PARTIAL):
        raise LocalProblem(f"The run of {rows:,} rows ended as {run.status}: {run.ending}")


async def _calls(on_stage: Stage) -> list[tuple[str, int]]:
    """Return which functions were called and how many milliseconds each call took, once none is under way."""
    while True:
        lines = list(on_stage.host.lines)
        done = [(match[1], int(match[2])) for line in lines if (match := _EXECUTED.search(line))]
        if len(done) == sum(_EXECUTING in line for line in lines):
            return done
        await asyncio.sleep(LOOK_SECONDS)


def billed_ms(took: int) -> int:
    """Return for how many milliseconds an execution that *took* so many is billed."""
    return max(LEAST_BILLED_MS, math.ceil(took / BILLED_STEP_MS) * BILLED_STEP_MS)


async def _lay_out(documents: BlobDocuments, export_id: str) -> None:
    """Write an export that is due at night, up to where it was served, and a run of it that has ended."""
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


async def _sent_bytes(on_stage: Stage) -> int:
    async with on_stage.http.get(f"{on_stage.simulator_url}/simulator/stats") as response:
        counted: dict[str, int] = (await response.json())["bytes"]
    return sum(counted.values())


def _figures(what: str, asked: Asked) -> list[Figure]:
    figures = [Figure(f"{what}: {kind} requests to blobs", f"{asked.requests[kind]:,}") for kind in Kind]
    figures += [Figure(f"{what}: calls of {name}", f"{count:,}") for name, count in sorted(asked.executions.items())]
    figures.append(Figure(f"{what}: seconds that are billed", f"{asked.billed_seconds:,.1f}"))
    if asked.sent_bytes:
        figures.append(Figure(f"{what}: sent to Klaviyo", f"{asked.sent_bytes / _MEGA:,.0f} MB"))
    return figures
