"""Finds out how a CSV file is written: its delimiter, how quotes are escaped, its line ends, its header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.domain.config.reading import Reading
from shared.domain.dialects.csv_sample import DOUBLED_QUOTE, Fit, parse
from shared.domain.rows.dialect import Escape

DELIMITERS = (",", ";", "\t", "|")
ESCAPES: tuple[Escape, ...] = ("doubled", "backslash")
_SAMPLE_CHARACTERS = 48 * 1024
_SAMPLE_RECORDS = 500
_NOTE_WITHIN = 10
_BLANKS = '" \t\r\n'


@dataclass(frozen=True, slots=True)
class CsvShape:
    """How a CSV file is written, as far as it shows.

    *note_lines* and *title_lines* count lines above the header, as `Dialect` does. *fit* is that of the best way to
    parse. *shows_delimiter* tells that rows speak for the delimiter; *escape_shown* is None where the file shows no
    escape.
    """

    line_end: Literal["\n", "\r"]
    delimiter: str
    note_lines: int
    title_lines: int
    fit: Fit
    shows_delimiter: bool
    escape_shown: Escape | None


def csv_shape(text: str, usual: str, reading: Reading, *, is_whole: bool) -> Iterator[CsvShape | None]:
    """Yield None between steps of less than 20 ms, and last the shape of *text*, whole lines of a file.

    *usual* is the delimiter that wins where several fit alike.
    """
    if _MARK in text:
        text = _AT_LINE_STARTS("", text)
    line_end = _line_end(text)
    text = text.translate(_SWAPPED) if line_end == "\r" else text
    lines, noted = _without_note(_first_lines(text))
    given = reading.delimiter or noted
    escapes = (reading.escape,) if reading.escape else ESCAPES if _ESCAPED in text else ESCAPES[:1]
    doubled = sum(1 for line in lines if DOUBLED_QUOTE(line)) if len(escapes) > 1 else 0
    contrary: dict[Escape, int] = {"doubled": 0, "backslash": doubled}
    fits: dict[tuple[str, Escape], Fit] = {}
    for delimiter in (given,) if given else (usual, *(each for each in DELIMITERS if each != usual)):
        for escape in escapes:
            is_all = is_whole and len(text) <= _SAMPLE_CHARACTERS
            sample = parse(lines, delimiter, escape, is_whole=is_all, most=_SAMPLE_RECORDS)
            fits[delimiter, escape] = sample.fit(contrary[escape])
            yield None
    delimiter, escape = _best(fits)
    fit = fits[delimiter, escape]
    by_escape = {each: fits[delimiter, each] for each in escapes}
    if len(escapes) > 1 and not _differ(by_escape) and not doubled:
        later = _from_first_escape(text, delimiter, fit)
        for escape in escapes:
            by_escape[escape] = parse(later, delimiter, escape, is_whole=is_whole, most=_SAMPLE_RECORDS).fit()
            yield None
    titles = [line for line in lines[: fit.line] if line.strip(delimiter + _BLANKS)] if fit.has_titles else []
    shows = given is not None or (fit.is_possible and fit.full + fit.short > 0)
    shown = reading.escape or _shown(text, by_escape)
    yield CsvShape(line_end, delimiter, 1 if noted else 0, len(titles), fit, shows, shown)


def _best(fits: dict[tuple[str, Escape], Fit]) -> tuple[str, Escape]:
    """Return the way to parse that fits best; the first one where none is possible, or several fit alike."""
    possible = [way for way, fit in fits.items() if fit.is_possible]
    if possible:
        return max(possible, key=lambda way: fits[way].score)
    usual, _ = next(iter(fits))
    return max((way for way in fits if way[0] == usual), key=lambda way: fits[way].score)


def _differ(by_escape: dict[Escape, Fit]) -> bool:
    return len({fit.agreement for fit in by_escape.values()}) > 1


def _from_first_escape(text: str, delimiter: str, fit: Fit) -> list[str]:
    """Return the lines from the first one with an escaped quote on, below a header with as many cells as there are."""
    at = text.rfind("\n", 0, text.index(_ESCAPED)) + 1
    header = delimiter.join("x" for _ in fit.header or "x")
    return [header + "\n", *_lines(text[at : at + _SAMPLE_CHARACTERS])]


def _shown(text: str, by_escape: dict[Escape, Fit]) -> Escape | None:
    """Return the escape that the quotes of *text* show."""
    if _differ(by_escape):
        return max(by_escape, key=lambda escape: by_escape[escape].agreement)
    return "doubled" if DOUBLED_QUOTE(text) else None


def _line_end(text: str) -> Literal["\n", "\r"]:
    """Return a carriage return where it ends lines alone; line feeds within quotes are no line ends."""
    if "\r" not in text:
        return "\n"
    is_within = "\n" not in _QUOTED("", text) or (_ESCAPED in text and "\n" not in _QUOTED_WITH_ESCAPES("", text))
    return "\r" if is_within else "\n"


def _without_note(lines: list[str]) -> tuple[list[str], str | None]:
    """Return *lines* without the note of the delimiter, and the delimiter; None without a note."""
    first = next((index for index, line in enumerate(lines[:_NOTE_WITHIN]) if line.strip()), 0)
    note = _NOTE(lines[first]) if lines else None
    return (lines[first + 1 :], note[1]) if note else (lines, None)


def _first_lines(text: str) -> list[str]:
    """Return the lines of the first `_SAMPLE_CHARACTERS`, or the first line if it is longer."""
    if len(text) > _SAMPLE_CHARACTERS:
        end = text.rfind("\n", 0, _SAMPLE_CHARACTERS)
        text = text[: (end if end >= 0 else text.find("\n")) + 1] or text
    return _lines(text)


def _lines(text: str) -> list[str]:
    """Return the lines of *text* with their line feeds."""
    *lines, last = text.split("\n")
    lines = [line + "\n" for line in lines]
    return [*lines, last] if last else lines


_ESCAPED = '\\"'
_MARK = "\ufeff"
_AT_LINE_STARTS = re.compile(r"(?<![^\r\n])\ufeff+").sub
_SWAPPED = {ord("\r"): "\n", ord("\n"): "\r"}
_QUOTED = re.compile(r'"[^"]*+"').sub
_QUOTED_WITH_ESCAPES = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL).sub
_NOTE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE).fullmatch
