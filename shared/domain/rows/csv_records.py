"""Joins lines of a CSV file to records: a quoted field may hold line ends, so a record may have several lines."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from shared.domain.rows.csv_line import LineLooks, Look
from shared.domain.rows.csv_quotes import QUOTE
from shared.domain.rows.lines import LINE_TOO_LONG, MAX_LINE_BYTES, Line
from shared.domain.rows.rows import Unreadable


@dataclass(slots=True)
class Records:
    """Records that were completed together; mutable. Each line of the file is in one record.

    *first* is the line on which the first record begins. A record is text that Python's csv module reads as one record,
    or nothing where *refused* has its index. *spans* has the number of lines of each record that has several. *freed*
    has the indices of records that were within quotes until these were refused.
    """

    first: int
    texts: list[bytes] = field(default_factory=list)
    refused: dict[int, Unreadable] = field(default_factory=dict)
    spans: dict[int, int] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    _more_lines: int = 0

    def next_line(self) -> int:
        """Return the line behind the records."""
        return self.first + len(self.texts) + self._more_lines

    def lines(self) -> Sequence[int]:
        """Return for each record the line on which it begins."""
        if not self.spans:
            return range(self.first, self.first + len(self.texts))
        spans = (self.spans.get(index, 1) for index in range(len(self.texts) - 1))
        return [*accumulate(spans, initial=self.first)] if self.texts else []

    def add(self, text: bytes, lines: int = 1, *, is_freed: bool = False) -> None:
        """Add a record of so many *lines*."""
        if lines > 1:
            self.spans[len(self.texts)] = lines
            self._more_lines += lines - 1
        if is_freed:
            self.freed.add(len(self.texts))
        self.texts.append(text)

    def refuse(self, why: Unreadable) -> None:
        """Add a line that is refused."""
        self.refused[len(self.texts)] = why
        self.texts.append(b"")


class RecordGatherer:
    """Joins the lines of each record; mutable.

    A stray quote must not cost the rows after it, and must never make one row of the lines of two.
    So a record of several lines is judged when a line closes it, or gives it more fields than there are columns:

    - The last line is a row beyond doubt: the quote was a stray one. The line with that quote is refused, and the lines
      after it are read anew.
    - No line could be a row of its own, but for the one with the record's e-mail address: the lines are a record.
    - A line could be a row as well as text: all lines are refused.

    A record has at most *most_bytes* bytes.
    """

    def __init__(self, looks: LineLooks, line_end: bytes, first_line: int, *, most_bytes: int = MAX_LINE_BYTES) -> None:
        self._looks, self._quotes, self._line_end = looks, looks.quotes, line_end
        self._most_bytes = most_bytes
        self._open: deque[tuple[bytes, Look]] = deque()  # the first line opens a quote; the others are within quotes
        self._open_bytes = 0
        self._added = 0  # the fields that the lines after the first add to the record
        self._is_freed = False  # the first open line was within quotes that were refused
        self._done = Records(first_line)

    def feed(self, lines: Iterable[Line]) -> Records:
        """Return the records that *lines* complete, in order."""
        done = self._begin()
        opened, is_plain, append = self._open, self._quotes.is_plain, done.texts.append
        for line in lines:
            if line is None:
                self._refuse_all()
                done.refuse(LINE_TOO_LONG)
            elif not opened and (QUOTE not in line or is_plain(line)):  # most lines, without a function call
                append(line)
            elif opened:
                self._go_on(line)
            else:
                self._start(line)
        return done

    def close(self) -> Records:
        """Return the records in the lines that are still open at the end of the file."""
        done = self._begin()
        self._refuse_all()
        return done

    def _begin(self) -> Records:
        before, self._done = self._done, Records(self._done.next_line())
        if len(before.texts) in before.freed:
            self._done.freed.add(0)
        return self._done

    def _start(self, line: bytes) -> None:
        afresh = self._quotes.afresh(line)
        if afresh.is_broken and not afresh.opens:
            self._done.refuse(STRAY)
        elif not afresh.opens:
            self._done.add(self._quotes.plain(line))
        elif afresh.fields > self._looks.columns:
            self._refuse_at_once()
        else:
            self._is_freed = False
            self._push(line)
            self._keep_within_limit()

    def _go_on(self, line: bytes) -> None:
        look = self._push(line)
        if look.within.closes or self._open[0][1].afresh.fields + self._added > self._looks.columns:
            self._judge(len(self._open), closes=look.within.closes)
            self._read_anew()
        else:
            self._keep_within_limit()

    def _push(self, line: bytes) -> Look:
        look = self._looks.look(line)
        if self._open:
            self._added += look.within.fields
        self._open.append((line, look))
        self._open_bytes += len(line) + 1
        return look

    def _pop(self) -> tuple[bytes, Look]:
        line, look = self._open.popleft()
        self._open_bytes -= len(line) + 1
        if self._open:
            self._added -= self._open[0][1].within.fields
        return line, look

    def _keep_within_limit(self) -> None:
        while self._open_bytes > self._most_bytes:
            self._refuse_first()

    def _refuse_all(self) -> None:
        while self._open:
            self._refuse_first()

    def _refuse_first(self) -> None:
        self._pop()
        self._done.refuse(UNCLOSED)
        self._read_anew()

    def _refuse_at_once(self) -> None:
        """Refuse a line that opens a quote behind the last column; what comes next may have been meant for its text."""
        self._done.refuse(UNCLOSED)
        self._done.freed.add(len(self._done.texts))

    def _read_anew(self) -> None:
        """Read the open lines anew, up to a line that opens a quote; the quote before them was refused.

        The lines behind that line need no second look: each ends within quotes, whichever of the two lines opened them.
        """
        while self._open:
            afresh = self._open[0][1].afresh
            if not afresh.opens:
                self._free_first()
            elif afresh.fields > self._looks.columns:
                self._pop()
                self._refuse_at_once()
            elif afresh.fields + self._added > self._looks.columns:
                self._judge(self._first_too_wide(), closes=False)
            else:
                self._is_freed = True
                return

    def _first_too_wide(self) -> int:
        """Return how many of the open lines have more fields than there are columns."""
        fields = self._open[0][1].afresh.fields
        for count, (_, look) in enumerate(islice(self._open, 1, None), 2):
            fields += look.within.fields
            if fields > self._looks.columns:
                return count
        return len(self._open)

    def _free_first(self) -> None:
        line, look = self._pop()
        if look.afresh.opens:
            self._done.refuse(UNCLOSED)
        elif look.afresh.is_broken:
            self._done.refuse(STRAY)
        else:
            self._done.add(self._quotes.plain(line), is_freed=True)

    def _judge(self, count: int, *, closes: bool) -> None:
        """Decide what the first *count* open lines are; the last of them stays open where it must be read anew."""
        looks = [look for _, look in islice(self._open, count)]
        if looks[-1].is_row:
            self._free(count - 1)
        elif closes and self._is_record(looks, is_freed=self._is_freed):
            self._emit(count, is_freed=self._is_freed)
        elif closes and (start := self._next_record(looks)):
            self._free(start)
            self._emit(count - start, is_freed=True)
        elif any(look.is_like_row for look in looks[1:]) or self._others_like_rows(looks):
            self._refuse_ambiguous(count, closes=closes)
        else:
            self._free(count - 1)

    def _is_record(self, looks: Sequence[Look], *, is_freed: bool) -> bool:
        """Tell whether the lines are one record, and only the line with its e-mail address could be a row as well.

        Behind a quote that was refused, an e-mail address on another line is too much: it may be the one of that row.
        """
        first, *others = looks
        if first.afresh.is_broken or any(look.within.is_broken for look in others):
            return False
        fields = first.afresh.fields + sum(look.within.fields for look in others[:-1]) + others[-1].within.filled
        if fields > self._looks.columns:
            return False
        email = self._email_line(looks)
        if is_freed and any(look.has_address for place, look in enumerate(looks) if place != email):
            return False
        return not self._others_like_rows(looks)

    def _others_like_rows(self, looks: Sequence[Look]) -> bool:
        """Tell whether a line could be a row of its own, or the end of one, beside the one with the e-mail address."""
        email = self._email_line(looks)
        others = (look for place, look in enumerate(looks) if place != email)
        return any(look.is_like_row for look in others) or (email != 0 and looks[0].ends_row)

    def _email_line(self, looks: Sequence[Look]) -> int | None:
        """Return on which of the lines the field with the e-mail address begins."""
        email, fields = self._looks.email, looks[0].afresh.fields
        if email is None:
            return next((place for place, look in enumerate(looks) if look.is_like_row), None)
        for place, look in enumerate(looks):
            fields += look.within.fields if place else 0
            if fields > email:
                return place
        return None

    def _next_record(self, looks: Sequence[Look]) -> int:
        """Return where a record begins that explains the lines if the first line is refused; 0 if there is none."""
        start = next((place for place, look in enumerate(looks[1:-1], 1) if look.afresh.opens), 0)
        if not start or not self._is_record(looks[start:], is_freed=True):
            return 0
        if not all(look.is_row or not line.strip() for line, look in islice(self._open, 1, start)):
            return 0
        return start if self._looks.holds_address(self._text(start, len(looks))) else 0

    def _text(self, start: int, end: int) -> bytes:
        return self._line_end.join([line for line, _ in islice(self._open, start, end)])

    def _free(self, count: int) -> None:
        """Refuse the first open line, and read the next lines anew, *count* lines together."""
        self._pop()
        self._done.refuse(UNCLOSED)
        for _ in range(count - 1):
            self._free_first()

    def _emit(self, count: int, *, is_freed: bool) -> None:
        self._done.add(self._quotes.plain(self._text(0, count)), count, is_freed=is_freed)
        for _ in range(count):
            self._pop()

    def _refuse_ambiguous(self, count: int, *, closes: bool) -> None:
        first = self._done.next_line()
        why = Unreadable(
            "ambiguous_quotes",
            f"From line {first:,} to line {first + count - 1:,} of the file, a line can be read as a row or as text "
            "within quotes. Double each quote within a quoted field, and keep rows out of texts.",
        )
        for _ in range(count):
            self._pop()
            self._done.refuse(why)
        if not closes:
            self._done.freed.add(len(self._done.texts))


UNCLOSED = Unreadable(
    "unclosed_quote",
    "A quote opens a field and is not closed as CSV demands; double each quote within a quoted field.",
)
STRAY = Unreadable(
    "stray_quote",
    "A quote stands in the middle of a quoted field; double each quote within a quoted field.",
)
