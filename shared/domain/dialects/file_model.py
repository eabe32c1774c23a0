"""What a model says of one CSV file: its columns, and how it is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.config.reading import Reading
from shared.domain.dialects.plausible_columns import looks_like_data
from shared.domain.rows.dialect import ColumnType
from shared.domain.rows.text_encodings import UTF_8
from shared.domain.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class FileModel:
    """The *columns* of a file in their order, with a type each, and the settings of the file.

    *file* is the name of the model. *has_header* is what the model says; the first record has the last word.
    """

    file: str
    columns: tuple[str, ...]
    types: tuple[ColumnType, ...]
    has_header: bool = False
    delimiter: str = ","
    encoding: str = UTF_8

    def reading(self, given: Reading) -> Reading:
        """Return how the file is read; what an export says (*given*) wins."""
        encoding = given.encoding or (None if self.encoding == UTF_8 else self.encoding)
        return given.model_copy(update={"delimiter": given.delimiter or self.delimiter, "encoding": encoding})

    def columns_below(self, header: Sequence[str]) -> tuple[str, ...]:
        """Return the columns in the order of *header*, which has their names, in whatever case."""
        names = {column.strip().casefold(): column for column in self.columns}
        return tuple(names.get(cell, "") for cell in _folded(header)) if self._is_named_in(header) else self.columns

    def types_of(self, columns: Sequence[str]) -> tuple[ColumnType, ...]:
        """Return the types of *columns*."""
        types = dict(zip(self.columns, self.types, strict=True))
        return tuple(types.get(column, "text") for column in columns)

    def is_header(self, first: Sequence[str], *, is_row: bool) -> bool:
        """Tell whether the record *first* is a header; *is_row* tells that it looks like the records behind it.

        A header that nobody announced has the names of the columns; one that was announced may have other names, but
        is no data: a row that is taken for a header is lost.
        """
        return self._is_named_in(first) or (self.has_header and not is_row and not looks_like_data(first))

    def problem(self, name: str, first: Sequence[str]) -> Sentence | None:
        """Return why the file *name*, whose first record is *first*, is not the one that the model means."""
        filled = max((place for place, cell in enumerate(first, 1) if cell.strip()), default=0)
        cells = max(filled, min(len(first), len(self.columns)))
        if cells == len(self.columns):
            return None
        return say("model_other_columns", _OTHER, file=name, cells=cells, columns=len(self.columns), model=self.file)

    def _is_named_in(self, record: Sequence[str]) -> bool:
        return sorted(_folded(record)) == sorted(_folded(self.columns))


def _folded(names: Sequence[str]) -> list[str]:
    return [name.strip().casefold() for name in names]


_OTHER = (
    "File '{file}' has {cells:,} columns, and model '{model}' names {columns:,}. Let both be written anew by the same "
    "program; a file of another state must not be read with these names."
)
