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
    rows = [("what", "measured", "against", "aim", "")]
    rows += [(each.what, each.value, each.beside, each.aim, _VERDICTS[each.holds]) for each in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)


_VERDICTS = {None: "", True: "reached", False: "MISSED"}
