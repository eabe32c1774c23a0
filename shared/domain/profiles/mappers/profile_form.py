"""Puts columns of values together to profiles, by functions that are written for one mapping.

A function with one dictionary display takes half of the time of a loop over the rules (docs/performance.md). All that
comes from a mapping stands in the source as a literal of Python, so that no text of a mapping is ever code.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from shared.domain.profiles.mappers.rules import Rule
from shared.domain.profiles.outcome import Profile

Put = Callable[[Callable[[dict[str, Any]], Profile], Sequence[str], Sequence[Sequence[Any]]], list[Profile]]
"""Takes what encodes attributes, the e-mail addresses, and a column of values for each rule with a column."""


MOST_FORMS = 32
"""So many functions are written; where columns have still other gaps together, all values may be None."""


class ProfileForm:
    """Makes profiles as *rules* say; mutable: it remembers the functions that it has written."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        columns = [rule.field for rule in rules if rule.column is not None]
        self._values = {field: f"v{place}" for place, field in enumerate(columns)}
        self._put: dict[frozenset[str], Put] = {}

    def put(self, gaps: frozenset[str]) -> Put:
        """Return what makes profiles where the fields *gaps* may be None: these are then in no profile.

        Nor is a group without values.
        """
        known = self._put.get(gaps)
        if known is None:
            if len(self._put) >= MOST_FORMS:
                gaps = frozenset(self._values)
            made: dict[str, Put] = {}
            exec(self.source(gaps), made)  # noqa: S102 - literals, and names of this module
            known = self._put[gaps] = made["put"]
        return known

    def source(self, gaps: frozenset[str]) -> str:
        """Return the source of the function for *gaps*; the order in a profile is always that of the rules."""
        members, statements = ["'email': email"], list[str]()
        for group, of_group in groupby(self._rules, attrgetter("group")):
            whole, late = self._parts("group" if group else "profile", [*of_group], gaps)
            if not group:
                members += whole
                statements += late
            elif late:
                statements += (f"group = {_display(whole)}", *late, f"if group: profile[{group!r}] = group")
            elif statements:
                statements.append(f"profile[{group!r}] = {_display(whole)}")
            else:
                members.append(f"{group!r}: {_display(whole)}")
        each = f"for {', '.join(('email', *self._values.values(), ''))} in zip(emails, *columns)"
        if not statements:
            return f"def put(encode, emails, columns):\n    return [encode({_display(members)}) {each}]\n"
        body = (f"profile = {_display(members)}", *statements, "profiles.append(encode(profile))")
        lines = ("profiles = []", f"{each}:", *(f"    {line}" for line in body), "return profiles\n")
        return "\n    ".join(("def put(encode, emails, columns):", *lines))

    def _parts(self, into: str, rules: Sequence[Rule], gaps: frozenset[str]) -> tuple[list[str], list[str]]:
        """Return the members of a display up to the first gap, and the statements that put the others *into* it."""
        members, statements = list[str](), list[str]()
        for rule in rules:
            value = self._value(rule)
            if rule.field in gaps:
                statements.append(f"if {value} is not None: {into}[{rule.name!r}] = {value}")
            elif statements:
                statements.append(f"{into}[{rule.name!r}] = {value}")
            else:
                members.append(f"{rule.name!r}: {value}")
        return members, statements

    def _value(self, rule: Rule) -> str:
        return repr(rule.value) if rule.column is None else self._values[rule.field]


def _display(members: Sequence[str]) -> str:
    return f"{{{', '.join(members)}}}"
