"""Stops a run before it does more than the limits of its export allow."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

from shared.domain.config.export_limits import JUDGED_FROM_ROWS, Limits
from shared.domain.errors import Fatal
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Braked
from shared.domain.sentences import Sentence

MAX_WAITING_BYTES = 16_000_000
"""So many bytes of profiles and rejections may wait for the first judgement."""
SAMPLE = 1_000
"""So many of the rejections that pulled the brake are kept."""


class BrakePulled(Fatal):
    """The run would do more than the limits of its export allow.

    *judged* says what the brake had judged. *sample* has the last rejections of the app's own, each with its row of the
    source; some of these rows may lie before the checkpoint.
    """

    reason = "limit_reached"

    def __init__(self, sentence: Sentence, judged: Braked, sample: Sequence[tuple[int, Rejection]] = ()) -> None:
        super().__init__(sentence)
        self.judged = judged
        self.sample = tuple(sample)


class Brake:
    """Counts the rows of a run and how many of them are rejected; mutable.

    *read*, *rejected* and *reasons* are counts up to the checkpoint: the limits hold for all legs of a run together.
    A run that begins holds its batches back until the brake has judged the first 10,000 rows, or all rows of a smaller
    source, or until `MAX_WAITING_BYTES` wait. Behind a checkpoint the rows were judged before, and nothing is held
    back.
    """

    def __init__(self, limits: Limits, *, read: int, rejected: int, reasons: Mapping[str, int] | None = None) -> None:
        self.holds_back = read == 0
        self._limits = limits
        self._read = read
        self._rejected = rejected
        self._is_judged = False
        self._waiting_bytes = 0
        self._reasons = Counter(reasons or {})
        self._latest: deque[tuple[int, Rejection]] = deque(maxlen=SAMPLE)

    def count(self, rejections: Sequence[tuple[int, Rejection]], *, read: int, profiles: Iterable[bytes] = ()) -> None:
        """Count *read* more rows: their *rejections*, each with its row of the source, and their *profiles*."""
        self._read += read
        self._latest.extend(rejections)
        self.count_refused(rejection for _, rejection in rejections)
        if self.holds_back:
            self._waiting_bytes += sum(map(len, profiles)) + sum(rejection.size for _, rejection in rejections)

    def count_refused(self, rejections: Iterable[Rejection]) -> None:
        """Count *rejections* of rows that were counted before: Klaviyo has refused them."""
        reasons = [rejection.reason for rejection in rejections]
        self._rejected += len(reasons)
        self._reasons.update(reasons)

    def check(self) -> None:
        """Raise `BrakePulled` when the rows so far, or the rejected ones among them, are more than the limits allow."""
        is_enough = self._read >= JUDGED_FROM_ROWS or self._waiting_bytes >= MAX_WAITING_BYTES
        self._judge(all_along=self._is_judged or is_enough)

    def check_all(self, *, is_whole: bool) -> None:
        """Judge the rows so far, however few they are, as the leg takes no more; raises `BrakePulled`.

        *is_whole* tells that the source has no further row.
        """
        if is_whole and (breach := self._limits.too_few(self._read)):
            raise self._pulled(breach)
        self._judge(all_along=True)

    def _judge(self, *, all_along: bool) -> None:
        if breach := self._limits.too_many(self._read):
            raise self._pulled(breach)
        if all_along and (breach := self._limits.too_many_rejected(self._read, self._rejected)):
            raise self._pulled(breach, reasons=", ".join(f"{why} {count:,}" for why, count in self._top_reasons()))
        if all_along and self.holds_back:
            self.holds_back, self._is_judged = False, True

    def _pulled(self, breach: Sentence, **reasons: str) -> BrakePulled:
        """Return the error that says *breach*; *reasons* stand in the sentence about rejected rows only."""
        why = f" Reasons: {reasons['reasons']}." if reasons.get("reasons") else ""
        sent = "Nothing was sent" if self.holds_back else "Nothing more was sent"
        text = f"The run was stopped: {breach}.{why} {sent}; mend the segment or the limits."
        judged = Braked(self._read, self._rejected, dict(self._reasons))
        return BrakePulled(Sentence(breach.code, {**breach.params, **reasons}, text), judged, self._latest)

    def _top_reasons(self) -> list[tuple[str, int]]:
        return self._reasons.most_common(5)
