"""Finds the objects that a broken element of a JSON file may have swallowed.

Where a quote or a brace is missing, several objects make one element: ``{"a":"x"y},{"a":"z"},{"a":"x"y}``.
"""

import re
from collections.abc import Iterator


def lines_of_objects(line: int, text: bytes, line_end: bytes) -> Iterator[int]:
    """Yield the line that each object in *text* begins on; *line* is the one that *text* begins on.

    The value of a name is no object of its own, nor is the first element of an array.
    """
    at = 0
    for begin in _BEGINNINGS(text):
        line += text.count(line_end, at, begin.end())
        at = begin.end()
        yield line


_BEGINNINGS = re.compile(rb'(?<![:\[\s])\s*+\{(?=\s*+")').finditer
