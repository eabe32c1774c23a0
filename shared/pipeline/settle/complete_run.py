"""The end of settling: the rejections and the unconfirmed jobs are written, and the last tally is made."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.domain.profiles.note_sentences import tell_of_notes
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.run import Jobs, Reasons, Run
from shared.domain.runs.run_notes import counted, left_out_by_reason
from shared.domain.sentences import Sentence, say
from shared.pipeline.phase import Done, PhaseContext
from shared.pipeline.settle.job_sweep import COMPLETE, JobSweep, Settled
from shared.pipeline.settle.late_rejections import LateRejections, unconfirmed_lines
from shared.pipeline.settle.lost_parts import PART_MISSING, Lost, in_order, lost_receipts
from shared.pipeline.watching.watch import show_life
from shared.ports import Sink


async def complete(context: PhaseContext, sweep: JobSweep, sink: Sink | None, told: Iterable[Sentence] = ()) -> Done:
    """Write the rejections and the unconfirmed jobs of the run; return its last tally, and *told* as warnings.

    *sink* may be None when no job has ended with failures.
    Rows whose receipt is lost are unconfirmed, and rejections whose line is lost stay rejected: the tally adds up.
    A leg that dies after this is repeated: both files are written anew, and the tally starts from the checkpoint's.
    """
    saver, clock, store = context.saver, context.resources.clock, context.resources.store
    run = context.run
    late = LateRejections(sweep, sink, store.parts, show_life=lambda: show_life(saver, clock), fence=saver.fence)
    await store.results.write_rejections(run, late.rejection_lines(run))
    accepted, jobs = lost_receipts(run, sweep)
    unconfirmed = [*_unconfirmed(sweep), *_without_receipt(accepted)]
    await store.results.write_unconfirmed(run, unconfirmed_lines(unconfirmed) if unconfirmed else None)
    lost = Lost(accepted, late.lost, jobs, in_order(sweep.damaged))
    warnings = (*tell_of_notes(counted(run.notes), run.left_out), *lost.sentences(), *_beyond(sweep), *told)

    def change(run: Run) -> Run:
        return replace(
            _with_outcomes(run, refused=late.refused, unconfirmed=rows_of(unconfirmed)),
            reasons=Reasons(late.reasons, left_out_by_reason(run.notes, run.left_out)),
            jobs=Jobs(run.jobs.submitted, len(sweep.settled) - sweep.given_up, lost.jobs, sweep.given_up),
            warnings=_each_once((*run.warnings, *warnings)),
        )

    return Done(change)


def rows_of(settled: Iterable[Settled]) -> int:
    """Return how many rows the jobs of *settled* have."""
    return sum(each.receipt.profiles for each in settled)


def _unconfirmed(sweep: JobSweep) -> list[Settled]:
    return [each for each in sweep.counted() if each.status != COMPLETE]


def _without_receipt(rows: int) -> Sequence[Settled]:
    return [Settled(Receipt(None, None, rows, ()), PART_MISSING)] if rows else []


def _with_outcomes(run: Run, *, refused: int, unconfirmed: int) -> Run:
    """Return *run* with *refused* and *unconfirmed* rows taken from those that were accepted, as far as there are."""
    refused = min(refused, run.tally.accepted)
    unconfirmed = min(unconfirmed, run.tally.accepted - refused)
    tally = run.tally.plus(accepted=-refused - unconfirmed, rejected=refused, unconfirmed=unconfirmed)
    return replace(run, tally=tally)


def _beyond(sweep: JobSweep) -> list[Sentence]:
    """Return a sentence about profiles that Klaviyo took beyond the checkpoint, if it did."""
    profiles = sum(receipt.profiles for receipt in sweep.not_sent_again)
    if not profiles:
        return []
    text = (
        "Klaviyo took {profiles:,} {profiles:profile|profiles} of rows after those that this run counts; "
        "{profiles:it is|they are} in the list as well."
    )
    return [say("profiles_beyond", text, profiles=profiles)]


def _each_once(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return *sentences* without repeats: a leg that is repeated finds its own warnings in the run."""
    return tuple({each.detail: each for each in sentences}.values())
