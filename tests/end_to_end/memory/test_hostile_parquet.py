"""What hostile Parquet files cost, in a process that does nothing else."""

import subprocess
import sys
from pathlib import Path

MOST_MEGABYTES = 250


def test_to_read_every_hostile_file_takes_no_gigabytes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.real_files.parquet.hostile_reading"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 23_000
    assert megabytes < MOST_MEGABYTES
