"""What a run that has ended leaves beside its document: rejected rows, and jobs whose end could not be learnt."""

from collections.abc import AsyncIterator

from shared.domain.runs.run import Run
from shared.ports import Documents
from shared.store.paths import rejections_path, unconfirmed_path


class Results:
    """Lines of JSON (NDJSON), each file written as a whole at the end of a run.

    Every method raises `Unavailable` when the storage does not answer.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def write_rejections(self, run: Run, lines: AsyncIterator[bytes]) -> None:
        """Write a line for each rejected row, over what an earlier try wrote."""
        await self._documents.write_lines(rejections_path(run.export_id, run.id), lines)

    async def write_unconfirmed(self, run: Run, lines: AsyncIterator[bytes] | None) -> None:
        """Write a line for each job whose end could not be learnt; None removes what an earlier try wrote."""
        path = unconfirmed_path(run.export_id, run.id)
        if lines is None:
            await self._documents.delete(path)
        else:
            await self._documents.write_lines(path, lines)

    def rejections(self, run: Run, *, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the lines of rejected rows that begin at byte *at* or after it."""
        return self._documents.read_lines(rejections_path(run.export_id, run.id), at=at)

    def unconfirmed(self, run: Run, *, at: int = 0) -> AsyncIterator[bytes]:
        """Yield the lines of unconfirmed jobs that begin at byte *at* or after it."""
        return self._documents.read_lines(unconfirmed_path(run.export_id, run.id), at=at)
