"""Exports as callers see them: what is configured, how it stands, and what they may do with it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from shared.api.access.callers import Caller
from shared.api.access.permissions import rights_on_export
from shared.api.answers.answer_types import Told
from shared.api.answers.exports import ExportShown, NamedConnection, NewDataSeen, RunAtAGlance
from shared.api.calls.run_sentences import as_told_to, silence_of
from shared.api.calls.run_views import run_address
from shared.api.http.request import Request
from shared.control.exports.export_status import LatestRuns, Standing
from shared.control.exports.look_around import list_missing_last_time, segments_missing_last_time
from shared.control.exports.save_export import what_is_in_the_way
from shared.control.new_data.tell_of_looks import findings_of_looks, seen_data
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError
from shared.domain.findings import Finding
from shared.domain.runs.run import Run
from shared.domain.sources.new_data.segment_look import SegmentLook
from shared.domain.times import utc_text

NEXT_RUNS = 5
"""So many times of a schedule are shown."""
BROKEN = ["change", "remove"]
"""What an administrator may do with an export whose document cannot be read."""


SHOWN = frozenset({"schema", "etag", *(field.name for field in fields(ExportShown))})
"""The fields that an answer adds to an export; a client may send them back, and they change nothing."""


class Connections:
    """What stands beside the exports in one answer, each read once; mutable.

    That is their connections, the names of their lists, and the looks for new data.
    """

    def __init__(self, request: Request) -> None:
        self._stored = request.app.store.connections
        self._list_names = request.app.store.list_names
        self._stored_looks = request.app.store.looks
        self._looks: Mapping[str, SegmentLook] | None = None
        self._known: dict[str, Connection | None] = {}
        self._names: dict[str, Mapping[str, str]] = {}

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

    async def list_name(self, export: Export) -> str | None:
        """Return the name of the list of *export*, or None where it is not known."""
        if (connection_id := export.connection_id) is None:
            return None
        if connection_id not in self._names:
            self._names[connection_id] = await self._list_names.names(connection_id)
        return self._names[connection_id].get(export.list_id)

    async def looks(self, export: Export) -> Mapping[str, SegmentLook]:
        """Return the looks for new data, where *export* waits for that."""
        if not export.waits_for_data:
            return {}
        if self._looks is None:
            self._looks = (await self._stored_looks.all()).segments
        return self._looks


async def view(  # noqa: PLR0913 - what is shown, and what is known beside it, each by name
    request: Request,
    export: Export,
    connections: Connections,
    runs: LatestRuns,
    *,
    looked: Iterable[Finding] | None = None,
    unsaved: Collection[str] = (),
) -> dict[str, Any]:
    """Return *export* as callers see it.

    *looked* is what was found out beside what the documents tell; with None nobody has looked at segments and list.
    *unsaved* are the actions that cannot be done as nothing is saved (a dry run).
    """
    settings, now = request.app.settings, request.app.clock.now()
    connection = await connections.get(export.connection_id)
    next_runs = _next_runs(export.timetable(settings.refresh), now)
    last_run = runs.last
    may, blocked = rights_on_export(request.caller, export, connection, has_run=runs.has_unended, unsaved=unsaved)
    looks = await connections.looks(export)
    found = segments_missing_last_time(export, last_run) if looked is None else looked
    shown = ExportShown(
        connection=NamedConnection(connection.id, connection.display_name) if connection else None,
        status=last_run.status if last_run else None,
        last_run=_short(last_run, request.caller, now) if last_run else None,
        list_name=await connections.list_name(export),
        next_run=next_runs[0] if next_runs else None,
        next_runs=next_runs,
        warnings=as_told(
            request.caller,
            (
                *what_is_in_the_way(export, connection, settings.refresh),
                *list_missing_last_time(export, last_run),
                *_each_once(found, findings_of_looks(export, looks, now)),
            ),
        ),
        new_data=_new_data(export, looks),
        may=may,
        blocked=blocked,
        self=export_address(export.id),
    )
    return {**export.document(), **asdict(shown)}


async def view_of(request: Request, standing: Standing, connections: Connections) -> dict[str, Any]:
    """Return how an export stands; one that cannot be read shows no more than that."""
    export = standing.export
    if export is None:
        return broken(request.caller, standing.export_id)
    return await view(request, export, connections, standing.runs)


def as_told(caller: Caller, findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Return *findings* with the sentences that *caller* may read."""
    read = [(caller.reads(each.notice), each.pointer) for each in findings]
    return tuple(Told(each.code, each.params, each.detail, pointer) for each, pointer in read)


def broken(caller: Caller, export_id: str) -> dict[str, Any]:
    """Return what can be said of an export whose document cannot be read."""
    may = BROKEN if caller.is_administrator else []
    return {"id": export_id, "is_broken": True, "may": may, "self": export_address(export_id)}


def export_address(export_id: str) -> str:
    """Return where the export is shown."""
    return f"/api/exports/{export_id}"


def _next_runs(timetable: Schedule | None, now: datetime) -> list[str]:
    """Return the next times of *timetable* after *now*."""
    found: list[datetime] = []
    while timetable is not None and len(found) < NEXT_RUNS:
        found.append(timetable.next_slot(found[-1] if found else now))
    return [utc_text(slot) for slot in found]


def _each_once(*findings: Iterable[Finding]) -> list[Finding]:
    """Return *findings*, each once: a segment that is missing is seen by several."""
    return list({(each.pointer, each.notice.sentence.code): each for some in findings for each in some}.values())


def _new_data(export: Export, looks: Mapping[str, SegmentLook]) -> NewDataSeen | None:
    """Return what the looks for new data have seen, None where *export* does not wait for that."""
    if not export.waits_for_data:
        return None
    seen = seen_data(export, looks)
    looked_at = utc_text(seen.looked_at) if seen.looked_at else None
    written = utc_text(seen.written) if seen.written else None
    return NewDataSeen(looked_at, written, seen.waits_for)


def _short(run: Run, caller: Caller, now: datetime) -> RunAtAGlance:
    """Return what is seen of a run at a glance."""
    whole = as_told_to(caller, run.document())
    seen = {field.name: whole[field.name] for field in fields(RunAtAGlance) if field.name in whole}
    return RunAtAGlance(**seen, silence=silence_of(run, now), self=run_address(run))
