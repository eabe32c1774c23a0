"""The rules by which the attributes of a profile come from a row, in the order in which a profile has them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.config.mapping import Entry
from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import EXTERNAL_ID, PROPERTIES, Cleaners, is_plain
from shared.domain.profiles.texts import Clean, Odd

LOCATION = "location."


@dataclass(frozen=True, slots=True)
class Rule:
    """How one attribute comes from a row; *name* is its name in *group*, which is "", "location" or "properties".

    *clean* cleans a value of *column*. Where *column* is None, each profile has the constant *value*.
    *is_plain* tells that most texts are sent as they are but for blanks at their ends, *is_typed* that the mapping says
    what the values stand for.
    """

    group: str
    name: str
    column: str | None
    value: Any
    clean: Clean
    is_plain: bool
    is_typed: bool

    @property
    def field(self) -> str:
        """Return the name of the attribute in full, such as ``location.city``."""
        return f"{self.group}.{self.name}" if self.group else self.name


def rules_of(mapping: ColumnMapping, cleaners: Cleaners) -> list[Rule]:
    """Return the rules of *mapping*; the external_id comes first, and the constants of each group last."""
    texts = mapping.texts()
    first = {EXTERNAL_ID: texts.pop(EXTERNAL_ID)} if EXTERNAL_ID in texts else {}
    return [
        *_rules(first, "", cleaners),
        *_rules(texts, "", cleaners),
        *_rules(mapping.location.entries(), LOCATION, cleaners),
        *_rules(mapping.properties, PROPERTIES, cleaners),
    ]


def _rules(entries: Mapping[str, Entry], prefix: str, cleaners: Cleaners) -> list[Rule]:
    rules = list(_each(entries, prefix, cleaners))
    return sorted(rules, key=lambda rule: 2 if rule.column is None else 0 if rule.is_plain else 1)


def _each(entries: Mapping[str, Entry], prefix: str, cleaners: Cleaners) -> Iterator[Rule]:
    for name, entry in entries.items():
        field = prefix + name
        clean, value = cleaners.of(field, entry), None
        if entry.column is None:
            cleaned = clean(entry.value)  # nothing is noted: what a person has written into the mapping is meant
            value = cleaned.value if type(cleaned) is Odd else cleaned
            if value is None:
                continue
        yield Rule(prefix.rstrip("."), name, entry.column, value, clean, is_plain(field, entry), entry.type is not None)
