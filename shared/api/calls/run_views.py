"""Runs as callers see them: how they stand, and what the caller may do with them."""

from dataclasses import asdict, replace
from typing import Any

from shared.api.access.callers import Role
from shared.api.answers.runs import CancelRequested, Progress, RunShown
from shared.api.calls.lookup import find_own_export
from shared.api.calls.run_sentences import as_told_to, asked_to_stop, silence_of
from shared.api.http.problems import Forbidden, NotFound, Refused
from shared.api.http.request import Request
from shared.control.exports.export_status import is_own
from shared.domain.config.export import Export
from shared.domain.runs.life.time_left import outlook
from shared.domain.runs.run import Run


class RunViews:
    """The runs in one answer; what they are of is read once; mutable."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._own: dict[str, Export | None] = {}

    async def listed(self, run: Run) -> dict[str, Any]:
        """Return *run* as a list shows it: without its samples and the names of its files, which are many."""
        return await self.of(replace(run, samples=(), source=replace(run.source, files=())))

    async def of(self, run: Run) -> dict[str, Any]:
        """Return *run* as the caller sees it: its document, how far it has come, its address, and what they may do."""
        now = self._request.app.clock.now()
        ahead = outlook(run, now)
        settled = None if ahead.settled is None else round(ahead.settled, 4)
        shown = RunShown(
            progress=Progress(round(ahead.share, 4), ahead.seconds_left, settled),
            silence=silence_of(run, now),
            cancel_requested=await self._cancel_requested(run),
            may=await self._rights(run),
            self=run_address(run),
        )
        return {**as_told_to(self._request.caller, run.document()), **asdict(shown)}

    async def _cancel_requested(self, run: Run) -> CancelRequested | None:
        """Return who asked *run* to stop; a run that has ended says so in its ending and its warnings."""
        if run.status.is_ended:
            return None
        runs = self._request.app.store.runs
        note = await runs.cancel_note(run)  # whoever does not want to wait leaves this note, too, and leaves it first
        if note is None:
            return None
        hurry = await runs.stop_settling_note(run)
        return asked_to_stop(run, hurry or note, settles=hurry is None)

    async def _rights(self, run: Run) -> list[str]:
        caller = self._request.caller
        rights = (
            ["rejections", "unconfirmed"] if run.status.is_ended else ["cancel", *(["wake"] if run.waiting else [])]
        )
        if caller.is_administrator:
            return rights
        if caller.role < Role.CONTRIBUTE:
            return []
        export = await self._own_export(run.export_id)
        return rights if export and is_own(run, export) else []

    async def _own_export(self, export_id: str) -> Export | None:
        if export_id not in self._own:
            try:
                self._own[export_id], _ = await find_own_export(self._request, export_id)
            except (Forbidden, NotFound, Refused):
                self._own[export_id] = None
        return self._own[export_id]


def run_address(run: Run) -> str:
    """Return where the run is shown."""
    return address_of_run(run.export_id, run.id)


def address_of_run(export_id: str, run_id: str) -> str:
    """Return where the run with these ids is shown."""
    return f"/api/exports/{export_id}/runs/{run_id}"
