"""Stops a run before it does more than the limits of its export allow."""

from collections import Counter
from collections.abc import Iterable

from shared.domain.config.export_limits import Limits
from shared.domain.errors import Fatal
from shared.domain.runs.rejection import Rejection
from shared.domain.sentences import Sentence


class BrakePulled(Fatal):
    """The run would do more than the limits of its export allow."""

    reason = "limit_reached"


class Brake:
    """Counts the rows of a run and how many of them are rejected; mutable.

    *read* and *rejected* are the counts of the legs before this one; the limits hold for all legs of a run together.
    """

    def __init__(self, limits: Limits, *, read: int, rejected: int) -> None:
        self._limits = limits
        self._read = read
        self._rejected = rejected
        self._reasons: Counter[str] = Counter()

    def count(self, rejections: Iterable[Rejection], *, read: int = 0) -> None:
        """Count *read* more rows, and *rejections* of these rows or of earlier ones."""
        reasons = [rejection.reason for rejection in rejections]
        self._read += read
        self._rejected += len(reasons)
        self._reasons.update(reasons)

    def check(self) -> None:
        """Raise `BrakePulled` when the rows so far, or the rejected ones among them, are more than the limits allow."""
        if breach := self._limits.breach(read=self._read, rejected=self._rejected):
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self._reasons.most_common(5))
            why = f" Reasons since the run was last taken up: {reasons}." if reasons else ""
            text = f"The run was stopped: {breach}.{why} Nothing more was sent; mend the segment or the limits."
            raise BrakePulled(Sentence(breach.code, {**breach.params, "reasons": reasons}, text))
