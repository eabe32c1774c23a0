"""Import jobs: accepted, queued, worked on, and at an end, all by the clock."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from local.klaviyo.account.identifiers import ulid
from local.klaviyo.http.addresses import LATE_DOMAIN
from local.klaviyo.rules.incoming import Incoming

QUEUED = "queued"
PROCESSING = "processing"
COMPLETE = "complete"
CANCELLED = "cancelled"
STRANGE = "reconciling"
"""A word that Klaviyo's documentation does not know."""

QUEUED_SHARE = 0.25
"""How much of its time a job waits before it is worked on."""
KEPT = timedelta(days=7)
"""How long a job can be looked up."""


class Fate(StrEnum):
    """How a job ends, or does not."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    """It ends as cancelled, with nobody imported."""
    VANISHED = "vanished"
    """Everybody is imported, but from its end on nobody knows the job any more."""
    ENDLESS = "endless"
    """It is worked on for ever, and nobody is imported."""
    STRANGE = "strange"
    """It completes; while it is worked on its status is a word that nobody knows."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A profile that the job could not import: its place in the request and its attributes."""

    index: int
    encoded: bytes
    names_payload: bool


@dataclass(slots=True)
class Job:
    """An import job; times in seconds since 1970. Mutable: *incoming* is let go when the job has ended."""

    id: str
    number: int
    list_id: str | None
    created: float
    seconds: float
    fate: Fate
    total: int
    incoming: Incoming | None = field(repr=False)
    failures: list[Failure] = field(default_factory=list, repr=False)
    completed: int = 0

    @property
    def started(self) -> float:
        """Return when the work begins."""
        return self.created + self.seconds * QUEUED_SHARE

    @property
    def ends(self) -> float:
        """Return when the work is done."""
        return self.created + self.seconds

    @property
    def expires(self) -> float:
        """Return from when on the job cannot be looked up."""
        return self.created + KEPT.total_seconds()

    def status(self, now: float) -> str:
        """Return Klaviyo's word for how far the job has come."""
        if now < self.started:
            return QUEUED
        if now < self.ends or self.fate is Fate.ENDLESS:
            return STRANGE if self.fate is Fate.STRANGE else PROCESSING
        return CANCELLED if self.fate is Fate.CANCELLED else COMPLETE

    def is_known(self, now: float) -> bool:
        """Say whether the job can be looked up."""
        return now < self.expires and not (self.fate is Fate.VANISHED and now >= self.ends)

    def is_due(self, now: float) -> bool:
        """Say whether the work is done, and what it brings can be taken over."""
        return now >= self.ends and self.fate is not Fate.ENDLESS


class Jobs:
    """The import jobs of an account, in the order of their making; mutable."""

    def __init__(self) -> None:
        self.all: list[Job] = []
        self._by_id: dict[str, Job] = {}
        self._open: list[Job] = []

    def start(  # noqa: PLR0913 (a job is all of this)
        self, incoming: Incoming, *, list_id: str | None, now: float, seconds: float, fate: Fate, number: int
    ) -> Job:
        """Accept profiles; *number* tells the jobs of all accounts apart."""
        job = Job(ulid(now, number), number, list_id, now, seconds, fate, len(incoming), incoming)
        self.all.append(job)
        self._by_id[job.id] = job
        self._open.append(job)
        return job

    def get(self, job_id: str, now: float) -> Job | None:
        """Return a job, or None where it is not known (any more)."""
        job = self._by_id.get(job_id)
        return job if job and job.is_known(now) else None

    def settle(
        self,
        now: float,
        take_over: Callable[[Job, Incoming, set[int]], object],
        names_payload: Callable[[Job, int], bool],
    ) -> None:
        """Bring every job whose time has come to its end, in the order of their ends.

        *take_over* gets what a job has brought, and which of it has failed.
        """
        due = [job for job in self._open if job.is_due(now)]
        if not due:
            return
        self._open = [job for job in self._open if not job.is_due(now)]
        for job in sorted(due, key=lambda job: (job.ends, job.number)):
            incoming, job.incoming = job.incoming, None
            if incoming and job.fate is not Fate.CANCELLED:
                failed = [index for index, who in enumerate(incoming.identifiers) if who.endswith(LATE_DOMAIN)]
                job.failures = [Failure(index, incoming.encoded(index), names_payload(job, index)) for index in failed]
                job.completed = job.total - len(failed)
                take_over(job, incoming, set(failed))

    def counts(self, now: float) -> Counter[str]:
        """Return how many jobs there are, by status; those that nobody knows any more as ``unknown``."""
        return Counter(job.status(now) if job.is_known(now) else "unknown" for job in self.all)
