"""Unpacks a gzip stream in small steps, so that a small file cannot become a large one in memory."""

import zlib
from collections.abc import Iterator

STEP_BYTES = 1024 * 1024
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
        while piece:
            if not self._is_inside:
                piece = piece.lstrip(b"\0")  # writers of tape archives fill up with zeros between streams
                self._is_inside = bool(piece)
            unpacked = self._unpack(piece)
            if unpacked:
                yield unpacked
            piece = self._stream.unconsumed_tail
            if self._stream.eof:
                piece = self._stream.unused_data
                self._stream = zlib.decompressobj(_GZIP)
                self._is_inside = False

    def close(self) -> None:
        """Raise `Damaged` when the stream is not at an end."""
        if self._is_inside:
            raise Damaged("it ends too early")

    def _unpack(self, piece: bytes) -> bytes:
        try:
            return self._stream.decompress(piece, STEP_BYTES)
        except zlib.error as error:
            raise Damaged("it is not valid gzip") from error
