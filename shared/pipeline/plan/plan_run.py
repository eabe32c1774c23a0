"""Decides, once for each run, what it reads, how it maps and where it sends; finds out early what cannot work."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import Fatal
from shared.domain.rows.file_reader import READER_VERSION
from shared.domain.runs.plan import Plan, PlannedSource
from shared.domain.sentences import Sentence
from shared.pipeline.plan.column_search import ColumnSearch
from shared.pipeline.plan.target_check import check_target
from shared.pipeline.reading.segment_survey import SurveyedFile, survey_segment
from shared.pipeline.resources import Resources
from shared.ports import Sink


class SourceTooOld(Fatal):
    """A segment was written longer ago than the limits of the export allow."""

    reason = "limit_reached"


class RowsOutsideLimits(Fatal):
    """The files say that they have fewer or more rows than the limits of the export allow."""

    reason = "limit_reached"


async def make_plan(  # noqa: PLR0913 - what it works with, each by name
    export: Export,
    connection: Connection,
    *,
    is_first: bool,
    sink: Sink,
    resources: Resources,
    last: Mapping[str, datetime] | None = None,
    limit: int | None = None,
) -> tuple[Plan, tuple[Sentence, ...]]:
    """Return the plan of a run of *export*, and warnings about it; *is_first* tells that it is the first into its list.

    *last* has the date of the folder that the last run has read of each segment; *limit* is that of the run.
    Raises `ConfigurationError`, `CredentialsRefused` and `LiveFlow` for what a person must mend, `Retryable`.
    """
    segments, clock = resources.segments, resources.clock
    files: list[SurveyedFile] = []
    sources: list[PlannedSource] = []
    told: list[Sentence] = []
    columns = ColumnSearch(export.mapping, segments, clock)
    for segment in dict.fromkeys(export.segments):
        found = await survey_segment(
            segment,
            export.reading,
            email_column=export.mapping.email,
            segments=segments,
            clock=clock,
            rules=resources.source_rules,
            not_before=(last or {}).get(segment),
        )
        found.require()
        if (too_old := export.limits.too_old(segment, found.source.age)) is not None:
            raise SourceTooOld(too_old)
        await columns.look_at(segment, found.files)
        files += found.files
        sources.append(found.source.planned)
        told += found.warnings
    rows = _rows_of(files)
    if limit is None and rows is not None:
        _check_rows(export, rows)
    target = await check_target(export, connection, sink, clock, is_first=is_first)
    dialects = {dialect: index for index, dialect in enumerate(dict.fromkeys(file.dialect for file in files))}
    plan = Plan(
        blobs=tuple(file.blob for file in files),
        mapping=export.mapping,
        phone_region=export.phone_region,
        limits=export.limits,
        list_id=export.list_id,
        list_name=target.list.name,
        secret_name=connection.secret_name,
        account_id=target.account_id,
        connection_id=connection.id,
        was_enabled=export.enabled,
        reader=READER_VERSION,
        dialects=tuple(dialects),
        null_values=export.reading.null_values,
        decimal_comma=export.reading.decimal_comma or False,
        dialect_of=tuple(dialects[file.dialect] for file in files),
        sources=tuple(sources),
        rows=rows,
    )
    return plan, (*told, *columns.warnings, *target.warnings)


def _rows_of(files: Sequence[SurveyedFile]) -> int | None:
    """Return how many rows *files* say that they have together; None where one of them does not say."""
    counts = [file.rows for file in files if file.rows is not None]
    return sum(counts) if files and len(counts) == len(files) else None


def _check_rows(export: Export, rows: int) -> None:
    """Raise `RowsOutsideLimits` where a run of *rows* rows would be stopped at its end."""
    limits = export.limits
    if breach := limits.too_few(rows) or limits.too_many(rows):
        text = f"The run was stopped: {breach}. Nothing was sent; mend the segment or the limits."
        raise RowsOutsideLimits(Sentence(breach.code, breach.params, text))
