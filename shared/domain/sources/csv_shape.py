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
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    note_lines, noted = _note(lines)
    lines = lines[note_lines:]
    given = reading.delimiter or noted
    escapes = (reading.escape,) if reading.escape else ESCAPES if '\\"' in text else ESCAPES[:1]
    tried = (given,) if given else (usual, *(each for each in DELIMITERS if each != usual))
    few = _first(lines)
    fits: dict[tuple[str, Escape], Fit] = {}
    for delimiter in tried:
        for escape in escapes:
            sample = parse(few, delimiter, escape, is_whole=is_whole and len(few) == len(lines), most=_SAMPLE_RECORDS)
            fits[delimiter, escape] = sample.fit()
            yield None
    possible = [way for way, fit in fits.items() if fit.is_possible]
    delimiter, _ = max(possible, key=lambda way: fits[way].score) if possible else (given or usual, "")
    by_escape = {}
    for escape in escapes:
        by_escape[escape] = parse(lines, delimiter, escape, is_whole=is_whole).fit()
        yield None
    best = max(escapes, key=lambda escape: by_escape[escape].score)
    fit = by_escape[best]
    shows = given is not None or (fit.is_possible and fit.full + fit.short > 0)
    yield CsvShape(line_end, delimiter, note_lines, fit, shows, _shown(text, by_escape, reading))


def _shown(text: str, by_escape: dict[Escape, Fit], reading: Reading) -> Escape | None:
    """Return the escape that is shown by the quotes of *text*, or given by the export."""
    if reading.escape:
        return reading.escape
    if len(by_escape) > 1 and by_escape["doubled"].score != by_escape["backslash"].score:
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


def _first(lines: list[str]) -> list[str]:
    characters = 0
    for index, line in enumerate(lines):
        characters += len(line)
        if characters > _SAMPLE_CHARACTERS:
            return lines[: max(index, 1)]
    return lines


_MARK = "\ufeff"
_AT_LINE_STARTS = re.compile(r"(?<![^\r\n])\ufeff+").sub
_SWAPPED = {ord("\r"): "\n", ord("\n"): "\r"}
_QUOTED = re.compile(r'"[^"]*+"').sub
_DOUBLED = re.compile(r'[^",;\t|\r\n]""[^",;\t|\r\n]').search
_NOTE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE).fullmatch
