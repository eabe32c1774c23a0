"""Removes a connection, after the exports that use it were removed or detached."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.control.connection_users import Author, exports_over, stop_runs
from shared.control.export_status import forget_export
from shared.domain.errors import Conflict, ExportError
from shared.domain.runs.run import utc_text
from shared.ports import Clock, Documents
from shared.store.configured import connection_path, export_path
from shared.store.runs import Runs, WakeUp

TRIES = 5
"""How often an export is read again that somebody else changes at the same time."""


class Fate(StrEnum):
    """What becomes of the exports over a connection that is removed."""

    REMOVE = "remove"
    DETACH = "detach"
    """They keep their configuration, and wait for another connection."""


class InUse(ExportError):
    """The connection is used by *exports*, and nothing was said about what becomes of them."""

    reason = "in_use"

    def __init__(self, message: str, exports: list[str]) -> None:
        super().__init__(message)
        self.exports = exports


@dataclass(frozen=True, slots=True)
class Removal:
    """What shall be done: *etag* is the version of the connection that somebody has seen."""

    connection_id: str
    etag: str
    fate: Fate
    author: Author

    @property
    def why(self) -> str:
        """Return what the runs say that are stopped by it."""
        return f"{self.author.label} removed connection '{self.connection_id}'."


@dataclass(frozen=True, slots=True)
class Removed:
    """Which exports went with the connection or lost it, and the runs to wake so that they stop."""

    exports: tuple[str, ...]
    wake_ups: tuple[WakeUp, ...]


async def check_unused(documents: Documents, connection_id: str) -> None:
    """Raise `InUse` when exports use the connection."""
    exports = await exports_over(documents, connection_id)
    if exports:
        raise InUse(
            f"Connection '{connection_id}' is used by {_counted(exports)}. Say with ?exports=remove or ?exports=detach "
            "what becomes of them.",
            exports,
        )


Note = Callable[[str], Awaitable[None]]
"""Tells the audit trail what is about to be done to an export."""


async def remove_connection(removal: Removal, runs: Runs, clock: Clock, note: Note) -> Removed:
    """Remove or detach the exports over the connection, stop their runs, then remove the connection.

    The connection goes last: cut off in the middle, the same call once more finds what is left to do. The secret with
    the key stays, as others may use it. Raises `Conflict`, `Retryable`.
    """
    exports = await exports_over(runs.documents, removal.connection_id)
    wake_ups: list[WakeUp] = []
    for export_id in exports:
        await note(export_id)
        wake_ups += await _part(export_id, removal, runs, clock.now())
    await runs.documents.delete(connection_path(removal.connection_id), etag=removal.etag)
    return Removed(tuple(exports), tuple(dict.fromkeys(wake_ups)))


async def _part(export_id: str, removal: Removal, runs: Runs, now: datetime) -> list[WakeUp]:
    """Stop the runs of one export and part it from the connection; twice, for a run that begins in between."""
    by, why = removal.author.label, removal.why
    before = await stop_runs(runs, export_id, by=by, why=why, now=now)
    if removal.fate is Fate.REMOVE:
        await forget_export(runs.documents, export_id)
    else:
        await _detach(runs.documents, export_id, removal, now)
    return before + await stop_runs(runs, export_id, by=by, why=why, now=now)


async def _detach(documents: Documents, export_id: str, removal: Removal, now: datetime) -> None:
    path = export_path(export_id)
    changes = {"connection_id": None, "changed_at": utc_text(now), "changed_by": removal.author.known_as}
    for _ in range(TRIES):
        document = await documents.get(path)
        if document is None or document.value.get("connection_id") != removal.connection_id:
            return  # somebody else removed it, or gave it another connection
        with suppress(Conflict):
            await documents.replace(path, {**document.value, **changes}, etag=document.etag)
            return
    raise Conflict(f"Export '{export_id}' is being changed by somebody else; try again.")


def _counted(exports: list[str]) -> str:
    return f"export '{exports[0]}'" if len(exports) == 1 else f"{len(exports)} exports"
