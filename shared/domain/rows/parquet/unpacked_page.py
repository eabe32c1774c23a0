"""Unpacks one page of a column, as pyarrow will, to look at what is written in it."""

from collections.abc import Callable, Iterator

from shared.domain.rows.parquet.page_header import PageHeader, PageKind

Unpack = Callable[[bytes, int, str], bytes]
"""Takes packed bytes, how many they unpack to, and the codec; raises `ValueError` where they cannot be unpacked."""
_PLACE = 4
"""So many bytes say how long the levels behind them are."""


def unpacked(unpack: Unpack, codec: str, header: PageHeader, body: bytes) -> list[bytes]:
    """Return the page that *body* is, unpacked: each way in which pyarrow may read it.

    Raises `ValueError` where it cannot be unpacked.
    """
    plain = header.repetitions + header.definitions if header.kind == PageKind.DATA_V2 else 0
    if not header.is_packed or codec == "UNCOMPRESSED" or header.unpacked == plain:
        return [body]
    levels, packed = body[:plain], body[plain:]
    return [levels + values for values in _values(unpack, codec, packed, header.unpacked - plain)]


def split_levels(header: PageHeader, page: bytes, repetition: int, definition: int) -> tuple[bytes, int]:
    """Return the levels that say where rows begin, and where the values begin in the unpacked *page*.

    *repetition* and *definition* are the largest levels of the column; there are no levels where the largest is 0.
    Raises `ValueError` for levels that are written in a way that nobody uses any more.
    """
    if header.kind == PageKind.DATA_V2:
        return page[: header.repetitions], header.repetitions + header.definitions
    place, levels = 0, b""
    for is_there, encoding in zip((repetition, definition), header.level_encodings, strict=True):
        if is_there:
            if encoding != _RLE:
                raise ValueError("levels in an old way")
            end = place + _PLACE + int.from_bytes(page[place : place + _PLACE], "little")
            levels = levels or page[place + _PLACE : end]
            place = end
    return (levels if repetition else b""), place


def _values(unpack: Unpack, codec: str, packed: bytes, size: int) -> list[bytes]:
    if codec != "LZ4":
        return [unpack(packed, size, codec.lower())]
    found = list[bytes]()  # the footer has one name for two ways
    for bodies in (_framed, _raw):
        try:
            page = b"".join(bodies(unpack, packed, size))
        except ValueError:
            continue
        found += [page] if len(page) == size else []
    if not found:
        raise ValueError("neither way of LZ4")
    return found


def _raw(unpack: Unpack, packed: bytes, size: int) -> Iterator[bytes]:
    yield unpack(packed, size, "lz4_raw")


def _framed(unpack: Unpack, packed: bytes, size: int) -> Iterator[bytes]:
    """Yield what the frames of Hadoop hold: before each stand its two sizes."""
    place = 0
    while place < len(packed):
        unpacked_size, frame = (int.from_bytes(packed[at : at + 4], "big") for at in (place, place + 4))
        place += 8 + frame
        if place > len(packed) or unpacked_size > size:
            raise ValueError("no such frames")
        yield from _raw(unpack, packed[place - frame : place], unpacked_size)
        size -= unpacked_size


_RLE = 3
