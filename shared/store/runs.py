"""The documents of runs: the run itself, its plan, and the notes that ask it to stop."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.config.field_types import Moment
from shared.domain.config.stored_documents import damage_at, read_stored
from shared.domain.errors import Damaged
from shared.domain.identifiers import age_of_run
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.ports import Document, Documents
from shared.store.index.run_index import RunIndex
from shared.store.paths import cancel_path, plan_path, run_folder, run_path, stop_settling_path
from shared.store.run_saver import RunSaver

SOMEBODY = "Somebody"
"""Stands for the author of a note that does not say who wrote it."""


@dataclass(frozen=True, slots=True)
class StopNote:
    """A note that asks a run to stop: who left it, and when, as far as it can be read."""

    by: str = SOMEBODY
    at: Moment | None = None


class Runs:
    """Runs by export id and run id; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.index = RunIndex(documents)

    async def get(self, export_id: str, run_id: str) -> Run | None:
        """Return the run, or None; raises `Damaged`."""
        path = run_path(export_id, run_id)
        document = await self._documents.get(path)
        with damage_at(path):
            return _run_at(path, document) if document else None

    async def insert(self, run: Run) -> bool:
        """Write a new run and its entry in the index; return False when there is a run with its id already.

        The entry of a run that is there already is written as well: whoever made the run may have been cut off.
        """
        is_new = await self._documents.insert(run_path(run.export_id, run.id), run.document()) is not None
        await self.index.insert(run.export_id, run.id)
        return is_new

    async def open(self, export_id: str, run_id: str, fence: Callable[[], None] = lambda: None) -> RunSaver | None:
        """Return the run ready to be changed, or None; raises `Damaged`.

        *fence* is called before each write and raises `RunLeaseLost`.
        """
        path = run_path(export_id, run_id)
        document = await self._documents.get(path)
        if document is None:
            return None
        with damage_at(path):
            return RunSaver(self._documents, path, _run_at(path, document), document.etag, fence)

    async def ids(self, export_id: str) -> list[str]:
        """Return the ids of the export's runs, newest first: an id tells the time of the request, or of the slot.

        The document of a run that is being cleared away may be gone already.
        """
        run_ids = [run_id async for run_id in self._documents.folders(run_folder(export_id))]
        return sorted(run_ids, key=age_of_run, reverse=True)

    async def plan(self, run: Run) -> Plan | None:
        """Return the run's plan, or None while it has none; raises `Damaged`."""
        path = plan_path(run.export_id, run.id)
        document = await self._documents.get(path)
        with damage_at(path):
            return Plan.from_document(document.value) if document else None

    async def insert_plan(self, run: Run, plan: Plan) -> Plan:
        """Write the run's plan unless it has one; return the plan that is there; raises `Damaged`."""
        await self._documents.insert(plan_path(run.export_id, run.id), plan.document())
        return await self.plan(run) or plan

    async def ask_to_cancel(self, run: Run, *, by: str, now: datetime, why: Sentence | None = None) -> None:
        """Leave the note that asks the run to stop; the first note counts.

        *why* is a sentence for cases in which "*by* cancelled the run." says too little.
        """
        note: dict[str, Any] = {"schema": 1, "by": by, "at": utc_text(now), "why": why and why.detail}
        if why:
            note |= {"code": why.code, "params": dict(why.params)}
        await self._documents.insert(cancel_path(run.export_id, run.id), note)

    async def ask_not_to_settle(self, run: Run, *, by: str, now: datetime) -> None:
        """Leave the note that asks the run to end without waiting for its import jobs; the first note counts.

        It is a note of its own: somebody may cancel a run, and then, while the run settles, not want to wait for it.
        """
        note = {"schema": 1, "by": by, "at": utc_text(now)}
        await self._documents.insert(stop_settling_path(run.export_id, run.id), note)

    async def cancel_note(self, run: Run) -> StopNote | None:
        """Return who asked the run to stop, or None."""
        return await self._note(cancel_path(run.export_id, run.id))

    async def stop_settling_note(self, run: Run) -> StopNote | None:
        """Return who asked the run not to wait for its import jobs, or None."""
        return await self._note(stop_settling_path(run.export_id, run.id))

    async def _note(self, path: str) -> StopNote | None:
        """Return the note at *path*, or None; a damaged note counts, as somebody has left it."""
        with suppress(Damaged):
            document = await self._documents.get(path)
            return read_stored(StopNote, document.value) if document else None
        return StopNote()

    async def why_cancelled(self, run: Run) -> Sentence | None:
        """Return the sentence that says who asked the run to stop, or None."""
        note = await self._documents.get(cancel_path(run.export_id, run.id))
        if note is None:
            return None
        by, why, code, params = (note.value.get(name) for name in ("by", "why", "code", "params"))
        if isinstance(why, str) and why:
            if isinstance(code, str) and isinstance(params, dict):
                return Sentence(code, params, why)
            return Sentence("cancelled", {}, why)
        text = "{who} cancelled the run."
        return say("cancelled_by", text, who=by if isinstance(by, str) else SOMEBODY)


def _run_at(path: str, document: Document) -> Run:
    run = Run.from_document(document.value)
    if run_path(run.export_id, run.id) != path:
        raise Damaged("it is that of another run")
    return run
