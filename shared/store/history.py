"""Clears away runs that ended long ago, and the keys that they were requested with: a few documents at a time."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zlib import crc32

from shared.domain.errors import ConfigurationError, Conflict
from shared.domain.runs.run import Run, utc_text
from shared.ports import Clock, Document, Documents
from shared.store.idempotency import ALL, keys_folder
from shared.store.runs import marker_path, run_folder, run_id_at, run_path

logger = logging.getLogger(__name__)

MINUTES_A_LOOK = 5
"""Nothing is looked at in most minutes: every listing costs, and a history may as well wait."""
AT_MOST = 200
"""So many documents are deleted a look; seconds of work, and far more than new runs write in the time."""


async def clear_history(documents: Documents, clock: Clock, *, keep: timedelta, at_most: int = AT_MOST) -> int:
    """Delete up to *at_most* documents of runs that ended longer than *keep* ago; return how many.

    A call looks at one export at most, drawn by the minute, also when the export itself is gone. Its oldest runs come
    first, as ids begin with the time, and the first that is young enough ends the look.
    """
    number = crc32(f"{clock.now():%Y%m%d%H%M}".encode())
    if number % MINUTES_A_LOOK:
        return 0
    export_ids = [name async for name in documents.folders(run_folder())]
    if not export_ids:
        return 0
    export_id = export_ids[number // MINUTES_A_LOOK % len(export_ids)]
    before = clock.now() - keep
    deleted = await clear_export(documents, export_id, before=before, at_most=at_most)
    for scope in (export_id, ALL):
        deleted += await _clear_keys(documents, scope, before, at_most - deleted)
    return deleted


async def clear_export(documents: Documents, export_id: str, *, before: datetime, at_most: int = AT_MOST) -> int:
    """Delete up to *at_most* documents of the runs of an export that ended *before*; return how many."""
    deleted = 0
    async for run_id in documents.folders(run_folder(export_id)):
        if deleted >= at_most or run_id >= run_id_at(before, ""):
            break
        try:
            deleted += await _clear_run(documents, export_id, run_id, before, at_most - deleted)
        except (ConfigurationError, KeyError, TypeError, ValueError) as error:
            # Not by its words: they may hold what stands in the document.
            logger.warning("Run %s of %s cannot be cleared away: %s.", run_id, export_id, type(error).__name__)
    if deleted:
        logger.info("Cleared away %d documents of old runs of export %s.", deleted, export_id)
    return deleted


async def _clear_keys(documents: Documents, scope: str, before: datetime, at_most: int) -> int:
    """Delete the idempotency keys that were kept *before*, of the first *at_most*; they have no order in time."""
    deleted = looked_at = 0
    async for name in documents.names(keys_folder(scope)):
        if looked_at == at_most:
            break
        looked_at += 1
        document = await documents.get(name)
        if document and str(document.value.get("created_at", "")) < utc_text(before):
            await documents.delete(name, etag=document.etag)
            deleted += 1
    return deleted


async def _clear_run(documents: Documents, export_id: str, run_id: str, before: datetime, at_most: int) -> int:
    """Delete what lies beside the run's document, and that at last, so that the rest is found when this is cut off."""
    path = run_path(export_id, run_id)
    document = await documents.get(path)
    if not _has_ended(document, before) or await documents.get(marker_path(export_id, run_id)):
        return 0  # what has a marker would be made anew by the tick
    deleted = 0
    async for name in _beside(documents, export_id, run_id):
        if deleted == at_most:
            return deleted
        await documents.delete(name)
        deleted += 1
    if document is None or deleted == at_most:
        return deleted
    try:
        await documents.delete(path, etag=document.etag)
    except Conflict:
        return deleted  # whoever wrote it has the next word
    return deleted + 1


def _has_ended(document: Document | None, before: datetime) -> bool:
    """Tell whether a run that is that old by its id ended *before*; what was left of one without document has."""
    if document is None:
        return True
    run = Run.from_document(document.value)
    return run.status.is_ended and (run.ended_at or run.created_at) < before


async def _beside(documents: Documents, export_id: str, run_id: str) -> AsyncIterator[str]:
    async for name in documents.names(run_folder(export_id, run_id)):
        if name != run_path(export_id, run_id):
            yield name
