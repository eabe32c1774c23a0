"""Brings the bytes of columns in windows: the next window of each column is fetched while one is worked on."""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

MOST_AT_ONCE = 8
"""So many windows are fetched at the same time."""


@dataclass(frozen=True, slots=True)
class WindowSize:
    """How much is held of the columns of one row group.

    All windows together have about *total* bytes, and each at least *least* and at most *most*; where *is_ahead* is
    true, as much again is on its way.
    """

    total: int = 4 * 1024 * 1024
    least: int = 128 * 1024
    most: int = 4 * 1024 * 1024
    is_ahead: bool = True


class ChunkRanges:
    """Fetches ranges of a file of which *groups* are read, one after the other; mutable.

    A group is a list of chunks, each with its begin and its end, and each is read from its begin to its end: a chunk is
    where one column of a row group lies. Nothing outside of the chunks is fetched unless it is asked for.
    *read* reads a range.
    """

    def __init__(
        self, read: Callable[[int, int], Awaitable[bytes]], groups: Iterable[list[tuple[int, int]]], window: WindowSize
    ) -> None:
        self._read = read
        self._is_ahead = window.is_ahead
        self._gate = asyncio.Semaphore(MOST_AT_ONCE)
        chunks = [chunk for number, group in enumerate(groups) for chunk in _chunks(number, group, window)]
        self._chunks = sorted(chunks, key=lambda chunk: chunk.begin)
        self._begins = [chunk.begin for chunk in self._chunks]
        self._group = -1

    async def fetch(self, offset: int, length: int) -> bytes:
        """Return the bytes of a range."""
        place = bisect_right(self._begins, offset) - 1
        chunk = self._chunks[place] if place >= 0 else None
        if chunk is None or offset < chunk.at or offset + length > chunk.end:
            return await self._range(offset, length)
        if chunk.group != self._group:
            await self._go_to(chunk.group)
        while chunk.next < offset + length:
            ahead, chunk.ahead = chunk.ahead, None
            more = await (ahead or self._range(chunk.next, chunk.next_size))
            chunk.take(more, offset)
            self._look_ahead(chunk)
        return chunk.body[offset - chunk.at : offset - chunk.at + length]

    async def close(self) -> None:
        """Let go of what is still on its way."""
        tasks = [chunk.ahead for chunk in self._chunks if chunk.ahead is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _go_to(self, group: int) -> None:
        """Forget the chunks of the last group, and begin to fetch those of *group*."""
        await self.close()
        self._group = group
        for chunk in self._chunks:
            chunk.ahead, chunk.body = None, b""
            if chunk.group == group:
                self._look_ahead(chunk)

    def _look_ahead(self, chunk: "_Chunk") -> None:
        if self._is_ahead and chunk.next < chunk.end:
            chunk.ahead = asyncio.create_task(self._range(chunk.next, chunk.next_size))

    async def _range(self, offset: int, length: int) -> bytes:
        async with self._gate:
            return await self._read(offset, length)


@dataclass(slots=True)
class _Chunk:
    """Where a column of a row group lies, *body*, its bytes from *at* on, and those that are on their way; mutable."""

    group: int
    begin: int
    end: int
    window: int
    at: int
    body: bytes = b""
    ahead: asyncio.Task[bytes] | None = None

    @property
    def next(self) -> int:
        """Return where the next window begins."""
        return self.at + len(self.body)

    @property
    def next_size(self) -> int:
        """Return how large the next window is."""
        return min(self.window, self.end - self.next)

    def take(self, more: bytes, offset: int) -> None:
        """Take the next window; what lies before *offset* is not needed any more."""
        begin = min(offset, self.next)
        self.body = self.body[begin - self.at :] + more
        self.at = begin


def _chunks(number: int, group: Iterable[tuple[int, int]], window: WindowSize) -> list[_Chunk]:
    places = sorted({place for place in group if place[1] > place[0]})
    total = sum(end - begin for begin, end in places)
    sizes = [window.total * (end - begin) // total for begin, end in places]
    return [
        _Chunk(number, begin, end, max(window.least, min(window.most, size)), begin)
        for (begin, end), size in zip(places, sizes, strict=True)
    ]
