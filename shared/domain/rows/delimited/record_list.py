"""Records of a CSV file that were completed together, and why lines are refused for their quotes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from shared.domain.rows.rows import Unreadable
from shared.domain.sentences import say


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
        steps = [1] * len(self.texts)
        for index, lines in self.spans.items():
            steps[index] = lines
        return [*accumulate(steps[:-1], initial=self.first)]

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


def ambiguous(first: int, last: int) -> Unreadable:
    """Return why the lines from *first* to *last* of the file are refused: nobody can tell rows and texts apart."""
    text = (
        "From line {line:,} to line {last:,} of the file, a line can be read as a row or as text within quotes. "
        "Double each quote within a quoted field, and keep rows out of texts."
    )
    return Unreadable("ambiguous_quotes", say("ambiguous_quotes", text, line=first, last=last))


UNCLOSED = Unreadable(
    "unclosed_quote",
    say(
        "unclosed_quote",
        "A quote opens a field and is not closed as CSV demands; double each quote within a quoted field.",
    ),
)
MOST_QUOTES = 40_000
"""A line with more quotes is only read if it is written as plainly as can be; a closer look at it takes too long."""
TOO_MANY_QUOTES = Unreadable(
    "stray_quote",
    say(
        "too_many_quotes",
        "The line has more than {count:,} quotes, and not as CSV demands; double each quote within a quoted field.",
        count=MOST_QUOTES,
    ),
)
STRAY = Unreadable(
    "stray_quote",
    say("stray_quote", "A quote stands in the middle of a quoted field; double each quote within a quoted field."),
)
