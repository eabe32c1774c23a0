"""Remembers the e-mail addresses, or the identifiers, of a run in little memory."""

from array import array
from collections.abc import Sequence

SMALLEST_TABLE = 1 << 16
LARGEST_FIRST_TABLE = 1 << 23


class SeenValues:
    """The texts of one kind so far; mutable; takes 16 to 32 bytes a text.

    The texts stand in flat tables with open addressing, 8 bytes a place. Python's hash of a text is a SipHash
    with a new key in each process. A text has two such hashes: the first says where to look, the second is the
    mark that stands there. A new text is taken for a known one when one of the few places on its way holds the
    same mark: for 10,000,000 texts the chance is about one in 10^12 for the whole run. Where *has_marks* is False, the
    first hash is the mark as well, which takes two thirds of the time; the chance is then about three in 10^6.
    A table that is half full gets no more texts. The next table is as large as all tables so far, so that no
    text is ever moved.
    """

    def __init__(self, *, expected: int = 0, has_marks: bool = True) -> None:
        """Begin with room for *expected* texts; a wrong guess only costs a little time or memory."""
        self._has_marks = has_marks
        size = SMALLEST_TABLE
        while size < min(2 * expected, LARGEST_FIRST_TABLE):
            size *= 2
        self._full: list[tuple[array[int], int]] = []
        self._free = 0
        self._begin(size)

    def known_among(self, texts: Sequence[str]) -> list[int]:
        """Remember *texts*; return the indexes of those that were known before, or that stand among *texts* earlier."""
        homes = list(map(hash, texts))
        marks = list(map(hash, map("\0".__add__, texts))) if self._has_marks else homes
        if 0 in marks:  # a zero stands for a free place
            marks = [mark or 1 for mark in marks]
        if self._full or self._free <= len(homes):
            return [index for index in range(len(homes)) if self._is_known(homes[index], marks[index])]
        known = list[int]()  # what `_is_known` does, without a call for each text
        table, mask = self._table, self._mask
        for index, (home, mark) in enumerate(zip(homes, marks, strict=True)):
            slot = home & mask
            while found := table[slot]:
                if found == mark:
                    known.append(index)
                    break
                slot = slot + 1 & mask
            else:
                table[slot] = mark
        self._free -= len(homes) - len(known)
        return known

    def _is_known(self, home: int, mark: int) -> bool:
        """Tell whether a text is known; remember it when it is not."""
        if self._is_in_full(home, mark):
            return True
        table, mask = self._table, self._mask
        slot = home & mask
        while found := table[slot]:
            if found == mark:
                return True
            slot = slot + 1 & mask
        table[slot] = mark
        self._free -= 1
        if not self._free:
            self._full.append((table, mask))
            self._begin(sum(len(each) for each, _ in self._full))
        return False

    def _is_in_full(self, home: int, mark: int) -> bool:
        for table, mask in self._full:
            slot = home & mask
            while found := table[slot]:
                if found == mark:
                    return True
                slot = slot + 1 & mask
        return False

    def _begin(self, size: int) -> None:
        self._table = array("q", [0]) * size
        self._mask = size - 1
        self._free = size // 2
