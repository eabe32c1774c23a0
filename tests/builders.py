"""Builds what many tests need: documents, files with rows, and the product over fakes."""

import asyncio
import csv
import gzip
import io
import itertools
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.adapters.event_log import EventLog
from shared.control.new_data.start_on_new_data import NewData
from shared.control.tick import TickSettings, tick
from shared.domain.config.schedule import Schedule
from shared.domain.errors import Retryable
from shared.domain.identifiers import new_run_id
from shared.domain.runs.plan import SegmentBlob
from shared.domain.runs.run import Checkpoint, Jobs, Run, RunStatus, Source, Tally
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence
from shared.pipeline.leg.run_leg import run_leg
from shared.pipeline.resources import LegLimits, Resources
from shared.ports import Clock, Documents
from shared.store.new_run import write_run
from shared.store.paths import rejections_path, run_path, unconfirmed_path
from shared.store.run_markers import Marker
from shared.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
from tests.fakes.leases import MemoryLeases
from tests.fakes.poison import MemoryPoison
from tests.fakes.segments import MemorySegments
from tests.fakes.sink import LIST, SECRET, MemorySink
from tests.fakes.sinks import MemorySinks

ENOUGH_TICKS = 2_000


def export_document(**changes: Any) -> dict[str, Any]:
    """Return ``exports/vip.json``, with *changes*."""
    return {
        "schema": 1,
        "id": "vip",
        "display_name": "VIP newsletter",
        "connection_id": "acme",
        "list_id": LIST,
        "segments": ["vip"],
        "mapping": {"email": "EMail", "first_name": "FirstName"},
        **changes,
    }


def connection_document(**changes: Any) -> dict[str, Any]:
    """Return ``connections/acme.json``, with *changes*."""
    return {
        "schema": 1,
        "id": "acme",
        "display_name": "Acme_Klaviyo",
        "secret_name": SECRET,
        "account_id": "AbC123",
        "consent": {"accepted": True, "accepted_by": "dana@example.com", "text": "2026-11"},
        **changes,
    }


def ended_run(run_id: str, export_id: str, trigger: str, ended: datetime, *, seconds: int = 60, **parts: Any) -> Run:
    """Return a run that ended at *ended* after so many *seconds*, with something of everything, and with *parts*."""
    started = ended - timedelta(seconds=seconds)
    return Run(
        run_id,
        export_id,
        trigger,
        started - timedelta(seconds=seconds),
        status=RunStatus.PARTIAL,
        started_at=started,
        ended_at=ended,
        legs=1,
        source=Source(1, 100, 100),
        checkpoint=Checkpoint(3, 1),
        tally=Tally(3, 1, rejected=1, unconfirmed=1),
        jobs=Jobs(1, 1),
        parts={"1": 1},
        left_out={"phone_number": 1},
        warnings=(Sentence("a_code", {"count": 1}, "A warning."),),
        **parts,
    )


def people(count: int, *, first: int = 1) -> list[dict[str, Any]]:
    """Return rows with different e-mail addresses."""
    return [{"EMail": f"p{n}@example.com", "FirstName": f"Name {n}"} for n in range(first, first + count)]


def ndjson(rows: Iterable[Any]) -> bytes:
    """Return *rows* as NDJSON; a row of bytes stands as it is."""
    return b"".join((row if isinstance(row, bytes) else orjson.dumps(row)) + b"\n" for row in rows)


