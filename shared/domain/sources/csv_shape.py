"""Finds out how a CSV file is written: its delimiter, how quotes are escaped, its line ends, its header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.domain.config.reading import Reading
from shared.domain.rows.dialect import Escape
from shared.domain.sources.csv_sample import Fit, parse

DELIMITERS = (",", ";", "\t", "|")
ESCAPES: tuple[Escape, ...] = ("doubled", "backslash")
_SAMPLE_CHARACTERS = 48 * 1024
_SAMPLE_RECORDS = 500
_NOTE_WITHIN = 10


@dataclass(frozen=True, slots=True)
class CsvShape:
    """How a CSV file is written, as far as it shows.

    *note_lines* counts the lines down to the note of the delimiter (``sep=;``). *fit* is that of the best way to parse.
    *shows_delimiter* tells that rows speak for the delimiter; *escape_shown* is None where the file shows no escape.
    """

    line_end: Literal["\n", "\r"]
    delimiter: str
    note_lines: int
    fit: Fit
    shows_delimiter: bool
    escape_shown: Escape | None


def csv_shape(text: str, usual: str, reading: Reading, *, is_whole: bool) -> Iterator[CsvShape | None]:
    """Yield None between steps of less than 20 ms, and last the shape of *text*, whole lines of a file.

    *usual* is the delimiter that wins where several fit alike.
    """
    line_end = _line_end(text)
    if _MARK in text:
        text = _AT_LINE_STARTS("", text)
    if line_end == "\r":
        text = text.translate(_SWAPPED)
    few = _lines(text[:_SAMPLE_CHARACTERS], is_whole=len(text) <= _SAMPLE_CHARACTERS) or _lines(text, is_whole=True)
    note_lines, noted = _note(few[:_NOTE_WITHIN])
    few = few[note_lines:]
    given = reading.delimiter or noted
    escapes = (reading.escape,) if reading.escape else ESCAPES if _ESCAPED in text else ESCAPES[:1]
    tried = (given,) if given else (usual, *(each for each in DELIMITERS if each != usual))
    is_all = is_whole and len(text) <= _SAMPLE_CHARACTERS
    fits: dict[tuple[str, Escape], Fit] = {}
    for delimiter in tried:
        for escape in escapes:
            sample = parse(few, delimiter, escape, is_whole=is_all, most=_SAMPLE_RECORDS)
            fits[delimiter, escape] = sample.fit()
            yield None
    possible = [way for way, fit in fits.items() if fit.is_possible]
    delimiter, _ = max(possible, key=lambda way: fits[way].score) if possible else (given or usual, "")
    by_escape = {escape: fits[delimiter, escape] for escape in escapes}
    best = max(escapes, key=lambda escape: by_escape[escape].score)
    fit = by_escape[best]
    if len(escapes) > 1 and len({each.score for each in by_escape.values()}) == 1:
        later = _from_first_escape(text, delimiter, fit)
        for escape in escapes:
            by_escape[escape] = parse(later, delimiter, escape, is_whole=is_whole, most=_SAMPLE_RECORDS).fit()
            yield None
    shows = given is not None or (fit.is_possible and fit.full + fit.short > 0)
    yield CsvShape(line_end, delimiter, note_lines, fit, shows, reading.escape or _shown(text, by_escape))


def _from_first_escape(text: str, delimiter: str, fit: Fit) -> list[str]:
    """Return the lines from the first one with an escaped quote on, below a header with as many cells as there are."""
    at = text.rfind("\n", 0, text.index(_ESCAPED)) + 1
    header = delimiter.join("x" for _ in fit.header or "x")
    return [header + "\n", *_lines(text[at : at + _SAMPLE_CHARACTERS], is_whole=True)]


def _shown(text: str, by_escape: dict[Escape, Fit]) -> Escape | None:
    """Return the escape that the quotes of *text* show."""
    if len({fit.score for fit in by_escape.values()}) > 1:
        return max(by_escape, key=lambda escape: by_escape[escape].score)
    return "doubled" if _DOUBLED(text) else None


def _line_end(text: str) -> Literal["\n", "\r"]:
    """Return a carriage return where it ends lines alone; line feeds within quotes are no line ends."""
    if "\r" not in text or "\n" in _QUOTED("", text):
        return "\n"
    return "\r"


def _note(lines: list[str]) -> tuple[int, str | None]:
    """Return how many lines stand down to the note of the delimiter, and the delimiter; 0 and None without a note."""
    for index, line in enumerate(lines):
        if note := _NOTE(line):
            return index + 1, note[1]
        if line.strip():
            break
    return 0, None


def _lines(text: str, *, is_whole: bool) -> list[str]:
    """Return the lines of *text* with their line feeds, without the last one where the text was cut off."""
    *lines, last = text.split("\n")
    lines = [line + "\n" for line in lines]
    return [*lines, last] if last and is_whole else lines


_ESCAPED = '\\"'
_MARK = "\ufeff"
_AT_LINE_STARTS = re.compile(r"(?<![^\r\n])\ufeff+").sub
_SWAPPED = {ord("\r"): "\n", ord("\n"): "\r"}
_QUOTED = re.compile(r'"[^"]*+"').sub
_DOUBLED = re.compile(r'[^",;\t|\r\n]""[^",;\t|\r\n]').search
_NOTE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE).fullmatch
