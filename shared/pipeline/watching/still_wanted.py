"""Whether a run is still wanted: what people have decided about its export and its connection since."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, StopAsked
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run
from shared.domain.sentences import Sentence, say
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class Decided:
    """What people had decided about the export of a run when the run was planned; a change of it stops the run."""

    was_enabled: bool
    connection_id: str | None

    @classmethod
    def of(cls, plan: Plan) -> "Decided":
        """Return what *plan* says."""
        return cls(plan.was_enabled, plan.connection_id)


async def read_configuration(store: Store, export_id: str, *, requested_at: datetime) -> tuple[Export, Connection]:
    """Return the export and its connection, for which a consent is given.

    Raises `ConfigurationError`, and `StopAsked` when the export was removed, or when the consent was withdrawn after
    *requested_at*.
    """
    export = await store.exports.get(export_id)
    if export is None:
        raise StopAsked(_export_deleted(export_id))
    connection = await store.connections.get(export.connected_to())
    return export, usable_connection(export, connection, requested_at=requested_at)


def usable_connection(
    export: Export, connection: Connection | None, *, requested_at: datetime | None = None
) -> Connection:
    """Return *connection* if *export* can run over it; raises as `read_configuration` does, also for None."""
    connection_id = export.connected_to()
    if connection is None:
        text = (
            "Export '{export}' uses connection '{connection}', which does not exist; "
            "create the connection or give the export another one."
        )
        raise ConfigurationError(say("connection_missing", text, export=export.id, connection=connection_id))
    withdrawn_at = connection.consent.withdrawn_at
    if not connection.consent.is_given and requested_at and withdrawn_at and requested_at <= withdrawn_at:
        raise StopAsked(connection.withdrawal)
    connection.check_consent()
    return connection


async def check_wanted(store: Store, run: Run, decided: Decided | None) -> None:
    """Raise `StopAsked` when somebody cancelled *run*, or changed its export or connection so that the run must stop.

    A run of which nothing was *decided* yet can only be cancelled: its first phase reads what is configured anyway.
    """
    if why := await store.runs.why_cancelled(run):
        raise StopAsked(why)
    if decided is None:
        return
    export = await store.exports.get(run.export_id)
    if export is None:
        raise StopAsked(_export_deleted(run.export_id))
    if decided.was_enabled and not export.enabled:
        raise StopAsked(export_disabled(run.export_id))
    if export.connection_id is None:
        text = "Export '{export}' was parted from its connection."
        raise StopAsked(say("export_parted", text, export=run.export_id))
    connection_id = decided.connection_id or export.connection_id
    connection = await store.connections.get(connection_id)
    if connection is None:
        text = "Connection '{connection}' was deleted."
        raise StopAsked(say("connection_deleted", text, connection=connection_id))
    if not connection.consent.is_given:
        raise StopAsked(connection.withdrawal)


def export_disabled(export_id: str) -> Sentence:
    """Return the sentence that the export was disabled."""
    return say("export_disabled", "Export '{export}' was disabled.", export=export_id)


def _export_deleted(export_id: str) -> Sentence:
    return say("export_deleted", "Export '{export}' was deleted.", export=export_id)
