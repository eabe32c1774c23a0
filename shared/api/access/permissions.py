"""What a caller may do with a connection and with the exports over it; calls and answers both ask here."""

from collections.abc import Collection

from shared.api.access.callers import Caller, Role
from shared.api.http.problems import Forbidden
from shared.control.exports.save_export import why_it_cannot_run
from shared.domain.config.connection import Connection, SharedWith
from shared.domain.config.export import Export
from shared.domain.sentences import Sentence, say


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


def rights_on_export(
    caller: Caller, export: Export, connection: Connection | None, *, has_run: bool, unsaved: Collection[str] = ()
) -> tuple[list[str], dict[str, Sentence]]:
    """Return what *caller* can do now with *export* over *connection*, and for each other action why not.

    *connection* is None where the export has none, or one that is not there. *has_run* tells that a run of the export
    has not ended. *unsaved* are the actions that go by what is stored, where *export* is not what is stored.
    """
    try:
        check_use(caller, connection)
    except Forbidden as error:
        return [], dict.fromkeys(ACTIONS, error.sentence)
    blocked = dict.fromkeys(unsaved, say("not_saved", _NOT_SAVED))
    if (why := why_it_cannot_run(export, connection)) is not None:
        blocked |= dict.fromkeys(("run",) if connection else ("run", "preview"), why)
    if not has_run:
        blocked["cancel"] = say("nothing_to_cancel", "No run of export '{export}' is at work.", export=export.id)
    return [action for action in ACTIONS if action not in blocked], blocked


_NOT_SAVED = "This is the answer to a dry run, so nothing is saved; save the export first."
ACTIONS = ("run", "preview", "change", "remove", "duplicate", "cancel")
"""What can be done with an export."""
