"""Maps rows as a sorter does, and shows the attributes instead of encoding them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.profiles.cleaners import Cleaners
from shared.domain.profiles.external_ids import EXTERNAL_ID_TOO_LONG
from shared.domain.profiles.mappers.page_mapper import PageMapper
from shared.domain.profiles.mappers.row_mapper import RowMapper
from shared.domain.profiles.mappers.rules import rules_of
from shared.domain.profiles.outcome import Refusal
from shared.domain.profiles.texts import EMPTY_WORDS, nulls_of
from shared.domain.rows.rows import Row

Noted = list[tuple[str, str]]
"""The field and the reason of each value that was noted."""


class Mappers:
    """The two ways in which *mapping* is applied: to a page, and to one row with a look into each text."""

    def __init__(self, mapping: ColumnMapping, *, region: str | None = None, null_values: Iterable[str] = ()) -> None:
        nulls = nulls_of(null_values)
        rules = rules_of(mapping, Cleaners(nulls, region, decimal_comma=False))
        self.by_row = RowMapper(mapping, rules, nulls)
        self._by_page = PageMapper(rules, nulls | EMPTY_WORDS, self._keep)
        self._kept: list[dict[str, Any]] = []

    def of_page(self, rows: Sequence[Row], emails: Sequence[str]) -> list[tuple[dict[str, Any] | Refusal, Noted]]:
        """Return what each of *rows* becomes, and what was noted about it."""
        self._kept = []
        mapped = self._by_page.map(rows, emails)
        assert len(mapped.profiles) == len(rows)
        results: list[dict[str, Any] | Refusal] = [*self._kept]
        for place in mapped.too_long:
            results[place] = self.by_row.refusal(rows[place], "external_id_too_long", EXTERNAL_ID_TOO_LONG)
        return [
            (result, [(name, reason) for at, name, reason in mapped.notes if at == place])
            for place, result in enumerate(results)
        ]

    def of_row(self, row: Row, email: str) -> tuple[dict[str, Any], Noted]:
        """Return the attributes of *row* with a look into each text, and what was noted about it."""
        self.by_row.notes.clear()
        return self.by_row.map(row, email), [*self.by_row.notes]

    def alone(self, row: Row) -> tuple[dict[str, Any] | Refusal, Noted]:
        """Return what *row* becomes as a page of its own, and what was noted about it."""
        self.by_row.notes.clear()
        (common,) = self.by_row.emails([row])
        email = common or self.by_row.email(row)
        if isinstance(email, Refusal):
            return email, [*self.by_row.notes]
        ((result, noted),) = self.of_page([row], [email])
        return result, self.by_row.notes + noted

    def _keep(self, attributes: Mapping[str, Any]) -> bytes:
        self._kept.append({**attributes})
        return b"{}"
