"""How a run ends, and what it says while it waits or when it has ended."""

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import ExportError, StopAsked
from shared.domain.runs.run import Ending, Run, RunStatus, Tally, Waiting
from shared.domain.sentences import Sentence, say

NOTHING_ACCEPTED = "nothing_accepted"
"""The run read its rows to the end, and none of them came into the list."""


def ending_of(error: ExportError) -> Ending:
    """Return how a run ends because of *error*: cancelled when somebody asked it to stop, failed otherwise."""
    status = RunStatus.CANCELLED if isinstance(error, StopAsked) else RunStatus.FAILED
    sentence = error.sentence
    return Ending(status, error.reason, sentence.detail, sentence.code, sentence.params, _other(error))


def with_sentences(waiting: Waiting, error: ExportError) -> Waiting:
    """Return *waiting* with the sentences of the *error* that the run waits because of."""
    sentence = error.sentence
    return replace(waiting, detail=sentence.detail, code=sentence.code, params=sentence.params, public=_other(error))


def ended(run: Run, now: datetime) -> Run:
    """Return *run* as it has ended *now*.

    A run that must stop ends as its ending says. Otherwise its tally decides between succeeded, partial and failed.
    """
    ending = run.ending or _nothing_accepted(run.tally)
    is_partial = run.tally.rejected or run.tally.unconfirmed or run.jobs.lost
    done = RunStatus.PARTIAL if is_partial else RunStatus.SUCCEEDED
    return replace(run, status=ending.status if ending else done, ending=ending, ended_at=now, waiting=None, held=None)


def _nothing_accepted(tally: Tally) -> Ending | None:
    """Return how a run with *tally* fails that came to the end of its rows, None where some row may be in the list.

    A run of the first rows only fails in the same way: it is there to show whether the rows arrive.
    A segment without a row is no failure.
    """
    if not tally.read or tally.accepted or tally.unchanged or tally.unconfirmed:
        return None
    one = "The only row that was read was refused, so nobody came into the list. " + _WHAT_TO_DO
    many = (
        "{rejected:,} of {read:,} rows {rejected:was|were} refused and none was accepted, so nobody came into the "
        "list. " + _WHAT_TO_DO
    )
    text = one if tally.read == 1 else many
    sentence = say("nothing_accepted", text, read=tally.read, rejected=tally.rejected)
    return Ending(RunStatus.FAILED, NOTHING_ACCEPTED, sentence.detail, sentence.code, sentence.params)


def _other(error: ExportError) -> Sentence | None:
    """Return the public sentence of *error*, or None where administrators read the same sentence."""
    return None if error.public == error.sentence else error.public


_WHAT_TO_DO = (
    "The rejections of the run say why, row by row; mend the segment or the mapping of the export, and start a new run."
)
