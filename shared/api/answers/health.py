"""Answers about the health of the app."""

from dataclasses import dataclass

from shared.api.answers.answer_types import Time
from shared.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class CheckShown:
    """Whether one of those whom the app needs works, and what is wrong if not.

    *note* tells of something to look at that keeps nothing from working.
    *at* is when the last tick came to its end, for the tick alone.
    """

    name: str
    is_ok: bool
    problem: Sentence | None
    note: Sentence | None
    at: Time | None


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found out about all of them."""

    checks: list[CheckShown]


@dataclass(frozen=True, slots=True)
class ClearedPoison:
    """About how many messages were deleted."""

    messages: int
