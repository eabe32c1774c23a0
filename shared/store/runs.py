"""Where runs are kept: their paths, and typed access to their documents."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.config.reading import stored
from shared.domain.config.stored import read_stored
from shared.domain.errors import ConfigurationError, Conflict, Damaged
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run, utc_text
from shared.ports import Document, Documents
from shared.store.run_saver import RunSaver

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WakeUp:
    """A queue message: look at this run."""

    export_id: str
    run_id: str

    def document(self) -> dict[str, str]:
        """Return the message's body."""
        return {"export_id": self.export_id, "run_id": self.run_id}


@dataclass(frozen=True, slots=True)
class Marker:
    """The request for a run that has not ended: enough to make its document again; *woken_at* is the tick's note."""

    export_id: str
    run_id: str
    trigger: str
    created_at: datetime
    woken_at: datetime | None = None
    requested_by: str | None = None
    limit: int | None = None

    @property
    def wake_up(self) -> WakeUp:
        """Return the message that wakes the run."""
        return WakeUp(self.export_id, self.run_id)

    def new_run(self) -> Run:
        """Return the run as it is when it was just requested."""
        return Run(
            id=self.run_id,
            export_id=self.export_id,
            trigger=self.trigger,
            created_at=self.created_at,
            requested_by=self.requested_by,
            limit=self.limit,
        )

    def document(self) -> dict[str, Any]:
        """Return the marker's document."""
        return {
            "schema": 1,
            "export_id": self.export_id,
            "run_id": self.run_id,
            "trigger": self.trigger,
            "created_at": utc_text(self.created_at),
            "woken_at": self.woken_at and utc_text(self.woken_at),
            "requested_by": self.requested_by,
            "limit": self.limit,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any], path: str) -> "Marker":
        """Read back what `document` wrote; raises `Damaged`, also for one that does not belong to *path*."""
        marker = read_stored(cls, document)
        if marker_path(marker.export_id, marker.run_id) != path:
            raise Damaged("it is that of another run")
        return marker


class Runs:
    """The documents of runs; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    async def get(self, export_id: str, run_id: str) -> Run | None:
        """Return the run, or None."""
        path = run_path(export_id, run_id)
        document = await self.documents.get(path)
        with stored(path):
            return _run_at(path, document) if document else None

    async def insert(self, run: Run) -> bool:
        """Write a new run; return False when there is one with its id."""
        return await self.documents.insert(run_path(run.export_id, run.id), run.document()) is not None

    async def open(self, export_id: str, run_id: str, fence: Callable[[], None] = lambda: None) -> RunSaver | None:
        """Return the run, ready to be changed as long as *fence* lets it, or None when there is none."""
        path = run_path(export_id, run_id)
        document = await self.documents.get(path)
        if document is None:
            return None
        with stored(path):
            return RunSaver(self.documents, path, _run_at(path, document), document.etag, fence)

    async def plan(self, run: Run) -> Plan | None:
        """Return the run's plan, or None while it has none."""
        document = await self.documents.get(plan_path(run))
        with stored(plan_path(run)):
            return Plan.from_document(document.value) if document else None

    async def insert_plan(self, run: Run, plan: Plan) -> Plan:
        """Write the run's plan, once; return the one that counts."""
        await self.documents.insert(plan_path(run), plan.document())
        return await self.plan(run) or plan

    async def ids(self, export_id: str) -> list[str]:
        """Return the ids of the export's runs, newest first (ids begin with the time).

        Of a run that is just being cleared away there may be no document any more.
        """
        return sorted([run_id async for run_id in self.documents.folders(run_folder(export_id))], reverse=True)

    async def insert_marker(self, marker: Marker) -> bool:
        """Write the marker of a run that is about to be; return False when there is one."""
        path = marker_path(marker.export_id, marker.run_id)
        return await self.documents.insert(path, marker.document()) is not None

    async def markers(self, export_id: str | None = None) -> list[Marker]:
        """Return every marker, of one export or of all, oldest first; that of a run that just ended may be there.

        In place of a damaged one stands what its run tells; without a run it is passed over.
        """
        prefix = f"active/{export_id}/" if export_id else "active/"
        found = [await self._marker(name) async for name in self.documents.names(prefix)]
        return sorted((each for each in found if each), key=lambda marker: (marker.created_at, marker.run_id))

    async def _marker(self, path: str) -> Marker | None:
        try:
            document = await self.documents.get(path)
            with stored(path):
                return Marker.from_document(document.value, path) if document else None
        except ConfigurationError as error:
            logger.warning("A marker is passed over: %s Do not delete it before its run has ended.", error)
        export_id, _, run_id = path.removeprefix("active/").removesuffix(".json").partition("/")
        try:
            run = await self.get(export_id, run_id)
        except ConfigurationError as error:
            logger.warning("Nor does its run tell more: %s", error)
            return None
        return Marker(run.export_id, run.id, run.trigger, run.created_at) if run else None

    async def unended(self, export_id: str) -> list[Run]:
        """Return the export's runs that have not ended, oldest first; a run yet to be made counts."""
        found = []
        for marker in await self.markers(export_id):
            run = await self.get(export_id, marker.run_id) or marker.new_run()
            if not run.status.is_ended:
                found.append(run)
        return found

    async def note_woken(self, marker: Marker, now: datetime) -> None:
        """Note in the marker that its run was woken, unless somebody else changed it meanwhile."""
        path = marker_path(marker.export_id, marker.run_id)
        with suppress(Conflict, ConfigurationError):  # another tick did the same, or nobody can read it
            if document := await self.documents.get(path):
                await self.documents.replace(path, {**document.value, "woken_at": utc_text(now)}, etag=document.etag)

    async def remove_marker(self, run: Run) -> None:
        """Forget the marker of a run that has ended."""
        await self.documents.delete(marker_path(run.export_id, run.id))

    async def ask_to_cancel(self, run: Run, *, by: str, now: datetime, why: str | None = None) -> None:
        """Leave the note that the run shall stop; only the first one counts.

        *why* is a sentence for those to whom "*by* cancelled the run." would say too little.
        """
        await self.documents.insert(cancel_path(run), {"schema": 1, "by": by, "at": utc_text(now), "why": why})

    async def why_cancelled(self, run: Run) -> str | None:
        """Return the sentence that says who asked the run to stop, or None."""
        note = await self.documents.get(cancel_path(run))
        if note is None:
            return None
        texts = {name: value for name, value in note.value.items() if isinstance(value, str)}
        return texts.get("why") or f"{texts.get('by', 'Somebody')} cancelled the run."


