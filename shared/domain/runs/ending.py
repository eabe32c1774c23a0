"""How a run ends, and what it says while it waits or when it has ended."""

from dataclasses import replace
from datetime import datetime

from shared.domain.errors import ExportError, StopAsked
from shared.domain.runs.run import Ending, Run, RunStatus, Waiting
from shared.domain.sentences import Sentence


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

    A run that must stop ends as its ending says. Otherwise its tally decides between succeeded and partial.
    """
    done = RunStatus.PARTIAL if run.tally.rejected or run.tally.unconfirmed else RunStatus.SUCCEEDED
    return replace(run, status=run.ending.status if run.ending else done, ended_at=now, waiting=None)


def _other(error: ExportError) -> Sentence | None:
    """Return the public sentence of *error*, or None where administrators read the same sentence."""
    return None if error.public == error.sentence else error.public
