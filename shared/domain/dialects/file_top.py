"""The top of a file: what is looked at to find out how the file is written."""

from shared.domain.rows.gunzip import BadGzip, Gunzip

TOP_BYTES = 262_144
"""The top has at most so many bytes, after unpacking."""
MOST_PACKED_BYTES = 2 * TOP_BYTES
"""So many packed bytes are read at most: gzip can hold next to nothing in very many bytes."""
_BITE_BYTES = 16 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class FileTop:
    """Takes the beginning of a file, in chunks of any size; mutable.

    Feed chunks until `is_enough`, or call `close` at the end of the file. The outcome depends on the bytes only.
    """

    def __init__(self) -> None:
        self._pending = bytearray()
        self._text = bytearray()
        self._gunzip: Gunzip | None = None
        self._taken = 0
        self.is_packed = False
        """Whether the file is gzip, by its first bytes."""
        self.broken: str = ""
        """Why the file, which is gzip, cannot be unpacked; empty where it can."""
        self.is_whole = False
        """Whether `text` is all that the file holds."""

    @property
    def is_enough(self) -> bool:
        """Tell whether no more bytes are needed."""
        return bool(self.broken) or len(self._text) >= TOP_BYTES or self._taken >= MOST_PACKED_BYTES

    @property
    def text(self) -> bytes:
        """Return the bytes of the top, unpacked, in the encoding of the file."""
        return bytes(self._text[:TOP_BYTES])

    def feed(self, chunk: bytes) -> None:
        """Take a *chunk*; what is not needed is passed over."""
        for start in range(0, len(chunk), _BITE_BYTES):
            if self.is_enough:
                return
            self._pending += chunk[start : start + _BITE_BYTES]
            while len(self._pending) >= _BITE_BYTES and not self.is_enough:
                self._bite()

    def close(self) -> None:
        """Take note that the file is at its end."""
        while self._pending and not self.is_enough:
            self._bite()
        if self.is_enough:
            return
        self.is_whole = True
        try:
            if self._gunzip:
                self._gunzip.close()
        except BadGzip as error:
            self.broken = str(error)

    def _bite(self) -> None:
        """Unpack always as many bytes at once: how far broken gzip can be unpacked depends on it."""
        bite = bytes(self._pending[:_BITE_BYTES])
        del self._pending[:_BITE_BYTES]
        if not self._taken and bite.startswith(_GZIP_MAGIC):
            self.is_packed, self._gunzip = True, Gunzip()
        self._taken += len(bite)
        if self._gunzip is None:
            self._text += bite
            return
        try:
            for text in self._gunzip.feed(bite):
                self._text += text
                if len(self._text) > TOP_BYTES:
                    return
        except BadGzip as error:
            self.broken = str(error)
