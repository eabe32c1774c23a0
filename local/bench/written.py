"""The table of figures in ``docs/performance.md``, in which each part of the benchmark replaces its own lines.

So the parts may be measured one after the other, on different days.
A part begins with a line of its own, which tells when and where it was measured::

    | **import** | 29 November 2026, Python 3.13.9, 2 cores, x86_64 | | | |
    | import of function_app, as deployed | 0.35 s | 0.34 to 0.41 s | under 0.5 s | reached |
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from local.bench.table import Figure, cells

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
HEAD = ("| what | measured | against | aim | |", "|---|---|---|---|---|")
MARK = "figures"
_BEGINS = re.compile(r"\| \*\*(\w+)\*\* \|")


def write(name: str, where: str, figures: Sequence[Figure], order: Collection[str]) -> None:
    """Write the figures of the part *name* into the document; see `with_part`."""
    DOCUMENT.write_text(with_part(DOCUMENT.read_text(encoding="utf-8"), name, where, figures, order), encoding="utf-8")


def with_part(text: str, name: str, where: str, figures: Sequence[Figure], order: Collection[str]) -> str:
    """Return the document *text* with *figures* as the lines of the part *name*, measured at *where*.

    The parts stand in their *order*; a part that is not in it any more goes.
    """
    parts = parts_of(text)
    parts[name] = [f"| **{name}** | {where} | | | |", *(f"| {' | '.join(cells(figure))} |" for figure in figures)]
    lines = [*HEAD, *(line for each in order for line in parts.get(each, ()))]
    return replaced(text, MARK, "".join(f"{line}\n" for line in lines))


def parts_of(text: str) -> dict[str, list[str]]:
    """Return the lines of each part in the table of the document *text*."""
    parts: dict[str, list[str]] = {}
    for line in _place(text, MARK)[0].splitlines():
        if begins := _BEGINS.match(line):
            parts[begins[1]] = lines = []
        elif not parts:
            continue  # the head of the table
        lines.append(line)
    return parts


def replaced(text: str, mark: str, new: str) -> str:
    """Return *text* with *new* between ``<!-- mark -->`` and ``<!-- /mark -->``; raises `ValueError` without them."""
    found = _place(text, mark)
    return text[: found.start()] + new + text[found.end() :]


def _place(text: str, mark: str) -> re.Match[str]:
    found = re.search(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)", text, re.DOTALL)
    if found is None:
        raise ValueError(f"no place for: {mark}; it begins with <!-- {mark} --> on a line of its own.")
    return found
