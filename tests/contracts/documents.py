"""Documents as a test writes and reads them."""

from collections.abc import AsyncIterator, Iterable

from shared.ports import Documents


async def each(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


async def names_in(documents: Documents, prefix: str) -> list[str]:
    return [name async for name in documents.names(prefix)]


async def lines_of(documents: Documents, path: str) -> list[bytes]:
    return [line async for line in documents.read_lines(path)]
