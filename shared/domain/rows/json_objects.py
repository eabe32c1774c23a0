"""The object in one line or element of a JSON file, or the reason why there is none."""

import json
from typing import Any

import orjson

from shared.domain.rows.rows import Unreadable
from shared.domain.rows.text_encodings import UTF_8, name_of

LEAST_INTEGER, MOST_INTEGER = -(2**63), 2**64 - 1
"""The whole numbers that the strict parser reads and writes with all their digits."""
MOST_BYTES = 512 * 1024
"""Larger texts must be strict JSON: the parser that knows NaN takes 60 ms for 1 MiB of hostile ones."""


class JsonObjects:
    """Reads texts that strict JSON refuses; *what* is ``line`` or ``element``, and begins the sentences.

    Many writers put NaN and Infinity into JSON for "no value"; here both become null.
    """

    def __init__(self, what: str, encoding: str = UTF_8) -> None:
        self._what = what
        text = (
            "The {} has bytes that are no text in {}: write the file as UTF-8, or set reading.encoding of the export."
        )
        self._wrong_encoding = Unreadable("wrong_encoding", text.format(what, name_of(encoding).upper()))
        self.not_an_object = Unreadable("not_an_object", f"The {what} is JSON, but not an object with column names.")
        self._unsendable = self._not_json("it has a depth, a number or a character that cannot be sent on")

    def second_try(self, data: bytes) -> Any:
        """Return the value in *data*, which is not strict JSON, or why it has none."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return self._wrong_encoding
        if len(data) > MOST_BYTES:
            return self._not_json(f"{_NOT_STRICT}, and has more than {MOST_BYTES:,} bytes; write null instead of NaN")
        try:
            value = json.loads(text, parse_constant=lambda _name: None, parse_int=_whole)
            orjson.dumps(value)
        except json.JSONDecodeError as error:
            return self._not_json(_mistake(error))
        except (RecursionError, ValueError, TypeError):
            return self._unsendable
        return value

    def is_mistake(self, row: Any) -> bool:
        """Tell whether *row* is the reason why a text is no JSON at all."""
        return type(row) is Unreadable and row.reason == _NOT_JSON and row is not self._unsendable

    def _not_json(self, why: str) -> Unreadable:
        return Unreadable(_NOT_JSON, f"The {self._what} is not a JSON object that can be read: {why}.")


_NOT_JSON = "not_json"


def _mistake(error: json.JSONDecodeError) -> str:
    """Return what the writer of a text did wrong, by what stands where the parser stopped."""
    rest = error.doc[error.pos :].lstrip()
    if error.msg == "Extra data":
        return _BEHIND.get(rest if rest == "," else rest[:1], "more text stands behind the value")
    if error.msg.startswith(tuple(_BY_MESSAGE)):
        return next(why for begin, why in _BY_MESSAGE.items() if error.msg.startswith(begin))
    return _BY_NEXT.get(rest[:1], "write names and texts in double quotes, and a comma between two members")


_BEHIND = {
    ",": "a comma stands behind it; write one object a line, without a comma",
    "{": "another object stands behind it; write one object a line",
}
_NOT_STRICT = "it is not JSON in the strict sense"
_CUT_OFF = r"it ends within the object; write the whole object, and a line feed in a text as \n"
_BY_MESSAGE = {
    "Invalid control character": r"a text has a control character, such as a tab, in it; write a tab as \t",
    "Invalid \\": r"a text has a backslash that escapes nothing; write a backslash as \\",
    "Unterminated string": _CUT_OFF,
}
_BY_NEXT = {
    "": _CUT_OFF,
    "'": "names and texts stand in single quotes; write them in double quotes",
    "}": "a value is missing before a closing brace, or a comma is too many there",
}


def _whole(digits: str) -> int | float:
    """Return the number that *digits* write, as the strict parser does: a float where 64 bits are too few."""
    if len(digits) <= _LONGEST_64_BITS and LEAST_INTEGER <= (number := int(digits)) <= MOST_INTEGER:
        return number
    return float(digits)


_LONGEST_64_BITS = 20
