"""What was seen of a segment when somebody looked for new data, as it is kept until the next look."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.config.field_types import Moment
from shared.domain.sentences import Sentence, say
from shared.domain.sources.new_data.segment_state import SegmentState


@dataclass(frozen=True, slots=True)
class SegmentLook:
    """The look at a segment *at* a time.

    *digest* stands for the files that a run would read, which have been the same *since* then. The last of them was
    *written* then, and *moment* is the date of their dated folder. *is_complete* tells that a run may read them.
    *unfinished_since* is when something that is not complete was seen first, None where all is complete.
    *told* says what is not complete, or, with *is_problem*, why the segment cannot be read at all.
    """

    at: Moment
    digest: str = ""
    since: Moment | None = None
    written: Moment | None = None
    moment: Moment | None = None
    is_complete: bool = False
    unfinished_since: Moment | None = None
    told: Sentence | None = None
    is_problem: bool = False


def seen(before: SegmentLook | None, state: SegmentState, now: datetime, quiet: timedelta) -> SegmentLook:
    """Return the look that found *state* now; *before* is the look before.

    Files that are only quiet must have been the same for *quiet*, as the looks saw them: a file that was renamed keeps
    the time at which it was written.
    """
    since = before.since if before and before.digest == state.digest and before.since else now
    is_complete = state.is_complete and (state.is_said or now - since >= quiet)
    unfinished = state.unfinished or (None if is_complete else say("segment_changed_lately", _CHANGED))
    return SegmentLook(
        at=now,
        digest=state.digest,
        since=since,
        written=state.written,
        moment=state.moment,
        is_complete=is_complete,
        unfinished_since=_unfinished_since(before, now) if unfinished else None,
        told=unfinished,
    )


def seen_nothing_complete(before: SegmentLook | None, why: Sentence, now: datetime) -> SegmentLook:
    """Return the look that found nothing complete now; *why* says what is there."""
    return SegmentLook(at=now, unfinished_since=_unfinished_since(before, now), told=why)


def seen_problem(why: Sentence, now: datetime) -> SegmentLook:
    """Return the look that found, now, that the segment cannot be read; *why* says so."""
    return SegmentLook(at=now, told=why, is_problem=True)


def not_seen(before: SegmentLook | None, now: datetime) -> SegmentLook:
    """Return the look that failed: what is known stays, and says nothing of what is there now."""
    return replace(before, at=now, is_complete=False) if before else SegmentLook(at=now)


def _unfinished_since(before: SegmentLook | None, now: datetime) -> datetime:
    return before.unfinished_since if before and before.unfinished_since else now


_CHANGED = "Its files have not stayed the same for long enough, and nothing says that they are complete."
