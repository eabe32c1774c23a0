"""Shows what a run would do: its first rows as they would be sent, and what it would come to; sends nothing."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil

from shared.control.preview_rows import SampledRows, Shown
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, Fatal, LiveFlow, Retryable, SourceChanged
from shared.domain.runs.estimate import Estimate, estimate
from shared.domain.runs.omissions import warn_of_left_out
from shared.domain.runs.rejection import Rejection
from shared.pipeline.plan.live_flows import ask_for_flows, tell_of_flows
from shared.pipeline.reading.column_search import column_warning, missing_columns
from shared.pipeline.reading.segment_sample import Sample, sample_segment
from shared.pipeline.resources import Resources
from shared.ports import Flow, ListInfo, Sink

SAMPLE_ROWS = 2_000
"""So many rows of a segment are looked at, so that estimates rest on more than what is shown."""
ALL_SAMPLE_ROWS = 10_000


@dataclass(slots=True)
class Preview:
    """What a run would do; mutable. *problems* would fail it; *left_out* counts values that cannot be sent, by field.

    *flows* take up whoever is added to the list, None where that is not known. *refusal* is why Klaviyo could not be
    asked, if somebody must mend that.
    """

    samples: list[Sample] = field(default_factory=list)
    profiles: list[Shown] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    duplicates: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    target: ListInfo | None = None
    flows: tuple[Flow, ...] | None = None
    refusal: Fatal | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    estimate: Estimate = field(default_factory=Estimate)


async def preview_export(export: Export, connection: Connection, resources: Resources, *, limit: int) -> Preview:
    """Return what a run of *export* would do, with its first *limit* rows; raises `Retryable`."""
    sink = resources.sinks(connection.secret_name, connection.account_id)
    found = Preview()
    looked_at = SampledRows(export, sink, resources.clock.now())
    segments = tuple(dict.fromkeys(export.segments))
    for left, segment in zip(range(len(segments), 0, -1), segments, strict=True):
        looked_at.show(ceil((limit - looked_at.shown_rows) / left))
        rows = min(SAMPLE_ROWS, ALL_SAMPLE_ROWS // len(segments))
        try:
            sample = await sample_segment(
                segment, rows=rows, segments=resources.segments, clock=resources.clock, on_page=looked_at.take
            )
        except (ConfigurationError, SourceChanged) as error:
            found.problems.append(str(error))
        else:
            found.samples.append(sample)
            _compare(export, sample, found)
    looked_at.end()
    found.profiles, found.rejections = looked_at.shown()
    found.duplicates, found.left_out = looked_at.duplicates, looked_at.left_out
    found.warnings += warn_of_left_out(found.left_out, looked_at.rows)
    await _ask_klaviyo(export, sink, resources, found)
    found.estimate = _estimate(export, found, sink, looked_at)
    found.warnings += _breaches(export, found.estimate, looked_at)
    return found


def _compare(export: Export, sample: Sample, found: Preview) -> None:
    """Note which mapped columns the segment lacks; a header tells surely, a few rows do not."""
    if not sample.rows and sample.header is None:
        found.warnings.append(f"Segment '{sample.segment}' has no row in what was looked at.")
        return
    columns = sample.columns if sample.header is None else sample.header
    try:
        lacking = missing_columns(export.mapping, columns, sample.where)
    except ConfigurationError as error:
        (found.warnings if sample.header is None and not sample.is_whole else found.problems).append(str(error))
        lacking = [column for column in export.mapping.columns() if column not in columns]
    else:
        found.warnings += [column_warning(column, [sample.where]) for column in lacking]
    found.missing += [column for column in lacking if column not in found.missing]


async def _ask_klaviyo(export: Export, sink: Sink, resources: Resources, found: Preview) -> None:
    """Note what Klaviyo says about the list; nothing of the rows goes there."""
    try:
        found.target = await sink.list_details(export.list_id)
        found.flows = await ask_for_flows(sink, export.list_id)
        is_first = not await resources.store.known_lists.knows(export)
        found.warnings += map(str, tell_of_flows(export, found.target, found.flows, is_first=is_first))
    except LiveFlow as error:
        found.problems.append(str(error))
    except Fatal as error:
        found.refusal = error
    except Retryable as error:
        found.warnings.append(f"Klaviyo was not asked about the list: {error}")


def _estimate(export: Export, found: Preview, sink: Sink, rows: SampledRows) -> Estimate:
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


def _breaches(export: Export, estimate: Estimate, rows: SampledRows) -> list[str]:
    """Return which limits of the export a run would come to."""
    found, limits = [], export.limits
    if limits.max_rows is not None and estimate.rows is not None and estimate.rows > limits.max_rows:
        found.append(f"The segments have about {estimate.rows:,} rows; max_rows = {limits.max_rows:,} stops the run.")
    if rows.rejected > limits.max_rejected_share * rows.rows:
        found.append(
            f"{rows.rejected:,} of the first {rows.rows:,} rows would be rejected, more than max_rejected_share = "
            f"{limits.max_rejected_share:g} allows."
        )
    return found
