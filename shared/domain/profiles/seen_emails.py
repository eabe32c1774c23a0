"""Remembers which e-mail addresses a run has had, in little memory."""

from array import array

SMALLEST_TABLE = 1 << 16
LARGEST_FIRST_TABLE = 1 << 23


class SeenEmails:
    """The e-mail addresses so far; mutable, 8 bytes a place and 16 to 32 bytes an address.

    A flat table with open addressing. An address is known by two independent SipHashes (those that Python keys anew in
    each process): one says where to look, the other is the mark that stands there. A new address is taken for one
    that was there when its mark meets the same among the few that are looked at: at 10,000,000 addresses that has a
    chance of about one in 10^12 for the whole run.
    A table that is half full is kept, and one as large as all tables so far is begun, so nothing is ever moved.
    """

    def __init__(self, *, expected: int = 0) -> None:
        """Begin with room for *expected* addresses; a wrong guess costs a little time or memory, nothing else."""
        size = SMALLEST_TABLE
        while size < min(2 * expected, LARGEST_FIRST_TABLE):
            size *= 2
        self._full: list[tuple[array[int], int]] = []
        self._begin(size)

    def add(self, email: str) -> bool:
        """Remember *email*; return False when it was there already."""
        home, mark = hash(email), hash("\0" + email) or 1
        for table, mask in self._full:
            slot = home & mask
            while found := table[slot]:
                if found == mark:
                    return False
                slot = slot + 1 & mask
        table, mask = self._table, self._mask
        slot = home & mask
        while found := table[slot]:
            if found == mark:
                return False
            slot = slot + 1 & mask
        table[slot] = mark
        self._free -= 1
        if not self._free:
            self._full.append((table, mask))
            self._begin(sum(len(full) for full, _ in self._full))
        return True

    def _begin(self, size: int) -> None:
        self._table = array("q", [0]) * size
        self._mask = size - 1
        self._free = size // 2
