"""How the array of a JSON file begins: with a bracket, or within an object as ``{"value": [`` (OData)."""

import re

QUOTED = rb'"(?:[^"\\\r\n]++|\\[^\r\n])*+"'
"""The pattern of a text in JSON."""
OPENING_BYTES = 64 * 1024
"""The array of ``{"value": […]}`` begins within so many bytes, or is not found."""


def gap_end(text: bytes, at: int) -> int:
    """Return where the blanks, commas and byte-order marks end that stand at *at* between two elements."""
    gap = _GAP(text, at)
    return gap.end() if gap else at


def array_begins_at(text: bytes, at: int = 0) -> int | None:
    """Return where the elements of the array begin that opens at *at*, or None where no array opens.

    Before the array, and behind it if it is empty, an object may have members that wrappers have (``@odata.context``,
    ``count``), with plain values. A member of another name belongs to a customer: such an object is a row, whatever its
    ``value`` is.
    """
    opening = _ARRAY(text, at, at + OPENING_BYTES)
    return opening.end() if opening else None


def is_row(text: bytes, at: int) -> bool:
    """Tell whether it is clear, from the beginning of an object at *at*, that the object is around no array of rows."""
    return _ROW(text, at, at + OPENING_BYTES) is not None


_GAP = re.compile(rb"[\s,\x1e\xef\xbb\xbf]*+").match  # 1e is the record separator of RFC 7464
_NO_ADDRESS = rb'"(?:[^"\\\r\n@]++|\\[^\r\n])*+"'
_ADDRESS = rb'"[^"\\\r\n@]++@[^"\\\r\n]*+"'
_SCALAR = rb'(?:%s|[^\s",{}\[\]]++)' % _NO_ADDRESS
_OF_A_WRAPPER = (
    rb'"(?:@[^"\\\r\n]*+|odata\.[^"\\\r\n]*+|[^"\\\r\n@]*+@odata[^"\\\r\n]*+'
    rb'|(?:total_?)?[cC]ount|total|page|next|next_?[lL]ink)"'
)
_MEMBER = rb"%s\s*+:\s*+%s\s*+,\s*+" % (_OF_A_WRAPPER, _SCALAR)
_EMPTY = rb'\](?:\s*+,\s*+%s\s*+:\s*+%s)*+\s*+(?:\}|,\s*+"@)' % (_OF_A_WRAPPER, _SCALAR)
_ARRAY = re.compile(rb'\[|\{\s*+(?:%s)*+"value"\s*+:\s*+\[(?=\s*+(?:\{|%s))' % (_MEMBER, _EMPTY)).match
_ROW = re.compile(
    rb'\{\s*+(?:%s)*+(?:\}|(?!"value"|%s)%s\s*+:|%s\s*+:\s*+(?:[{\[]|%s|%s\s*+\}))'
    % (_MEMBER, _OF_A_WRAPPER, QUOTED, _OF_A_WRAPPER, _ADDRESS, _SCALAR)
).match
