"""Whom a Klaviyo account in memory refuses, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from shared.domain.runs.receipt import ImportFault

AT_THE_DOOR = ImportFault("invalid", "Invalid email address", {})
IN_THE_JOB = ImportFault("invalid", "The profile could not be imported.", {})


@dataclass
class Rule:
    """Refuses whoever's e-mail address matches *pattern* (as of a shell); where not *named*, without saying whom."""

    pattern: str
    fault: ImportFault
    named: bool = True


def match(rules: Sequence[Rule], profile: Mapping[str, Any]) -> Rule | None:
    """Return the first of *rules* that refuses *profile*."""
    return next((rule for rule in rules if fnmatchcase(profile["email"], rule.pattern)), None)
