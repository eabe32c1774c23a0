"""Looks whether the segments and the list of an export are there, for the person who saves the export."""

from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError, ExportError, Fatal, LiveFlow, Retryable
from shared.domain.findings import Finding
from shared.domain.runs.run import Run
from shared.domain.sentences import say
from shared.pipeline.plan.live_flows import ask_for_flows, tell_of_flows
from shared.pipeline.reading.few_at_once import few_at_once
from shared.pipeline.reading.segment_files import list_files
from shared.pipeline.resources import Resources
from shared.pipeline.watching.time_limit import within
from shared.ports import ListInfo

STORAGE_SECONDS = 5.0
"""The storage of the segments may take so long: somebody waits for the answer, and Klaviyo may be asked after that."""


async def look_for_segments(export: Export, resources: Resources) -> list[Finding]:
    """Return a finding for each segment that a run could not read; also when the storage cannot be asked."""
    work = few_at_once(lambda place: _look(export, place, resources), range(len(export.segments)))
    try:
        found = await within(STORAGE_SECONDS, resources.clock, work, what="Looking for the segments")
    except (Retryable, Fatal) as error:
        text = "Whether the segments are there is not known: {why}"
        return [Finding.of(say("segments_not_looked_at", text, why=str(error.public)), "/segments")]
    return [each for each in found if each]


async def _look(export: Export, place: int, resources: Resources) -> Finding | None:
    try:
        await list_files(export.segments[place], resources.segments, resources.source_rules)
    except ConfigurationError as error:
        return Finding(error.notice, f"/segments/{place}")
    return None


def list_missing_last_time(export: Export, last_run: Run | None) -> list[Finding]:
    """Return a finding when the last run of *export* ended because its list is not there; Klaviyo is not asked."""
    ending = last_run.ending if last_run else None
    if ending is None or ending.code != "list_unknown" or ending.params.get("list") != export.list_id:
        return []
    text = "Klaviyo knew no list '{list}' when the last run asked for it. Look whether the list is there by now."
    return [Finding.of(say("list_was_missing", text, list=export.list_id), "/list_id")]


def segments_missing_last_time(export: Export, last_run: Run | None) -> list[Finding]:
    """Return a finding when the last run of *export* ended because a segment is not there; no storage is asked."""
    ending = last_run.ending if last_run else None
    segment = ending.params.get("segment") if ending and ending.code == "segment_missing" else None
    if not isinstance(segment, str) or segment not in export.segments:
        return []
    text = "The last run found no data in segment '{segment}'. Look whether the segment is there by now."
    return [
        Finding.of(say("segment_was_missing", text, segment=segment), f"/segments/{export.segments.index(segment)}")
    ]


async def look_for_flows(
    export: Export, connection: Connection, target: ListInfo, resources: Resources
) -> list[Finding]:
    """Return what Klaviyo says about the live flows of the list; a flow that would stop the first run counts as well.

    Raises `Retryable`.
    """
    sink = resources.sinks(connection.secret_name, connection.account_id)
    try:
        flows = await ask_for_flows(sink, export.list_id)
        is_first = not await resources.store.known_lists.knows(export)
        told = tell_of_flows(export, target, flows, is_first=is_first)
    except LiveFlow as error:
        return [Finding(error.notice, "/allow_flows")]
    except Fatal as error:
        return [Finding(error.notice, "/connection_id")]
    return [Finding.of(sentence, "/allow_flows") for sentence in told]


async def remember_list(connection: Connection, target: ListInfo, resources: Resources) -> None:
    """Remember the name of the list; when that fails, the name is learnt another time."""
    try:
        await resources.store.list_names.remember(connection.id, target.id, target.name)
    except ExportError:
        return
