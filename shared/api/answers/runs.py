"""Answers about runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.api.answers.answer_types import Address, Share, Time
from shared.domain.config.field_types import Identifier
from shared.domain.runs.run import RunStatus
from shared.domain.sentences import Sentence, Value


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: the share of the source behind the checkpoint, and the seconds left, None if unknown.

    *settled* is the share of the import jobs that have ended, None before the run settles.
    """

    share: Share
    seconds_left: int | None
    settled: Share | None


@dataclass(frozen=True, slots=True)
class WaitingTold:
    """What a run waits for, with the sentence that the caller may read."""

    reason: str
    since: Time
    next_try: Time
    code: str
    params: Mapping[str, Value]
    detail: str


@dataclass(frozen=True, slots=True)
class EndingTold:
    """How a run ends or has ended, with the sentence that the caller may read."""

    status: RunStatus
    reason: str
    code: str
    params: Mapping[str, Value]
    detail: str


@dataclass(frozen=True, slots=True)
class RunTold:
    """The parts of a run's document that hold sentences; *error* is the ending of a run that must stop."""

    waiting: WaitingTold | None
    ending: EndingTold | None
    error: EndingTold | None
    warnings: list[Sentence]


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Who asked a run to stop that has not ended yet, and when, None where that cannot be read.

    *settle* tells whether the run waits for the import jobs of what it has sent; the sentence says what comes next.
    """

    by: str
    at: Time | None
    settle: bool
    code: str
    params: Mapping[str, Value]
    detail: str


@dataclass(frozen=True, slots=True)
class RunShown:
    """What an answer has beside the document of a run; *may* are the caller's rights.

    *silence* says since when a run that should be worked on shows no sign of life, None while all is well.
    """

    progress: Progress
    silence: Sentence | None
    cancel_requested: CancelRequested | None
    may: list[str]
    self: Address


@dataclass(frozen=True, slots=True)
class BrokenRun:
    """A run whose document is damaged; the answer to a call for that run alone says what is wrong."""

    id: str
    export_id: str
    is_broken: Literal[True]
    self: Address


@dataclass(frozen=True, slots=True)
class SkippedExport:
    """An export of which no run was started, and why; *run* is the address of the run in the way, if there is one."""

    export_id: Identifier
    reason: str
    code: str
    params: Mapping[str, Value]
    detail: str
    run: Address | None
