"""Finds records of several lines that are records beyond any doubt, by one search each."""

import re
from collections.abc import Sequence

from shared.domain.rows.delimited.line_looks import LineLooks
from shared.domain.rows.delimited.quotes import QUOTE
from shared.domain.rows.delimited.record_list import MOST_QUOTES
from shared.domain.rows.lines import Line

MOST_PLAIN_LINES = 16
"""Records of more lines are looked at line by line."""


class SureRecords:
    """Finds records with one text of several lines, which `RecordGatherer` finds line by line in three times the time.

    Each field is written as Python's csv module reads it. The field with the e-mail address and those before it have no
    quote, and stand on the first line. No ``@`` stands on the other lines, and no quote on those between the first and
    the last. Records have at most *most_bytes* bytes.
    """

    def __init__(self, looks: LineLooks, line_end: bytes, most_bytes: int) -> None:
        self._delimiter, self._columns, self._line_end = looks.quotes.delimiter, looks.columns, line_end
        mark, end = re.escape(looks.quotes.delimiter), re.escape(line_end)
        before = 0 if looks.email is None else looks.email + 1
        first_fields = rb'(?:[^"%s%s]*+%s){%d}' % (mark, end, mark, before)
        no_address_behind = rb"(?=[^%s]*+%s[^@]*+\Z)" % (end, end)
        self._is_sure = re.compile(first_fields + no_address_behind + looks.quotes.plain_pattern).fullmatch
        self._most_bytes = min(most_bytes, MOST_QUOTES)

    def at(self, lines: Sequence[Line], start: int) -> bytes | None:
        """Return the record that begins at *start*, with a line that is none by itself; None where there may be one."""
        record = lines[start] or b""
        for line in lines[start + 1 : start + MOST_PLAIN_LINES]:
            if line is None or len(record) + len(line) >= self._most_bytes:
                return None
            record += self._line_end + line
            if QUOTE in line:
                return record if self._is_sure(record) and self._fits(record) else None
        return None

    def _fits(self, record: bytes) -> bool:
        """Tell whether *record* has no more fields than there are columns."""
        if record.count(self._delimiter) < self._columns:
            return True
        outside_of_quotes = record.split(QUOTE)[::2]
        return b"".join(outside_of_quotes).count(self._delimiter) < self._columns
