"""A file of which every range is fetched when it is read."""

import io
from collections.abc import Callable


class RangedFile(io.RawIOBase):
    """A file of *size* bytes that is read at any place; *fetch* returns the bytes of a range; mutable."""

    def __init__(self, size: int, fetch: Callable[[int, int], bytes]) -> None:
        super().__init__()
        self._size = size
        self._fetch = fetch
        self._place = 0

    def readable(self) -> bool:
        """Tell that the file can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that any place can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return it."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = begin + offset
        return self._place

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Return the next *size* bytes, fewer at the end of the file."""
        left = max(0, self._size - self._place)
        size = left if size < 0 else min(size, left)
        body = self._fetch(self._place, size) if size else b""
        self._place += len(body)
        return body
