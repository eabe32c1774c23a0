"""The second phase: the rows of the source go to Klaviyo, as far as the leg's time allows."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.errors import SourceChanged
from shared.domain.rows.dialect import FileFormat
from shared.domain.rows.file_reader import READER_VERSION
from shared.domain.runs.brake import BrakePulled
from shared.domain.runs.ending import ending_of
from shared.domain.runs.plan import Plan
from shared.domain.runs.progress import TIME_BUDGET
from shared.domain.runs.run import Run
from shared.domain.runs.run_notes import with_notes
from shared.domain.sentences import say
from shared.pipeline.export.checkpointer import next_part, with_part
from shared.pipeline.export.export_segment import Tools, export_segment
from shared.pipeline.phase import Done, Outcome, PhaseContext, Wait
from shared.pipeline.watching.account_check import known_account


async def export(context: PhaseContext) -> Outcome:
    """Send the rows after the checkpoint; wait when the leg's time is used up before the end of the source.

    When the brake is pulled, the run ends, once what was sent is settled.
    """
    plan, resources = context.planned(), context.resources
    _check_reader(plan, context.run)
    sink = resources.sinks(plan.secret_name, plan.account_id)
    if context.run.legs > 1:
        # Reading up to the checkpoint takes a while. Two cheap calls first show whether Klaviyo answers, and whether
        # the key still leads to the account and the list is still there.
        await known_account(sink, plan.account_id, plan.secret_name)
        await sink.list_details(plan.list_id)
        await context.watch.look()
    tools = Tools(
        store=resources.store,
        segments=resources.segments,
        sink=sink,
        clock=resources.clock,
        events=resources.events,
        deadline=context.deadline,
        requests_in_flight=resources.limits.requests_in_flight,
        fence=context.account_fence,
        watch=context.watch,
    )
    try:
        rest = await export_segment(context.saver, plan, tools)
    except BrakePulled as error:
        return await _braked(context, error)
    if rest is None:
        return Wait(TIME_BUDGET, timedelta(0), context.run.pauses)
    told = () if context.run.tally.read else (say("source_empty", _EMPTY),)
    has_columns = any(dialect.format is FileFormat.PARQUET for dialect in plan.dialects)  # of which some are not read

    def change(run: Run) -> Run:
        read = run.source.bytes if plan.limit is None and not has_columns else run.source.bytes_read
        source = replace(run.source, bytes_read=read)
        return replace(run, notes=with_notes(run.notes, rest), warnings=(*run.warnings, *told), source=source)

    return Done(change)


async def _braked(context: PhaseContext, error: BrakePulled) -> Done:
    """Return how the run ends because of *error*, with a sample of the rejections that pulled the brake.

    The sample has rows behind the checkpoint only: the rejections before it have their lines already.
    """
    run, ending = context.run, ending_of(error)
    sample = [replace(rejection, counted=False) for row, rejection in error.sample if row > run.checkpoint.row]
    part = next_part(run) if sample else None
    if part is not None:
        context.saver.fence()
        await context.resources.store.parts.write(run, part, uncounted=sample)
    return Done(lambda run: replace(with_part(run, part), ending=ending, brake=error.judged))


def _check_reader(plan: Plan, run: Run) -> None:
    """Raise `SourceChanged` when another version of the reader counted the rows up to the checkpoint.

    After an upgrade that changes what counts as a row, row 5,000 may be another row than before. A plan from before
    there were dialects does not say how its files are written.
    """
    if plan.reader != READER_VERSION and (run.checkpoint.row or not plan.has_dialects):
        raise SourceChanged(say("reader_changed", _READER_CHANGED))


_READER_CHANGED = (
    "The app was upgraded in the middle of the run, and the new version counts rows in another way; "
    "a fresh run reads the segments from the beginning."
)
_EMPTY = "The segments have no row, so nobody was sent. Set min_rows of the export if that must count as a failure."
