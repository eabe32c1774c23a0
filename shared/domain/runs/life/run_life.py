"""What a run shows of its life while a leg works on it: what it is held by, and samples of how it came along."""

from dataclasses import dataclass

from shared.domain.config.field_types import Count, Moment

MAX_SAMPLES = 120
FINEST_SECONDS = 1.0
"""Two samples lie at least so far apart; in a longer run at least a sixtieth of its time."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a leg waits for while it goes on to work, since when, and until when at most (UTC).

    *reason* is ``throttled`` or ``unavailable`` between two attempts, ``slow_answer`` under way, or ``account_busy``.
    """

    reason: str
    since: Moment
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """How far a run had come at one moment: rows behind the checkpoint, ended jobs, requests so far and 429s."""

    at: Moment
    row: Count = 0
    jobs_ended: Count = 0
    requests: Count = 0
    throttled: Count = 0


def with_sample(samples: tuple[Sample, ...], sample: Sample) -> tuple[Sample, ...]:
    """Return *samples* with *sample*, at most `MAX_SAMPLES`; those of a long run lie further apart.

    When there is no room, every second sample goes; the first one stays.
    """
    if samples:
        whole = (sample.at - samples[0].at).total_seconds()
        apart = (sample.at - samples[-1].at).total_seconds()
        if apart < max(FINEST_SECONDS, whole * 2 / MAX_SAMPLES):
            return samples
    if len(samples) >= MAX_SAMPLES:
        samples = samples[::2]
    return (*samples, sample)
