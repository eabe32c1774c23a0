"""Removes a connection, and then removes or detaches the exports that used it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.control.connections.secrets_in_use import secrets_in_use
from shared.control.runs.stop_runs import stop_runs
from shared.domain.control_errors import InUse
from shared.domain.errors import Conflict
from shared.domain.runs.wake_up import WakeUp
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.ports import Clock, Document
from shared.store.audit_trail import Author
from shared.store.store import Store

TRIES = 5
"""How often an export is read again when somebody else changes it at the same time."""


class Fate(StrEnum):
    """What becomes of the exports over a connection that is removed."""

    REMOVE = "remove"
    DETACH = "detach"
    """They keep their configuration, and wait for another connection."""


@dataclass(frozen=True, slots=True)
class RemovedConnection:
    """Which exports were removed or detached with the connection, and the runs to wake so that they stop.

    *kept_secret* is the secret with its key, where no other connection that can be read names it.
    """

    exports: tuple[str, ...]
    wake_ups: tuple[WakeUp, ...]
    kept_secret: str | None


async def remove_connection(  # noqa: PLR0913 - what is removed, by whom, and with what, each by name
    connection_id: str, version: Document | None, fate: Fate | None, *, author: Author, store: Store, clock: Clock
) -> RemovedConnection:
    """Remove the connection in this *version*, then stop the runs of its exports, and remove or detach these.

    The audit trail has a line before each change. The connection goes first, because only its removal can be refused.
    Where a call is cut off after that, no run can begin any more, and the same call once more does what is left:
    then *version* is None. The secret with the key stays, as other connections may use it.
    Raises `InUse` when exports use the connection and *fate* is None, `Conflict`, `Retryable`.
    """
    exports = await store.exports.over(connection_id)
    if exports and fate is None:
        raise _in_use(connection_id, exports)
    # Asked for before anything changes: a storage that does not answer keeps no wake-up back then.
    secret = version.value.get("secret_name") if version else None
    is_needed = secret is not None and secret in await secrets_in_use(store, besides=connection_id)
    note = store.audit.note
    if version is not None:
        await note(author, "connection.removed", f"connections/{connection_id}", before=version.value)
        await store.connections.delete(connection_id, etag=version.etag)
        exports = await store.exports.over(connection_id) if fate else []  # somebody may have saved one meanwhile
    await store.list_names.forget(connection_id)
    wake_ups: list[WakeUp] = []
    for export_id in exports:
        what = "export.removed" if fate is Fate.REMOVE else "export.detached"
        await note(author, what, f"exports/{export_id}", before={"connection_id": connection_id})
        wake_ups += await _remove_or_detach(export_id, connection_id, fate, author, store, clock.now())
    return RemovedConnection(tuple(exports), tuple(dict.fromkeys(wake_ups)), None if is_needed else secret)


async def _remove_or_detach(  # noqa: PLR0913, PLR0917 - one step of the function above
    export_id: str, connection_id: str, fate: Fate | None, author: Author, store: Store, now: datetime
) -> list[WakeUp]:
    """Remove one export or detach it. Its runs are stopped before, and again after: one may begin in between."""
    why = say(
        "connection_removed_by", "{who} removed connection '{connection}'.", who=author.label, connection=connection_id
    )
    before = await stop_runs(store, export_id, by=author, why=why, now=now)
    if fate is Fate.REMOVE:
        await store.forget_export(export_id)
    else:
        await _detach(export_id, connection_id, author, store, now)
    return before + await stop_runs(store, export_id, by=author, why=why, now=now)


async def _detach(export_id: str, connection_id: str, author: Author, store: Store, now: datetime) -> None:
    changes = {"connection_id": None, "changed_at": utc_text(now), "changed_by": author.known_as}
    for _ in range(TRIES):
        document = await store.exports.document(export_id)
        if document is None or document.value.get("connection_id") != connection_id:
            return  # somebody else removed the export, or gave it another connection
        with suppress(Conflict):
            await store.exports.change(export_id, document, changes)
            return
    raise Conflict(_being_changed(export_id))


def _being_changed(export_id: str) -> Sentence:
    return say("being_changed", "Export '{export}' is being changed by somebody else; try again.", export=export_id)


def _in_use(connection_id: str, exports: list[str]) -> InUse:
    users = f"export '{exports[0]}'" if len(exports) == 1 else f"{len(exports)} exports"
    text = (
        "Connection '{connection}' is used by {users}. "
        "Say with ?exports=remove or ?exports=detach what becomes of them."
    )
    return InUse(say("connection_in_use", text, connection=connection_id, users=users), exports)
