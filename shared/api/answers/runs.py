"""What is answered about runs."""

from dataclasses import dataclass
from typing import Literal

from shared.api.answers.kinds import Address, Share
from shared.domain.config.kinds import Identifier


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come; *seconds_left* is None where nobody can know."""

    share: Share
    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class RunShown:
    """What is shown of a run beside its document; *may* are the caller's rights."""

    progress: Progress
    may: list[str]
    self: Address


@dataclass(frozen=True, slots=True)
class BrokenRun:
    """A run whose document is damaged; asking for that run alone says how."""

    id: str
    export_id: str
    is_broken: Literal[True]
    self: Address


@dataclass(frozen=True, slots=True)
class SkippedExport:
    """An export of which no run was started, and why; *run* is the one that is in the way."""

    export_id: Identifier
    reason: str
    detail: str
    run: Address | None
