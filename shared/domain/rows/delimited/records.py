"""Joins lines of a CSV file to records: a quoted field may hold line ends, so a record may have several lines."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from shared.domain.rows.delimited.judge import Judge
from shared.domain.rows.delimited.line_looks import LineLooks, Look
from shared.domain.rows.delimited.quotes import QUOTE
from shared.domain.rows.delimited.record_list import MOST_QUOTES, STRAY, TOO_MANY_QUOTES, UNCLOSED, Records, ambiguous
from shared.domain.rows.delimited.sure_records import MOST_PLAIN_LINES, SureRecords
from shared.domain.rows.lines import LINE_TOO_LONG, MAX_LINE_BYTES, Line

MAX_RECORD_LINES = 10_000
"""A quote that stays open longer is refused; the lines behind it are given out together, so they must not be many."""


class RecordGatherer:
    """Joins the lines of each record; mutable.

    A stray quote must not cost the rows after it, and must never make one row of the lines of two.
    So a record of several lines is judged when a line closes it, or gives it more fields than there are columns:

    - The last line is a row beyond doubt: the quote was a stray one. The line with that quote is refused, and the lines
      after it are read anew.
    - No line could be a row of its own, but for the one with the record's e-mail address: the lines are a record.
    - A line could be a row as well as text: all lines are refused.

    A record has at most *most_bytes* bytes, and at most `MAX_RECORD_LINES` lines.
    """

    def __init__(self, looks: LineLooks, line_end: bytes, first_line: int, *, most_bytes: int = MAX_LINE_BYTES) -> None:
        self._line_looks, self._quotes, self._line_end = looks, looks.quotes, line_end
        self._judge, self._most_bytes = Judge(looks.columns, looks.email), most_bytes
        self._sure = SureRecords(looks, line_end, most_bytes)
        self._open: deque[bytes] = deque()  # the first line opens a quote; the others are within quotes
        self._open_bytes = 0
        self._looks: deque[Look] = deque()  # of the open lines; none while all lines are as plain as can be
        self._fields = 0  # how many fields the open lines have
        self._is_freed = False  # the first open line was within quotes that were refused
        self._unclosed_from: int | None = None  # the record behind a refused line whose quote may still be open
        self._done = Records(first_line)

    def feed(self, lines: Sequence[Line]) -> Records:
        """Return the records that *lines* complete, in order."""
        done = self._begin()
        opened, is_plain, append = self._open, self._line_looks.is_plain, done.texts.append
        taken = 0
        for index, line in enumerate(lines):
            if index < taken:
                continue
            if line is None:
                self._refuse_all()
                done.refuse(LINE_TOO_LONG)
            elif not opened and (QUOTE not in line or is_plain(line)):  # most lines, without a function call
                append(line)
            elif not opened and (record := self._sure.at(lines, index)):
                taken = index + 1 + record.count(self._line_end)
                done.add(record, taken - index)
            elif len(line) > MOST_QUOTES and line.count(QUOTE) > MOST_QUOTES:
                self._take_quotes(line)
            elif opened:
                self._go_on(line)
            else:
                self._start(line)
        return done

    def skip(self, blank_lines: int) -> bool:
        """Pass over so many blank lines; do nothing and return False where they are text within quotes."""
        if self._open:
            return False
        self._done = Records(self._done.next_line() + blank_lines)
        return True

    def close(self) -> Records:
        """Return the records in the lines that are still open at the end of the file."""
        done = self._begin()
        self._refuse_all()
        return done

    def _begin(self) -> Records:
        before, self._done = self._done, Records(self._done.next_line())
        if len(before.texts) in before.freed:
            self._done.freed.add(0)
        if self._unclosed_from is not None:
            self._unclosed_from = 0 if self._no_quote_since(before, self._unclosed_from) else None
        return self._done

    def _take_quotes(self, line: bytes) -> None:
        """Take a *line* with very many quotes; it is neither within quotes nor opens any."""
        self._refuse_all()
        if self._line_looks.is_plain(line):
            self._done.add(line, is_freed=True)
        else:
            self._done.refuse(TOO_MANY_QUOTES)

    def _start(self, line: bytes) -> None:
        fields, opens, is_broken = self._quotes.afresh(line)
        if not opens:
            is_broken = is_broken or self._ends_refused_text(line)
            self._add_line(line, fields, is_broken=is_broken, is_freed=False)
        elif fields > self._judge.columns:
            self._refuse_at_once()
        else:
            self._open.append(line)
            self._open_bytes, self._fields, self._is_freed = len(line) + 1, fields, False
            if is_broken:
                self._look_at_all()
            self._keep_within_limit()

    def _go_on(self, line: bytes) -> None:
        if not self._looks:
            if self._goes_on_plainly(line):
                return
            self._look_at_all()
        look = self._push(line)
        if look.within.closes or self._fields > self._judge.columns:
            self._settle(len(self._open), closes=look.within.closes)
            self._read_anew()
        else:
            self._keep_within_limit()

    def _goes_on_plainly(self, line: bytes) -> bool:
        """Take *line*, without a look, if no line but the first can have the e-mail address: so are most records."""
        opened, judge = self._open, self._judge
        if b"@" in line or (judge.email is not None and judge.email >= self._fields):
            return False
        if QUOTE not in line:
            if len(opened) >= MOST_PLAIN_LINES:
                return False
            opened.append(line)
            self._open_bytes += len(line) + 1
            self._keep_within_limit()
            return True
        _, filled, closes, is_broken = self._quotes.within(line)
        if not closes or is_broken or self._fields + filled > judge.columns:
            return False
        text = self._line_end.join((*opened, line))
        if self._line_looks.is_doubtful(text):
            return False
        self._done.add(self._quotes.plain(text), len(opened) + 1)
        opened.clear()
        self._open_bytes = 0
        return True

    def _look_at_all(self) -> None:
        lines = [*self._open]
        self._open.clear()
        self._open_bytes = 0
        for line in lines:
            self._push(line)

    def _push(self, line: bytes) -> Look:
        look = self._line_looks.look(line)
        self._fields = self._fields + look.within.fields if self._open else look.afresh.fields
        self._open.append(line)
        self._looks.append(look)
        self._open_bytes += len(line) + 1
        return look

    def _pop(self) -> tuple[bytes, Look]:
        line, look = self._open.popleft(), self._looks.popleft()
        self._open_bytes -= len(line) + 1
        if self._looks:
            self._fields += self._looks[0].afresh.fields - self._looks[0].within.fields - look.afresh.fields
        return line, look

    def _keep_within_limit(self) -> None:
        while self._open_bytes > self._most_bytes or len(self._open) > MAX_RECORD_LINES:
            self._refuse_first()

    def _refuse_all(self) -> None:
        while self._open:
            self._refuse_first()

    def _refuse_first(self) -> None:
        if not self._looks:
            self._look_at_all()
        self._pop()
        self._done.refuse(UNCLOSED)
        self._read_anew()

    def _refuse_at_once(self) -> None:
        """Refuse a line that opens a quote behind the last column."""
        self._done.refuse(UNCLOSED)
        self._leave_open()

    def _leave_open(self) -> None:
        """Note that a refused quote may still be open: what comes next may have been meant for its text."""
        self._unclosed_from = len(self._done.texts)
        self._done.freed.add(self._unclosed_from)

    def _ends_refused_text(self, line: bytes) -> bool:
        """Tell whether *line*, which is no clean row, may be the end of the text that a refused quote has opened.

        Example: two columns, and the lines ``a@x.ua,,"Call`` and ``b@x.ua, or write"``. Nobody with the second address
        may be a customer.
        """
        start, self._unclosed_from = self._unclosed_from, None
        is_first_quote = start is not None and self._no_quote_since(self._done, start)
        return is_first_quote and self._quotes.within(line).closes and not self._quotes.is_clean(line)

    def _may_open(self, line: bytes, fields: int) -> bool:
        r"""Tell whether a *line* with so many *fields* may go on in the next one, as a text whose quote was not seen.

        Examples: three columns, and the line ``a@x.ua, "Call b@x.ua``. Two columns, and the line ``\"Call,b@x.ua``
        where quotes are doubled, or ``"Call,b@x.ua`` with a line separator before the quote.
        """
        quotes = self._quotes
        if QUOTE not in line:
            return False
        if (b'\\"' in line and quotes.has_lone_escape(line)) or quotes.has_hidden_opener(line):
            return True
        return fields < self._judge.columns and quotes.has_lone_opener(line) is not None

    @staticmethod
    def _no_quote_since(records: Records, start: int) -> bool:
        return not any(QUOTE in text for text in islice(records.texts, start, None))

    def _read_anew(self) -> None:
        """Read the open lines anew, up to a line that opens a quote; the quote before them was refused.

        The lines behind that line need no second look: each ends within quotes, whichever of the two lines opened them.
        """
        while self._open:
            afresh = self._looks[0].afresh
            if not afresh.opens:
                self._free_first()
            elif afresh.fields > self._judge.columns:
                self._pop()
                self._refuse_at_once()
            elif self._fields > self._judge.columns:
                self._settle(self._judge.first_too_wide(self._looks), closes=False)
            else:
                self._is_freed = True
                return

    def _free_first(self) -> None:
        line, look = self._pop()
        if look.afresh.opens:
            self._done.refuse(UNCLOSED)
        else:
            self._add_line(line, look.afresh.fields, is_broken=look.afresh.is_broken, is_freed=True)

    def _add_line(self, line: bytes, fields: int, *, is_broken: bool, is_freed: bool) -> None:
        is_broken = is_broken or self._line_looks.has_joined_address(line)
        if is_broken or self._may_open(line, fields):
            self._done.refuse(STRAY if is_broken else UNCLOSED)
            self._done.freed.add(len(self._done.texts))  # the line that comes next may have been meant for its text
        else:
            self._done.add(self._quotes.plain(line), is_freed=is_freed)

    def _settle(self, count: int, *, closes: bool) -> None:
        """Decide what the first *count* open lines are; the last of them stays open where it must be read anew."""
        looks = [*islice(self._looks, count)]
        if looks[-1].is_row:
            self._free(count - 1)
        elif closes and self._judge.is_record(looks, is_freed=self._is_freed):
            if self._line_looks.is_doubtful(self._text(0, count)):
                self._refuse_ambiguous(count, closes=True)
            else:
                self._emit(count, is_freed=self._is_freed)
        elif closes and (start := self._next_record(looks)):
            self._free(start)
            self._emit(count - start, is_freed=True)
        elif self._judge.is_ambiguous(looks):
            self._refuse_ambiguous(count, closes=closes)
        else:
            self._free(count - 1)

    def _next_record(self, looks: list[Look]) -> int:
        start = self._judge.next_record(looks)
        return start if start and self._line_looks.holds_address(self._text(start, len(looks))) else 0

    def _text(self, start: int, end: int) -> bytes:
        return self._line_end.join(islice(self._open, start, end))

    def _free(self, count: int) -> None:
        """Refuse the first open line, and read the next lines anew, *count* lines together."""
        self._pop()
        self._done.refuse(UNCLOSED)
        for _ in range(count - 1):
            self._free_first()

    def _emit(self, count: int, *, is_freed: bool) -> None:
        """Give out the first *count* open lines, which are all that there are, as a record."""
        self._done.add(self._quotes.plain(self._text(0, count)), count, is_freed=is_freed)
        self._open.clear()
        self._looks.clear()
        self._open_bytes = 0

    def _refuse_ambiguous(self, count: int, *, closes: bool) -> None:
        first = self._done.next_line()
        why = ambiguous(first, first + count - 1)
        for _ in range(count):
            self._pop()
            self._done.refuse(why)
        if not closes:
            self._leave_open()
