"""The rejected rows of a run: those that its legs rejected, and those that Klaviyo's import jobs refused later."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import orjson

from shared.domain.runs.receipt import Receipt
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Run
from shared.domain.sentences import Sentence, quoted, say
from shared.pipeline.settle.job_sweep import COMPLETE, JobSweep, Settled
from shared.pipeline.settle.lost_parts import PART_MISSING
from shared.ports import Sink
from shared.store.run_parts import Parts


class LateRejections:
    """Composes the rejected rows of a run; mutable.

    *refused* counts the rows that import jobs refused, *lost* the rejections of legs whose lines cannot be read.
    *reasons* counts all of these by reason.
    *fence* is called after the last row and before the file is there: a leg that lost its lease writes no file.
    """

    def __init__(
        self,
        sweep: JobSweep,
        sink: Sink | None,
        parts: Parts,
        *,
        show_life: Callable[[], Awaitable[None]],
        fence: Callable[[], None],
    ) -> None:
        self._sweep = sweep
        self._sink = sink
        self._parts = parts
        self._show_life = show_life
        self._fence = fence
        self.refused = 0
        self.lost = 0
        self.reasons = Counter[str]()

    async def rejection_lines(self, run: Run) -> AsyncIterator[bytes]:
        """Yield a line of JSON for each rejected row, also for one whose own line is lost.

        Of a run that its brake stopped, some rows behind the checkpoint follow, which are not counted.
        """
        counted = run.tally.rejected
        async for line in self._parts.lines(run, "rejection", damaged=self._sweep.damaged):
            if self.reasons.total() < counted:  # somebody may have added lines
                self.reasons[line.value["reason"]] += 1
                yield orjson.dumps(line.value)
        self.lost = counted - self.reasons.total()
        self.reasons += Counter({PART_MISSING: self.lost})
        for _ in range(self.lost):
            yield _LOST
        for settled in self._sweep.counted():
            if settled.status == COMPLETE and settled.failed:
                await self._show_life()
                async for rejection in self._refused_by(settled):
                    self.refused += 1
                    self.reasons[rejection.reason] += 1
                    yield orjson.dumps(rejection.document())
        if run.brake is not None:
            async for line in self._parts.lines(run, "uncounted", damaged=self._sweep.damaged):
                yield orjson.dumps(line.value)
        self._fence()

    async def _refused_by(self, settled: Settled) -> AsyncIterator[Rejection]:
        """Yield the rows that a job refused: each profile once, and at most as many as the job had."""
        receipt, named, count = settled.receipt, set[str](), 0
        if self._sink is None:
            return
        async for fault in self._sink.import_faults(str(receipt.job_id)):
            email = str(fault.fields.get("email") or "")
            if count == receipt.profiles or email in named:
                continue
            if email:
                named.add(email)
            count += 1
            yield _rejection(receipt, fault.reason, quoted(fault.detail), fault.fields)
        for _ in range(min(settled.failed, receipt.profiles) - count):
            yield _rejection(receipt, "not_named", _NOT_NAMED, {})


async def unconfirmed_lines(unconfirmed: Iterable[Settled]) -> AsyncIterator[bytes]:
    """Yield a line of JSON for each job whose end could not be learnt."""
    for each in unconfirmed:
        yield orjson.dumps({**each.receipt.document(), "status": each.status})


def _rejection(receipt: Receipt, reason: str, told: Sentence, fields: dict[str, Any]) -> Rejection:
    """Return the rejection of a row that Klaviyo names by its profile; the file is known if the batch has one."""
    blobs = {span.blob for span in receipt.spans}
    return Rejection(
        blob=blobs.pop() if len(blobs) == 1 else None,
        row=None,
        reason=reason,
        told=told,
        refused_by="klaviyo",
        fields=fields,
        spans=receipt.spans,
    )


_LOST = orjson.dumps(
    Rejection(
        None,
        None,
        PART_MISSING,
        say("row_of_a_lost_part", "The part of the run that named this row is missing or damaged."),
    ).document()
)
_NOT_NAMED = say("klaviyo_names_no_row", "Klaviyo counts this row as failed but does not name it.")
