"""The header of a page of a column: how large the page is, how many values it has, and how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from shared.domain.rows.parquet.compact_form import I32, STRUCT, Compact


class PageKind(IntEnum):
    """What a page is, by the number that Parquet gives it."""

    DATA = 0
    INDEX = 1
    DICTIONARY = 2
    DATA_V2 = 3


@dataclass(frozen=True, slots=True)
class PageHeader:
    """What the header of *length* bytes says of the page behind it.

    The page has *size* bytes as it lies there, and *unpacked* bytes when it is unpacked. Of a page of the kind DATA_V2
    the first *repetitions* + *definitions* bytes are levels, and only what follows is packed, where *is_packed*.
    """

    length: int
    kind: int
    size: int
    unpacked: int
    values: int
    encoding: int
    level_encodings: tuple[int, int]
    repetitions: int
    definitions: int
    is_packed: bool

    @property
    def room(self) -> int:
        """Return how many bytes the page takes, as it lies there or unpacked."""
        return max(self.size, self.unpacked)

    @property
    def is_data(self) -> bool:
        """Tell whether the page has values of rows."""
        return self.kind in (PageKind.DATA, PageKind.DATA_V2)


def read_page_header(data: bytes, place: int) -> PageHeader:
    """Return the header that begins at *place*.

    Raises `IndexError` where *data* ends within the header, and `ValueError` for what cannot be.
    """
    reader, found = Compact(data, place), dict[int, int]()
    inner: dict[int, dict[int, int]] = {_V1: {}, _DICTIONARY: {}, _V2: {}}
    for field, kind in reader.fields():
        if field in inner:
            _demand(kind == STRUCT)
            _read_numbers(reader, _NUMBERS[field], inner[field])
        elif field in (_KIND, _UNPACKED, _SIZE):
            _demand(kind == I32)
            found[field] = reader.int32()
        else:
            reader.skip(kind)
    _demand(found.keys() == {_KIND, _UNPACKED, _SIZE} and min(found.values()) >= 0)
    return _header(reader.place - place, found, inner)


def _header(length: int, found: Mapping[int, int], inner: Mapping[int, Mapping[int, int]]) -> PageHeader:
    kind = found[_KIND]
    said: Mapping[int, int] = inner[_OF_KIND[kind]] if kind in _OF_KIND else {}
    _demand(kind not in _OF_KIND or {1, _ENCODING[kind]} <= said.keys())
    is_v2 = kind == PageKind.DATA_V2
    header = PageHeader(
        length,
        kind,
        found[_SIZE],
        found[_UNPACKED],
        values=said.get(1, 0),
        encoding=said[_ENCODING[kind]] if kind in _OF_KIND else 0,
        level_encodings=(_RLE, _RLE) if is_v2 else (said.get(4, _RLE), said.get(3, _RLE)),
        repetitions=said.get(6, 0) if is_v2 else 0,
        definitions=said.get(5, 0) if is_v2 else 0,
        is_packed=bool(said.get(7, 1)) if is_v2 else True,
    )
    _demand(min(header.values, header.repetitions, header.definitions) >= 0)
    _demand(header.repetitions + header.definitions <= min(header.size, header.unpacked))
    return header


def _read_numbers(reader: Compact, numbers: tuple[int, ...], found: dict[int, int]) -> None:
    """Put the fields *numbers* of a struct into *found*; true and false are 1 and 0."""
    for field, kind in reader.fields():
        if field in numbers and kind == I32:
            found[field] = reader.int32()
        elif field in numbers and kind in _TRUTH:
            found[field] = _TRUTH[kind]
        else:
            _demand(field not in numbers)
            reader.skip(kind)


def _demand(is_so: bool) -> None:
    if not is_so:
        raise ValueError("the header of a page says what cannot be")


_KIND, _UNPACKED, _SIZE, _V1, _DICTIONARY, _V2 = 1, 2, 3, 5, 7, 8
_OF_KIND: Mapping[int, int] = {PageKind.DATA: _V1, PageKind.DICTIONARY: _DICTIONARY, PageKind.DATA_V2: _V2}
_ENCODING: Mapping[int, int] = {PageKind.DATA: 2, PageKind.DICTIONARY: 2, PageKind.DATA_V2: 4}
_NUMBERS = {_V1: (1, 2, 3, 4), _DICTIONARY: (1, 2), _V2: (1, 4, 5, 6, 7)}
_TRUTH = {1: 1, 2: 0}
_RLE = 3
