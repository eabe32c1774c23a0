"""The profiles that an import brings: their identifiers, and their attributes as JSON."""

from array import array
from dataclasses import dataclass
from itertools import accumulate

import orjson


class Attributes:
    """The attributes of the profiles of one import, stored as one text: half the memory of many small ones. Mutable.

    A body that needed no change is kept as it came, and taken apart when somebody asks for attributes: most are never
    asked for.
    """

    __slots__ = ("_count", "_end", "_ends", "_text")

    def __init__(self, body: bytes, count: int, end: int) -> None:
        """Take the attributes of the *count* profiles, up to *end*, of *body*: an import with nothing wrong in it."""
        self._text = body
        self._count = count
        self._end = end
        self._ends: array[int] | None = None

    @classmethod
    def of(cls, encoded: list[bytes]) -> "Attributes":
        """Join the attributes of several profiles."""
        made = cls(b"", len(encoded), 0)
        made._join(encoded)
        return made

    def encoded(self, index: int) -> bytes:
        """Return the attributes of profile *index* as JSON."""
        ends = self._ends
        if ends is None:
            ends = self._join(_as_written(self._text, self._count, self._end) or _written_anew(self._text))
        return self._text[ends[index - 1] if index else 0 : ends[index]]

    def _join(self, encoded: list[bytes]) -> "array[int]":
        ends = array("I", accumulate(map(len, encoded)))
        self._text, self._ends = b"".join(encoded), ends
        return ends


@dataclass(frozen=True, slots=True)
class ImportedProfiles:
    """The accepted profiles of an import; *identifiers* name them, in the order of *attributes*."""

    identifiers: list[str]
    attributes: Attributes

    def __len__(self) -> int:
        """Return the number of profiles."""
        return len(self.identifiers)

    def encoded(self, index: int) -> bytes:
        """Return the attributes of profile *index* as JSON."""
        return self.attributes.encoded(index)


def _as_written(body: bytes, count: int, end: int) -> list[bytes] | None:
    """Return the attributes as *body* has them; None where they cannot be cut out safely.

    Every profile and the job have the name "attributes" once. So no profile has another one, or one within its
    properties, where a cut would be wrong.
    """
    if b"\\u" in body or body.count(b'"attributes"') != count + 1 or not body.endswith(_LAST, 0, end):
        return None
    fields = body[: end - len(_LAST)].partition(_FIRST)[2].split(_BETWEEN)
    return [b"{%b}" % each for each in fields] if len(fields) == count else None


def _written_anew(body: bytes) -> list[bytes]:
    items = orjson.loads(body)["data"]["attributes"]["profiles"]["data"]
    return [orjson.dumps(item["attributes"]) for item in items]


_FIRST = b'{"type":"profile","attributes":{'
_LAST = b"}}"
_BETWEEN = _LAST + b"," + _FIRST
