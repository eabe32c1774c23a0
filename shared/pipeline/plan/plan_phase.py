"""The first phase: the run waits for older runs of its export, and then gets its plan, once."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.errors import StopAsked
from shared.domain.runs.progress import PREVIOUS_RUN_ACTIVE
from shared.domain.runs.run import Source
from shared.domain.sentences import say
from shared.pipeline.phase import Done, Outcome, PhaseContext, Wait
from shared.pipeline.plan.plan_run import make_plan
from shared.pipeline.watching.still_wanted import Decided, export_disabled, read_configuration

WAIT_FOR_OLDER = timedelta(minutes=1)
"""How long a run waits before it looks for older runs again; an older run that ends wakes this run sooner."""


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
    if run.trigger == "schedule" and not export.enabled:
        raise StopAsked(export_disabled(export.id))
    sink = resources.sinks(connection.secret_name, connection.account_id)
    is_first = not await store.known_lists.knows(export)
    made, warnings = await make_plan(
        export, connection, is_first=is_first, segments=resources.segments, sink=sink, clock=resources.clock
    )
    await store.connections.remember_account(connection, made.account_id)
    await store.list_names.remember(connection.id, made.list_id, made.list_name)
    made = await store.runs.insert_plan(run, replace(made, limit=run.limit))
    source = Source(len(made.blobs), sum(blob.size for blob in made.blobs))
    return Done(lambda run: replace(run, source=source, warnings=warnings))
