"""Compares the columns of a file or a segment with the mapping of an export, and says what is wrong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.domain.config.mapping import Mapping
from shared.domain.errors import ConfigurationError
from shared.domain.sentences import Sentence, say

SHOWN_COLUMNS = 20
"""A sentence names at most so many columns."""


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """What a comparison found: the mapped columns that are *missing*, and the *problem* that fails a run, if any."""

    missing: tuple[str, ...]
    problem: Sentence | None

    def require(self) -> None:
        """Raise `ConfigurationError` when there is a problem."""
        if self.problem is not None:
            raise ConfigurationError(self.problem)


def check_columns(mapping: Mapping, columns: Collection[str], where: str) -> ColumnCheck:
    """Compare *columns* with *mapping*; *where* names, in words, the place that has them.

    A run fails without the e-mail column, and when a mapped column stands there twice.
    """
    there = set(columns)
    missing = tuple(column for column in mapping.columns() if column not in there)
    if mapping.email in missing:
        return ColumnCheck(missing, _no_email_column(mapping.email, there, where))
    names = list(columns)
    twice = next((column for column in mapping.columns() if names.count(column) > 1), None)
    if twice is not None:
        text = "{where} has the mapped column '{column}' twice; give the columns different names."
        return ColumnCheck(missing, say("column_twice", text, where=where, column=twice))
    return ColumnCheck(missing, None)


def missing_column(column: str, places: Sequence[str]) -> Sentence:
    """Return the sentence that *column* is missing in *places*; there is at least one place."""
    others = len(places) - 1
    if not others:
        text = "{where} has no column '{column}', which the mapping names."
        return say("column_missing", text, where=places[0], column=column)
    text = "{where} and {others:,} more have no column '{column}', which the mapping names."
    return say("column_missing_in_many", text, where=places[0], others=others, column=column)


def in_file(name: str) -> str:
    """Return the words for the place of a header: file *name*."""
    return f"File '{name}'"


def in_first_rows(segment: str, rows: int, first_file: str) -> str:
    """Return the words for the place of the first *rows* rows of *segment*, which begin in *first_file*."""
    first = "row" if rows == 1 else f"{rows:,} rows"
    return f"Segment '{segment}' (its first {first}, from file '{first_file}' on)"


def _no_email_column(email: str, there: set[str], where: str) -> Sentence:
    more = ", …" if len(there) > SHOWN_COLUMNS else ""
    return say(
        "email_column_missing",
        "{where} has no column '{column}', which the mapping of the export takes e-mail addresses from. "
        "Columns there: {columns}. Mend the mapping or the segment.",
        where=where,
        column=email,
        columns=", ".join(sorted(there)[:SHOWN_COLUMNS]) + more or "none",
    )
