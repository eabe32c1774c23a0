"""Measures what the first page of the exports costs where there are many of them, with many runs behind them."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

from local.bench.costs.counting import Kind, counter
from local.bench.table import Figure
from local.demo.options import sample_options
from local.demo.system import EXPORT_ID, RunningSystem, configure, export_document, running_system
from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import Run, RunStatus, Source, Tally
from shared.pipeline.reading.few_at_once import few_at_once
from shared.store.paths import export_path, index_path, run_path

EXPORTS, RUNS, PAGE = 500, 20, 100
ASKED = 3
MOST_SECONDS = 3.0
MOST_REQUESTS_AN_EXPORT = 2.5
NEVER = "0 0 0 1 1 *"
_FIRST = datetime(2026, 11, 1, 6, tzinfo=UTC)


async def measure() -> AsyncIterator[Figure]:
    """Yield how long a page of `PAGE` of `EXPORTS` exports takes, and how many requests to the storage it needs.

    Each export has `RUNS` runs, one a day. The storage is the emulator, which reads through every name to list some.
    """
    demo = sample_options(20)
    counts: Counter[Kind] = Counter()
    settings = {"TICK_SCHEDULE": NEVER}  # what the timer asks for is not counted
    async with running_system(demo, "", before_storage=counter(counts), more_settings=settings) as system:
        await configure(system.documents, demo)
        await system.documents.delete(export_path(EXPORT_ID))  # it has no run
        await _fill(system, export_document(demo))
        await _ask(system)  # whatever is made at the first call
        counts.clear()
        times = [await _ask(system) for _ in range(ASKED)]
        asked = {kind: counts[kind] // ASKED for kind in (Kind.LIST, Kind.READ, Kind.WRITE)}
    yield Figure(
        f"{PAGE} of {EXPORTS} exports with {EXPORTS * RUNS:,} runs",
        f"{max(times):.1f} s at most of {ASKED}",
        "",
        f"at most {MOST_SECONDS:g} s",
        max(times) <= MOST_SECONDS,
    )
    yield Figure(
        "requests to the storage for them",
        ", ".join(f"{count} {kind}s" for kind, count in asked.items() if count),
        "",
        f"at most {MOST_REQUESTS_AN_EXPORT:g} an export",
        sum(asked.values()) <= PAGE * MOST_REQUESTS_AN_EXPORT,
    )


async def _ask(system: RunningSystem) -> float:
    began = time.perf_counter()
    async with system.http.get(f"{system.host_url}/api/exports?limit={PAGE}") as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - began


async def _fill(system: RunningSystem, document: dict[str, object]) -> None:
    await few_at_once(partial(_fill_export, system, document), range(EXPORTS))


async def _fill_export(system: RunningSystem, document: dict[str, object], number: int) -> None:
    export_id = f"export-{number:03}"
    await system.documents.insert(export_path(export_id), {**document, "id": export_id})
    for day in range(RUNS):
        run = _run(export_id, _FIRST + timedelta(days=day, seconds=number))
        await system.documents.insert(run_path(export_id, run.id), run.document())
        entry = {"schema": 1, "export_id": export_id, "run_id": run.id}
        await system.documents.insert(index_path(export_id, run.id), entry)


def _run(export_id: str, at: datetime) -> Run:
    return Run(
        run_id_at(at, "0000"),
        export_id,
        "schedule",
        at,
        status=RunStatus.SUCCEEDED,
        started_at=at,
        ended_at=at + timedelta(minutes=1),
        source=Source(1, 100, 100),
        tally=Tally(read=100, accepted=100),
    )
