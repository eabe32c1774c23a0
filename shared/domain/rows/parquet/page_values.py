"""What a page of a column becomes when its values are written out: few bytes can stand for many."""

import struct

from shared.domain.rows.parquet.compact_form import Compact

_LENGTH = struct.Struct("<I")
_GROUP = 32
"""Differences are packed in so many at least."""
_MOST = 2**31 - 1


def longest_value(dictionary: bytes, values: int) -> int:
    """Return how many bytes the longest of the *values* texts in a dictionary has; raises `ValueError`."""
    place = longest = 0
    try:
        for _ in range(values):
            (size,) = _LENGTH.unpack_from(dictionary, place)
            place += size + _LENGTH.size
            longest = max(longest, size)
    except struct.error:
        raise ValueError("a dictionary that ends too early") from None
    return longest


def rows_begun(levels: bytes, width: int, values: int) -> int:
    """Return how many of *values* levels, of *width* bits each, are 0: there a row begins, and elsewhere one goes on.

    Levels are written in runs of one level, and in groups of eight that are packed one behind the other.
    """
    reader, found, seen = Compact(levels), 0, 0
    while seen < values and reader.place < len(levels):
        head = reader.varint()
        count = min(head >> 1 if head & 1 == 0 else (head >> 1) * 8, values - seen)
        if not count:
            raise ValueError("a run without levels")
        size = (head >> 1) * width if head & 1 else (width + 7) // 8
        body = int.from_bytes(levels[reader.place : reader.place + size], "little")
        reader.place += size
        found += count - _not_zero(body, width, count) if head & 1 else 0 if body else count
        seen += count
    return found


def check_lengths(page: bytes, place: int, values: int) -> None:
    """Raise `ValueError` where *page* has more lengths at *place* than it has *values*."""
    _Deltas(page, place).count(values)


def size_by_prefixes(page: bytes, place: int, values: int, limit: int) -> int:
    """Return the bytes of all texts of which *page* says how much of the one before it each begins with.

    Raises `ValueError` where the lengths cannot be; what is beyond *limit* is not counted.
    """
    prefixes = _Deltas(page, place)
    total = prefixes.total(values, limit)
    if total <= limit:
        check_lengths(page, prefixes.place, values)
    return total + len(page) - place


class _Deltas:
    """Numbers that are written as differences, each from the one before it; mutable."""

    def __init__(self, page: bytes, place: int) -> None:
        self._page, self._reader = page, Compact(page, place)

    @property
    def place(self) -> int:
        """Return where the numbers end, when they have been read."""
        return self._reader.place

    def count(self, most: int) -> int:
        """Read how many numbers there are, and how they are packed; raises `ValueError` for more than *most*."""
        try:
            block, self._parts, count = (self._reader.varint() for _ in range(3))
        except IndexError:
            raise ValueError("numbers that end too early") from None
        if not self._parts or block % self._parts or block // self._parts % _GROUP or count > most:
            raise ValueError("numbers that are packed as they cannot be")
        self._of_part = block // self._parts
        return count

    def total(self, most: int, limit: int) -> int:
        """Return the sum of all numbers, of which none is negative; it is not read on beyond *limit*."""
        left = self.count(most)
        try:
            number = total = self._reader.integer() if left else 0
            _demand_length(number)
            left -= 1
            while left > 0 and total <= limit:
                least = self._reader.integer()
                widths = self._page[self.place : self.place + self._parts]
                self._reader.place += self._parts
                for width in widths:
                    count = max(0, min(self._of_part, left))
                    if count:
                        number, total = self._part(number, total, least, width, count)
                    left -= count
        except IndexError:
            raise ValueError("numbers that end too early") from None
        return total

    def _part(self, number: int, total: int, least: int, width: int, count: int) -> tuple[int, int]:
        """Read *count* differences of *width* bits; return the last number, and the new sum."""
        place = self.place
        self._reader.place += self._of_part * width // 8
        if not width:
            last = number + least * count
            _demand_length(last)
            return last, total + number * count + least * count * (count + 1) // 2
        mask, size = (1 << width) - 1, _GROUP * width // 8
        for begin in range(0, count, _GROUP):
            packed = int.from_bytes(self._page[place : place + size], "little")
            place += size
            for _ in range(min(_GROUP, count - begin)):
                number += least + (packed & mask)
                packed >>= width
                _demand_length(number)
                total += number
        return number, total


def _demand_length(number: int) -> None:
    if not 0 <= number <= _MOST:
        raise ValueError("a length that cannot be")


def _not_zero(packed: int, width: int, count: int) -> int:
    """Return how many of the first *count* numbers of *width* bits are not 0."""
    folded = packed
    for shift in range(1, width):
        folded |= packed >> shift
    lowest_bits = ((1 << width * count) - 1) // ((1 << width) - 1)
    return (folded & lowest_bits).bit_count()
