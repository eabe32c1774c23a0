"""Answers about exports."""

from dataclasses import dataclass

from shared.api.answers.answer_types import Address, Time
from shared.api.answers.runs import EndingTold, WaitingTold
from shared.domain.config.field_types import Identifier
from shared.domain.runs.run import RunStatus, Tally
from shared.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class NamedConnection:
    """The id and the name of an export's connection."""

    id: Identifier
    display_name: str


@dataclass(frozen=True, slots=True)
class RunAtAGlance:
    """The last run of an export, as it stands in the answer about the export."""

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
    """What an answer has beside the document of an export.

    *status* is the status of the last run. *may* are the caller's rights.
    A client may send all of this back with the export, and it changes nothing.
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
    """An export that was removed.

    *stopped_runs* are the addresses of the runs that were stopped, *runs* is the address of the list of all its runs.
    """

    id: Identifier
    stopped_runs: list[str]
    runs: str
