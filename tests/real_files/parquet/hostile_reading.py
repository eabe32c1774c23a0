"""Reads Parquet files from memory; as a program, it reads every hostile one and tells how much memory that took."""

import sys
from pathlib import Path

from shared.domain.errors import ConfigurationError
from shared.domain.rows.parquet.arrow_file import ArrowFile
from shared.domain.rows.parquet.footer_bytes import footer_length
from shared.domain.rows.parquet.parquet_rows import ParquetRows
from tests.real_files.parquet import hostile


def read_all(body: bytes) -> tuple[int, str]:
    """Return how many rows were read, and the code of the sentence why no more were."""
    rows = 0
    try:
        file = ArrowFile("vip", body[-footer_length("vip", body, len(body)) :], len(body))
        names = [name for name, _ in file.columns]
        file.chunks(names)
        made = ParquetRows("vip")
        for batch in file.batches(names, lambda offset, length: body[offset : offset + length]):
            rows += sum(len(page.rows) for page in made.pages(batch))
    except ConfigurationError as error:
        return rows, error.sentence.code
    return rows, ""


def _peak() -> int:
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def _main() -> None:
    """Print how many rows were read, and how many MB the process took at most while it read."""
    Path("/proc/self/clear_refs").write_text("5")  # from here on, the most is counted anew
    refused = [*hostile.TOO_LARGE.values(), *hostile.DAMAGED.values(), hostile.MANY_COLUMNS]
    files = [*refused, hostile.FEW_LONG_TEXTS, hostile.FEW_ROWS_AT_ONCE]
    rows = sum(read_all(body)[0] for body in files)
    sys.stdout.write(f"{rows} {_peak()}\n")


if __name__ == "__main__":
    _main()
