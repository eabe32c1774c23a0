"""The rows of the demonstration: made, or taken from a file, and put where the app looks for segments."""

import io
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from azure.storage.blob.aio import ContainerClient

from local.demo.wish import TRIED_ROWS, DemoWish
from local.processes import LocalProblem
from local.segment import Kind, Wish, sample_rows
from shared.domain.errors import ConfigurationError
from shared.domain.rows.data_files import BlobRows
from shared.domain.rows.rows import Page

READ_BYTES = 4 * 1024 * 1024
BLOCK_ROWS = 10_000


@dataclass(slots=True)
class SampleTruth:
    """What should become of the sample rows, by kind; filled as they are written; mutable."""

    kinds: Counter[Kind] = field(default_factory=Counter)

    @property
    def profiles(self) -> int:
        """How many profiles the list must have in the end."""
        return self.kinds[Kind.GOOD]


async def write_sample(container: ContainerClient, folder: str, wish: Wish) -> SampleTruth:
    """Write sample rows as one file of the segment *folder*."""
    truth = SampleTruth()
    await container.upload_blob(f"{folder}/rows.ndjson", _sample(wish, truth))
    return truth


async def write_file(container: ContainerClient, folder: str, wish: DemoWish) -> None:
    """Write the file of *wish*, or its first rows, as a file of the segment *folder*."""
    path = _file(wish)
    if wish.is_real and not wish.send_all:
        first = io.BytesIO(b"".join(orjson.dumps(row) + b"\n" for row in first_rows(path, TRIED_ROWS)))
        await container.upload_blob(f"{folder}/first-rows.ndjson", first)
        return
    with path.open("rb") as source:
        await container.upload_blob(f"{folder}/{path.name}", source, length=path.stat().st_size)


def count_rows(path: Path) -> int:
    """Return how many rows the file has."""
    return sum(len(page.rows) for page in _pages(path))


def first_rows(path: Path, count: int) -> list[dict[str, object]]:
    """Return the first rows of the file that can be read."""
    rows: list[dict[str, object]] = []
    for page in _pages(path):
        rows += [row for row in page.rows if isinstance(row, dict)]
        if len(rows) >= count:
            break
    return rows[:count]


def _pages(path: Path) -> Iterator[Page]:
    reader = BlobRows(path.name)
    try:
        with path.open("rb") as source:
            while chunk := source.read(READ_BYTES):
                yield from reader.feed(chunk)
        yield from reader.close()
    except ConfigurationError as error:
        raise LocalProblem(str(error)) from error


async def _sample(wish: Wish, truth: SampleTruth) -> AsyncIterator[bytes]:
    block = bytearray()
    for number, (kind, row) in enumerate(sample_rows(wish), 1):
        truth.kinds[kind] += 1
        block += orjson.dumps(row)
        block += b"\n"
        if number % BLOCK_ROWS == 0:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _file(wish: DemoWish) -> Path:
    if wish.file is None:
        raise LocalProblem("There is no file to send.")
    return wish.file
