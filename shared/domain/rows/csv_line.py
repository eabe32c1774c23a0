"""Tells whether a line of CSV could be a row of its own, wherever quotes stand around it."""

import re
from typing import NamedTuple

from shared.domain.rows.csv_quotes import Afresh, CsvQuotes, Within


class Look(NamedTuple):
    """What one line looks like, from outside and from within a quoted field."""

    afresh: Afresh
    within: Within
    is_row: bool
    """Tells that the line, read afresh, is a row beyond doubt: whole, with each column and an e-mail address."""
    is_like_row: bool
    """Tells that the line has enough delimiters, and an e-mail address between two of them."""


class LineLooks:
    """Looks at lines of a file with so many *columns*; *email* is the place of the column with e-mail addresses.

    Where *email* is None, an e-mail address may stand in each column.
    """

    def __init__(self, quotes: CsvQuotes, columns: int, email: int | None) -> None:
        self.quotes, self.columns, self.email = quotes, columns, email
        mark = re.escape(quotes.delimiter)
        around = rb"[%s]*+" % re.escape(bytes(set(b' \t"\\') - set(quotes.delimiter)))
        word = rb'[^\s@"\\.%s]++' % mark
        address = rb"%s(?:\.++%s)*+@(?:%s\.)++%s" % (word, word, word, word)
        self._has_address = re.compile(rb"(?:\A|%s)%s%s%s\r*+(?=%s|\Z)" % (mark, around, address, around, mark)).search
        self._known: dict[Look, Look] = {}

    def look(self, line: bytes) -> Look:
        """Return what *line* looks like; equal looks are one object, as a quote may stand open over very many lines."""
        afresh = self.quotes.afresh(line)
        is_like_row = line.count(self.quotes.delimiter) >= self.columns - 1 and self._is_address(line)
        is_row = is_like_row and self._is_row(line, afresh)
        look = Look(afresh, self.quotes.within(line), is_row, is_like_row)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.setdefault(look, look)

    def holds_address(self, record: bytes) -> bool:
        """Tell whether *record*, which is not broken, has an e-mail address where it should have one."""
        return self._is_address(record if self.email is None else self.quotes.cell(record, self.email))

    def _is_row(self, line: bytes, afresh: Afresh) -> bool:
        is_whole = afresh.fields == self.columns and self.quotes.is_clean(line) is not None
        return is_whole and self.holds_address(line)

    def _is_address(self, text: bytes) -> bool:
        return b"@" in text and self._has_address(text) is not None


_MOST_KNOWN = 4096
