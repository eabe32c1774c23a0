"""Saves an export. Saving starts no run, and slots that the schedule missed before are not served."""

from dataclasses import dataclass

from shared.control.new_data.begin_to_wait import begin_to_wait
from shared.control.runs.stop_runs import stop_runs
from shared.domain.config.connection import Connection
from shared.domain.config.export import REFRESH, Export
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError
from shared.domain.findings import Finding
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence, say
from shared.ports import Clock, Document
from shared.store.audit_trail import Author
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class SavedExport:
    """An export as it was saved, its new ETag, and the runs to wake so that they stop at once."""

    export: Export
    etag: str
    wake_ups: tuple[WakeUp, ...] = ()


async def save_export(  # noqa: PLR0913 - what is saved, by whom, and with what, each by name
    wish: Export,
    over: Document | None,
    *,
    author: Author,
    store: Store,
    clock: Clock,
    refresh: Schedule | None,
    is_copy: bool = False,
) -> SavedExport:
    """Write *wish* over the version *over*, or as a new export; note that in the audit trail first.

    A schedule that is new, or was turned off until now, begins now. A schedule that stays the same goes on: a change of
    the name costs no slot. *refresh* is the schedule of the app. Disabling or detaching an export stops its runs.
    An export that begins to wait for new data does not run for what is there already, unless it never ran.
    A wish that changes nothing is not written, and leaves no line in the audit trail.
    Raises `Conflict` when somebody else saved the export meanwhile, `Retryable`.
    """
    now = clock.now()
    before = store.exports.readable(over)
    export = wish.saved(before, by=author.known_as, now=now)
    if over is not None and export is before:
        return SavedExport(export, over.etag)
    what = "export.duplicated" if is_copy else "export.changed" if over else "export.created"
    old = over.value if over else None
    await store.audit.note(author, what, f"exports/{export.id}", before=old, after=export.document())
    if over is None:
        await store.forget_notes(export.id)  # a removal that was cut off may have left some
    schedule = export.timetable(refresh)
    if before is None or before.timetable(refresh) != schedule:
        # Noted before the export is saved, so that a tick in between serves no slot from before.
        await store.slots.begin(export.id, schedule, now)
    await begin_to_wait(export, before, store, now)
    etag = await store.exports.save(export, over)
    why = _why_stopped(export, before, author)
    stopped = await stop_runs(store, export.id, by=author, why=why, now=clock.now()) if why else []
    return SavedExport(export, etag, tuple(stopped))


def what_is_in_the_way(export: Export, connection: Connection | None, refresh: Schedule | None) -> list[Finding]:
    """Return what keeps *export* from running, as far as its documents tell; None stands for no *connection*."""
    found = []
    if (why := why_it_cannot_run(export, connection)) is not None:
        found.append(Finding.of(why, "/connection_id"))
    if export.schedule == REFRESH and refresh is None:
        found.append(Finding.of(say("no_refresh_schedule", _NO_REFRESH), "/schedule"))
    return found


def why_it_cannot_run(export: Export, connection: Connection | None) -> Sentence | None:
    """Return why no run of *export* can begin, or None: it has no *connection*, or nobody has agreed."""
    try:
        connection_id = export.connected_to()
        if connection is None:
            return connection_of_export_missing(connection_id)
        connection.check_consent()
    except ConfigurationError as error:
        return error.sentence
    return None


def connection_of_export_missing(connection_id: str) -> Sentence:
    """Return the sentence that an export names a connection which does not exist."""
    text = "Connection '{connection}' does not exist; create it or give the export another one."
    return say("connection_of_export_missing", text, connection=connection_id)


def _why_stopped(export: Export, before: Export | None, author: Author) -> Sentence | None:
    """Return why the runs of *export* must stop, or None. A run cannot find out by itself who stopped it."""
    if before is None:
        return None
    if before.enabled and not export.enabled:
        return say("export_disabled_by", "{who} disabled export '{export}'.", who=author.label, export=export.id)
    if before.connection_id is not None and export.connection_id is None:
        text = "{who} parted export '{export}' from its connection."
        return say("export_detached_by", text, who=author.label, export=export.id)
    return None


_NO_REFRESH = (
    "The schedule of the export is 'refresh', but the app has none, so the export does not run by itself: "
    "give the app the setting REFRESH_SCHEDULE, or the export its own schedule."
)
