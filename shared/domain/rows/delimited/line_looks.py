"""Tells whether a line of CSV could be a row of its own, wherever quotes stand around it."""

import re
from typing import NamedTuple

from shared.domain.rows.delimited.quotes import QUOTE, Afresh, CsvQuotes, Within


class Look(NamedTuple):
    """What one line looks like, from outside and from within a quoted field."""

    afresh: Afresh
    within: Within
    is_blank: bool
    is_row: bool
    """Tells that the line, read afresh, is a row beyond doubt: whole, with each column and an e-mail address."""
    is_like_row: bool
    """Tells that the line has an address, and enough delimiters for a row, or the beginning of one before a quote."""
    has_address: bool
    """Tells that what may be meant as an e-mail address stands between two delimiters of the line."""
    ends_row: bool
    """Tells that the line, read from within quotes, can be the end of a row with its e-mail address."""


class LineLooks:
    """Looks at lines of a file with so many *columns*; *email* is the place of the column with e-mail addresses.

    Where *email* is None, an e-mail address may stand in each column.
    """

    def __init__(self, quotes: CsvQuotes, columns: int, email: int | None) -> None:
        self.quotes, self.columns, self.email = quotes, columns, email
        mark = re.escape(quotes.delimiter)
        around = rb"[%s]*+" % re.escape(bytes(set(b' \t"\\') - set(quotes.delimiter)))
        field = rb"(?:\A|%s)%s%%s%s\r*+(?=%s|\Z)" % (mark, around, around, mark)
        word, rough = rb'[^\s@"\\.%s]++' % mark, rb"[^\s@%s]++" % mark
        self._has_address = re.compile(field % rb"%s(?:\.++%s)*+@(?:%s\.)++%s" % (word, word, word, word)).search
        self._has_rough_address = re.compile(field % rb"%s@%s" % (rough, rough)).search
        before = rb'(?:[^"%s]*+%s){%d}' % (mark, mark, email or 0)
        self._begins_row = re.compile(before + rb'[^\s@"%s]++@[^\s@"%s]++%s' % (mark, mark, mark)).match
        self._known: dict[Look, Look] = {}
        self.is_plain = self._is_plain_and_apart if quotes.delimiter == b"|" else quotes.is_plain
        """Matches a line that Python's csv module reads as it is, and that is a record without any doubt."""

    def look(self, line: bytes) -> Look:
        """Return what *line* looks like; equal looks are one object, as a quote may stand open over very many lines."""
        afresh, within = self.quotes.afresh(line), self.quotes.within(line)
        has_address = b"@" in line and self._has_rough_address(line) is not None
        is_long = line.count(self.quotes.delimiter) >= self.columns - 1
        is_odd = afresh.is_broken or (QUOTE in line and not within.closes)
        is_like_row = has_address and (is_long or (is_odd and self._is_begun(line)))
        look = Look(
            afresh,
            within,
            is_blank=not line.strip(),
            is_row=is_like_row and self._is_row(line, afresh),
            is_like_row=is_like_row,
            has_address=has_address,
            ends_row=has_address and within.fields > 0 and not within.is_broken,
        )
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.setdefault(look, look)

    def holds_address(self, record: bytes) -> bool:
        """Tell whether *record*, which is not broken, has an e-mail address where it should have one."""
        text = record if self.email is None else self.quotes.cell(record, self.email)
        return self._has_address(text) is not None

    def is_doubtful(self, record: bytes) -> bool:
        """Tell whether nobody has meant *record* of several lines, which can be read: stray quotes make sense together.

        Its quotes are escaped in two ways, or its e-mail address is joined to another cell.
        """
        return self.quotes.mixes_escapes(record) or self.has_joined_address(record)

    def has_joined_address(self, record: bytes) -> bool:
        """Tell whether the e-mail address of *record*, which is not broken, has a delimiter: ``"Ann|ann@x.ua"``."""
        if self.email is None or self.quotes.delimiter != b"|":  # no other delimiter can be part of an address
            return False
        return b"|" in self.quotes.cell(record, self.email)

    def _is_plain_and_apart(self, line: bytes) -> re.Match[bytes] | None:
        return None if self.has_joined_address(line) else self.quotes.is_plain(line)

    def _is_begun(self, line: bytes) -> bool:
        """Tell whether *line* has an address in its column, and no quote before it."""
        return self.email is not None and self._begins_row(line) is not None

    def _is_row(self, line: bytes, afresh: Afresh) -> bool:
        is_whole = afresh.fields == self.columns and self.quotes.is_clean(line) is not None
        return is_whole and self.holds_address(line)


_MOST_KNOWN = 4096
