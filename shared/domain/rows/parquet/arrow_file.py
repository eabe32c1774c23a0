"""Reads Parquet with pyarrow, and is the only module that knows pyarrow.

pyarrow is large, so it is loaded when the first Parquet file is met. Everything here takes longer than the event loop
may be held, and is done in a thread.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet import parquet_sentences as sentences
from shared.domain.rows.parquet.checked_pages import CheckedPages, Chunk
from shared.domain.rows.parquet.column_types import leaves
from shared.domain.rows.parquet.footer_bytes import MAGIC
from shared.domain.rows.parquet.footer_size import check_footer
from shared.domain.rows.parquet.ranged_file import RangedFile
from shared.domain.sentences import Sentence

BATCH_ROWS = 4096
"""So many rows are unpacked at once."""
BATCH_BYTES = 8 * 1024 * 1024
"""Fewer rows are unpacked at once where they have more bytes than this together."""
BUFFER_BYTES = 64 * 1024
"""A column is read in pieces of so many bytes: a row group is never in memory as a whole."""
MOST_DEPTH = 64
MOST_IN_A_LIST = 20_000
"""So many columns, or row groups, may a footer name: room is made for a list before the list is read."""
_SMALL_DICTIONARY = 64 * 1024
_LEAST_PLAIN_BYTES = 4
"""Fewer bytes a value tell that values stand in a dictionary, as a text alone takes as many for its length."""


class ArrowFile:
    """What the *footer* of *file* says, and the rows of the file, which has *size* bytes.

    Raises `ConfigurationError` for a footer that cannot be read.
    """

    def __init__(self, file: str, footer: bytes, size: int) -> None:
        import pyarrow as pa  # noqa: PLC0415 - only where there is such a file
        from pyarrow import parquet  # noqa: PLC0415 - as above

        check_footer(file, footer)
        self._file, self._size, self._end = file, size, size - len(footer)
        self._parquet, self._places = parquet, dict[tuple[int, int], tuple[int, int]]()
        self._limits = {
            "thrift_string_size_limit": len(footer),
            "thrift_container_size_limit": MOST_IN_A_LIST,
            "schema_depth_limit": MOST_DEPTH,
        }
        with self._problems():
            opened = parquet.ParquetFile(pa.BufferReader(MAGIC + footer), **self._options())
            self._metadata, self._schema = opened.metadata, opened.schema_arrow

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return int(self._metadata.num_rows)

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """Return the name and the type of each column, in their order."""
        return [(field.name, field.type) for field in self._schema]

    def chunks(self, names: Collection[str]) -> list[list[tuple[int, int]]]:
        """Return, for each row group, where the values of the columns *names* lie: where each begins and ends.

        Raises `ConfigurationError` where the footer leads out of the file, or says what cannot be.
        """
        asked_for = self._leaves(names)
        with self._problems():
            asked = self._open(RangedFile(self._size, _ask), {**self._options(), "buffer_size": 0}).reader
            for group in self._groups():
                self._places |= {(group, leaf): self._place(asked, group, leaf) for leaf in asked_for}
        groups = [[self._places[group, leaf] for leaf in asked_for] for group in self._groups()]
        if any(begin < len(MAGIC) or end > self._end for chunks in groups for begin, end in chunks):
            raise ConfigurationError(sentences.damaged(self._file))
        return groups

    def _place(self, reader: Any, group: int, leaf: int) -> tuple[int, int]:
        """Return where a column of values lies: the range that *reader*, which has no buffer, asks for.

        The metadata would say the same. For damaged metadata, pyarrow ends the process when it is asked directly, and
        raises an error when it reads.
        """
        batches = reader.iter_batches(1, row_groups=[group], column_indices=[leaf], use_threads=False)
        try:
            next(iter(batches), None)
        except _Asked as asked:
            return asked.begin, asked.end
        raise ValueError("a column without values in a row group that has rows")

    def batches(self, names: Collection[str], fetch: Callable[[int, int], bytes]) -> Iterator[Any]:
        """Yield batches of rows with the columns *names*, in order; *fetch* returns the bytes of a range.

        `chunks` of the same *names* comes first.

        Raises `ConfigurationError` where the file is damaged, and what *fetch* raises.
        """
        if not names:
            return
        for group in self._groups():
            with self._problems():
                chunks = {leaf: self._chunk(group, leaf) for leaf in self._leaves(names)}
                pages = CheckedPages(self._file, [*chunks.values()], fetch, unpack)
                in_dictionaries = self._in_dictionaries(group, chunks)
                pages.rows_at_once = self._rows_at_once(group, chunks)
                opened = self._open(
                    RangedFile(self._size, pages.fetch), {**self._options(), "read_dictionary": in_dictionaries}
                )
                expected, seen = self._metadata.row_group(group).num_rows, 0
                reader = opened.reader.iter_batches(
                    pages.rows_at_once, row_groups=[group], column_indices=[*chunks], use_threads=False
                )
                batches = iter(reader)
            while True:
                with self._problems():
                    batch = next(batches, None)
                if batch is None:
                    break
                seen += len(batch)
                yield batch
            if seen != expected:
                raise ConfigurationError(sentences.damaged(self._file))

    def _open(self, source: RangedFile, options: dict[str, Any]) -> Any:
        return self._parquet.ParquetFile(source, metadata=self._metadata, **options)

    def _groups(self) -> list[int]:
        """Return the numbers of the row groups that have rows."""
        groups = range(self._metadata.num_row_groups)
        return [group for group in groups if self._metadata.row_group(group).num_rows]

    def _options(self) -> dict[str, Any]:
        return {
            **self._limits,
            "buffer_size": BUFFER_BYTES,
            "pre_buffer": False,
            "coerce_int96_timestamp_unit": "us",
            "page_checksum_verification": True,
        }

    def _leaves(self, names: Collection[str]) -> list[int]:
        """Return the numbers of the columns of values that the columns *names* are made of."""
        found, first = list[int](), 0
        for name, kind in self.columns:
            count = leaves(kind)
            if name in names:
                found += range(first, first + count)
            first += count
        return found

    def _chunk(self, group: int, leaf: int) -> Chunk:
        """Return where a column of values lies, and how it is packed; `chunks` has looked at the metadata before."""
        begin, end = self._places[group, leaf]
        column, kind = self._metadata.row_group(group).column(leaf), self._metadata.schema.column(leaf)
        return Chunk(
            begin,
            end,
            values=column.num_values,
            codec=column.compression,
            is_text=kind.physical_type == "BYTE_ARRAY",
            width=max(0, kind.length),
            repetition=kind.max_repetition_level,
            definition=kind.max_definition_level,
        )

    def _in_dictionaries(self, group: int, chunks: Mapping[int, Chunk]) -> list[str]:
        """Return the columns whose values are few, and so stay where they are: in a dictionary."""
        flat = {name for name, kind in self.columns if str(kind) in ("string", "large_string")}
        found = list[str]()
        for leaf, chunk in chunks.items():
            column = self._metadata.row_group(group).column(leaf)
            if column.path_in_schema in flat and _is_in_dictionary(chunk, column):
                found.append(column.path_in_schema)
                chunk.longest = 0
        return found

    def _rows_at_once(self, group: int, chunks: Mapping[int, Chunk]) -> int:
        metadata = self._metadata.row_group(group)
        size = sum(metadata.column(leaf).total_uncompressed_size for leaf in chunks)
        longest = sum(chunk.longest for chunk in chunks.values())
        by_size = BATCH_BYTES * max(1, metadata.num_rows) // max(1, size)
        return int(max(1, min(BATCH_ROWS, by_size, BATCH_BYTES // max(1, longest))))

    @contextmanager
    def _problems(self) -> Iterator[None]:
        """Raise what pyarrow says of the file as an error that names the file; its own words may hold values."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        try:
            yield
        except (pa.ArrowException, OSError, ValueError, OverflowError, IndexError) as error:
            raise ConfigurationError(self._problem(error)) from None

    def _problem(self, error: Exception) -> Sentence:
        said = str(error).lower()
        if "crypt" in said:
            return sentences.encrypted(self._file)
        is_unknown = any(words in said for words in ("codec", "lzo compression", "value for compression"))
        return sentences.codec_unknown(self._file) if is_unknown else sentences.damaged(self._file)


def unpack(packed: bytes, size: int, codec: str) -> bytes:
    """Return *packed*, unpacked to *size* bytes; raises `ValueError` where it cannot be."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    try:
        return bytes(pa.decompress(packed, size, codec, asbytes=True))
    except (pa.ArrowException, OSError) as error:
        raise ValueError("it cannot be unpacked") from error


class _Asked(Exception):
    """Somebody has asked for a range of the file."""

    def __init__(self, begin: int, end: int) -> None:
        super().__init__()
        self.begin, self.end = begin, end


def _ask(offset: int, length: int) -> bytes:
    raise _Asked(offset, offset + length)


def _is_in_dictionary(chunk: Chunk, column: Any) -> bool:
    """Tell whether values can stay in a dictionary; pyarrow cannot put those into one that are written as deltas."""
    if chunk.dictionary is None or any("DELTA" in encoding for encoding in column.encodings):
        return False
    is_plain = column.total_uncompressed_size >= _LEAST_PLAIN_BYTES * column.num_values
    return chunk.dictionary.size <= _SMALL_DICTIONARY or not is_plain
