"""Looks at each page of the columns of a row group before pyarrow may unpack it.

A page of a few bytes can stand for gigabytes: packed, as a place in a dictionary for each of many values, as the
beginning of the value before it, or as a list without end. What the footer says of sizes is not believed.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet import parquet_sentences as sentences
from shared.domain.rows.parquet.page_header import PageHeader, PageKind, read_page_header
from shared.domain.rows.parquet.page_values import check_lengths, longest_value, rows_begun, size_by_prefixes
from shared.domain.rows.parquet.unpacked_page import Unpack, split_levels, unpacked

MOST_UNPACKED = 256 * 1024 * 1024
"""So many bytes may the pages of all columns have that are needed for the rows that are unpacked at once."""
MOST_HEADER = 1024 * 1024
_STEP = 64 * 1024
_TEXT_BYTES = 16
"""A text in a dictionary takes so many bytes beside its own."""
_LEVEL_BYTES = 12
"""A value takes so many bytes beside its own: two levels, and a place."""
_DELTA_LENGTHS, _DELTA_TEXTS = 6, 7
_IN_DICTIONARY = (2, 8)
"""Encodings, by the numbers that Parquet gives them."""


@dataclass(slots=True)
class Chunk:
    """Where a column of a row group lies, and what is known of its pages; mutable.

    *values* is how many values it has; what lies behind their pages is nobody's.
    *width* is the size of each value where all have the same, and *is_text* tells that values have their own sizes.
    *repetition* and *definition* are the largest levels.
    *longest* is the size of the longest value in its dictionary, 0 where there is none, or rows get places in it.
    """

    begin: int
    end: int
    values: int
    codec: str
    is_text: bool
    width: int
    repetition: int
    definition: int
    longest: int = 0
    dictionary: PageHeader | None = None
    kept: bytes = b""
    at: int = field(init=False)
    checked: int = field(init=False)
    seen: int = 0
    rows: int = 0
    pages: deque[tuple[int, int]] = field(default_factory=deque)
    """The last row, and the bytes, of each page that is still needed."""

    def __post_init__(self) -> None:
        self.at = self.checked = self.begin


class CheckedPages:
    """The bytes of *chunks*, each handed on when its page has been looked at; mutable.

    *fetch* brings bytes, and *unpack* unpacks them to look at them.
    *rows_at_once* is how many rows are unpacked at once. Raises `ConfigurationError` for a page that would take too
    much memory, and `ValueError` for one that is damaged.
    """

    def __init__(self, file: str, chunks: Sequence[Chunk], fetch: Callable[[int, int], bytes], unpack: Unpack) -> None:
        self._file, self._chunks, self._fetch, self._unpack_bytes = file, chunks, fetch, unpack
        self._unpacked = 0
        self.rows_at_once = 1
        for chunk in chunks:
            self._look_at_dictionary(chunk)

    def fetch(self, offset: int, length: int) -> bytes:
        """Return the bytes of a range of a chunk."""
        end = offset + length
        chunk = next((chunk for chunk in self._chunks if chunk.begin <= offset and end <= chunk.end), None)
        if chunk is None:
            raise ValueError("bytes of no column")
        self._pull(chunk, end)
        while chunk.checked < end:
            self._look_at_page(chunk)
        if offset < chunk.at:
            return self._fetch(offset, length)
        body = chunk.kept[offset - chunk.at : end - chunk.at]
        chunk.kept, chunk.at = chunk.kept[end - chunk.at :], end
        return body

    def _look_at_dictionary(self, chunk: Chunk) -> None:
        """Learn how long values are that rows only name by their place."""
        header = self._header(chunk)
        if header.kind != PageKind.DICTIONARY:
            return
        chunk.dictionary, chunk.longest = header, chunk.width
        self._take(2 * header.room + _TEXT_BYTES * header.values)
        if chunk.is_text:
            chunk.longest = max(longest_value(page, header.values) for page in self._unpack(chunk, header))
        elif header.values * max(1, chunk.width) > header.unpacked:
            raise ValueError("more values than there is room for")
        chunk.checked += header.length + header.size

    def _look_at_page(self, chunk: Chunk) -> None:
        if chunk.seen >= chunk.values:  # pyarrow goes no further
            chunk.checked = chunk.end
            return
        header = self._header(chunk)
        if not header.is_data:
            raise ValueError("a second dictionary, or what nobody writes")
        chunk.seen += header.values
        self._forget(chunk)
        size = self._size(chunk, header)
        chunk.pages.append((chunk.rows, size))
        chunk.checked += header.length + header.size

    def _size(self, chunk: Chunk, header: PageHeader) -> int:
        """Return, and count, the bytes that the page takes; count the rows that begin in it."""
        values = header.values if chunk.repetition else min(header.values, self.rows_at_once)
        longest = chunk.longest if header.encoding in _IN_DICTIONARY else 0
        size = header.room + values * (_LEVEL_BYTES + longest)
        self._take(size)
        has_lengths = header.encoding in (_DELTA_LENGTHS, _DELTA_TEXTS)
        if not chunk.repetition and not has_lengths:
            chunk.rows += header.values
            return size
        rows, grown = [header.values], [0]
        for page in self._unpack(chunk, header):
            levels, begin = split_levels(header, page, chunk.repetition, chunk.definition)
            if chunk.repetition:
                rows.append(rows_begun(levels, chunk.repetition.bit_length(), header.values))
            grown.append(self._grown(header, page, begin))
        chunk.rows += min(rows)
        self._take(max(grown))
        return size + max(grown)

    def _grown(self, header: PageHeader, page: bytes, begin: int) -> int:
        """Return how much larger than the page its values are."""
        if header.encoding == _DELTA_TEXTS:
            return size_by_prefixes(page, begin, header.values, MOST_UNPACKED)
        if header.encoding == _DELTA_LENGTHS:
            check_lengths(page, begin, header.values)
        return 0

    def _forget(self, chunk: Chunk) -> None:
        """Forget the pages whose rows have all been handed over before those that are unpacked now."""
        row = max(0, chunk.rows - 1) if chunk.repetition else chunk.rows  # a row may go on in the next page
        first = row - row % self.rows_at_once
        while chunk.pages and chunk.pages[0][0] <= first:
            self._unpacked -= chunk.pages.popleft()[1]

    def _take(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > MOST_UNPACKED:
            raise ConfigurationError(sentences.unpacks_too_large(self._file, MOST_UNPACKED))

    def _unpack(self, chunk: Chunk, header: PageHeader) -> list[bytes]:
        begin = chunk.checked + header.length
        end = begin + header.size
        self._pull(chunk, end)
        return unpacked(self._unpack_bytes, chunk.codec, header, chunk.kept[begin - chunk.at : end - chunk.at])

    def _header(self, chunk: Chunk) -> PageHeader:
        """Return the header at the place up to which *chunk* has been looked at."""
        if chunk.checked >= chunk.end:
            raise ValueError("a page outside of its column")
        most = min(chunk.checked + MOST_HEADER, chunk.end)
        while True:
            try:
                header = read_page_header(chunk.kept, chunk.checked - chunk.at)
            except IndexError:
                have = chunk.at + len(chunk.kept)
                if have >= most:
                    raise ValueError("a header that does not end") from None
                self._pull(chunk, min(most, max(have, chunk.checked) + _STEP))
                continue
            if chunk.checked + header.length + header.size > chunk.end:
                raise ValueError("a page that does not end with its column")
            return header

    def _pull(self, chunk: Chunk, end: int) -> None:
        """Fetch the bytes of *chunk* up to *end*."""
        have = chunk.at + len(chunk.kept)
        if have < end:
            chunk.kept += self._fetch(have, end - have)
