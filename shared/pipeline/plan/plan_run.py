"""Decides, once for each run, what it reads, how it maps and where it sends; finds out early what cannot work."""

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.rows.file_reader import READER_VERSION
from shared.domain.runs.plan import Plan
from shared.domain.sentences import Sentence
from shared.pipeline.plan.column_search import ColumnSearch
from shared.pipeline.plan.live_flows import flow_warnings
from shared.pipeline.reading.segment_survey import SurveyedFile, survey_segment
from shared.pipeline.watching.account_check import known_account
from shared.ports import Clock, Segments, Sink


async def make_plan(  # noqa: PLR0913 - what it works with, each by name
    export: Export, connection: Connection, *, is_first: bool, segments: Segments, sink: Sink, clock: Clock
) -> tuple[Plan, tuple[Sentence, ...]]:
    """Return the plan of a run of *export*, and warnings about it; *is_first* tells that it is the first into its list.

    Raises `ConfigurationError`, `CredentialsRefused` and `LiveFlow` for what a person must mend, `Retryable`.
    """
    files: list[SurveyedFile] = []
    told: list[Sentence] = []
    columns = ColumnSearch(export.mapping, segments, clock)
    for segment in dict.fromkeys(export.segments):
        found = await survey_segment(
            segment, export.reading, email_column=export.mapping.email, segments=segments, clock=clock
        )
        found.require()
        await columns.look_at(segment, found.files)
        files += found.files
        told += found.warnings
    account_id = await known_account(sink, connection.account_id, connection.secret_name)
    found_list = await sink.list_details(export.list_id)
    warnings = await flow_warnings(export, found_list, sink, is_first=is_first)
    dialects = {dialect: index for index, dialect in enumerate(dict.fromkeys(file.dialect for file in files))}
    plan = Plan(
        blobs=tuple(file.blob for file in files),
        mapping=export.mapping,
        phone_region=export.phone_region,
        limits=export.limits,
        list_id=export.list_id,
        list_name=found_list.name,
        secret_name=connection.secret_name,
        account_id=account_id,
        connection_id=connection.id,
        was_enabled=export.enabled,
        reader=READER_VERSION,
        dialects=tuple(dialects),
        null_values=export.reading.null_values,
        decimal_comma=export.reading.decimal_comma or False,
        dialect_of=tuple(dialects[file.dialect] for file in files),
    )
    return plan, (*told, *columns.warnings, *warnings)
