"""The one way to change the document of a run: one save at a time, each over the version before."""

import asyncio
from collections.abc import Callable

from shared.domain.errors import Conflict
from shared.domain.runs.run import Run
from shared.ports import Documents


class RunSaver:
    """One run, and the one way to change its document; mutable.

    *run* is the run as it was saved last. *fence* raises `RunLeaseLost` when another leg may have the run by now.
    """

    def __init__(self, documents: Documents, path: str, run: Run, etag: str, fence: Callable[[], None]) -> None:
        self._documents = documents
        self._path = path
        self._etag = etag
        self._in_doubt: list[Run] = []
        self._turn = asyncio.Lock()
        self.run = run
        self.fence = fence

    async def save(self, change: Callable[[Run], Run]) -> Run:
        """Apply *change* to the run and write the document; return the run.

        The answer to an earlier write may have been lost. If the document is what that write wrote, the save goes on
        from there. Raises `Conflict` when somebody else wrote the document, `RunLeaseLost`.
        """
        async with self._turn:
            try:
                await self._write(change(self.run))
            except Conflict:
                if not await self._is_ours():
                    raise
                await self._write(change(self.run))
            self._in_doubt = []
            return self.run

    async def _write(self, run: Run) -> None:
        self.fence()
        self._in_doubt.append(run)
        try:
            self._etag = await self._documents.replace(self._path, run.document(), etag=self._etag)
        except Conflict:
            self._in_doubt.pop()  # storage has refused this write, so it is not in doubt
            raise
        self.run = run

    async def _is_ours(self) -> bool:
        """Tell whether this saver wrote the stored run without getting an answer; if so, go on from that version."""
        there = await self._documents.get(self._path)
        written = [run for run in self._in_doubt if there and run.document() == there.value]
        if there and written:
            self.run, self._etag = written[-1], there.etag
        return bool(written)
