"""The rows of the demonstration: sample rows or rows of a file, uploaded into the segment."""

import io
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from azure.storage.blob.aio import ContainerClient

from local.demo.options import TRIED_ROWS, DemoOptions
from local.layouts import SampleFolder
from local.processes import LocalProblem
from local.samples import Kind, SampleSpec, sample_rows
from shared.domain.dialects.file_kind import kind_of_file
from shared.domain.dialects.file_top import TOP_BYTES, FileTop
from shared.domain.dialects.find_dialect import find_dialects
from shared.domain.dialects.find_evidence import find_evidence
from shared.domain.dialects.foreign_content import is_parquet
from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import Dialect, FileFormat
from shared.domain.rows.file_reader import FileReader
from shared.domain.rows.parquet.arrow_file import ArrowFile
from shared.domain.rows.parquet.column_types import column_type
from shared.domain.rows.parquet.footer_bytes import TAIL_BYTES, footer_length
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from shared.domain.rows.rows import Page

READ_BYTES = 4 * 1024 * 1024
BLOCK_ROWS = 10_000


@dataclass(slots=True)
class SampleCounts:
    """How many sample rows of each kind were written. Mutable."""

    kinds: Counter[Kind] = field(default_factory=Counter)

    @property
    def profiles(self) -> int:
        """Return how many profiles the list must have after the run."""
        return self.kinds[Kind.GOOD]


async def write_sample(container: ContainerClient, folder: str, spec: SampleSpec) -> SampleCounts:
    """Write sample rows as one file of the segment *folder*."""
    counts = SampleCounts()
    await container.upload_blob(f"{folder}/rows.ndjson", _sample(spec, counts))
    return counts


async def write_folder(container: ContainerClient, folder: SampleFolder) -> SampleCounts:
    """Write the files of *folder* in the order in which their writer does, and print their names."""
    for name, blocks in folder.files():
        await container.upload_blob(name, b"".join(blocks))
        print(f"Wrote {name}", flush=True)
    return SampleCounts(Counter(kind for kind, _ in sample_rows(folder.spec)))


async def write_file(container: ContainerClient, folder: str, demo: DemoOptions) -> None:
    """Write the file of *demo* into the segment *folder*.

    With the real Klaviyo and without ``--all``, write only the first rows of the file.
    """
    path = _file(demo)
    if demo.is_real and not demo.send_all:
        first = io.BytesIO(b"".join(orjson.dumps(row) + b"\n" for row in first_rows(path, TRIED_ROWS)))
        await container.upload_blob(f"{folder}/first-rows.ndjson", first)
        return
    with path.open("rb") as source:
        await container.upload_blob(f"{folder}/{path.name}", source, length=path.stat().st_size)


def count_rows(path: Path) -> int:
    """Return how many rows the file has."""
    return sum(len(page.rows) for page in _pages(path))


def first_rows(path: Path, count: int) -> list[dict[str, object]]:
    """Return the first *count* rows of the file that can be read."""
    rows: list[dict[str, object]] = []
    for page in _pages(path):
        rows += [row for row in page.rows if isinstance(row, dict)]
        if len(rows) >= count:
            break
    return rows[:count]


def _pages(path: Path) -> Iterator[Page]:
    try:
        yield from _parquet_pages(path) if _is_parquet(path) else _text_pages(path)
    except ConfigurationError as error:
        raise LocalProblem(str(error)) from error


def _text_pages(path: Path) -> Iterator[Page]:
    reader = FileReader(path.name, _dialect(path))
    with path.open("rb") as source:
        while chunk := source.read(READ_BYTES):
            yield from reader.feed(chunk)
    yield from reader.close()


def _is_parquet(path: Path) -> bool:
    kind = kind_of_file(path.name).format
    with path.open("rb") as source:
        return kind is FileFormat.PARQUET or (kind is None and is_parquet(source.read(TOP_BYTES)))


def _parquet_pages(path: Path) -> Iterator[Page]:
    size = path.stat().st_size
    with path.open("rb") as source:

        def read(offset: int, length: int) -> bytes:
            source.seek(offset)
            return source.read(length)

        tail = read(max(0, size - TAIL_BYTES), TAIL_BYTES)
        footer = footer_length(path.name, tail, size)
        file = ArrowFile(path.name, read(size - footer, footer), size)
        names = [name for name, kind in file.columns if column_type(kind) is not None]
        file.chunks(names)
        rows = ParquetRows(path.name)
        for batch in file.batches(names, read):
            yield from rows.pages(batch)


def _dialect(path: Path) -> Dialect:
    """Return how the file is written, found out as a run finds it out."""
    top = FileTop()
    with path.open("rb") as source:
        while not top.is_enough and (chunk := source.read(TOP_BYTES)):
            top.feed(chunk)
    top.close()
    (finding,) = find_dialects([*filter(None, find_evidence(path.name, top))])
    if finding.dialect is None:
        raise LocalProblem(str(finding.problem))
    return finding.dialect


async def _sample(spec: SampleSpec, counts: SampleCounts) -> AsyncIterator[bytes]:
    block = bytearray()
    for number, (kind, row) in enumerate(sample_rows(spec), 1):
        counts.kinds[kind] += 1
        block += orjson.dumps(row)
        block += b"\n"
        if number % BLOCK_ROWS == 0:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _file(demo: DemoOptions) -> Path:
    if demo.file is None:
        raise LocalProblem("There is no file to send.")
    return demo.file
