"""Runs in the middle of their lives, as documents: written by a release, and read by the ones after it.

``python -m tests.compatibility.scenes FOLDER`` writes every scene as the code around it writes documents; do that once
for each release, into ``tests/fixtures/documents/{version}``, and never change what lies there.
"""

import asyncio
import base64
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from shared.domain.runs.plan import SegmentBlob
from shared.domain.runs.wake_up import WakeUp
from shared.domain.times import utc_text
from tests.builders import SlowSegments, World, csv_file, ndjson, packed, people
from tests.fakes.clock import FakeClock
from tests.fakes.segments import MemorySegments

BUDGET_SECONDS = 6.0
LOOK_SECONDS = 2.0
"""The look of release 0.1.0 for columns took so long."""
MAX_PROFILES = 7
SWEEPS = 40
ACCOUNT = "accounts/AbC123"
CONSENT = {"accepted": True, "accepted_by": "dana", "accepted_at": "2026-11-23T05:00:00.000Z", "text": "2026-11"}
EXPORT: dict[str, Any] = {
    "mapping": {"email": "EMail", "first_name": "FirstName", "phone_number": "Phone"},
    "limits": {"max_rejected_share": 1, "max_rows": None},
    "phone_region": "UA",
    "schedule": {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"},
}


def segment() -> dict[str, bytes]:
    """Return files of three formats, with rows that we refuse, rows that Klaviyo refuses, and doubled ones."""
    rows = [{**each, "Phone": "067 123 45 67"} for each in people(60)]
    wrong = [{"EMail": "nobody", "FirstName": "No", "Phone": "1"}, b"{"]
    return {
        "vip/a.ndjson": ndjson([*rows[:25], *wrong, rows[3]]),
        "vip/b.csv": csv_file(rows[25:45], ("EMail", "FirstName", "Phone")),
        "vip/c.ndjson.gz": packed(ndjson([*rows[45:], rows[50]])),
    }


class _SlowAfterTheFirstLook(SlowSegments):
    """Segments that are slow while rows are sent: release 0.1.0 did not look at the tops of files before."""

    def __init__(self, *blobs: Any, **pace: Any) -> None:
        super().__init__(*blobs, **pace)
        self._looked_at: set[str] = set()

    async def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        is_first, reading = blob.name not in self._looked_at, super().read
        self._looked_at.add(blob.name)
        if is_first:
            await self.clock.sleep(LOOK_SECONDS)
            reading = partial(MemorySegments.read, self)
        async with aclosing(reading(blob)) as pieces:
            async for piece in pieces:
                yield piece


def world_of(blobs: dict[str, bytes], clock: FakeClock) -> World:
    """Return a world with small batches, in which a leg does not come far."""
    world = World(
        segments=_SlowAfterTheFirstLook(blobs, clock, seconds=1, piece_bytes=400),
        clock=clock,
        budget_seconds=BUDGET_SECONDS,
        max_profiles=MAX_PROFILES,
        sweeps_to_end=SWEEPS,
        export=EXPORT,
        connection={"consent": CONSENT},
    )
    world.sink.refuse("p11@*")
    world.sink.fail_late("p30@*")
    return world


async def queued(world: World) -> None:
    """Request a run that nobody has worked on yet; the tick has seen the schedule."""
    await world.tick()
    await world.start()


async def exporting(world: World) -> None:
    """Let one leg of a run pause in the middle of the source."""
    await queued(world)
    await world.leg(_wake_up(world))


async def cancelled(world: World) -> None:
    """Ask that run to stop, before another leg sees it."""
    await exporting(world)
    await world.store.runs.ask_to_cancel(world.run(_wake_up(world)), by="dana", now=world.clock.now())


async def waiting(world: World) -> None:
    """Let that run find its account busy, and stand in line."""
    await exporting(world)
    world.leases.hand_over(ACCOUNT)
    await world.leg(_wake_up(world))


async def settling(world: World) -> None:
    """Let legs go on until everything is sent, and Klaviyo is still at work on it."""
    await exporting(world)
    while world.run(_wake_up(world)).status.value == "exporting":
        await world.leg(_wake_up(world))


async def ended(world: World) -> None:
    """Let that run end, with rejections."""
    await settling(world)
    await world.go(_wake_up(world))


SCENES: dict[str, Callable[[World], Awaitable[None]]] = {
    scene.__name__: scene for scene in (queued, exporting, cancelled, waiting, settling, ended)
}


async def written(scene: Callable[[World], Awaitable[None]]) -> dict[str, Any]:
    """Return all that there is after *scene*: documents, lines, the source, Klaviyo's jobs and the time."""
    blobs = segment()
    world = world_of(blobs, FakeClock())
    await scene(world)
    paths = world.documents.paths()
    return {
        "now": utc_text(world.clock.now()),
        "documents": {path: world.documents.value(path) for path in paths if path.endswith(".json")},
        "lines": {path: world.documents.lines(path) for path in paths if path.endswith(".ndjson")},
        "source": {name: base64.b64encode(body).decode() for name, body in blobs.items()},
        "jobs": [_job(job) for job in world.sink.made],
    }


def _job(job: Any) -> dict[str, Any]:
    return {
        "id": job.id,
        "batch": job.batch,
        "list_id": job.list_id,
        "created_at": job.created_at.isoformat(),
        "profiles": job.profiles,
        "faults": [asdict(fault) for fault in job.faults],
    }


def _wake_up(world: World) -> WakeUp:
    [path] = world.documents.paths("active/vip/")
    _, export_id, name = path.split("/")
    return WakeUp(export_id, name.removesuffix(".json"))


def _write_all(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, scene in SCENES.items():
        left = asyncio.run(written(scene))
        body = orjson.dumps(left, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (folder / f"{name}.json").write_bytes(body)


if __name__ == "__main__":
    _write_all(Path(sys.argv[1]))