def csv_file(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = ("EMail", "FirstName")) -> bytes:
    """Return *rows* as CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def packed(body: bytes) -> bytes:
    """Return *body* as gzip, the same at any time."""
    return gzip.compress(body, mtime=0)


class SlowSegments(MemorySegments):
    """Segments of which each piece takes *seconds* to be read; mutable."""

    def __init__(self, blobs: Mapping[str, bytes], clock: Clock, *, seconds: float, piece_bytes: int) -> None:
        super().__init__(blobs, piece_bytes=piece_bytes)
        self.clock = clock
        self.seconds = seconds

    async def read(self, blob: SegmentBlob) -> AsyncGenerator[bytes]:
        async with aclosing(super().read(blob)) as pieces:
            async for piece in pieces:
                await self.clock.sleep(self.seconds)
                yield piece


class World:
    """The product over fakes: one export of one segment into one list, unless a test says otherwise; mutable."""

    def __init__(
        self,
        blobs: Mapping[str, bytes] | None = None,
        *,
        export: Mapping[str, Any] | None = None,
        connection: Mapping[str, Any] | None = None,
        segments: MemorySegments | None = None,
        clock: FakeClock | None = None,
        budget_seconds: float = 1200.0,
        in_flight: int = 4,
        settle_limit: timedelta = timedelta(hours=24),
        **sink: Any,
    ) -> None:
        self.clock = clock or FakeClock()
        self.segments = segments or MemorySegments(blobs)
        self.sink = MemorySink(self.clock, **sink)
        self.documents = MemoryDocuments()
        self._line_ids = itertools.count(1)
        self.store = self._store_over(self.documents)
        self.leases = MemoryLeases(self.clock)
        self.poison = MemoryPoison(self.clock)
        self.put_export(**(export or {}))
        self.documents.put("connections/acme.json", connection_document(**(connection or {})))
        self._numbers = itertools.count(1)
        self.resources = Resources(
            store=self.store,
            segments=self.segments,
            sinks=MemorySinks({SECRET: self.sink}),
            leases=self.leases,
            clock=self.clock,
            events=EventLog(),
            limits=LegLimits(budget_seconds, in_flight, settle_limit),
            new_run_id=lambda now: new_run_id(now, f"{next(self._numbers):04x}"),
        )

    def keep_documents_in(self, documents: Documents) -> None:
        """Let the product keep its documents there from now on."""
        self.store = self._store_over(documents)
        self.resources = replace(self.resources, store=self.store)

    def _store_over(self, documents: Documents) -> Store:
        return Store(documents, self.clock, new_id=lambda: f"{next(self._line_ids):04x}")

    def put_export(self, **changes: Any) -> None:
        """Write an export."""
        document = export_document(**changes)
        self.documents.put(f"exports/{document['id']}.json", document)

    async def start(self, export_id: str = "vip", *, trigger: str = "http", limit: int | None = None) -> WakeUp:
        """Request a run."""
        run_id = self.resources.new_run_id(self.clock.now())
        request = Marker(export_id, run_id, trigger, self.clock.now(), limit=limit)
        await self.store.gates.enter(request, may_wait=True)
        return (await write_run(request, self.store)).wake_up

    async def write_run(self, export_id: str = "vip") -> WakeUp:
        """Write a run that stands in nobody's way; there may be any number of these."""
        run = Run(self.resources.new_run_id(self.clock.now()), export_id, "http", self.clock.now())
        await self.store.runs.insert(run)
        return run.wake_up

    async def leg(self, wake_up: WakeUp) -> list[WakeUp]:
        """Deliver a message."""
        return await run_leg(wake_up, self.resources)

    async def begin(self, seconds: float) -> tuple[WakeUp, asyncio.Task[list[WakeUp]]]:
        """Request a run, start its leg and let *seconds* pass; return the wake-up and the leg."""
        wake_up = await self.start()
        leg = asyncio.create_task(self.leg(wake_up))
        await self.clock.advance(seconds)
        return wake_up, leg

    async def tick(
        self,
        *,
        refresh: Schedule | None = None,
        keep: timedelta | None = None,
    ) -> list[WakeUp]:
        """Let the timer fire."""
        settings = TickSettings(timedelta(hours=12), refresh, keep)
        events = self.resources.events
        new_data = NewData(self.resources.segments, self.resources.source_rules)
        return await tick(self.store, self.leases, self.clock, events, settings, poison=self.poison, new_data=new_data)

    async def go(self, *waiting: WakeUp) -> None:
        """Deliver messages, as often as it takes, and let minutes pass until no run is active."""
        messages = list(waiting)
        for _ in range(ENOUGH_TICKS):
            came_back = []
            while messages:
                wake_up = messages.pop(0)
                try:
                    messages += await self.leg(wake_up)
                except Retryable:
                    came_back.append(wake_up)
            if not self.documents.paths("active/"):
                return
            await self.clock.advance(60)
            messages = [*came_back, *await self.tick()]
        message = f"{self.documents.paths('active/')} did not end."
        raise AssertionError(message)

    async def whole_run(self, export_id: str = "vip") -> Run:
        """Request a run and see it through."""
        wake_up = await self.start(export_id)
        await self.go(wake_up)
        return self.run(wake_up)

    def run(self, wake_up: WakeUp) -> Run:
        """Return the run as its document tells it."""
        return Run.from_document(self.documents.value(run_path(wake_up.export_id, wake_up.run_id)))

    def all_runs(self, export_id: str = "vip") -> list[Run]:
        """Return every run of an export, oldest first."""
        paths = [path for path in self.documents.paths(f"runs/{export_id}/") if path.endswith("/run.json")]
        return sorted((Run.from_document(self.documents.value(path)) for path in paths), key=lambda run: run.id)

    def rejections(self, run: Run) -> list[dict[str, Any]]:
        """Return the rejected rows of a run that has ended."""
        return self.documents.lines(rejections_path(run.export_id, run.id))

    def unconfirmed(self, run: Run) -> list[dict[str, Any]]:
        """Return the jobs whose end could not be learnt."""
        return self.documents.lines(unconfirmed_path(run.export_id, run.id))


def warnings_of(run: Run) -> list[str]:
    """Return the warnings of a run, in English."""
    return [warning.detail for warning in run.warnings]


def outcomes(run: Run) -> int:
    """Return the sum of all outcomes in the tally; it must be what was read."""
    tally = run.tally
    return tally.accepted + tally.unchanged + tally.duplicates + tally.rejected + tally.unconfirmed


def checked(run: Run) -> Run:
    """Return *run* when each of its rows has one outcome, and its reasons and its jobs add up."""
    assert outcomes(run) == run.tally.read
    if run.status.is_ended:
        assert sum(run.reasons.rejected.values()) == run.tally.rejected
        assert sum(run.reasons.left_out.values()) == sum(run.left_out.values())
        assert run.jobs.submitted == run.jobs.ended + run.jobs.lost + run.jobs.open
    assert min(run.tally.accepted, run.tally.rejected, run.tally.unconfirmed) >= 0
    return run
