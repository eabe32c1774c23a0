"""The index of runs: small documents whose names sort the runs of all exports, newest first.

A list of the newest runs needs no list of all runs. The entries of one day lie in a folder of their own, because
storage lists names from the beginning only.
"""

from collections.abc import AsyncGenerator
from datetime import datetime

from shared.domain.identifiers import is_id
from shared.ports import Documents
from shared.store.paths import INDEX, index_path, index_place

RunIds = tuple[str, str]
"""The id of an export, and the id of one of its runs."""


class RunIndex:
    """The entries of the index; every method raises `Unavailable` when the storage does not answer."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def insert(self, export_id: str, run_id: str) -> bool:
        """Put a run into the index; return False when the run is there already."""
        entry = {"schema": 1, "export_id": export_id, "run_id": run_id}
        return await self._documents.insert(index_path(export_id, run_id), entry) is not None

    async def remove(self, export_id: str, run_id: str) -> None:
        """Take a run out of the index, whether it is there or not."""
        await self._documents.delete(index_path(export_id, run_id))

    async def newest_first(
        self, before: RunIds | None = None, *, until: datetime | None = None
    ) -> AsyncGenerator[RunIds]:
        """Yield the runs in the index, newest first, from the run after *before* on; all of them older than *until*.

        The documents of a run that is yielded may be gone. *before* need not be in the index.
        *until* is a whole second.
        """
        behind = max(index_path(*before) if before else INDEX, index_place(until) if until else INDEX)
        first_folder = behind.rpartition("/")[0] + "/"
        async for day in self._documents.folders(INDEX):
            folder = f"{INDEX}{day}/"
            if folder < first_folder:
                continue
            async for path in self._documents.names(folder):
                if path > behind and (ids := _ids(path)):
                    yield ids


def _ids(path: str) -> RunIds | None:
    """Return the ids in the path of an entry, or None for the path of something else."""
    _, *ids = path.rpartition("/")[2].removesuffix(".json").split("~")
    return (ids[0], ids[1]) if len(ids) == len(("export", "run")) and all(map(is_id, ids)) else None
