"""Import jobs, whose status follows the clock: queued, processing, complete or cancelled."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from local.klaviyo.account.identifiers import ulid
from local.klaviyo.rules.email_addresses import LATE_DOMAIN
from local.klaviyo.rules.imported_profiles import ImportedProfiles

QUEUED = "queued"
PROCESSING = "processing"
COMPLETE = "complete"
CANCELLED = "cancelled"
STRANGE = "reconciling"
"""A status that Klaviyo's documentation does not name."""

QUEUED_SHARE = 0.25
"""The share of its duration for which a job stays queued."""
KEPT = timedelta(days=7)
"""The time for which a job can be looked up."""


class Fate(StrEnum):
    """The ways in which a job ends."""

    COMPLETE = "complete"
    CANCELLED = "cancelled"
    """The job ends as cancelled and imports no profile."""
    VANISHED = "vanished"
    """The job imports its profiles; from its end on, a look-up of the job gives 404."""
    ENDLESS = "endless"
    """The job stays in processing for ever and imports no profile."""
    STRANGE = "strange"
    """The job completes; until then it has a status that the documentation does not name."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A profile that the job could not import: its index in the request and its attributes.

    *names_payload* says whether Klaviyo's row error repeats the profile.
    """

    index: int
    encoded: bytes
    names_payload: bool


@dataclass(slots=True)
class Job:
    """An import job; times are seconds since 1970. Mutable: *incoming* becomes None when the job ends."""

    id: str
    number: int
    list_id: str | None
    created: float
    seconds: float
    fate: Fate
    total: int
    incoming: ImportedProfiles | None = field(repr=False)
    failures: list[Failure] = field(default_factory=list, repr=False)
    completed: int = 0

    @property
    def started(self) -> float:
        """Return when processing begins."""
        return self.created + self.seconds * QUEUED_SHARE

    @property
    def ends(self) -> float:
        """Return when processing ends."""
        return self.created + self.seconds

    @property
    def expires(self) -> float:
        """Return the time after which the job cannot be looked up."""
        return self.created + KEPT.total_seconds()

    def status(self, now: float) -> str:
        """Return the status of the job at *now*."""
        if now < self.started:
            return QUEUED
        if now < self.ends or self.fate is Fate.ENDLESS:
            return STRANGE if self.fate is Fate.STRANGE else PROCESSING
        return CANCELLED if self.fate is Fate.CANCELLED else COMPLETE

    def is_known(self, now: float) -> bool:
        """Return whether the job can be looked up at *now*."""
        return now < self.expires and not (self.fate is Fate.VANISHED and now >= self.ends)

    def is_due(self, now: float) -> bool:
        """Return whether the job has ended at *now*, so that its profiles can be added."""
        return now >= self.ends and self.fate is not Fate.ENDLESS


class Jobs:
    """The import jobs of an account, in the order of creation. Mutable."""

    def __init__(self) -> None:
        self.all: list[Job] = []
        self._by_id: dict[str, Job] = {}
        self._open: list[Job] = []

    def start(  # noqa: PLR0913 - a job has all of these
        self, incoming: ImportedProfiles, *, list_id: str | None, now: float, seconds: float, fate: Fate, number: int
    ) -> Job:
        """Create a job for the profiles *incoming*; *number* is unique among the jobs of all accounts."""
        job = Job(ulid(now, number), number, list_id, now, seconds, fate, len(incoming), incoming)
        self.all.append(job)
        self._by_id[job.id] = job
        self._open.append(job)
        return job

    def get(self, job_id: str, now: float) -> Job | None:
        """Return a job, or None when it does not exist or cannot be looked up any more."""
        job = self._by_id.get(job_id)
        return job if job and job.is_known(now) else None

    def settle(
        self,
        now: float,
        add_profiles: Callable[[Job, ImportedProfiles, set[int]], object],
        names_payload: Callable[[Job, int], bool],
    ) -> None:
        """End every job that is due, in the order of their ends.

        *add_profiles* gets the job, its profiles, and the indexes of the profiles that failed.
        """
        due = [job for job in self._open if job.is_due(now)]
        if not due:
            return
        self._open = [job for job in self._open if not job.is_due(now)]
        for job in sorted(due, key=lambda job: (job.ends, job.number)):
            incoming, job.incoming = job.incoming, None
            if incoming and job.fate is not Fate.CANCELLED:
                failed = _failed(incoming.identifiers)
                job.failures = [Failure(index, incoming.encoded(index), names_payload(job, index)) for index in failed]
                job.completed = job.total - len(failed)
                add_profiles(job, incoming, set(failed))

    def counts(self, now: float) -> Counter[str]:
        """Return the number of jobs by status; a job that cannot be looked up counts as ``unknown``."""
        return Counter(job.status(now) if job.is_known(now) else "unknown" for job in self.all)


def _failed(identifiers: list[str]) -> list[int]:
    """Return the indexes of the profiles that fail inside the job."""
    if LATE_DOMAIN not in "\n".join(identifiers):
        return []
    return [index for index, identifier in enumerate(identifiers) if identifier.endswith(LATE_DOMAIN)]
