"""Counts what an hour costs in which nothing is to do but look."""

import asyncio
from collections import Counter
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from local.azurite import azurite
from local.bench.costs.counting import Kind, counter
from local.bench.costs.usage import LEAST_BILLED_MS, TICK_SECONDS, Usage
from local.bench.looks_for_data import NEWEST, waiting_export, write_segment
from local.processes import LocalProblem
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.leases import BlobLeases
from shared.adapters.azure.segments import BlobSegments
from shared.adapters.event_log import EventLog
from shared.control.new_data.start_on_new_data import NewData
from shared.control.tick import TickSettings, tick
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sources.source_rules import USUAL_RULES
from shared.store.paths import export_path
from shared.store.store import Store

_T = TypeVar("_T")
TICKS = 3_600 // TICK_SECONDS


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
