"""Decides, once a run, what it reads, how it maps and where it sends, and finds out early what cannot work."""

from contextlib import aclosing

from shared.domain.connection import Connection
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.domain.export import Export
from shared.domain.formats import BlobRows
from shared.domain.mapping import Mapping
from shared.domain.plan import Plan, SegmentBlob
from shared.pipeline.pages import read_pages
from shared.ports import Clock, Segments, Sink

PEEK_ROWS = 10_000
"""How many rows must show a column before it counts as missing."""


async def make_plan(
    export: Export, connection: Connection, *, segments: Segments, sink: Sink, clock: Clock
) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan of a run of *export*, and warnings about it.

    Raises `ConfigurationError` and `CredentialsRefused` for what a person must mend, `Retryable`.
    """
    blobs = [blob for segment in dict.fromkeys(export.segments) for blob in await segments.blobs(segment)]
    columns = await _columns(blobs, segments, clock)
    warnings = [] if columns is None else missing_columns(export.mapping, columns, _segments_text(export))
    list_name = await sink.list_name(export.list_id)
    account_id = connection.account_id or await _account_id(sink)
    plan = Plan(
        blobs=tuple(blobs),
        mapping=export.mapping,
        phone_region=export.phone_region,
        limits=export.limits,
        list_id=export.list_id,
        list_name=list_name,
        secret_name=connection.secret_name,
        account_id=account_id,
    )
    return plan, tuple(warnings)


def missing_columns(mapping: Mapping, columns: frozenset[str] | tuple[str, ...], where: str) -> list[str]:
    """Return a warning for each mapped column that is not among *columns*; *where* names the place that lacks it.

    Raises `ConfigurationError` when the e-mail column is missing, or when a mapped column stands there twice.
    """
    there = sorted(set(columns))
    shown = ", ".join(there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "")
    if mapping.email not in columns:
        raise ConfigurationError(
            f"{where} has no column '{mapping.email}', which the mapping of the export takes e-mail addresses from. "
            f"Columns there: {shown}."
        )
    for column in mapping.columns():
        if sum(name == column for name in columns) > 1:
            raise ConfigurationError(
                f"{where} has the mapped column '{column}' twice; give the columns different names."
            )
    return [
        f"{where} has no column '{column}', which the mapping names."
        for column in mapping.columns()
        if column not in there
    ]


_SHOWN = 20


def _segments_text(export: Export) -> str:
    names = ", ".join(f"'{segment}'" for segment in export.segments[:_SHOWN])
    return f"Segment {names}" if len(export.segments) == 1 else f"The first file of the segments {names}"


async def _columns(
    blobs: list[SegmentBlob], segments: Segments, clock: Clock
) -> tuple[str, ...] | frozenset[str] | None:
    """Return the columns in the first rows of *blobs*, or None when there is no row and no header to judge by."""
    seen: set[str] = set()
    rows = 0
    for blob in blobs:
        reader = BlobRows(blob.name)
        async with aclosing(read_pages(blob, reader, segments=segments, clock=clock)) as pages:
            async for page in pages:
                rows += len(page.rows)
                seen.update(*(row for row in page.rows if isinstance(row, dict)))
                if rows >= PEEK_ROWS:
                    break
        if reader.columns is not None:
            return reader.columns
        if rows >= PEEK_ROWS:
            break
    return frozenset(seen) if rows else None


async def _account_id(sink: Sink) -> str | None:
    """Return Klaviyo's id of the account, or None when the key may not ask for it (scope accounts:read)."""
    try:
        return (await sink.account()).id
    except CredentialsRefused:
        return None
