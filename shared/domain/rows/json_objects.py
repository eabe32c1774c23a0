"""The object in one line or element of a JSON file, or the reason why there is none."""

import json
from typing import Any

import orjson

from shared.domain.rows.rows import Unreadable
from shared.domain.rows.text_encodings import UTF_8, name_of
from shared.domain.sentences import say

LEAST_INTEGER, MOST_INTEGER = -(2**63), 2**64 - 1
"""The whole numbers that the strict parser reads and writes with all their digits."""
MOST_BYTES = 512 * 1024
"""Larger texts must be strict JSON: the parser that knows NaN takes 60 ms for 1 MiB of hostile ones."""


class JsonObjects:
    """Reads texts that strict JSON refuses; *part* is ``line`` or ``element``, and begins the sentences.

    Many writers put NaN and Infinity into JSON for "no value"; here both become null.
    """

    def __init__(self, part: str, encoding: str = UTF_8) -> None:
        self._part = part
        text = "The {part} is JSON, but not an object with column names."
        self.not_an_object = Unreadable("not_an_object", say("json_no_object", text, part=part))
        text = (
            "The {part} has bytes that are no text in {encoding}: "
            "write the file as UTF-8, or set reading.encoding of the export."
        )
        told = say("json_wrong_encoding", text, part=part, encoding=name_of(encoding).upper())
        self._wrong_encoding = Unreadable("wrong_encoding", told)
        self._unsendable = self._not_json("json_not_sendable")

    def second_try(self, data: bytes) -> Any:
        """Return the value in *data*, which is not strict JSON, or why it has none."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return self._wrong_encoding
        if len(data) > MOST_BYTES:
            return self._not_json("json_large_and_not_strict", bytes=MOST_BYTES)
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

    def _not_json(self, code: str, **values: int) -> Unreadable:
        text = f"The {{part}} is not a JSON object that can be read: {_MISTAKES[code]}."
        return Unreadable(_NOT_JSON, say(code, text, part=self._part, **values))


_NOT_JSON = "not_json"


def _mistake(error: json.JSONDecodeError) -> str:
    """Return the code of what the writer of a text did wrong, by what stands where the parser stopped."""
    rest = error.doc[error.pos :].lstrip()
    if error.msg == "Extra data":
        return _BEHIND.get(rest if rest == "," else rest[:1], "json_text_behind")
    if error.msg.startswith(tuple(_BY_MESSAGE)):
        return next(code for begin, code in _BY_MESSAGE.items() if error.msg.startswith(begin))
    return _BY_NEXT.get(rest[:1], "json_quote_or_comma_missing")


_BEHIND = {",": "json_comma_behind", "{": "json_object_behind"}
_BY_MESSAGE = {
    "Invalid control character": "json_control_character",
    "Invalid \\": "json_stray_backslash",
    "Unterminated string": "json_cut_off",
}
_BY_NEXT = {"": "json_cut_off", "'": "json_single_quotes", "}": "json_value_missing"}
_MISTAKES = {
    "json_comma_behind": "a comma stands behind it; write one object a line, without a comma",
    "json_object_behind": "another object stands behind it; write one object a line",
    "json_text_behind": "more text stands behind the value",
    "json_control_character": r"a text has a control character, such as a tab, in it; write a tab as \t",
    "json_stray_backslash": r"a text has a backslash that escapes nothing; write a backslash as \\",
    "json_cut_off": r"it ends within the object; write the whole object, and a line feed in a text as \n",
    "json_single_quotes": "names and texts stand in single quotes; write them in double quotes",
    "json_value_missing": "a value is missing before a closing brace, or a comma is too many there",
    "json_quote_or_comma_missing": "write names and texts in double quotes, and a comma between two members",
    "json_not_sendable": "it has a depth, a number or a character that cannot be sent on",
    "json_large_and_not_strict": (
        "it is not JSON in the strict sense, and has more than {bytes:,} bytes; write null instead of NaN"
    ),
}


def _whole(digits: str) -> int | float:
    """Return the number that *digits* write, as the strict parser does: a float where 64 bits are too few."""
    if len(digits) <= _LONGEST_64_BITS and LEAST_INTEGER <= (number := int(digits)) <= MOST_INTEGER:
        return number
    return float(digits)


_LONGEST_64_BITS = 20
