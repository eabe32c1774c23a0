"""The parts of a benchmark: each measures by itself and yields its figures as they come."""

import argparse
from collections.abc import AsyncIterator, Callable

from local.bench import (
    columns,
    columns_in_a_host,
    first_answers,
    import_time,
    looks_for_data,
    many_callers,
    many_exports,
    official_client,
    recovery,
    whole_runs,
)
from local.bench.costs import command as costs
from local.bench.page import first_rows
from local.bench.rows import ideas, replay, rows_per_second
from local.bench.rows.allocator import keep_freed_memory
from local.bench.table import Figure

SMALL = 100_000
PIPELINE_ROWS = 200_000

Part = Callable[[argparse.Namespace], AsyncIterator[Figure]]


async def _cold_start(_: argparse.Namespace) -> AsyncIterator[Figure]:
    yield import_time.measure()
    for figure in await first_answers.measure():
        yield figure


async def _pipeline(arguments: argparse.Namespace) -> AsyncIterator[Figure]:
    keep_freed_memory()
    for figure in rows_per_second.measure(min(PIPELINE_ROWS, arguments.rows)):
        yield figure
    for figure in replay.measure(arguments.rows):
        yield figure


async def _ideas(_: argparse.Namespace) -> AsyncIterator[Figure]:
    keep_freed_memory()
    for figure in ideas.measure():
        yield figure


async def _columns(arguments: argparse.Namespace) -> AsyncIterator[Figure]:
    for figure in columns.measure(arguments.rows):
        yield figure
    async for figure in columns_in_a_host.measure(arguments.rows):
        yield figure


PARTS: dict[str, Part] = {
    "import": _cold_start,
    "pipeline": _pipeline,
    "columns": _columns,
    "client": lambda arguments: official_client.measure(min(SMALL, arguments.rows)),
    "callers": lambda _: many_callers.measure(),
    "exports": lambda _: many_exports.measure(),
    "looks": lambda _: looks_for_data.measure(),
    "page": lambda _: first_rows.measure(),
    "runs": lambda arguments: whole_runs.measure(arguments.rows, arguments.picture),
    "recovery": lambda _: recovery.measure(),
    "costs": lambda arguments: costs.measure(arguments.rows),
    "ideas": _ideas,
}
"""All parts in the order in which they are measured and written down."""
ONLY_BY_NAME = {"ideas"}
"""The parts that compare ways to write the code; they tell nothing about the app."""
