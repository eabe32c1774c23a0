"""The first phase: the run waits for older runs of its export, and then gets its plan, once."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.config.schedule import NEW_DATA, OnNewData
from shared.domain.errors import StopAsked
from shared.domain.runs.plan import Plan
from shared.domain.runs.progress import PREVIOUS_RUN_ACTIVE, SOURCE_INCOMPLETE, waiting_since
from shared.domain.runs.run import Source
from shared.domain.sentences import masked, say
from shared.domain.sources.find_source import SourceIncomplete
from shared.domain.sources.new_data.digests import state_of
from shared.pipeline.phase import Done, Outcome, PhaseContext, Wait
from shared.pipeline.plan.plan_run import make_plan
from shared.pipeline.watching.still_wanted import Decided, export_disabled, read_configuration

WAIT_FOR_OLDER = timedelta(minutes=1)
"""How long a run waits before it looks for older runs again; an older run that ends wakes this run sooner."""
WAIT_FOR_WRITER = timedelta(minutes=2)
"""How long a run waits before it looks again whether the writer of a segment has finished."""


async def plan(context: PhaseContext) -> Outcome:
    """Decide what the run reads, how it maps and where it sends, or wait for an older run of the export.

    Raises `ConfigurationError` and other `Fatal` errors for what a person must mend, `StopAsked`, `Retryable`.
    """
    run, resources = context.run, context.resources
    store = resources.store
    if older := await store.gates.waits_for(run):  # old rows must not overtake new rows
        told = say("previous_run_active", "Run {run} of this export has not ended yet.", run=older.id)
        return Wait(PREVIOUS_RUN_ACTIVE, WAIT_FOR_OLDER, run.pauses, told)
    export, connection = await read_configuration(store, run.export_id, requested_at=run.created_at)
    context.watch.decided = Decided(export.enabled, connection.id)
    if run.trigger in ("schedule", NEW_DATA) and not export.enabled:
        raise StopAsked(export_disabled(export.id))
    sink = resources.sinks(connection.secret_name, connection.account_id)
    is_first = not await store.known_lists.knows(export)
    last = await store.last_sources.moments(export.id)
    try:
        made, warnings = await make_plan(
            export, connection, is_first=is_first, sink=sink, resources=resources, last=last, limit=run.limit
        )
    except SourceIncomplete as error:
        return _wait_for_writer(context, error)
    await store.connections.remember_account(connection, made.account_id)
    await store.list_names.remember(connection.id, made.list_id, made.list_name)
    made = await store.runs.insert_plan(run, replace(made, limit=run.limit))
    await store.last_sources.remember(export.id, made.sources)
    if isinstance(export.schedule, OnNewData) and run.limit is None and all(each.digest for each in made.sources):
        await store.served.serve(export.id, state_of(each.digest for each in made.sources), run.id)
    return Done(lambda run: replace(run, source=_source(made), warnings=warnings))


def _source(plan: Plan) -> Source:
    files = tuple(masked(blob.name) for blob in plan.blobs[:MOST_NAMED])
    return Source(len(plan.blobs), sum(blob.size for blob in plan.blobs), rows=plan.rows, files=files)


def _wait_for_writer(context: PhaseContext, error: SourceIncomplete) -> Wait:
    """Let the run wait until the source is complete; raises `SourceIncomplete` when it has waited long enough."""
    now, patience = context.resources.clock.now(), context.resources.source_rules.patience
    waited = now - waiting_since(context.waited, SOURCE_INCOMPLETE, now)
    if waited >= patience:
        hours = round(patience / timedelta(hours=1), 2)
        raise SourceIncomplete(say("source_incomplete_too_long", _TOO_LONG, why=str(error), hours=hours)) from error
    return Wait(SOURCE_INCOMPLETE, WAIT_FOR_WRITER, context.run.pauses, error.sentence)


MOST_NAMED = 20
"""A run names so many of its files."""
_TOO_LONG = "{why} The run has waited for {hours:g} hours, which is as long as MAX_LATENESS_HOURS allows."
