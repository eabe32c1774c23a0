"""Unpacks gzip in small steps, as a small file can unpack to more bytes than the process has memory."""

import zlib
from collections.abc import Iterator

STEP_BYTES = 256 * 1024
BITE_BYTES = 128 * 1024
"""zlib gets at most so many bytes at once: at each step and after each stream, zlib copies all bytes not used yet."""
_GZIP = 16 + zlib.MAX_WBITS


class BadGzip(ValueError):
    """The stream is no gzip, is broken, or ends too early."""


class Gunzip:
    """Unpacks a file piece by piece; mutable.

    A file may hold several gzip streams, one after the other; their contents are joined.
    """

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self._is_inside = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what *piece* unpacks to, at most `STEP_BYTES` at a time, and sometimes nothing; raises `BadGzip`."""
        for start in range(0, len(piece), BITE_BYTES):
            yield from self._steps(piece[start : start + BITE_BYTES])
            yield b""  # so that the caller can pause: thousands of streams may hold nothing

    def close(self) -> None:
        """Raise `BadGzip` when the stream is not at an end."""
        if self._is_inside:
            raise BadGzip("it ends too early")

    def _steps(self, bite: bytes) -> Iterator[bytes]:
        while bite:
            if not self._is_inside:
                bite = bite.lstrip(b"\0")  # some writers fill the space between streams with zeros
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
            raise BadGzip("it is not valid gzip") from error
