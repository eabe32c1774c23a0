"""``python -m local bench``: measures every figure and prints one table."""

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from local.bench import written
from local.bench.parts import ONLY_BY_NAME, PARTS
from local.bench.table import Figure, table

ROWS = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--rows", type=int, default=ROWS, metavar="N", help="rows of the large run (default: %(default)s)"
    )
    parser.add_argument(
        "--picture",
        type=Path,
        default=Path("memory.svg"),
        metavar="FILE",
        help="where to draw how memory grows (default: %(default)s)",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"measure only: {', '.join(PARTS)}")
    parser.add_argument(
        "--write", action="store_true", help="replace the lines of what was measured in docs/performance.md"
    )


async def run(arguments: argparse.Namespace) -> int:
    """Measure and print; the exit code is 0 at any speed, because speed depends on the machine."""
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    figures: list[Figure] = []
    for name in arguments.only or [each for each in PARTS if each not in ONLY_BY_NAME]:
        measured = [_shown(figure) async for figure in PARTS[name](arguments)]
        figures += measured
        if arguments.write:
            today = datetime.now(UTC)
            written.write(name, f"{today.day} {today:%B %Y}, {where}", measured, PARTS)
    print(f"\n{where}\n")
    print(table(figures))
    return 0


def _shown(figure: Figure) -> Figure:
    """Print *figure* at once, because the table comes only at the end."""
    print(f"… {figure.what}: {figure.value}", flush=True)
    return figure
