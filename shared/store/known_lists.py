"""What is known about lists: which one each export has sent to, and how they are called."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from shared.domain.config.export import Export
from shared.domain.errors import Damaged
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run
from shared.domain.times import utc_text
from shared.ports import Documents, write_over
from shared.store.paths import export_path, known_list_path, list_names_path


class KnownLists:
    """The note of each export on the list that it has sent to, so that the first run into a list is known.

    An export knows a list after its first run that sent something to the list.
    A run that only tries a few rows does not count.
    Every method raises `Unavailable`.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def knows(self, export: Export) -> bool:
        """Tell whether a run of *export* has sent something to its list before."""
        known = await self._documents.get(known_list_path(export.id))
        return known is not None and known.value.get("list_id") == export.list_id

    async def remember(self, run: Run, plan: Plan, now: datetime) -> None:
        """Note that *run* has sent to the list of its *plan*, unless it sent nothing or only tried a few rows."""
        if not run.jobs.submitted or run.limit is not None:
            return
        path = known_list_path(run.export_id)
        known = await self._documents.get(path)
        if known and known.value.get("list_id") == plan.list_id:
            return
        if await self._documents.get(export_path(run.export_id)) is None:
            return  # a later export with this id must not inherit the note
        note = {"schema": 1, "list_id": plan.list_id, "run_id": run.id, "since": utc_text(now)}
        # Only an overtaken leg of this run may be faster, and it writes the same.
        await write_over(self._documents, path, note, known.etag if known else None)

    async def remove(self, export_id: str) -> None:
        """Remove the note."""
        await self._documents.delete(known_list_path(export_id))


class ListNames:
    """The names of the lists that exports over a connection send to, as Klaviyo named them last.

    Readers may not ask Klaviyo for lists, and see the name of a list all the same. The names are no part of the
    exports: learning a name changes no ETag. Every method raises `Unavailable`.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def names(self, connection_id: str) -> Mapping[str, str]:
        """Return the known names by the ids of the lists; a damaged document knows none."""
        with suppress(Damaged):
            if (document := await self._documents.get(list_names_path(connection_id))) is not None:
                return _names(document.value)
        return {}

    async def remember(self, connection_id: str, list_id: str, name: str) -> None:
        """Note that the list has this *name*; who notes another name at the same time wins."""
        path = list_names_path(connection_id)
        with suppress(Damaged):
            document = await self._documents.get(path)
            before = document.value if document else {"schema": 1}
            if (names := _names(before)).get(list_id) != name:
                changed = {**before, "names": {**names, list_id: name}}
                await write_over(self._documents, path, changed, document.etag if document else None)

    async def forget(self, connection_id: str) -> None:
        """Remove the names, whether there are any or not."""
        await self._documents.delete(list_names_path(connection_id))


def _names(document: Mapping[str, object]) -> Mapping[str, str]:
    names = document.get("names")
    if not isinstance(names, dict):
        return {}
    return {list_id: name for list_id, name in names.items() if isinstance(name, str)}
