"""Answers about exports."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.api.answers.answer_types import Address, Time, Told
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
    """The last run of an export, as it stands in the answer about the export.

    *silence* says since when a run that should be worked on shows no sign of life, None while all is well.
    """

    id: Identifier
    status: RunStatus
    trigger: str
    created_at: Time
    started_at: Time | None
    ended_at: Time | None
    waiting: WaitingTold | None
    silence: Sentence | None
    error: EndingTold | None
    tally: Tally
    self: Address


@dataclass(frozen=True, slots=True)
class NewDataSeen:
    """What the app has seen of the segments of an export that waits for new data.

    *looked_at* is the time of the last look, null before the first one. *written* is when the newest data was written.
    *waits_for* says what is not complete yet.
    """

    looked_at: Time | None
    written: Time | None
    waits_for: Sentence | None


@dataclass(frozen=True, slots=True)
class ExportShown:
    """What an answer has beside the document of an export.

    *list_name* is the name of the list as Klaviyo named it last, None where the app has not learnt it.
    *status* is the status of the last run. *next_runs* are the next times of the schedule.
    *new_data* is null for an export that does not wait for new data.
    *may* is what the caller can do now; *blocked* says of each other action why not.
    A client may send all of this back with the export, and it changes nothing.
    """

    connection: NamedConnection | None
    list_name: str | None
    status: RunStatus | None
    last_run: RunAtAGlance | None
    next_run: Time | None
    next_runs: list[Time]
    new_data: NewDataSeen | None
    warnings: tuple[Told, ...]
    may: list[str]
    blocked: Mapping[str, Sentence]
    self: str


@dataclass(frozen=True, slots=True)
class RemovedExport:
    """An export that was removed.

    *stopped_runs* are the addresses of the runs that were stopped, *runs* is the address of the list of all its runs.
    """

    id: Identifier
    stopped_runs: list[str]
    runs: str
