"""Shows what a run would do: its first rows as they would be sent, and its size; nothing is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from shared.control.exports.look_around import remember_list
from shared.control.exports.preview_findings import about_segment, about_values, limits_passed
from shared.control.exports.preview_rows import PreviewedProfile, PreviewedRows
from shared.control.exports.save_export import connection_of_export_missing
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Fatal, LiveFlow, Retryable, SourceChanged, UnknownList
from shared.domain.findings import Finding
from shared.domain.profiles.value_notes import ValueNotes
from shared.domain.rows.dialect import Dialect
from shared.domain.runs.estimate import Estimate, estimate
from shared.domain.runs.rejection import Rejection
from shared.domain.sentences import Notice, Sentence, say
from shared.pipeline.plan.column_search import ColumnSearch
from shared.pipeline.plan.live_flows import ask_for_flows, tell_of_flows
from shared.pipeline.reading.segment_sample import Sample, sample_segment
from shared.pipeline.reading.segment_survey import survey_segment
from shared.pipeline.resources import Resources
from shared.ports import Flow, ListInfo, Sink

SAMPLE_ROWS = 2_000
"""So many rows of a segment are looked at: an estimate needs more rows than are shown."""
MOST_FILES = 100
"""The tops of so many files of a segment are looked at."""
ALL_SAMPLE_ROWS = 10_000
"""So many rows of all segments together are looked at."""


@dataclass(slots=True)
class Preview:
    """What a run would do; mutable.

    *problems* would fail the run, *warnings* would not. *notes* count what a run would note.
    *missing* has the mapped columns that are missing in a segment. *flows* take up the people who are added to the
    list; None where that is not known. *dialects* are the ways in which the files are written, each once.
    *values* has samples of columns that are not mapped.
    """

    samples: list[Sample] = field(default_factory=list)
    profiles: list[PreviewedProfile] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    duplicates: int = 0
    notes: ValueNotes = field(default_factory=ValueNotes)
    missing: list[str] = field(default_factory=list)
    target: ListInfo | None = None
    flows: tuple[Flow, ...] | None = None
    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    estimate: Estimate = field(default_factory=Estimate)
    dialects: dict[Dialect, None] = field(default_factory=dict)
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


async def preview_export(export: Export, connection: Connection | None, resources: Resources, *, limit: int) -> Preview:
    """Return what a run of *export* over *connection* would do, with its first *limit* rows.

    An export that has no list yet is looked at as far as that goes.

    Raises `ConfigurationError` when the export has no connection or names one that does not exist, and `Retryable`.
    """
    connection_id = export.connected_to()
    if connection is None:
        raise ConfigurationError(connection_of_export_missing(connection_id))
    sink = resources.sinks(connection.secret_name, connection.account_id)
    found = Preview()
    looked_at = PreviewedRows(export, sink.encode)
    segments = tuple(dict.fromkeys(export.segments))
    last = await resources.store.last_sources.moments(export.id)
    for left, segment in zip(range(len(segments), 0, -1), segments, strict=True):
        looked_at.show(ceil((limit - looked_at.shown_rows) / left))
        rows = min(SAMPLE_ROWS, ALL_SAMPLE_ROWS // len(segments))
        await _look_at(
            segment, looked_at, found, rows=rows, export=export, resources=resources, not_before=last.get(segment)
        )
    found.profiles, found.rejections = looked_at.shown_profiles, looked_at.shown_rejections
    found.duplicates, found.notes, found.values = looked_at.duplicates, looked_at.notes, looked_at.values
    found.warnings += about_values(looked_at)
    if export.list_id:
        await _ask_klaviyo(export, connection, sink, resources, found)
    else:
        found.warnings.append(Finding.of(say("list_not_chosen", _NO_LIST), "/list_id"))
    found.estimate = _estimate(export, found, sink, looked_at)
    if not found.problems:  # where a segment cannot be read, the sample says little
        found.problems += limits_passed(export, found.estimate, looked_at)
    _check_consent(connection, found)
    return found


async def _look_at(  # noqa: PLR0913 - where it looks, how far, with what, and what it fills
    segment: str,
    looked_at: PreviewedRows,
    found: Preview,
    *,
    rows: int,
    export: Export,
    resources: Resources,
    not_before: datetime | None,
) -> None:
    """Look at the files of *segment* as a run does before it sends, and at about *rows* rows."""
    mapping, segments, clock = export.mapping, resources.segments, resources.clock
    columns = ColumnSearch(mapping, segments, clock)

    def about(sentence: Sentence) -> Finding:
        return about_segment(export, segment, Notice.for_everybody(sentence))

    try:
        surveyed = await survey_segment(
            segment,
            export.reading,
            email_column=mapping.email,
            segments=segments,
            clock=clock,
            most_files=MOST_FILES,
            rules=resources.source_rules,
            not_before=not_before,
        )
        found.problems += map(about, surveyed.problems)
        if (too_old := export.limits.too_old(segment, surveyed.source.age)) is not None:
            found.problems.append(Finding.of(too_old, "/limits/max_age_hours"))
        found.warnings += map(about, surveyed.warnings)
        found.dialects.update(dict.fromkeys(surveyed.dialects))
        sample = await sample_segment(
            surveyed,
            rows=rows,
            segments=segments,
            clock=clock,
            email_column=mapping.email,
            typed_columns=mapping.typed_by_source(),
            mapped_columns=mapping.columns(),
            on_page=looked_at.take,
        )
        found.samples.append(sample)
        await columns.look_at(segment, surveyed.files)
    except (ConfigurationError, SourceChanged) as error:
        found.problems.append(about_segment(export, segment, error.notice))
    else:
        if not sample.rows and not surveyed.problems:
            text = "Segment '{segment}' has no row in what was looked at."
            found.warnings.append(about(say("no_row_seen", text, segment=segment)))
    found.warnings += map(about, columns.warnings)
    found.missing += [column for column in columns.missing if column not in found.missing]


async def _ask_klaviyo(
    export: Export, connection: Connection, sink: Sink, resources: Resources, found: Preview
) -> None:
    """Note what Klaviyo says about the list, and remember its name; no row is sent."""
    try:
        found.target = await sink.list_details(export.list_id)
        await remember_list(connection, found.target, resources)
        found.flows = await ask_for_flows(sink, export.list_id)
        is_first = not await resources.store.known_lists.knows(export)
        flow_warnings = tell_of_flows(export, found.target, found.flows, is_first=is_first)
        found.warnings += [Finding.of(sentence, "/allow_flows") for sentence in flow_warnings]
    except Fatal as error:
        found.problems.append(Finding(error.notice, _place_of(error)))
    except Retryable as error:
        notice = Notice(_not_asked(error.sentence), _not_asked(error.public))
        found.warnings.append(Finding(notice, "/list_id"))


def _place_of(error: Fatal) -> str:
    """Return the JSON pointer of the field that *error*, which Klaviyo's answer has raised, is about."""
    if isinstance(error, LiveFlow):
        return "/allow_flows"
    return "/list_id" if isinstance(error, UnknownList) else "/connection_id"


def _not_asked(why: Sentence) -> Sentence:
    return say("klaviyo_not_asked", "Klaviyo was not asked about the list: {why}", why=str(why))


def _check_consent(connection: Connection, found: Preview) -> None:
    """Note when nobody has agreed that data goes over *connection*."""
    try:
        connection.check_consent()
    except ConfigurationError as error:
        found.problems.append(Finding(error.notice, "/connection_id"))


def _estimate(export: Export, found: Preview, sink: Sink, rows: PreviewedRows) -> Estimate:
    counts = [sample.estimated_rows for sample in found.samples]
    if None in counts or len(counts) < len(set(export.segments)):
        return Estimate()
    return estimate(
        sum(count or 0 for count in counts),
        is_exact=all(sample.is_exact for sample in found.samples),
        sampled=rows.rows,
        sent=rows.profiles,
        sent_bytes=rows.payload_bytes,
        max_profiles=sink.max_profiles,
        max_bytes=sink.max_bytes(export.list_id),
    )


_NO_LIST = (
    "The export has no list yet, so Klaviyo was not asked whether the list is there and whether a live flow would take "
    "up its new members. Choose a list."
)
