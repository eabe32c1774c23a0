"""Exports as callers see them: what is configured, how it stands, and what they may do with it."""

from dataclasses import asdict, fields
from typing import Any

from shared.api.access.callers import Caller
from shared.api.access.permissions import rights_on_export
from shared.api.answers.exports import ExportShown, NamedConnection, RunAtAGlance
from shared.api.calls.run_sentences import as_told_to
from shared.api.calls.run_views import run_address
from shared.api.http.request import Request
from shared.control.exports.export_status import Standing
from shared.control.exports.save_export import what_is_in_the_way
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.domain.runs.run import Run
from shared.domain.times import utc_text

BROKEN = ["change", "remove"]
"""What an administrator may do with an export whose document cannot be read."""


SHOWN = frozenset({"schema", "etag", *(field.name for field in fields(ExportShown))})
"""The fields that an answer adds to an export; a client may send them back, and they change nothing."""


class Connections:
    """The connections of the exports in one answer, each read once; mutable."""

    def __init__(self, request: Request) -> None:
        self._stored = request.app.store.connections
        self._known: dict[str, Connection | None] = {}

    async def get(self, connection_id: str | None) -> Connection | None:
        """Return the connection, or None where there is none or it is broken."""
        if connection_id is None:
            return None
        if connection_id not in self._known:
            try:
                self._known[connection_id] = await self._stored.get(connection_id)
            except ConfigurationError:
                self._known[connection_id] = None
        return self._known[connection_id]


def view(request: Request, export: Export, connection: Connection | None, last_run: Run | None) -> dict[str, Any]:
    """Return *export* as callers see it."""
    settings, now = request.app.settings, request.app.clock.now()
    timetable = export.timetable(settings.refresh)
    shown = ExportShown(
        connection=NamedConnection(connection.id, connection.display_name) if connection else None,
        status=last_run.status if last_run else None,
        last_run=_short(last_run, request.caller) if last_run else None,
        next_run=utc_text(timetable.next_slot(now)) if timetable else None,
        warnings=what_is_in_the_way(export, connection, settings.refresh),
        may=rights_on_export(request.caller, connection),
        self=export_address(export.id),
    )
    return {**export.document(), **asdict(shown)}


async def view_of(request: Request, standing: Standing, connections: Connections) -> dict[str, Any]:
    """Return how an export stands; one that cannot be read shows no more than that."""
    export = standing.export
    if export is None:
        return broken(request.caller, standing.export_id)
    return view(request, export, await connections.get(export.connection_id), standing.last_run)


def broken(caller: Caller, export_id: str) -> dict[str, Any]:
    """Return what can be said of an export whose document cannot be read."""
    may = BROKEN if caller.is_administrator else []
    return {"id": export_id, "is_broken": True, "may": may, "self": export_address(export_id)}


def export_address(export_id: str) -> str:
    """Return where the export is shown."""
    return f"/api/exports/{export_id}"


def _short(run: Run, caller: Caller) -> RunAtAGlance:
    """Return what is seen of a run at a glance."""
    whole = as_told_to(caller, run.document())
    seen = {field.name: whole[field.name] for field in fields(RunAtAGlance) if field.name in whole}
    return RunAtAGlance(**seen, self=run_address(run))
