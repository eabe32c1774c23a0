"""Cuts a file, which comes in pieces of any size, into lines; a line that is too long is never in memory as a whole."""

from shared.domain.rows.rows import Unreadable

MAX_LINE_BYTES = 1024 * 1024
"""A longer line is skipped piece by piece, and its row is rejected."""

SKIPPED_LINE = None
"""Stands in the place of a line of more than `MAX_LINE_BYTES` bytes."""

Line = bytes | None

LINE_TOO_LONG = Unreadable("line_too_long", f"The line has more than {MAX_LINE_BYTES:,} bytes.")
"""The row of such a line."""


class LineSplitter:
    """Makes lines, without their line feeds, of the pieces of a file; mutable.

    A byte-order mark at the beginning of the file is left out.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._too_long = False
        self._at_start = True

    def feed(self, piece: bytes) -> list[Line]:
        """Return the lines that *piece* completes, in order."""
        text = self._rest + piece if self._rest else piece
        if self._at_start and len(text) >= len(_BOM):
            text = text.removeprefix(_BOM)
            self._at_start = False
        lines: list[Line] = [*text.split(b"\n")]
        self._rest = lines.pop() or b""
        self._at_start = self._at_start and not lines
        if lines and self._too_long:
            lines[0] = SKIPPED_LINE
            self._too_long = False
        if len(self._rest) > MAX_LINE_BYTES or self._too_long:
            self._too_long = True
            self._rest = b""
        if len(text) > MAX_LINE_BYTES:
            lines = [line if line is None or len(line) <= MAX_LINE_BYTES else SKIPPED_LINE for line in lines]
        return lines

    def close(self) -> list[Line]:
        """Return the last line when the file does not end with a line feed."""
        rest, self._rest = self._rest, b""
        if self._too_long:
            return [SKIPPED_LINE]
        if self._at_start:
            rest = rest.removeprefix(_BOM)
        return [rest] if rest else []


_BOM = b"\xef\xbb\xbf"
