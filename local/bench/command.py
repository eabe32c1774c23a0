"""``python -m local bench``: measures every figure and prints one table."""

import argparse
import os
import platform
from pathlib import Path

from local.bench import (
    columns,
    columns_in_a_host,
    first_answers,
    import_time,
    looks_for_data,
    many_callers,
    many_exports,
    official_client,
    whole_runs,
)
from local.bench.page import first_rows
from local.bench.rows import ideas, replay, rows_per_second
from local.bench.table import Figure, table

ROWS = 1_000_000
SMALL = 100_000
PIPELINE_ROWS = 200_000


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
    parser.add_argument(
        "--only",
        choices=("pipeline", "ideas", "columns", "runs", "client", "import", "callers", "exports", "looks", "page"),
        help="measure only this part",
    )


async def run(arguments: argparse.Namespace) -> int:
    """Measure and print; the exit code is 0 at any speed, because speed depends on the machine."""
    small = min(SMALL, arguments.rows)
    figures = [_shown(figure) for figure in ideas.measure()] if arguments.only == "ideas" else []
    if arguments.only in (None, "import"):
        figures.append(_shown(import_time.measure()))
        figures += [_shown(figure) for figure in await first_answers.measure()]
    if arguments.only in (None, "pipeline"):
        figures += [_shown(figure) for figure in rows_per_second.measure(min(PIPELINE_ROWS, arguments.rows))]
        figures += [_shown(figure) for figure in replay.measure(arguments.rows)]
    if arguments.only in (None, "columns"):
        figures += [_shown(figure) for figure in columns.measure(arguments.rows)]
        figures += [_shown(figure) async for figure in columns_in_a_host.measure(arguments.rows)]
    if arguments.only in (None, "client"):
        figures += [_shown(figure) async for figure in official_client.measure(small)]
    if arguments.only in (None, "callers"):
        figures += [_shown(figure) async for figure in many_callers.measure()]
    if arguments.only in (None, "exports"):
        figures += [_shown(figure) async for figure in many_exports.measure()]
    if arguments.only in (None, "looks"):
        figures += [_shown(figure) async for figure in looks_for_data.measure()]
    if arguments.only in (None, "page"):
        figures += [_shown(figure) async for figure in first_rows.measure()]
    if arguments.only in (None, "runs"):
        figures += [_shown(figure) async for figure in whole_runs.measure(arguments.rows, arguments.picture)]
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
    print(table(figures))
    return 0


def _shown(figure: Figure) -> Figure:
    """Print *figure* at once, because the table comes only at the end."""
    print(f"… {figure.what}: {figure.value}", flush=True)
    return figure
