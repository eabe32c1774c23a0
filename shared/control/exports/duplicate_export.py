"""Makes a copy of an export under another id."""

from shared.control.exports.save_export import SavedExport, save_export
from shared.domain.config.export import MAX_DISPLAY_NAME, Export
from shared.domain.config.wishes import ExportCopy
from shared.domain.control_errors import ExportExists
from shared.domain.sentences import say
from shared.ports import Clock
from shared.store.audit_trail import Author
from shared.store.store import Store

_COPY = " (copy)"
"""Ends the name of a copy that nobody has named."""


async def duplicate_export(
    original: Export, wish: ExportCopy, *, author: Author, store: Store, clock: Clock
) -> SavedExport:
    """Save a copy of *original* with the id and the name that *wish* gives.

    The copy is disabled: it does not run by itself until somebody enables it.
    Raises `ExportExists` when the id is taken, `Conflict` when somebody else takes the id meanwhile, `Retryable`.
    """
    if await store.exports.document(wish.id) is not None:
        text = "There is an export '{export}' already; choose another id."
        raise ExportExists(say("export_exists", text, export=wish.id))
    name = wish.display_name or original.display_name[: MAX_DISPLAY_NAME - len(_COPY)] + _COPY
    copy = original.model_copy(update={"id": wish.id, "display_name": name, "enabled": False})
    # A disabled export has no timetable, so the schedule of the app makes no difference.
    return await save_export(copy, None, author=author, store=store, clock=clock, refresh=None, is_copy=True)
