"""Reads Thrift's compact form, in which the footer of a Parquet file and the headers of its pages are written.

pyarrow reads it as well, and makes room for all that it says; this reader looks first, and makes no room for anything.
"""

from collections.abc import Iterator

I32, BINARY, LIST, STRUCT, I64 = 5, 8, 9, 12, 6
"""Kinds of values, as the form numbers them."""
_TRUE, _FALSE, _BYTE, _I16, _DOUBLE, _SET, _MAP = 1, 2, 3, 4, 7, 10, 11
_MOST_DEPTH = 64
_MOST_FIELD = 32_767
_VARINT_BITS = 63


class Compact:
    """Reads *data* from *place* on; mutable.

    Raises `IndexError` where *data* ends too early, and `ValueError` for what the form does not have.
    """

    def __init__(self, data: bytes, place: int = 0) -> None:
        self._data = data
        self.place = place

    def varint(self) -> int:
        """Return a whole number that is written in as many bytes as it needs."""
        data, place, number, shift = self._data, self.place, 0, 0
        while True:
            byte = data[place]
            place += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the highest bit says that there is more
                self.place = place
                return number
            shift += 7
            if shift > _VARINT_BITS:
                raise ValueError("a number has too many bytes")

    def integer(self) -> int:
        """Return a whole number that may be negative: 0, -1, 1 and -2 are written as 0, 1, 2 and 3."""
        number = self.varint()
        return (number >> 1) ^ -(number & 1)

    def int32(self) -> int:
        """Return a whole number of 32 bits; a longer one loses its upper bits, as everywhere where it is read."""
        number = self.varint() & 0xFFFFFFFF
        return (number >> 1) ^ -(number & 1)

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield the number and the kind of each field of a struct; the caller reads or skips the value of each."""
        field = 0
        while True:
            head = self._byte()
            kind = head & 0x0F
            if not kind:
                return
            field = field + (head >> 4) if head >> 4 else self.integer()
            if not -_MOST_FIELD <= field <= _MOST_FIELD:
                raise ValueError("a field has no such number")
            yield field, kind

    def elements(self) -> tuple[int, int]:
        """Return how many elements a list has, and of which kind; the caller reads or skips them."""
        head = self._byte()
        size = head >> 4
        return (self.varint() if size == 15 else size), head & 0x0F  # noqa: PLR2004 - longer ones say their length behind

    def skip(self, kind: int, depth: int = _MOST_DEPTH) -> None:
        """Pass over the value of a field."""
        if kind in (_I16, I32, I64):
            self.varint()
        elif kind == BINARY:
            size = self.varint()
            self._pass(size)
        elif kind in (_BYTE, _DOUBLE):
            self._pass(1 if kind == _BYTE else 8)
        elif kind not in (_TRUE, _FALSE):
            self._skip_nested(kind, depth)

    def _skip_nested(self, kind: int, depth: int) -> None:
        if not depth:
            raise ValueError("too deep")
        if kind == STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth - 1)
        elif kind in (LIST, _SET):
            size, inner = self.elements()
            self._skip_all(size, (inner,), depth - 1)
        elif kind == _MAP:
            if size := self.varint():
                kinds = self._byte()
                self._skip_all(size, (kinds >> 4, kinds & 0x0F), depth - 1)
        else:
            raise ValueError("a value has no such kind")

    def _skip_all(self, size: int, kinds: tuple[int, ...], depth: int) -> None:
        """Pass over *size* elements; true and false, which need no byte as a field, have one as an element."""
        for _ in range(size):
            for kind in kinds:
                self.skip(_BYTE if kind in (_TRUE, _FALSE) else kind, depth)

    def _byte(self) -> int:
        byte = self._data[self.place]
        self.place += 1
        return byte

    def _pass(self, size: int) -> None:
        self.place += size
        if self.place > len(self._data):
            raise IndexError
