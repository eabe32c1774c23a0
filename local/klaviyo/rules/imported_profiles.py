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

    __slots__ = ("_ends", "_text")

    def __init__(self, text: bytes, ends: "array[int] | None" = None) -> None:
        """Take the attributes that end at *ends* in *text*, or those of the profiles of the body *text*."""
        self._text = text
        self._ends = ends

    @classmethod
    def of(cls, encoded: list[bytes]) -> "Attributes":
        """Join the attributes of several profiles."""
        return cls(b"".join(encoded), array("I", accumulate(map(len, encoded))))

    def encoded(self, index: int) -> bytes:
        """Return the attributes of profile *index* as JSON."""
        ends = self._taken_apart() if self._ends is None else self._ends
        return self._text[ends[index - 1] if index else 0 : ends[index]]

    def _taken_apart(self) -> "array[int]":
        items = orjson.loads(self._text)["data"]["attributes"]["profiles"]["data"]
        encoded = [orjson.dumps(item["attributes"]) for item in items]
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
