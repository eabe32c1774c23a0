"""What a phase is given, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared.domain.errors import ConfigurationError
from shared.domain.runs.plan import Plan
from shared.domain.runs.run import Run, Waiting
from shared.domain.sentences import Sentence, say
from shared.pipeline.resources import Resources
from shared.pipeline.watching.watch import Watch
from shared.store.run_saver import RunSaver


@dataclass(frozen=True, slots=True)
class Done:
    """The phase is over; *change* puts its result into the run, in the same save that begins the next phase."""

    change: Callable[[Run], Run]


@dataclass(frozen=True, slots=True)
class Wait:
    """The phase goes on after *pause*.

    *reason* is a stable word, such as ``account_busy``. *pauses* is the number of pauses since the last progress.
    *told* says what is waited for; *public* says it to those who are no administrators, where that differs.
    """

    reason: str
    pause: timedelta
    pauses: int
    told: Sentence | None = None
    public: Sentence | None = None


Outcome = Done | Wait


@dataclass(frozen=True, slots=True)
class PhaseContext:
    """What a phase works with.

    From *deadline* on (monotonic seconds) the phase begins nothing new. *watch* looks on while the phase works.
    *account_fence* raises `AccountLeaseLost`; a phase that does not need the account has a fence that never raises.
    *waited* is how the run waited before this leg.
    """

    saver: RunSaver
    resources: Resources
    deadline: float
    watch: Watch
    plan: Plan | None = None
    account_fence: Callable[[], None] = lambda: None
    waited: Waiting | None = None

    @property
    def run(self) -> Run:
        """Return the run as it was saved last."""
        return self.saver.run

    def planned(self) -> Plan:
        """Return the run's plan; raises `ConfigurationError` when the plan is gone."""
        if self.plan is None:
            text = "The plan of run '{run}' is gone; start a new run."
            raise ConfigurationError(say("plan_gone", text, run=self.run.id))
        return self.plan
