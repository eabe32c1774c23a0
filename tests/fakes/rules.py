"""Whom a Klaviyo account in memory refuses, which values of whom, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import orjson

from shared.domain.batches.batch import Batch
from shared.domain.runs.receipt import ImportFault
from shared.domain.runs.rejection import Rejection
from shared.domain.sentences import quoted

AT_THE_DOOR = ImportFault("invalid", "Invalid email address", {})
IN_THE_JOB = ImportFault("invalid", "The profile could not be imported.", {})


@dataclass
class Rule:
    """Refuses whoever's e-mail address matches *pattern* (as of a shell); where not *named*, without saying whom."""

    pattern: str
    fault: ImportFault
    named: bool = True


class ValueRule(NamedTuple):
    """Refuses the value of *name*, such as ``location.latitude``, of whoever's e-mail address matches *pattern*."""

    pattern: str
    name: str


@dataclass
class AtTheDoor:
    """What an account refuses at once: profiles and values; mutable."""

    profiles: list[Rule] = field(default_factory=list)
    values: list[ValueRule] = field(default_factory=list)

    def refused(self, profiles: Sequence[Mapping[str, Any]]) -> dict[int, ImportFault]:
        """Return which of *profiles* are refused as a whole, by their positions."""
        return {at: rule.fault for at, each in enumerate(profiles) if (rule := match(self.profiles, each))}

    def take_out(self, profile: dict[str, Any]) -> list[str]:
        """Take the refused values out of *profile*; return their names."""
        names = [each.name for each in self.values if fnmatchcase(profile["email"], each.pattern)]
        return [name for name in names if _take_out(profile, *name.split("."))]


def match(rules: Sequence[Rule], profile: Mapping[str, Any]) -> Rule | None:
    """Return the first of *rules* that refuses *profile*."""
    return next((rule for rule in rules if fnmatchcase(profile["email"], rule.pattern)), None)


def rejection(batch: Batch, index: int, fault: ImportFault) -> Rejection:
    """Return the rejection of profile *index* of *batch*, with all its fields."""
    blob, row = batch.locate(batch.rows[index])
    fields = orjson.loads(batch.profile(index))["attributes"]
    return Rejection(blob, row, fault.reason, quoted(fault.detail), refused_by="klaviyo", fields=fields)


def _take_out(attributes: dict[str, Any], name: str, *inner: str) -> bool:
    """Take out *name*, or what is *inner* in it; return whether it was there."""
    if not inner:
        return attributes.pop(name, None) is not None
    group = attributes.get(name, {})
    was_there = _take_out(group, *inner)
    if was_there and not group:
        del attributes[name]
    return was_there
