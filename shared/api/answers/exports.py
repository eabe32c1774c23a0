"""What is answered about exports."""

from dataclasses import dataclass

from shared.api.answers.kinds import Address, Time
from shared.api.answers.runs import EndingTold, WaitingTold
from shared.domain.config.kinds import Identifier
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class NamedConnection:
    """The connection of an export, by name."""

    id: Identifier
    display_name: str


@dataclass(frozen=True, slots=True)
class RunAtAGlance:
    """What is seen of a run beside its export."""

    id: Identifier
    status: RunStatus
    trigger: str
    created_at: Time
    started_at: Time | None
    ended_at: Time | None
    waiting: WaitingTold | None
    error: EndingTold | None
    tally: Tally
    self: Address


@dataclass(frozen=True, slots=True)
class ExportShown:
    """What is shown of an export beside its document; *status* is that of the last run, *may* are the caller's rights.

    All of it may be sent back with the export, and nothing comes of it.
    """

    connection: NamedConnection | None
    status: RunStatus | None
    last_run: RunAtAGlance | None
    next_run: Time | None
    warnings: tuple[Sentence, ...]
    may: list[str]
    self: str


@dataclass(frozen=True, slots=True)
class RemovedExport:
    """An export that is gone: the addresses of its runs that were stopped, and where all of them are listed."""

    id: Identifier
    stopped_runs: list[str]
    runs: str
