"""What a caller may do with a connection and with the exports over it; calls and answers both ask here."""

from shared.api.access.callers import Caller, Role
from shared.api.http.problems import Forbidden
from shared.domain.config.connection import Connection, SharedWith
from shared.domain.sentences import say


def may_use(caller: Caller, connection: Connection | None) -> bool:
    """Tell whether *caller* may export over *connection*, which is None for a detached export.

    Administrators always may. Contributors may where the connection is shared with them.
    """
    if caller.is_administrator:
        return True
    shared = connection is not None and connection.shared_with is SharedWith.CONTRIBUTORS
    return caller.role >= Role.CONTRIBUTE and shared


def check_use(caller: Caller, connection: Connection | None) -> None:
    """Raise `Forbidden` unless *caller* may export over *connection*."""
    if may_use(caller, connection):
        return
    if caller.role < Role.CONTRIBUTE:
        caller.require(Role.CONTRIBUTE)
    if connection is None:
        text = "The export has no connection, so only administrators may do that."
        raise Forbidden(say("no_connection_to_share", text))
    text = (
        "Connection '{connection}' is not shared, so only administrators may do that; one of them can set its "
        "shared_with to contributors."
    )
    raise Forbidden(say("connection_not_shared", text, connection=connection.id))


def rights_on_connection(caller: Caller, connection: Connection) -> list[str]:
    """Return what *caller* may do with *connection*."""
    own = ["change", "remove", "test"] if caller.is_administrator else []
    return ["use", *own] if may_use(caller, connection) else own


def rights_on_export(caller: Caller, connection: Connection | None) -> list[str]:
    """Return what *caller* may do with an export over *connection*, which is None for a detached export."""
    if not may_use(caller, connection):
        return []
    return [*([] if connection is None else ["run", "preview"]), "change", "remove", "duplicate", "cancel"]
