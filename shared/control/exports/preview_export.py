"""Shows what a run would do: its first rows as they would be sent, and its size; nothing is sent."""

from dataclasses import dataclass, field
from math import ceil

from shared.control.exports.preview_rows import PreviewedProfile, PreviewedRows
from shared.control.exports.save_export import connection_of_export_missing
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Fatal, Retryable, SourceChanged
from shared.domain.profiles.note_sentences import warn_of_notes
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

    *problems* would fail the run. *notes* count what a run would note. *missing* has the mapped columns that are
    missing in a segment. *flows* take up the people who are added to the list; None where that is not known.
    *dialects* are the ways in which the files are written, each once.
    """

    samples: list[Sample] = field(default_factory=list)
    profiles: list[PreviewedProfile] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    duplicates: int = 0
    notes: ValueNotes = field(default_factory=ValueNotes)
    missing: list[str] = field(default_factory=list)
    target: ListInfo | None = None
    flows: tuple[Flow, ...] | None = None
    problems: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    estimate: Estimate = field(default_factory=Estimate)
    dialects: dict[Dialect, None] = field(default_factory=dict)


async def preview_export(export: Export, connection: Connection | None, resources: Resources, *, limit: int) -> Preview:
    """Return what a run of *export* over *connection* would do, with its first *limit* rows.

    Raises `ConfigurationError` when the export has no connection or names one that does not exist, and `Retryable`.
    """
    connection_id = export.connected_to()
    if connection is None:
        raise ConfigurationError(connection_of_export_missing(connection_id))
    sink = resources.sinks(connection.secret_name, connection.account_id)
    found = Preview()
    looked_at = PreviewedRows(export, sink.encode)
    segments = tuple(dict.fromkeys(export.segments))
    for left, segment in zip(range(len(segments), 0, -1), segments, strict=True):
        looked_at.show(ceil((limit - looked_at.shown_rows) / left))
        rows = min(SAMPLE_ROWS, ALL_SAMPLE_ROWS // len(segments))
        await _look_at(segment, looked_at, found, rows=rows, export=export, resources=resources)
    found.profiles, found.rejections = looked_at.shown_profiles, looked_at.shown_rejections
    found.duplicates, found.notes = looked_at.duplicates, looked_at.notes
    found.warnings += map(Notice.for_everybody, warn_of_notes(found.notes, looked_at.rows))
    await _ask_klaviyo(export, sink, resources, found)
    found.estimate = _estimate(export, found, sink, looked_at)
    found.warnings += map(Notice.for_everybody, _breaches(export, found.estimate, looked_at))
    _check_consent(connection, found)
    return found


async def _look_at(  # noqa: PLR0913 - where it looks, how far, with what, and what it fills
    segment: str, looked_at: PreviewedRows, found: Preview, *, rows: int, export: Export, resources: Resources
) -> None:
    """Look at the files of *segment* as a run does before it sends, and at about *rows* rows."""
    mapping, segments, clock = export.mapping, resources.segments, resources.clock
    columns = ColumnSearch(mapping, segments, clock)
    try:
        surveyed = await survey_segment(
            segment,
            export.reading,
            email_column=mapping.email,
            segments=segments,
            clock=clock,
            most_files=MOST_FILES,
        )
        found.problems += map(Notice.for_everybody, surveyed.problems)
        found.warnings += map(Notice.for_everybody, surveyed.warnings)
        found.dialects.update(dict.fromkeys(surveyed.dialects))
        sample = await sample_segment(
            surveyed, rows=rows, segments=segments, clock=clock, email_column=mapping.email, on_page=looked_at.take
        )
        found.samples.append(sample)
        await columns.look_at(segment, surveyed.files)
    except (ConfigurationError, SourceChanged) as error:
        found.problems.append(error.notice)
    else:
        if not sample.rows and not surveyed.problems and sample.seen.header is None:
            text = "Segment '{segment}' has no row in what was looked at."
            found.warnings.append(Notice.for_everybody(say("no_row_seen", text, segment=segment)))
    found.warnings += map(Notice.for_everybody, columns.warnings)
    found.missing += [column for column in columns.missing if column not in found.missing]


async def _ask_klaviyo(export: Export, sink: Sink, resources: Resources, found: Preview) -> None:
    """Note what Klaviyo says about the list; no row is sent."""
    try:
        found.target = await sink.list_details(export.list_id)
        found.flows = await ask_for_flows(sink, export.list_id)
        is_first = not await resources.store.known_lists.knows(export)
        flow_warnings = tell_of_flows(export, found.target, found.flows, is_first=is_first)
        found.warnings += map(Notice.for_everybody, flow_warnings)
    except Fatal as error:
        found.problems.append(error.notice)
    except Retryable as error:
        found.warnings.append(Notice(_not_asked(error.sentence), _not_asked(error.public)))


def _not_asked(why: Sentence) -> Sentence:
    return say("klaviyo_not_asked", "Klaviyo was not asked about the list: {why}", why=str(why))


def _check_consent(connection: Connection, found: Preview) -> None:
    """Note when nobody has agreed that data goes over *connection*."""
    try:
        connection.check_consent()
    except ConfigurationError as error:
        found.problems.append(error.notice)


def _estimate(export: Export, found: Preview, sink: Sink, rows: PreviewedRows) -> Estimate:
    counts = [sample.estimated_rows for sample in found.samples]
    if None in counts or len(counts) < len(set(export.segments)):
        return Estimate()
    return estimate(
        sum(count or 0 for count in counts),
        is_exact=all(sample.is_whole for sample in found.samples),
        sampled=rows.rows,
        sent=rows.profiles,
        sent_bytes=rows.payload_bytes,
        max_profiles=sink.max_profiles,
        max_bytes=sink.max_bytes(export.list_id),
    )


def _breaches(export: Export, estimate: Estimate, rows: PreviewedRows) -> list[Sentence]:
    """Return a sentence for each limit of the export that would stop a run."""
    found, limits = list[Sentence](), export.limits
    if limits.max_rows is not None and estimate.rows is not None and estimate.rows > limits.max_rows:
        text = "The segments have about {rows:,} rows; max_rows = {max_rows:,} stops the run."
        found.append(say("more_than_max_rows", text, rows=estimate.rows, max_rows=limits.max_rows))
    if rows.rejected > limits.max_rejected_share * rows.rows:
        found.append(
            say(
                "more_than_max_rejected_share",
                "{rejected:,} of the first {rows:,} rows would be rejected, more than max_rejected_share = {share:g} "
                "allows.",
                rejected=rows.rejected,
                rows=rows.rows,
                share=limits.max_rejected_share,
            )
        )
    return found
