"""The way from batches of a Parquet file to pages of rows."""

from collections.abc import Iterator
from itertools import compress
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet.column_types import is_dictionary
from shared.domain.rows.parquet.parquet_sentences import damaged
from shared.domain.rows.parquet.values import Values, reader_of
from shared.domain.rows.rows import Page, Row, Unreadable

PAGE_ROWS = 500
"""A page has at most so many rows: a page takes less than 50 ms, and then other tasks of the event loop can run."""
LONGEST_TEXT = 1_048_576
"""A row with a longer text is refused, as a longer line is."""


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
    """Return the values of *array*; rows whose value is no text, or too long a text, are noted in *refused*."""
    read = reader_of(array.type)
    try:
        values = read(array)
    except UnicodeDecodeError:
        values = [*_one_by_one(array, refused)]
    if array.nbytes > LONGEST_TEXT:
        too_long = [type(value) is str and len(value) > LONGEST_TEXT for value in values]
        refused.update(dict.fromkeys(compress(range(len(values)), too_long), TEXT_TOO_LONG))
    return values


def _one_by_one(array: Any, refused: dict[int, Unreadable]) -> Iterator[Any]:
    if is_dictionary(array.type):
        array = array.dictionary_decode()
    read = reader_of(array.type)
    for index in range(len(array)):
        try:
            yield read(array.slice(index, 1))[0]
        except UnicodeDecodeError:
            refused[index] = NOT_UTF_8
            yield None


TEXT_TOO_LONG = Unreadable("line_too_long", f"A text of the row has more than {LONGEST_TEXT:,} characters.")
NOT_UTF_8 = Unreadable("wrong_encoding", "A text of the row is not UTF-8.")
