"""Pictures with few colours."""

import struct
import zlib

from local.screenshots.palette import png


def test_a_picture_has_its_size_its_colours_and_its_pixels() -> None:
    picture = png(2, bytes([255, 0, 0, 0, 0, 255]), bytes([0, 1, 1, 0, 0, 0]))

    chunks = dict(_chunks(picture))
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (2, 3, 8, 3, 0, 0, 0)
    assert chunks[b"PLTE"] == bytes([255, 0, 0, 0, 0, 255])
    assert zlib.decompress(chunks[b"IDAT"]) == b"\0\0\1\0\1\0\0\0\0"
    assert list(chunks)[-1] == b"IEND"


def _chunks(picture: bytes) -> list[tuple[bytes, bytes]]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, []
    while at < len(picture):
        (size,) = struct.unpack_from(">I", picture, at)
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", picture, at + 8 + size) == (zlib.crc32(kind + body),)
        found.append((kind, body))
        at += 12 + size
    return found
