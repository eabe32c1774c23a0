"""Remembers the e-mail addresses of a run in little memory."""

from array import array

SMALLEST_TABLE = 1 << 16
LARGEST_FIRST_TABLE = 1 << 23


class SeenEmails:
    """The e-mail addresses so far; mutable; takes 16 to 32 bytes an address.

    The addresses stand in flat tables with open addressing, 8 bytes a place. Python's hash of a text is a SipHash
    with a new key in each process. An address has two such hashes: the first says where to look, the second is the
    mark that stands there. A new address is taken for a known one when one of the few places on its way holds the
    same mark: for 10,000,000 addresses the chance is about one in 10^12 for the whole run.
    A table that is half full gets no more addresses. The next table is as large as all tables so far, so that no
    address is ever moved.
    """

    def __init__(self, *, expected: int = 0) -> None:
        """Begin with room for *expected* addresses; a wrong guess only costs a little time or memory."""
        size = SMALLEST_TABLE
        while size < min(2 * expected, LARGEST_FIRST_TABLE):
            size *= 2
        self._full: list[tuple[array[int], int]] = []
        self._begin(size)

    def add(self, email: str) -> bool:
        """Remember *email*; return False when it is known already."""
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
