"""Cuts a JSON file, which comes in pieces of any size, into the texts of its elements, without parsing these.

An element is an object in an array, or an object beside others: ``[{…}, {…}]``, ``{"value": [{…}, {…}]}``, or objects
one after the other that may each take several lines. What stands in the place of an object is an element too.
"""

import re
from collections.abc import Callable
from enum import Enum

from shared.domain.rows.json_opening import OPENING_BYTES, QUOTED, array_begins_at, gap_end, is_row
from shared.domain.rows.lines import MAX_LINE_BYTES, SKIPPED_LINE, Line

Element = tuple[int, Line]
"""The line that an element begins on (from 1), and its text; `SKIPPED_LINE` for more than `MAX_LINE_BYTES` bytes."""


class _Place(Enum):
    OPENING = "before an array, or before the first object"
    BETWEEN = "between two elements"
    WITHIN = "in an object or array"
    BARE = "in an element that is neither object nor array"
    BEHIND = "behind the array, in the object around it"
    LOST = "behind a broken element"


class JsonElements:
    """Cuts a file into the texts of its elements; mutable. The work is linear, and at most one element is held.

    A text in JSON has no line end in it. Where a line ends within a text all the same, the element is broken, and the
    next line that begins with a brace begins the next element. Such a line is indented no more than the element was:
    where it is indented more, an object within the broken element begins.
    """

    def __init__(self, line_end: bytes = b"\n") -> None:
        self._line_end = line_end
        self._place = _Place.OPENING
        self._steps = {
            _Place.OPENING: self._open,
            _Place.BETWEEN: self._between,
            _Place.WITHIN: self._within,
            _Place.BARE: self._bare,
            _Place.BEHIND: self._behind,
            _Place.LOST: self._lost,
        }
        self._opening = bytearray()  # the beginning of an object, until it is known whether it is around an array
        self._next_try = 0
        self._in_array = self._is_wrapped = False
        self._depth = 0  # brackets that are open in the element, or around the array and behind it
        self._in_text = self._is_escaped = self._is_broken = self._at_line_start = False
        self._element = bytearray()
        self._indent = self._indent_here = 0  # blanks before the element on its line, and before what comes next
        self._is_doubtful = False  # the element ends behind a colon, and what comes next may be a part of it
        self._too_long = False
        self._line = self._first_line = 1
        self._found: list[Element] = []

    @property
    def is_whole(self) -> bool:
        """Tell whether the file may end here: no bracket is open."""
        return not self._in_array and not self._is_wrapped and self._place is not _Place.WITHIN

    def feed(self, piece: bytes) -> list[Element]:
        """Return the elements that *piece* completes, in order."""
        if self._opening:
            self._opening += piece
            if len(self._opening) < self._next_try:
                return []
            piece, self._opening = bytes(self._opening), bytearray()
        return self._cut(piece)

    def close(self) -> list[Element]:
        """Return the last elements, at the end of the file."""
        self._next_try = OPENING_BYTES
        held, self._opening = bytes(self._opening), bytearray()
        found = self._cut(held, is_last=True)
        if self._place is _Place.BARE:
            self._end()
            found += self._cut(b"")
        return found

    def _cut(self, text: bytes, *, is_last: bool = False) -> list[Element]:
        at = 0
        while at < len(text):
            if self._place is _Place.OPENING and not is_last and self._must_wait(text, at):
                break
            at = self._steps[self._place](text, at)
        found, self._found = self._found, []
        return found

    def _must_wait(self, text: bytes, at: int) -> bool:
        """Hold *text* back while it cannot be told whether an object is around an array; try seldom enough."""
        held = len(text) - at
        if held >= OPENING_BYTES or text[at] != _BRACE or array_begins_at(text, at) is not None or is_row(text, at):
            return False
        self._opening, self._next_try = bytearray(text[at:]), min(2 * held, OPENING_BYTES)
        return True

    def _open(self, text: bytes, at: int) -> int:
        begin = gap_end(text, at)
        if begin > at:
            return self._over(text, at, begin)
        array = array_begins_at(text, at)
        self._place, self._in_array = _Place.BETWEEN, array is not None
        self._is_wrapped = self._in_array and text[at] == _BRACE
        return at if array is None else self._over(text, at, array)

    def _between(self, text: bytes, at: int) -> int:
        at = self._over_gap(text, at)
        if at == len(text):
            return at
        byte = text[at]
        if self._is_doubtful and byte in _BRACKETS:
            self._place, self._is_doubtful = _Place.LOST, False
            return at
        if byte == _BRACKET_CLOSES and self._in_array:
            self._in_array, self._depth = False, 1
            self._place = _Place.BEHIND if self._is_wrapped else _Place.OPENING
            return at + 1
        self._first_line, self._indent = self._line, self._indent_here
        if byte == _QUOTE:
            self._place = _Place.BARE
            return at
        self._place, self._depth = (_Place.WITHIN, 1) if byte in _OPENS else (_Place.BARE, 0)
        return self._take(text, at, at + 1)

    def _within(self, text: bytes, start: int) -> int:
        at = start
        while at < len(text) and self._depth:
            at = self._skip(_UP_TO_BRACKET, text, at)
            if self._is_broken:
                self._depth = 0
            elif at < len(text):
                self._depth += 1 if text[at] in _OPENS else -1
                at += 1
        self._take(text, start, at)
        if not self._depth:
            self._is_doubtful = not self._is_broken and self._element[-_LOOK_BACK:-1].rstrip().endswith(b":")
            self._end()
        return at

    def _bare(self, text: bytes, start: int) -> int:
        at = self._skip(_UP_TO_END_IN_ARRAY if self._in_array else _UP_TO_END, text, start)
        self._take(text, start, at)
        if at < len(text):
            last = bytes(self._element[-_LOOK_BACK:]).rstrip()[-1:]
            if text[at] == _COMMA and last in (b":", b","):
                return self._take(text, at, at + 1)
            if text[at] in _OPENS and last == b",":  # of ``"note": ,{…}``: the object is the value of the name
                self._place, self._depth = _Place.WITHIN, 1
                return self._take(text, at, at + 1)
            # Behind a name and a colon stands a member of an object that was broken off before, and no row.
            self._is_broken = text[at] in _BRACKETS and b":" in self._element
            self._end()
        return at

    def _behind(self, text: bytes, start: int) -> int:
        at = start
        while at < len(text) and self._depth:
            at = self._skip(_UP_TO_BRACKET, text, at)
            if self._is_broken:
                self._is_broken = False
            elif at < len(text):
                self._depth += 1 if text[at] in _OPENS else -1
                at += 1
        if not self._depth:
            self._place, self._is_wrapped = _Place.OPENING, False
        return self._over(text, start, at)

    def _lost(self, text: bytes, start: int) -> int:
        at = start
        if self._at_line_start:
            at = self._over_gap(text, at)
            if at == len(text):
                return at
            is_sign = text[at] == _BRACE or (text[at] == _BRACKET_CLOSES and self._in_array)
            if is_sign and self._indent_here <= self._indent:
                self._place = _Place.BETWEEN
                return at
        end = _LINE_END(text, at)
        self._at_line_start, self._indent_here = end is not None, 0
        return self._over(text, at, end.end() if end else len(text))

    def _skip(self, up_to: "_Match", text: bytes, at: int) -> int:
        """Return where *up_to* ends its match, over whole texts; or the end of *text*, or where a text is broken."""
        if self._in_text:
            at = self._text_end(text, at)
            if self._is_broken or at == len(text):
                return at
        at = self._past(up_to, text, at)
        if at < len(text) and text[at] == _QUOTE:
            self._in_text = True
            at = self._text_end(text, at + 1)
        return at

    def _text_end(self, text: bytes, at: int) -> int:
        if self._is_escaped and at < len(text):
            self._is_escaped = False
            at += text[at] not in b"\r\n"
        at = self._past(_TEXT, text, at)
        if at == len(text):
            return at
        if text[at] == _BACKSLASH and at + 1 == len(text):
            self._is_escaped = True
            return at + 1
        self._in_text = False
        if text[at] == _QUOTE:
            return at + 1
        self._is_broken = True
        return at + (text[at] == _BACKSLASH)

    def _past(self, pattern: "_Match", text: bytes, at: int) -> int:
        """Return where *pattern* ends its match at *at*; it stops where a match of no bytes ends, too."""
        match = pattern(text, at)
        return match.end() if match else at

    def _take(self, text: bytes, start: int, end: int) -> int:
        if self._too_long or len(self._element) + end - start > MAX_LINE_BYTES:
            self._too_long, self._element = True, bytearray()
        else:
            self._element += text[start:end]
        return self._over(text, start, end)

    def _over_gap(self, text: bytes, start: int) -> int:
        """Go over the gap at *start*, and count the blanks behind its last line end."""
        end = gap_end(text, start)
        line_end = max(text.rfind(b"\n", start, end), text.rfind(b"\r", start, end))
        if line_end >= 0 or text.find(b",", start, end) >= 0:
            self._is_doubtful = False
        self._indent_here = end - line_end - 1 if line_end >= 0 else self._indent_here + end - start
        return self._over(text, start, end)

    def _over(self, text: bytes, start: int, end: int) -> int:
        self._line += text.count(self._line_end, start, end)
        return end

    def _end(self) -> None:
        element = SKIPPED_LINE if self._too_long else bytes(self._element)
        self._found.append((self._first_line, element))
        self._element, self._too_long, self._indent_here = bytearray(), False, 0
        self._place = _Place.LOST if self._is_broken else _Place.BETWEEN
        self._is_broken = self._at_line_start = self._in_text = False


_Match = Callable[[bytes, int], "re.Match[bytes] | None"]
_BRACKETS = b"{[]"
_OPENS, _BRACE, _BRACKET_CLOSES, _QUOTE, _BACKSLASH, _COMMA = b"{[", *b'{]"\\,'
_LOOK_BACK = 64
"""So many bytes before the place are looked at for a sign; blanks beyond them are not looked through."""
_TEXT: _Match = re.compile(rb'(?:[^"\\\r\n]++|\\[^\r\n])*+').match
_UP_TO_BRACKET: _Match = re.compile(rb'[^"{}\[\]]*+(?:%s[^"{}\[\]]*+)*+' % QUOTED).match
_UP_TO_END: _Match = re.compile(rb'(?:[^"{\[,\r\n]++|%s)*+' % QUOTED).match
_UP_TO_END_IN_ARRAY: _Match = re.compile(rb'(?:[^"{\[\],\r\n]++|%s)*+' % QUOTED).match
_LINE_END: _Match = re.compile(rb"[\r\n]").search
