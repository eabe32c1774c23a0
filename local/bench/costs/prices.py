"""The list prices that ``docs/deploy.md`` names, each with where and when it was read; no other place has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.processes import LocalProblem

DOCUMENT = Path(__file__).parents[3] / "docs" / "deploy.md"
_HEAD = "| price | unit | how sure |"
_SIZE = re.compile(r"[\d,]+(?= )")
_LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Price:
    """A price in USD, as *text*, for one *unit*, or for as many as the unit begins with.

    For example 0.0625 for ``10,000 writes``, or 0.000026 for ``GB-s, on demand``.
    """

    text: str
    unit: str
    is_guess: bool
    source: str

    @property
    def amount(self) -> float:
        """Return the number."""
        return float(self.text.replace(",", ""))

    @property
    def size(self) -> int:
        """Return how many of its unit the price is for."""
        size = _SIZE.match(self.unit)
        return int(size[0].replace(",", "")) if size else 1


class Prices:
    """All prices by their units."""

    def __init__(self, prices: Mapping[str, Price]) -> None:
        self._prices = prices

    def of(self, unit: str) -> Price:
        """Return the price of *unit*; raises `LocalProblem` where the document has none."""
        try:
            return self._prices[unit]
        except KeyError:
            raise LocalProblem(f"docs/deploy.md has no price of: {unit}") from None

    @classmethod
    def read(cls, text: str | None = None) -> "Prices":
        """Return the prices of the document, or of its *text*; lines that begin with no number are no prices."""
        rows = table_below(_HEAD, DOCUMENT.read_text(encoding="utf-8") if text is None else text)
        return cls({row[1]: Price(row[0], row[1], row[2] == "guess", row[3]) for row in rows if row[0][:1].isdigit()})


def table_below(head: str, text: str) -> list[list[str]]:
    """Return the cells of the table of *text* whose first line begins with *head*, without that line."""
    _, found, rest = text.partition(f"\n{head}")
    if not found:
        raise LocalProblem(f"docs/deploy.md has no table that begins with: {head}")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rest.split("\n\n")[0].splitlines()[2:]]


def without_marks(text: str) -> str:
    """Return *text* of the document as a terminal shows it, with the addresses of its links in brackets."""
    return _LINK.sub(r"\1 (\2)", text).replace("*", "").replace("`", "")
