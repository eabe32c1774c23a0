"""Looks at what the footer of a Parquet file speaks of, before pyarrow makes room for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet import parquet_sentences as sentences
from shared.domain.rows.parquet.compact_form import BINARY, I32, I64, LIST, STRUCT, Compact

MOST_CHUNKS = 50_000
"""So many columns may all row groups have together: each takes about 1 KB in memory, and as little as 4 bytes here."""
_CODEC, _MOST_CODEC = 4, 7
"""Asked for a codec that it does not know, pyarrow 26 ends the process."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the fields of a struct hold: *lists* says of which kind elements are, and *inner* how structs go on.

    Elements are read by the kind that they should have, whatever kind the list says: where the two differ, nobody
    knows how many elements there are.
    """

    lists: Mapping[int, int] = field(default_factory=dict)
    inner: Mapping[int, "_Shape"] = field(default_factory=dict)


_CRYPTO = _Shape(inner={2: _Shape(lists={1: BINARY})})
_SIZES, _PLACES = _Shape(lists={2: I64, 3: I64}), _Shape(lists={2: I32})
_COLUMN = _Shape(lists={2: I32, 3: BINARY, 8: STRUCT, 13: STRUCT}, inner={16: _SIZES, 17: _PLACES})
_CHUNK = _Shape(inner={3: _COLUMN, 8: _CRYPTO})
_GROUP = _Shape(lists={1: STRUCT, 4: STRUCT}, inner={1: _CHUNK})
_FOOTER = _Shape(lists={2: STRUCT, 4: STRUCT, 5: STRUCT, 7: STRUCT}, inner={4: _GROUP})


def check_footer(file: str, footer: bytes) -> None:
    """Raise `ConfigurationError` for a *footer* that speaks of too much, or that cannot be read."""
    try:
        chunks = _chunks(Compact(footer), _FOOTER)
    except _UnknownCodec:
        raise ConfigurationError(sentences.codec_unknown(file)) from None
    except (IndexError, ValueError):
        raise ConfigurationError(sentences.damaged(file)) from None
    if chunks > MOST_CHUNKS:
        raise ConfigurationError(sentences.too_many_chunks(file, chunks, MOST_CHUNKS))


class _UnknownCodec(Exception):
    """A column is packed in a way that Parquet does not have."""


def _chunks(reader: Compact, shape: _Shape) -> int:
    """Return how many columns of row groups a struct of *shape* has."""
    found = 0
    for number, kind in reader.fields():
        inner = shape.inner.get(number)
        if kind == LIST and number in shape.lists:
            size, element = reader.elements()
            if size and element != shape.lists[number]:
                raise ValueError("a list of something else")
            found += size if inner is _CHUNK else 0
            for _ in range(size):
                if inner is None:
                    reader.skip(element)
                else:
                    found += _chunks(reader, inner)
        elif shape is _COLUMN and (number, kind) == (_CODEC, I32):
            if not 0 <= reader.int32() <= _MOST_CODEC:
                raise _UnknownCodec
        elif kind == STRUCT and inner is not None and number not in shape.lists:
            found += _chunks(reader, inner)
        else:
            reader.skip(kind)
    return found
