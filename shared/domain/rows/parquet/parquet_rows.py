"""The way from batches of a Parquet file to pages of rows."""

from collections.abc import Iterator
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet.column_types import is_dictionary
from shared.domain.rows.parquet.parquet_sentences import damaged
from shared.domain.rows.parquet.values import Read, Values, reader_of
from shared.domain.rows.rows import Page, Row, Unreadable
from shared.domain.sentences import say

PAGE_ROWS = 500
"""A page has at most so many rows: a page takes less than 50 ms, and then other tasks of the event loop can run."""
LARGEST_VALUE = 1_048_576
"""A row with a value of more bytes is refused, as a longer line is; a large value would hold up all other tasks."""


class ParquetRows:
    """Makes pages of the batches of the file *name*, in order; mutable."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._next_row = 1

    def pages(self, batch: Any) -> Iterator[Page]:
        """Yield the pages of *batch*; raises `ConfigurationError` where its values show that the file is damaged."""
        for start in range(0, len(batch), PAGE_ROWS):
            try:
                rows = _rows(batch.slice(start, PAGE_ROWS))
            except (ArithmeticError, LookupError, ValueError, NotImplementedError) as error:
                raise ConfigurationError(damaged(self._name)) from error
            numbers = range(self._next_row, self._next_row + len(rows))
            self._next_row += len(rows)
            yield Page(self._name, numbers.start, rows, numbers)


def _rows(batch: Any) -> list[Row | Unreadable]:
    names: list[str] = batch.schema.names
    refused = dict[int, Unreadable]()
    columns = [_column(array, refused) for array in batch.columns]
    rows: list[Row | Unreadable] = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    for index, why in refused.items():
        rows[index] = why
    return rows


def _column(array: Any, refused: dict[int, Unreadable]) -> Values:
    """Return the values of *array*; rows whose value is no text, or too large, are noted in *refused*."""
    values = array.dictionary if is_dictionary(array.type) else array
    if values.nbytes <= LARGEST_VALUE:
        try:
            return reader_of(array.type)(array)
        except UnicodeDecodeError:
            pass
    return [*_one_by_one(array, refused)]


def _one_by_one(array: Any, refused: dict[int, Unreadable]) -> Iterator[Any]:
    """Yield the values of *array*, None in the place of those that are refused; each place is read once."""
    places: list[int | None] = [*range(len(array))]
    if is_dictionary(array.type):
        places, array = array.indices.to_pylist(), array.dictionary
    read, known = reader_of(array.type), dict[int | None, Any]({None: None})
    for index, place in enumerate(places):
        if place not in known:
            known[place] = _value(array, place or 0, read)
        found = known[place]
        if type(found) is Unreadable:
            refused[index], found = found, None
        yield found


def _value(array: Any, place: int, read: Read) -> Any:
    if not 0 <= place < len(array):
        raise IndexError
    value = array.slice(place, 1)
    try:
        return read(value)[0] if value.nbytes <= LARGEST_VALUE else TOO_LARGE
    except UnicodeDecodeError:
        return NOT_UTF_8


TOO_LARGE = Unreadable(
    "line_too_long", say("value_too_long", "A value of the row has more than {bytes:,} bytes.", bytes=LARGEST_VALUE)
)
NOT_UTF_8 = Unreadable("wrong_encoding", say("text_not_utf_8", "A text of the row is not UTF-8."))
