"""Clears away runs that ended long ago, and old idempotency keys: a few documents at a time."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zlib import crc32

from shared.domain.errors import ConfigurationError, Conflict
from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import Run
from shared.domain.times import utc_text
from shared.ports import Document, Documents
from shared.store.idempotency import ALL_EXPORTS
from shared.store.index.run_index import RunIndex
from shared.store.paths import idempotency_folder, marker_path, run_folder, run_path

logger = logging.getLogger(__name__)

TICKS_A_LOOK = 10
"""The history is looked at in about one of so many ticks: each listing costs money, and the history can wait."""
MOST_NAMES = 5_000
"""The storage lists so many names at one request."""
AT_MOST = 200
"""So many documents are deleted in one look: seconds of work, and more than new runs write in the same time."""


class History:
    """The runs that have ended, and what was decided under idempotency keys."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._index = RunIndex(documents)

    async def clear(self, now: datetime, *, keep: timedelta, at_most: int = AT_MOST) -> int:
        """Delete up to *at_most* documents of runs that ended longer than *keep* ago; return how many.

        One call looks at one export at most, chosen by the half-minute; the export itself may be gone.
        """
        number = crc32(f"{now:%Y%m%d%H%M}{now.second // 30}".encode())
        if number % TICKS_A_LOOK:
            return 0
        export_ids = [name async for name in self._documents.folders(run_folder())]
        if not export_ids:
            return 0
        export_id = export_ids[number // TICKS_A_LOOK % len(export_ids)]
        before = now - keep
        deleted = await self.clear_export(export_id, before=before, at_most=at_most)
        for scope in (export_id, ALL_EXPORTS):
            deleted += await self._clear_keys(scope, before, at_most - deleted, look=f"{scope} {utc_text(now)}")
        return deleted

    async def clear_export(self, export_id: str, *, before: datetime, at_most: int = AT_MOST) -> int:
        """Delete up to *at_most* documents of the export's runs that ended *before*; return how many.

        The oldest runs come first, as ids begin with the time. The first run that is young enough ends the look.
        """
        deleted = 0
        async for run_id in self._documents.folders(run_folder(export_id)):
            if deleted >= at_most or run_id >= run_id_at(before, ""):
                break
            try:
                deleted += await self._clear_run(export_id, run_id, before, at_most - deleted)
            except (ConfigurationError, KeyError, TypeError, ValueError) as error:
                # The text of the error may repeat what stands in the document, so only its type is logged.
                logger.warning("Run %s of %s cannot be cleared away: %s.", run_id, export_id, type(error).__name__)
        if deleted:
            logger.info("Cleared away %d documents of old runs of export %s.", deleted, export_id)
        return deleted

    async def _clear_keys(self, scope: str, before: datetime, at_most: int, *, look: str) -> int:
        """Read up to *at_most* keys of *scope* and delete those from *before*.

        The names of keys say nothing about time. So each *look* begins at another place, and each key is met.
        """
        deleted = 0
        for name in await self._some_keys(scope, at_most, look):
            try:
                document = await self._documents.get(name)
            except ConfigurationError as error:
                logger.warning("An idempotency key stays: %s", error)
                continue
            if document and str(document.value.get("created_at", "")) < utc_text(before):
                await self._documents.delete(name, etag=document.etag)
                deleted += 1
        return deleted

    async def _some_keys(self, scope: str, count: int, look: str) -> list[str]:
        """Return the names of *count* keys of *scope* from a place on that *look* draws; two lists at most."""
        folder, drawn = idempotency_folder(scope), crc32(look.encode())
        names = await self._first_names(folder)
        if len(names) == MOST_NAMES:  # there are more; a name begins with two hexadecimal digits
            names = await self._first_names(f"{folder}{drawn % 256:02x}")
        start = drawn // 256 % len(names) if names else 0
        return [*names[start:], *names[:start]][:count]

    async def _first_names(self, prefix: str) -> list[str]:
        found: list[str] = []
        async for name in self._documents.names(prefix):
            found.append(name)
            if len(found) == MOST_NAMES:
                break
        return found

    async def _clear_run(self, export_id: str, run_id: str, before: datetime, at_most: int) -> int:
        """Delete what lies beside the run's document, and the run's document last; return how many documents.

        A look that is cut off leaves the run's document, so the next look finds the rest.
        """
        path = run_path(export_id, run_id)
        document = await self._documents.get(path)
        if not _has_ended(document, before) or await self._documents.get(marker_path(export_id, run_id)):
            return 0  # the tick would make the run of a marker anew
        deleted = 0
        async for name in self._beside(export_id, run_id):
            if deleted == at_most:
                return deleted
            await self._documents.delete(name)
            deleted += 1
        await self._index.remove(export_id, run_id)  # nobody finds the entry again once the run is gone
        if document is None or deleted == at_most:
            return deleted
        try:
            await self._documents.delete(path, etag=document.etag)
        except Conflict:
            return deleted  # somebody wrote the run a moment ago, so the run stays
        return deleted + 1

    async def _beside(self, export_id: str, run_id: str) -> AsyncIterator[str]:
        async for name in self._documents.names(run_folder(export_id, run_id)):
            if name != run_path(export_id, run_id):
                yield name


def _has_ended(document: Document | None, before: datetime) -> bool:
    """Tell whether the run in *document* ended earlier than *before*; a run whose document is gone has ended."""
    if document is None:
        return True
    run = Run.from_document(document.value)
    return run.status.is_ended and (run.ended_at or run.created_at) < before
