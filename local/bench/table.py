"""Formats the figures of one benchmark run as one table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; *beside* is the figure for comparison, *aim* the goal, *holds* whether the goal is met."""

    what: str
    value: str
    beside: str = ""
    aim: str = ""
    holds: bool | None = None


def table(figures: Sequence[Figure]) -> str:
    """Return *figures* as text, one line each."""
    return aligned([("what", "measured", "against", "aim", ""), *map(cells, figures)])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows* as text with columns of the same width; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)


def cells(figure: Figure) -> tuple[str, ...]:
    """Return the texts of the line that tells *figure*."""
    return figure.what, figure.value, figure.beside, figure.aim, _VERDICTS[figure.holds]


_VERDICTS = {None: "", True: "reached", False: "MISSED"}
