"""Remembers the e-mail addresses, or the identifiers, of a run in little memory."""

from array import array
from collections.abc import Sequence
from operator import itemgetter

SMALLEST_TABLE = 1 << 16
LARGEST_FIRST_TABLE = 1 << 24


class SeenValues:
    """The texts of one kind so far; mutable; takes 11 to 22 bytes a text.

    The texts stand as hashes of 64 bits in flat tables with open addressing. Python's hash of a text is a SipHash with
    a new key in each process. A new text is taken for a known one when both have the same hash: for 10,000,000 texts
    the chance is three in a million for the whole run.
    A table that is full to three quarters gets no more texts. The next table is as large as all tables so far, so that
    no text is ever moved.
    """

    def __init__(self, *, expected: int = 0) -> None:
        """Begin with room for *expected* texts; a wrong guess only costs a little time or memory."""
        size = SMALLEST_TABLE
        while _room(size) < expected and size < LARGEST_FIRST_TABLE:
            size *= 2
        self._full: list[tuple[array[int], int]] = []
        self._free = 0
        self._begin(size)

    def known_among(self, texts: Sequence[str]) -> list[int]:
        """Remember *texts*; return the indexes of those that were known before, or that stand among *texts* earlier."""
        hashes = list(map(hash, texts))
        if 0 in hashes:  # a zero stands for a free place
            hashes = [each or 1 for each in hashes]
        if self._full or self._free <= len(hashes):
            return [index for index, each in enumerate(hashes) if self._is_known(each)]
        known = list[int]()  # what `_is_known` does, without a call for each text
        table, mask = self._table, self._mask
        slots = [each & mask for each in hashes]
        itemgetter(*slots, 0)(table)  # so the processor waits for many places of the table at once
        for index, (each, slot) in enumerate(zip(hashes, slots, strict=True)):
            while found := table[slot]:
                if found == each:
                    known.append(index)
                    break
                slot = slot + 1 & mask  # noqa: PLW2901 - the next place, as long as it takes
            else:
                table[slot] = each
        self._free -= len(hashes) - len(known)
        return known

    def _is_known(self, each: int) -> bool:
        """Tell whether the text with this hash is known; remember it when it is not."""
        if self._is_in_full(each):
            return True
        table, mask = self._table, self._mask
        slot = each & mask
        while found := table[slot]:
            if found == each:
                return True
            slot = slot + 1 & mask
        table[slot] = each
        self._free -= 1
        if not self._free:
            self._full.append((table, mask))
            self._begin(sum(len(full) for full, _ in self._full))
        return False

    def _is_in_full(self, each: int) -> bool:
        for table, mask in self._full:
            slot = each & mask
            while found := table[slot]:
                if found == each:
                    return True
                slot = slot + 1 & mask
        return False

    def _begin(self, size: int) -> None:
        self._table = array("q", [0]) * size
        self._mask = size - 1
        self._free = _room(size)


def _room(size: int) -> int:
    """Return how many texts a table of *size* places takes."""
    return size // 4 * 3
