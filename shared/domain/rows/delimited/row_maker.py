"""Makes rows of the records of a CSV file: a record should have a cell for each column."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.domain.rows.delimited.header import BLANK_ROW
from shared.domain.rows.delimited.record_list import Records
from shared.domain.rows.rows import RowsRead, Unreadable
from shared.domain.sentences import say

SHORT_ROW = "short_row"
REPEATED_HEADER = "repeated_header"


MOST_PARTS = 20
"""A value is thought to be broken into at most so many lines."""


@dataclass(frozen=True, slots=True)
class _Shorts:
    """Rows without their last cells, one behind the other, that may be parts of one row.

    *at* is the index of the first among the rows, and *fields* how many cells each has.
    """

    at: int
    fields: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.at + len(self.fields)


class RowMaker:
    """Makes rows of records; mutable.

    Cells that are missing at the end of a row are empty ones. Two short rows behind each other that have the cells of
    one row together are refused: most likely a line end in a value broke that row in two. So are more of them, where
    only the first has an e-mail address. So short rows are held back until the row behind them is known.
    *email* is the place of the column with e-mail addresses, None where all columns can have them.
    """

    def __init__(self, delimiter: str, columns: tuple[str, ...], header: tuple[str, ...], email: int | None) -> None:
        self._delimiter, self._columns, self._email = delimiter, columns, email
        self._header = [cell.strip() for cell in header]
        self._first_names = tuple({name for cell in header[:1] for name in (cell, cell.strip())})
        self._held = RowsRead()  # the last rows, if they are short
        self._shorts: _Shorts | None = None
        self._read = RowsRead()
        self._no_rows: set[int] = set()  # indices of records that are no rows

    def rows(self, records: Records, *, is_cut_off: bool = False) -> RowsRead:
        """Return the rows in *records*, and those that were held back; *is_cut_off* if the last record may be."""
        held = self._held
        self._read = RowsRead(held.rows, notes=held.notes)
        self._held, self._no_rows = RowsRead(), set()
        texts = _decoded(records)
        last = len(texts) - 1 if is_cut_off else -1
        self._parse(texts, records, last)
        self._read.lines = self._lines(records, held)
        self._hold_short()
        return self._read

    def close(self) -> RowsRead:
        """Return the rows that were held back."""
        held, self._held, self._shorts = self._held, RowsRead(), None
        return held

    def _parse(self, texts: list[str], records: Records, last: int) -> None:
        reader = csv.reader(texts, delimiter=self._delimiter, strict=True)
        columns, count, first_names, filled = self._columns, len(self._columns), self._first_names, _FILLED
        append = self._read.rows.append
        while True:
            try:
                for fields in reader:
                    if len(fields) == count and (first := fields[0]) >= filled and first not in first_names:
                        append(dict(zip(columns, fields)))  # noqa: B905 - a tenth faster, and the counts are equal
                    else:
                        self._take(fields, reader.line_num - 1, records, last)
            except csv.Error:
                append(_STRAY_LINE_END)
            else:
                return

    def _take(self, fields: list[str], index: int, records: Records, last: int) -> None:
        """Take the record at *index*, which is not as most are."""
        rows, columns = self._read.rows, self._columns
        refused = None if fields else records.refused.get(index)
        if refused:
            rows.append(refused)
        elif not "".join(fields).strip(_BLANKS):
            self._no_rows.add(index)
            if len(fields) > 1 or fields == [""]:
                self._note(BLANK_ROW)
        elif fields[0].strip() in self._first_names and [cell.strip() for cell in fields] == self._header:
            self._no_rows.add(index)
            self._note(REPEATED_HEADER)
        elif len(fields) < len(columns):
            self._take_short(fields, is_freed=index in records.freed, is_cut_off=index == last)
        elif "".join(fields[len(columns) :]).strip(_BLANKS):
            rows.append(_wrong_count("too_many_fields", len(fields), len(columns), "too_many_fields"))
        else:
            rows.append(dict(zip(columns, fields, strict=False)))

    def _note(self, word: str) -> None:
        self._read.notes.append((len(self._read.rows), word))
        self._shorts = None

    def _take_short(self, fields: list[str], *, is_freed: bool, is_cut_off: bool) -> None:
        rows, count = self._read.rows, len(self._columns)
        before = self._shorts if self._shorts and self._shorts.end == len(rows) else None
        is_part = before is not None and not self._has_address(fields)
        if before and (parts := self._parts_of_one(before, len(fields), is_part=is_part)):
            self._refuse_last(before, parts)
            rows.append(_wrong_count(_TOO_FEW, len(fields), count, _PART_OF_A_ROW))
        elif is_freed or is_cut_off:
            rows.append(_wrong_count(_TOO_FEW, len(fields), count, _CUT_OFF if is_cut_off else _BEHIND_A_QUOTE))
        else:
            self._read.notes.append((len(rows), SHORT_ROW))
            if before is None or not is_part or len(before.fields) == MOST_PARTS:
                before = _Shorts(len(rows), ())
            self._shorts = _Shorts(before.at, (*before.fields, len(fields)))
            rows.append(dict(zip(self._columns, fields + [""] * (count - len(fields)), strict=True)))

    def _has_address(self, fields: list[str]) -> bool:
        cells = fields if self._email is None else fields[self._email : self._email + 1]
        return any("@" in cell for cell in cells)

    def _parts_of_one(self, before: _Shorts, fields: int, *, is_part: bool) -> int:
        """Return how many rows *before* a row of so many *fields* make one row with it; 0 if none do."""
        for parts, more in enumerate(reversed(before.fields if is_part else before.fields[-1:]), 1):
            fields += more - 1  # the cell that was broken counts once
            if fields == len(self._columns):
                return parts
        return 0

    def _refuse_last(self, shorts: _Shorts, count: int) -> None:
        """Refuse the last *count* of the rows that were taken for short ones."""
        read, columns = self._read, len(self._columns)
        for at, fields in zip(range(shorts.end - count, shorts.end), shorts.fields[-count:], strict=True):
            read.rows[at] = _wrong_count(_TOO_FEW, fields, columns, _PART_OF_A_ROW)
            read.notes.remove((at, SHORT_ROW))

    def _lines(self, records: Records, held: RowsRead) -> Sequence[int]:
        """Return the lines on which the rows begin."""
        lines = records.lines()
        if not held.lines and not self._no_rows:
            return lines
        return [*held.lines, *(line for index, line in enumerate(lines) if index not in self._no_rows)]

    def _hold_short(self) -> None:
        """Hold the last rows back if they are short; a row behind them may tell that all are parts of one."""
        read, shorts = self._read, self._shorts
        if shorts is None or shorts.end != len(read.rows):
            self._shorts = None
            return
        held = [*range(shorts.at, shorts.end)]
        for at in held:
            read.notes.remove((at, SHORT_ROW))
        notes = [(at - shorts.at, SHORT_ROW) for at in held]
        self._held = RowsRead(read.rows[shorts.at :], [*read.lines[shorts.at :]], notes)
        del read.rows[shorts.at :]
        read.lines = read.lines[: shorts.at]
        self._shorts = _Shorts(0, shorts.fields)


def _decoded(records: Records) -> list[str]:
    """Return the texts of *records*; one that is not UTF-8 is refused."""
    try:
        return [text.decode() for text in records.texts]
    except UnicodeDecodeError:
        return [_text(index, records) for index in range(len(records.texts))]


def _text(index: int, records: Records) -> str:
    try:
        return records.texts[index].decode()
    except UnicodeDecodeError:
        records.refused[index] = _NOT_UTF8
        return ""


@lru_cache(maxsize=1_000)  # many rows of a file are wrong in the same way
def _wrong_count(reason: str, found: int, expected: int, code: str) -> Unreadable:
    text = f"The row has {{found:,}} {{found:field|fields}}; the header has {{expected:,}}. {_WHY[code]}"
    return Unreadable(reason, say(code, text, found=found, expected=expected))


_FILLED = "!"  # the first character behind the blanks
_BLANKS = "".join(map(chr, range(ord(_FILLED))))
_TOO_FEW = "too_few_fields"
_PART_OF_A_ROW, _BEHIND_A_QUOTE, _CUT_OFF = "part_of_a_row", "row_behind_a_quote", "row_cut_off"
_WHY = {
    "too_many_fields": "Put values with a delimiter in quotes.",
    "part_of_a_row": (
        "It and rows beside it look like one row that line breaks cut in pieces; put values with line breaks in quotes."
    ),
    "row_behind_a_quote": "It stands behind a quote that was not closed; write both anew.",
    "row_cut_off": "The file ends within the row; write the file anew.",
}
_NOT_UTF8 = Unreadable(
    "wrong_encoding",
    say("row_not_utf_8", "The row is not UTF-8 text; write the file as UTF-8, or set reading.encoding of the export."),
)
_STRAY_LINE_END = Unreadable(
    "not_csv",
    say(
        "stray_line_end",
        "A line break of another kind than those between rows stands outside of quotes; put the value in quotes.",
    ),
)
