"""Parses a sample of CSV in one way, and tells how well that way fits."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from shared.domain.dialects.plausible_columns import looks_like_data
from shared.domain.rows.dialect import Escape
from shared.domain.rows.lines import MAX_LINE_BYTES

MOST_TITLES = 10
"""The header stands within so many lines, below titles."""
ESCAPED_QUOTE = "\udfff"
"""Stands in the place of an escaped quote while a sample is parsed; no text that was decoded has it."""
_AGREEING = 5
_LOOKED_AT = 20
_CELLS = 200
"""So many cells of a record are looked into; hostile files have hundreds of thousands."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The records of a sample: the line that each begins on (from 0), and its cells; None for a broken record."""

    records: list[tuple[int, list[str] | None]]
    delimiter: str

    def header_at(self) -> int:
        """Return the index of the record that is the header: the first one, or the one below the titles.

        A title is a record with one filled cell. The header below it has two or more, the next records have as many
        cells, and the header does not look like data.
        """
        for index, (line, cells) in enumerate(self.records):
            if line > MOST_TITLES or cells is None:
                return 0
            if _filled(cells) == 1:
                continue
            if not index or looks_like_data(cells[:_CELLS]):
                return 0
            following = [after for _, after in self.records[index + 1 : index + 1 + _AGREEING]]
            agreeing = [after for after in following if after is not None and len(after) == len(cells)]
            return index if agreeing and 2 * len(agreeing) >= len(following) else 0
        return 0

    def fit(self, contrary: int = 0) -> "Fit":
        """Return how well the records agree with the header.

        *contrary* counts the lines with a quote that is written in another way than the one in which they were parsed.
        A writer has one way only, so these lines count as bad records.
        """
        if not self.records:
            return Fit(None, 0)
        at = self.header_at()
        header = self.records[at][1]
        if header is None:
            return Fit(None, self.records[at][0], at > 0, bad=len(self.records))
        full, short, bad = 0, 0, contrary
        below = [cells[:_CELLS] for _, cells in self.records[at + 1 : at + 1 + _LOOKED_AT] if cells is not None]
        holds_row = _end_of_row(self.delimiter)
        for _, cells in self.records[at + 1 :]:
            if cells is None or _is_rest_of_text(cells) or any(cells[len(header) :]) or any(map(holds_row, cells)):
                bad += 1
            elif len(cells) >= len(header):
                full += 1
            elif len(cells) > 1:
                short += 1
        is_above_data = any(map(looks_like_data, below))
        is_row = _lacks_name_of_addresses(header, below)
        return Fit(
            tuple(cell.replace(ESCAPED_QUOTE, '"') for cell in header),
            self.records[at][0],
            at > 0,
            full,
            short,
            bad,
            is_above_data,
            is_row,
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a way to parse fits: the *header* on line *line* (from 0), and counts of the records below it.

    *full* records have as many cells as the header, *short* ones have fewer, and *bad* ones more, or broken quotes, or
    a cell of several lines with the end of a row in it.
    A record of one cell counts nowhere, as it has no delimiter; with a quote in it, it is bad.
    *is_above_data* tells that a record below looks like data. *is_row* tells that the header is most likely a row: it
    has a blank cell above addresses, and no name above others.
    """

    header: tuple[str, ...] | None
    line: int
    has_titles: bool = False
    full: int = 0
    short: int = 0
    bad: int = 0
    is_above_data: bool = False
    is_row: bool = False

    @property
    def is_possible(self) -> bool:
        """Tell whether the delimiter stands in the header, and the records do not speak against it."""
        return self.header is not None and len(self.header) > 1 and self.full + self.short >= self.bad

    @property
    def score(self) -> tuple[float, int]:
        """Return a measure: the higher it is, the better."""
        odd = sum(map(_is_odd, (self.header or ())[:_CELLS]))
        return self.full + self.short / 2 - self.bad, -odd

    @property
    def agreement(self) -> tuple[int, int]:
        """Return a measure for ways that differ in the escape only: a wrong one breaks records, or leaves cells out."""
        return -self.bad - self.short, self.full


def parse(lines: list[str], delimiter: str, escape: Escape, *, is_whole: bool, most: int | None = None) -> Sample:
    """Parse *lines*, each with its line feed, up to *most* records; a line without a filled cell is no record.

    Where the sample is not the whole file, a quote that is open at its end is no fault.
    """
    csv.field_size_limit(MAX_LINE_BYTES)  # the module's own limit is smaller
    if escape == "backslash":
        lines = [_ESCAPED(_without_quote, line) if "\\" in line else line for line in lines]
    lines = _without_padding(lines, delimiter)
    records: list[tuple[int, list[str] | None]] = []
    for begin, cells in _records(lines, delimiter, is_whole=is_whole):
        if cells is None or _filled(cells):
            records.append((begin, cells))
        if len(records) == most:
            break
    return Sample(records, delimiter)


def _records(lines: list[str], delimiter: str, *, is_whole: bool) -> Iterator[tuple[int, list[str] | None]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begin = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if reader.line_num < len(lines) or is_whole:
                yield begin, None
            if reader.line_num >= len(lines):
                return
        else:
            yield begin, cells


def _without_padding(lines: list[str], delimiter: str) -> list[str]:
    """Return *lines* without the blanks around quoted cells, where such a cell closes on its line."""
    mark, blank = re.escape(delimiter), " \t".replace(delimiter, "")
    behind = re.compile(rf'"[{blank}]++(?={mark}|\r*$)').sub
    before = re.compile(rf'(?<![^{mark}])[{blank}]++(?="(?:[^"]++|"")*+"(?:{mark}|\r*$))').sub
    return [
        before("", behind('"', line)) if '" ' in line or ' "' in line or '"\t' in line or '\t"' in line else line
        for line in lines
    ]


def _without_quote(escaped: "re.Match[str]") -> str:
    return ESCAPED_QUOTE if escaped[1] == '"' else escaped[0]


def _is_odd(name: str) -> bool:
    """Tell whether *name* looks like a part of the name of a column: a delimiter within it was taken for one."""
    return name != name.strip() or name.count("(") != name.count(")") or name.count('"') % 2 > 0


def _is_rest_of_text(cells: list[str]) -> bool:
    """Tell whether a record is most likely the end of a quoted text: it has one cell, and a quote in that."""
    return len(cells) == 1 and '"' in cells[0]


def _lacks_name_of_addresses(header: list[str], below: list[list[str]]) -> bool:
    """Tell whether e-mail addresses stand in the records *below*, and each of them under a blank cell of *header*."""
    places = {place for cells in below for place, cell in enumerate(cells) if _ADDRESS(cell.strip())}
    return bool(places) and not any(header[place].strip() for place in places if place < len(header))


@cache
def _end_of_row(delimiter: str) -> Callable[[str], object]:
    """Return what finds, in a cell of several lines, an address behind a delimiter at the end of a line."""
    return re.compile(rf"{re.escape(delimiter)}[^\s@]++@[^\s@]++\r?\n").search


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


DOUBLED_QUOTE = re.compile(r'[^",;\t|\r\n]""[^",;\t|\r\n]').search
"""Finds a doubled quote in the middle of a text."""
_ADDRESS = re.compile(r"[^\s@]++@[^\s@]++").fullmatch
_ESCAPED = re.compile(r'\\(["\\])').sub
