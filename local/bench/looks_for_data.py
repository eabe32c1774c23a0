"""Measures the looks for new data: a tick over many exports that wait, where nothing new is there."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import orjson
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from local.azurite import azurite
from local.bench.table import Figure
from local.processes import LocalProblem
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.segments import BlobSegments
from shared.control.new_data.look_at_segments import LOOK_EVERY
from shared.control.new_data.start_on_new_data import NewData, start_on_new_data
from shared.domain.config.export import Export
from shared.domain.sources.source_rules import USUAL_RULES
from shared.pipeline.reading.few_at_once import few_at_once
from shared.store.store import Store
from shared.wiring import SystemClock

EXPORTS = 1_000
MOST_SECONDS = 20.0
NEWEST = "2026/11/28/0600"
DESTINATION = "CustomerInsights_acme/BlobExport"
BY_MODEL = "Customer Insights'"
LAYOUTS = {"flat": "", "dated": f"{NEWEST}/", BY_MODEL: f"{NEWEST}/"}


class ClockAhead(SystemClock):
    """The machine's clock, *ahead* of the time; mutable."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the time of day in UTC, some time ahead."""
        return super().now() + self.ahead


async def measure() -> AsyncIterator[Figure]:
    """Yield how long one tick looks at `EXPORTS` exports, each with a segment of its own, in each layout."""
    for layout, folder in LAYOUTS.items():
        async with (
            azurite() as storage,
            BlobServiceClient.from_connection_string(storage.connection_string, **STORAGE_OPTIONS) as service,
        ):
            looked, seconds = await _look(service, folder, has_model=layout == BY_MODEL)
        yield Figure(
            f"one tick looks for new data of {EXPORTS:,} exports, {layout} segments",
            f"{looked:,} looked at in {seconds:.1f} s",
            "",
            f"all of them in {MOST_SECONDS:.0f} s",
            looked == EXPORTS and seconds <= MOST_SECONDS,
        )


async def _look(service: BlobServiceClient, folder: str, *, has_model: bool) -> tuple[int, float]:
    """Return how many exports one tick looks at, of which none has new data, and in how many seconds."""
    await service.create_container("exports")
    files = await service.create_container("segments")
    clock = ClockAhead()
    store = Store(BlobDocuments(service, "exports"), clock, new_id=lambda: "line")
    exports = [waiting_export(f"export-{number:04}") for number in range(EXPORTS)]

    async def fill(export: Export) -> None:
        await store.served.begin(export.id, datetime.now(UTC) + timedelta(hours=1))  # what is there is not new
        await write_segment(files, f"{export.segments[0]}/{folder}")

    await few_at_once(fill, exports)
    if has_model:
        await files.upload_blob(f"{DESTINATION}/model.json", _model([export.segments[0] for export in exports], folder))
    where = NewData(BlobSegments(service, "segments"), USUAL_RULES)
    while len((await store.looks.all()).segments) < EXPORTS:  # the first looks, in which all is served
        if await start_on_new_data(exports, where, store, clock):
            raise LocalProblem("A run was started, although nothing is new.")
    clock.ahead += LOOK_EVERY
    due_before, began = clock.now(), time.perf_counter()
    await start_on_new_data(exports, where, store, clock)
    took = time.perf_counter() - began
    return sum(look.at >= due_before for look in (await store.looks.all()).segments.values()), took


def waiting_export(export_id: str) -> Export:
    """Return an export that waits for new data in a segment of its own, as Customer Insights names it."""
    document = {
        "schema": 1,
        "id": export_id,
        "display_name": export_id,
        "connection_id": "acme",
        "list_id": "Y6nRLr",
        "segments": [f"{DESTINATION}/{export_id}"],
        "mapping": {"email": "EMail"},
        "schedule": {"on": "new_data"},
    }
    return Export.from_document(document)


async def write_segment(files: ContainerClient, folder: str) -> None:
    """Write a complete segment of one file into *folder*."""
    await files.upload_blob(f"{folder}segment_1.csv", "EMail\nann@example.com\n")
    await files.upload_blob(f"{folder}_SUCCESS", b"")


def _model(segments: list[str], folder: str) -> bytes:
    """Return the model above *segments*, as Customer Insights writes one for all of them."""
    entities = [
        {
            "$type": "LocalEntity",
            "name": segment.rpartition("/")[2],
            "attributes": [{"name": name, "dataType": "string"} for name in ("EMail", "FirstName", "City")],
            "partitions": [{"location": f"https://a.blob.core.windows.net/segments/{segment}/{folder}segment_1.csv"}],
        }
        for segment in segments
    ]
    return orjson.dumps({"name": "BlobExport", "version": "1.0", "entities": entities})
