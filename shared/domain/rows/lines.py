"""Cuts a file, which comes in pieces of any size, into lines; a line that is too long is never in memory as a whole."""

from codecs import BOM_UTF8

from shared.domain.rows.rows import Unreadable
from shared.domain.sentences import say

MAX_LINE_BYTES = 1024 * 1024
"""A longer line is skipped piece by piece, and its row is rejected."""

SKIPPED_LINE = None
"""Stands in the place of a line of more than `MAX_LINE_BYTES` bytes."""

Line = bytes | None

LINE_TOO_LONG = Unreadable(
    "line_too_long", say("line_too_long", "The line has more than {bytes:,} bytes.", bytes=MAX_LINE_BYTES)
)
"""The row of such a line."""


class LineSplitter:
    """Makes lines, without their line ends, of the pieces of a file; mutable.

    *line_end* is a line feed, or a carriage return for a file that has no line feeds between its rows.
    A byte-order mark at the beginning of a line is left out: files that were put together have marks in the middle.
    """

    def __init__(self, line_end: bytes = b"\n") -> None:
        self._line_end = line_end
        self._rest = bytearray()  # grows in place: a long line may come in very many pieces
        self._too_long = False

    def feed(self, piece: bytes) -> list[Line]:
        """Return the lines that *piece* completes, in order."""
        if self._line_end not in piece:
            self._hold(piece)
            return []
        text = bytes(self._rest) + piece if self._rest else piece
        lines: list[Line] = [*text.split(self._line_end)]
        self._rest = bytearray()
        if self._too_long:
            lines[0] = SKIPPED_LINE
            self._too_long = False
        self._hold(lines.pop() or b"")
        if len(text) > MAX_LINE_BYTES:
            lines = [line if line is None or len(line) <= MAX_LINE_BYTES else SKIPPED_LINE for line in lines]
        if BOM_UTF8[0] in text and BOM_UTF8 in text:  # one byte is found much sooner than three
            return [line and without_marks(line) for line in lines]
        return lines

    def close(self) -> list[Line]:
        """Return the last line when the file does not end with a line end."""
        rest, self._rest = bytes(self._rest), bytearray()
        if self._too_long:
            return [SKIPPED_LINE]
        rest = without_marks(rest)
        return [rest] if rest else []

    def _hold(self, piece: bytes) -> None:
        """Keep the beginning of a line, unless the line is too long already."""
        if self._too_long or len(self._rest) + len(piece) > MAX_LINE_BYTES:
            self._too_long = True
            self._rest = bytearray()
        else:
            self._rest += piece


def without_marks(text: bytes) -> bytes:
    """Return *text* without the byte-order marks at its beginning."""
    start = 0
    while text.startswith(BOM_UTF8, start):
        start += len(BOM_UTF8)
    return text[start:] if start else text
