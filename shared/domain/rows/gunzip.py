"""Unpacks a gzip stream in small steps, so that a small file cannot become a large one in memory."""

import zlib
from collections.abc import Iterator

STEP_BYTES = 1024 * 1024
BITE_BYTES = 128 * 1024
"""So much is given to zlib at once; it copies what it leaves over, at each step and behind each stream."""
_GZIP = 16 + zlib.MAX_WBITS


class Damaged(ValueError):
    """The stream is no gzip, is broken, or ends too early."""


class Gunzip:
    """Unpacks pieces as they come; several gzip streams one after the other count as one; mutable."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self._is_inside = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what *piece* unpacks to, at most 1 MiB at a time; raises `Damaged`."""
        for start in range(0, len(piece), BITE_BYTES):
            yield from self._steps(piece[start : start + BITE_BYTES])

    def close(self) -> None:
        """Raise `Damaged` when the stream is not at an end."""
        if self._is_inside:
            raise Damaged("it ends too early")

    def _steps(self, bite: bytes) -> Iterator[bytes]:
        while bite:
            if not self._is_inside:
                bite = bite.lstrip(b"\0")  # writers of tape archives fill up with zeros between streams
                self._is_inside = bool(bite)
            unpacked = self._unpack(bite)
            if unpacked:
                yield unpacked
            bite = self._stream.unconsumed_tail
            if self._stream.eof:
                bite = self._stream.unused_data
                self._stream = zlib.decompressobj(_GZIP)
                self._is_inside = False

    def _unpack(self, bite: bytes) -> bytes:
        try:
            return self._stream.decompress(bite, STEP_BYTES)
        except zlib.error as error:
            raise Damaged("it is not valid gzip") from error
