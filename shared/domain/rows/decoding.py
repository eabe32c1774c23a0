"""Turns the bytes of a file in some encoding into UTF-8, which the readers of rows read."""

import codecs


class Decoder:
    """Turns pieces of a file in *encoding*, a codec of Python, into UTF-8; mutable.

    A byte that stands for no character becomes bytes that are no UTF-8 either: only its row is refused, by the check
    that rows in UTF-8 go through.
    """

    def __init__(self, encoding: str) -> None:
        errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)

    def feed(self, piece: bytes) -> bytes:
        """Return the text that *piece* completes."""
        return self._decoder.decode(piece).encode("utf-8", "surrogatepass")

    def close(self) -> bytes:
        """Return what stands for a character that the end of the file has cut off."""
        pending, _ = self._decoder.getstate()
        return _NO_UTF_8 if pending else b""


_NO_UTF_8 = b"\xff"
