"""The receipts of a run, and how far Klaviyo has come with their import jobs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.runs.receipt import JobReport, Receipt
from shared.domain.runs.rejection import Span
from shared.domain.runs.run import Run
from shared.ports import Sink
from shared.store.run_parts import Parts

COMPLETE = "complete"
CANCELLED = "cancelled"
VANISHED = "vanished"
SKEW = timedelta(minutes=10)
"""A sweep looks so much further back than the run's first job, as Klaviyo's list may not be in strict order."""
MAX_LOOK_UPS = 20
"""So many jobs that the last sweep of a leg did not show are asked for by id."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A receipt and the end of its job; *failed* is the number of refused rows as Klaviyo counts them."""

    receipt: Receipt
    status: str
    failed: int = 0


class JobSweep:
    """The receipts of a run and how far their jobs have come; mutable.

    *strays* are the jobs of batches beyond the checkpoint: they are waited for, but their rows are not in the tally.
    *not_sent_again* are the strays without any row that a later leg sent again.
    *lookalikes* are unfinished jobs that may come from a POST whose answer never came: they have as many profiles as
    that POST, and were made *between* the run's start and its last send.
    *jobs* is how many jobs have a receipt, and *accepted* how many rows of the tally they have.
    *damaged* are the names of the parts of which something could not be read.
    *given_up* counts the jobs that are settled although nobody has seen their end.
    """

    def __init__(
        self,
        receipts: list[Receipt],
        strays: list[Receipt],
        between: tuple[datetime, datetime],
        damaged: Iterable[str] = (),
    ) -> None:
        answered = [receipt for receipt in (*receipts, *strays) if receipt.job_id]
        self.pending = {str(receipt.job_id): receipt for receipt in answered}
        self.jobs = len(self.pending)
        counted = {receipt.job_id: receipt.profiles for receipt in receipts if receipt.job_id}
        self.accepted = sum(counted.values())
        self.damaged = set(damaged)
        self.settled: list[Settled] = []
        self.given_up = 0
        self.strays = {receipt.job_id for receipt in strays if receipt.job_id}
        self.not_sent_again = [receipt for receipt in strays if receipt.job_id and not _is_among(receipt, receipts)]
        self.lookalikes: set[str] = set()
        self._ours = set(self.pending)
        self._unanswered = {receipt.profiles for receipt in (*receipts, *strays) if not receipt.job_id}
        self._since, self._until = between[0] - SKEW, between[1] + SKEW
        self._missing: set[str] = set()

    @property
    def has_unanswered(self) -> bool:
        """Tell whether there may be a job whose id is not known."""
        return bool(self._unanswered)

    @property
    def is_done(self) -> bool:
        """Tell whether there is nothing left to wait for."""
        return not self.pending and not self.lookalikes

    def counted(self) -> list[Settled]:
        """Return the settled receipts whose rows are in the tally."""
        return [each for each in self.settled if each.receipt.job_id not in self.strays]

    async def look_through(self, sink: Sink) -> None:
        """Look through the account's jobs, newest first, until all pending jobs and possible lookalikes were met."""
        missing = self._missing = set(self.pending)
        self.lookalikes = set()
        oldest = self._since if self._unanswered else self._oldest()
        async for page in sink.jobs():
            for report in page:
                missing.discard(report.job_id)
                self._note(report)
            is_past = oldest is not None and bool(page) and page[-1].created_at < oldest
            if is_past or not (missing or self._unanswered):
                break

    async def look_up(self, sink: Sink) -> None:
        """Ask for the few jobs that the last sweep did not show; a job that Klaviyo does not know has vanished."""
        for job_id in sorted(self._missing)[:MAX_LOOK_UPS]:
            found = await sink.job(job_id)
            if found:
                self._note(found)
            else:
                self._settle(job_id, VANISHED)

    def give_up(self, status: str) -> None:
        """Settle every pending job with *status*, as its end cannot be learnt."""
        self.lookalikes = set()
        self.given_up += len(self.pending)
        for job_id in list(self.pending):
            self._settle(job_id, status)

    def leave_faults_unread(self, status: str) -> None:
        """Give those jobs *status* whose refused rows are not read: nobody knows which of their rows were refused."""
        self.settled = [replace(each, status=status) if each.failed else each for each in self.settled]

    def _note(self, report: JobReport) -> None:
        has_ended = report.status in (COMPLETE, CANCELLED)
        if report.job_id in self.pending:
            if has_ended:
                self._settle(report.job_id, report.status, report.failed)
        elif not has_ended and report.job_id not in self._ours and self._may_be_ours(report):
            self.lookalikes.add(report.job_id)

    def _may_be_ours(self, report: JobReport) -> bool:
        return report.total in self._unanswered and self._since <= report.created_at <= self._until

    def _settle(self, job_id: str, status: str, failed: int = 0) -> None:
        self.settled.append(Settled(self.pending.pop(job_id), status, failed))

    def _oldest(self) -> datetime | None:
        times = [receipt.created_at for receipt in self.pending.values()]
        if not times or None in times:
            return None
        return min(datetime.fromisoformat(time) for time in times if time) - SKEW


async def sweep_of(run: Run, parts: Parts) -> JobSweep:
    """Read the receipts of *run* from its parts, as far as these can be read."""
    receipts: list[Receipt] = []
    strays: list[Receipt] = []
    damaged = set[str]()
    async for line in parts.lines(run, "receipt", "stray", damaged=damaged):
        (receipts if line.kind == "receipt" else strays).append(Receipt.from_document(line.value))
    began = run.started_at or run.created_at
    return JobSweep(receipts, strays, (began, run.settling_since or began), damaged)


def _is_among(stray: Receipt, receipts: list[Receipt]) -> bool:
    """Tell whether a row of *stray* was sent again: the row is among the rows of *receipts* as well."""
    return any(_overlap(mine, other) for receipt in receipts for other in receipt.spans for mine in stray.spans)


def _overlap(one: Span, other: Span) -> bool:
    return one.blob == other.blob and one.first <= other.last and other.first <= one.last
