"""The phases of a run in one table: what each does, what it needs, and what comes next."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from shared.domain.errors import ExportError
from shared.domain.runs.run import RunStatus
from shared.pipeline.export.export_phase import export
from shared.pipeline.phase import Done, Outcome, PhaseContext
from shared.pipeline.plan.plan_phase import plan
from shared.pipeline.settle.settle_phase import settle, settle_without_answers


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase.

    *work* does the phase, or a part of it. *needs_account*: the phase holds the account's lease while it works.
    *next* is the status in which the next phase begins; None stands for the end of the run.
    *break_off* completes the run when an error ends the phase. A person cannot stop a phase with *break_off*. A person
    can stop any other phase; when that phase is stopped or fails, the run goes on to settle what was sent.
    """

    work: Callable[[PhaseContext], Awaitable[Outcome]]
    needs_account: bool
    next: RunStatus | None
    break_off: Callable[[PhaseContext, ExportError], Awaitable[Done]] | None = None

    @property
    def can_be_stopped(self) -> bool:
        """Tell whether a person can stop the run in this phase."""
        return self.break_off is None


PHASES: Mapping[RunStatus, Phase] = {
    RunStatus.QUEUED: Phase(plan, needs_account=False, next=RunStatus.EXPORTING),
    RunStatus.EXPORTING: Phase(export, needs_account=True, next=RunStatus.SETTLING),
    RunStatus.SETTLING: Phase(settle, needs_account=False, next=None, break_off=settle_without_answers),
}
"""The phase of each status in which a run has not ended."""
