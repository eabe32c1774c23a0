"""Answers about the health of the app."""

from dataclasses import dataclass

from shared.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class CheckShown:
    """Whether one of those whom the app needs works, and what is wrong if not."""

    name: str
    is_ok: bool
    problem: Sentence | None


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found out about all of them."""

    checks: list[CheckShown]
