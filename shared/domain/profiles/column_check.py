"""Compares the columns of a file or a segment with the mapping of an export, and says what is wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.config.mapping import Mapping as ColumnMapping
from shared.domain.dialects.plausible_columns import plausible_columns
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.email import without_invisible
from shared.domain.sentences import Sentence, say

SHOWN_COLUMNS = 20
"""A sentence names at most so many columns."""


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """What a comparison found: the mapped columns that are *missing*, and the *problem* that fails a run, if any.

    *alike* has, for a missing column, the column there that differs in upper and lower case, in blanks or in invisible
    characters only.
    """

    missing: tuple[str, ...]
    problem: Sentence | None
    alike: Mapping[str, str] = field(default_factory=dict)

    def require(self) -> None:
        """Raise `ConfigurationError` when there is a problem."""
        if self.problem is not None:
            raise ConfigurationError(self.problem)


def check_columns(mapping: ColumnMapping, columns: Collection[str], where: str) -> ColumnCheck:
    """Compare *columns* with *mapping*; *where* names, in words, the place that has them.

    A run fails without the e-mail column, and when a mapped column stands there twice.
    """
    there = set(columns)
    missing = tuple(column for column in mapping.columns() if column not in there)
    shown = _shown(there) if missing else ()
    if mapping.email in missing:
        return ColumnCheck(missing, _no_email_column(mapping.email, shown, where))
    alike = {column: like for column in missing if (like := _alike(column, shown))}
    names = list(columns)
    twice = next((column for column in mapping.columns() if names.count(column) > 1), None)
    if twice is not None:
        text = "{where} has the mapped column '{column}' twice; give the columns different names."
        return ColumnCheck(missing, say("column_twice", text, where=where, column=twice), alike)
    return ColumnCheck(missing, None, alike)


def missing_column(column: str, places: Sequence[str], like: str | None = None) -> Sentence:
    """Return the sentence that *column* is missing in *places*; there is at least one place.

    *like* is a column there that differs in upper and lower case, in blanks or in invisible characters only.
    """
    others = len(places) - 1
    if like:
        text = (
            "{where} has no column '{column}', which the mapping names, but it has '{like}', which differs in upper "
            "and lower case, in blanks or in invisible characters only. Mend the mapping or the segment."
        )
        return say("column_spelt_otherwise", text, where=places[0], column=column, like=like)
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


def _no_email_column(email: str, shown: Collection[str], where: str) -> Sentence:
    if like := _alike(email, shown):
        text = (
            "{where} has no column '{column}', which the mapping of the export takes e-mail addresses from, but it has "
            "'{like}', which differs in upper and lower case, in blanks or in invisible characters only. "
            "Mend the mapping or the segment."
        )
        return say("email_column_spelt_otherwise", text, where=where, column=email, like=like)
    more = ", …" if len(shown) > SHOWN_COLUMNS else ""
    return say(
        "email_column_missing",
        "{where} has no column '{column}', which the mapping of the export takes e-mail addresses from. "
        "Columns there: {columns}. Mend the mapping or the segment.",
        where=where,
        column=email,
        columns=", ".join(sorted(shown)[:SHOWN_COLUMNS]) + more or "none that can be shown",
    )


def _shown(there: Collection[str]) -> tuple[str, ...]:
    """Return the columns *there* that may stand in a sentence, as people see them."""
    return plausible_columns([without_invisible(name).replace("\u00a0", " ") for name in there])


def _alike(column: str, there: Collection[str]) -> str | None:
    """Return the name in *there* that differs from *column* in upper and lower case or in blanks only, or None."""
    plain = "".join(column.split()).casefold()
    return next((name for name in sorted(there) if "".join(name.split()).casefold() == plain), None)