def _run_at(path: str, document: Document) -> Run:
    run = Run.from_document(document.value)
    if _path(run) != path:
        raise Damaged("it is that of another run")
    return run


def run_id_at(moment: datetime, suffix: str) -> str:
    """Return the id of a run requested at *moment* (UTC); *suffix* tells runs of one second apart."""
    return f"{moment:%Y%m%dt%H%M%Sz}-{suffix}"


def run_folder(*ids: str) -> str:
    """Return where everything of a run lies (by export id and run id), every run of an export, or every run."""
    return "/".join(("runs", *ids, ""))


def run_path(export_id: str, run_id: str) -> str:
    """Return where the run's document lies."""
    return f"runs/{export_id}/{run_id}/run.json"


def _path(run: Run) -> str:
    return run_path(run.export_id, run.id)


def plan_path(run: Run) -> str:
    """Return where the run's plan lies."""
    return f"runs/{run.export_id}/{run.id}/plan.json"


def part_path(run: Run, leg: int | str, part: int) -> str:
    """Return where part *part* (from 1) of leg *leg* lies."""
    return f"runs/{run.export_id}/{run.id}/parts/{leg}-{part}.ndjson"


def rejections_path(run: Run) -> str:
    """Return where the rejected rows of the run lie once it has ended."""
    return f"runs/{run.export_id}/{run.id}/rejections.ndjson"


def unconfirmed_path(run: Run) -> str:
    """Return where the jobs lie whose end could not be learnt."""
    return f"runs/{run.export_id}/{run.id}/unconfirmed.ndjson"


def cancel_path(run: Run) -> str:
    """Return where the note lies that the run shall stop."""
    return f"runs/{run.export_id}/{run.id}/cancel.json"


def marker_path(export_id: str, run_id: str) -> str:
    """Return where the marker of a run that has not ended lies."""
    return f"active/{export_id}/{run_id}.json"


async def lines_of_parts(documents: Documents, run: Run) -> AsyncIterator[bytes]:
    """Yield the lines of every part of *run* that counts, in order."""
    for leg in sorted(run.parts, key=int):
        for part in range(1, run.parts[leg] + 1):
            async for line in documents.read_lines(part_path(run, leg, part)):
                yield line
