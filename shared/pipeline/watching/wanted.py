"""What is configured about an export right now, and whether it still wants what a run was planned for."""

from contextlib import suppress
from datetime import datetime

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Conflict, StopAsked
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run
from shared.ports import Documents
from shared.store.configured import connection_path, stored_connection, stored_export
from shared.store.runs import Runs


async def read_configuration(
    documents: Documents, export_id: str, *, requested_at: datetime | None = None
) -> tuple[Export, Connection]:
    """Return the export and its connection, to whose use somebody has consented; raises `ConfigurationError`.

    What was requested before the consent was withdrawn is stopped, not wrong: that raises `StopAsked`.
    """
    export = await stored_export(documents, export_id)
    if export is None:
        raise ConfigurationError(f"Export '{export_id}' does not exist any more.")
    connection = await stored_connection(documents, export.connected_to())
    return export, usable_connection(export, connection, requested_at=requested_at)


def usable_connection(
    export: Export, connection: Connection | None, *, requested_at: datetime | None = None
) -> Connection:
    """Return *connection*, which may be None, if *export* can be run over it; raises as `read_configuration` does."""
    connection_id = export.connected_to()
    if connection is None:
        raise ConfigurationError(
            f"Export '{export.id}' uses connection '{connection_id}', which does not exist; "
            "create the connection or give the export another one."
        )
    withdrawn_at = connection.consent.withdrawn_at
    if not connection.consent.is_given and requested_at and withdrawn_at and requested_at <= withdrawn_at:
        raise StopAsked(connection.withdrawal)
    connection.check_consent()
    return connection


async def check_cancelled(runs: Runs, run: Run) -> None:
    """Raise `StopAsked` when somebody left the note that *run* shall stop."""
    if why := await runs.why_cancelled(run):
        raise StopAsked(why)


async def check_wanted(runs: Runs, run: Run, plan: Plan) -> None:
    """Raise `StopAsked` when *run* is cancelled, or its export or connection does not want any more what is planned."""
    await check_cancelled(runs, run)
    export = await stored_export(runs.documents, run.export_id)
    if export is None:
        raise StopAsked(f"Export '{run.export_id}' was deleted.")
    if plan.was_enabled and not export.enabled:
        raise StopAsked(f"Export '{run.export_id}' was disabled.")
    if export.connection_id is None:
        raise StopAsked(f"Export '{run.export_id}' was parted from its connection.")
    connection_id = plan.connection_id or export.connection_id
    connection = await stored_connection(runs.documents, connection_id)
    if connection is None:
        raise StopAsked(f"Connection '{connection_id}' was deleted.")
    if not connection.consent.is_given:
        raise StopAsked(connection.withdrawal)


async def remember_account(documents: Documents, connection: Connection, account_id: str | None) -> None:
    """Write into the connection which account it leads to, once Klaviyo has said so.

    Somebody who changes the connection at the same time goes first; the next run finds it out again.
    """
    if account_id is None or connection.account_id is not None:
        return
    path = connection_path(connection.id)
    document = await documents.get(path)
    if document is not None and document.value.get("account_id") is None:
        with suppress(Conflict):
            await documents.replace(path, {**document.value, "account_id": account_id}, etag=document.etag)
