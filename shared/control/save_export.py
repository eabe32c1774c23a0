"""Saves an export; nothing runs because of it, and nothing that its schedule missed before."""

from shared.control.connection_users import Author, stop_runs
from shared.control.export_status import forget_notes, readable
from shared.domain.config.connection import Connection
from shared.domain.config.export import REFRESH, Export
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError, Conflict
from shared.ports import Clock, Document, Documents
from shared.store.configured import export_path
from shared.store.runs import Runs, WakeUp
from shared.store.slots import begin_slots


async def save_export(
    export: Export, document: Document | None, *, documents: Documents, clock: Clock, refresh: Schedule | None
) -> str:
    """Write *export* over *document*, None where it is new; return the new tag.

    A timetable that is new, or was turned off until now, begins now; that is noted first, so that a tick in between
    does not take up what would have been due before. One that is what it was goes on: to mend a name costs no slot.
    Raises `Conflict` when somebody else saved it meanwhile, `Retryable`.
    """
    before, timetable = readable(document), export.timetable(refresh)
    if document is None:
        await forget_notes(documents, export.id)  # a removal that was cut off may have left some
    if before is None or before.timetable(refresh) != timetable:
        await begin_slots(documents, export.id, timetable, clock.now())
    path = export_path(export.id)
    if document is not None:
        return await documents.replace(path, {**document.value, **export.document()}, etag=document.etag)
    etag = await documents.insert(path, export.document())
    if etag is None:
        raise Conflict(f"Somebody else made export '{export.id}' at the same time; read it and decide anew.")
    return etag


async def stop_unwanted(
    export: Export, before: Export | None, *, author: Author, runs: Runs, clock: Clock
) -> list[WakeUp]:
    """Stop the runs of *export* when it was disabled or parted from its connection; return the messages that tell them.

    A run would find that out for itself, but not who did it.
    """
    if before is None:
        return []
    if before.enabled and not export.enabled:
        why = f"{author.label} disabled export '{export.id}'."
    elif before.connection_id is not None and export.connection_id is None:
        why = f"{author.label} parted export '{export.id}' from its connection."
    else:
        return []
    return await stop_runs(runs, export.id, by=author.label, why=why, now=clock.now())


def what_is_in_the_way(export: Export, connection: Connection | None, refresh: Schedule | None) -> tuple[str, ...]:
    """Return what keeps *export* from running, as far as its documents tell; None stands for no *connection*."""
    found = []
    try:
        connection_id = export.connected_to()
        if connection is None:
            found.append(f"Connection '{connection_id}' does not exist; create it or give the export another one.")
        else:
            connection.check_consent()
    except ConfigurationError as error:
        found.append(str(error))
    if export.schedule == REFRESH and refresh is None:
        found.append(
            "The schedule of the export is 'refresh', but the app has none, so the export does not run by itself: "
            "give the app the setting REFRESH_SCHEDULE, or the export its own schedule."
        )
    return tuple(found)
