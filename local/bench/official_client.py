"""Compares the product with a simple loop over Klaviyo's own Python client, against the same simulator."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import islice
from typing import Any

from klaviyo_api import KlaviyoAPI

from local.bench.table import Figure
from local.bench.whole_runs import prepared, run_export
from local.demo.options import DEFAULT_LIST
from local.demo.system import SIMULATED_KEY
from local.samples import MAPPING, SampleSpec, sample_rows

BATCH = 10_000
SINGLES = 200
"""One profile a call is so slow that this many calls are enough to measure."""
TIMEOUTS = (10.0, 120.0)


async def measure(rows: int) -> AsyncIterator[Figure]:
    """Yield the rows a second of the product, of the client with full batches, and of the client with single rows."""
    async with prepared(rows, ("--no-limits", "--job-seconds", "0")) as system:
        ours = await run_export(system, rows)
        speed = rows / ours.submit_seconds
        batches = await asyncio.to_thread(_loop, str(system.simulator_url), rows, BATCH)
        singles = await asyncio.to_thread(_loop, str(system.simulator_url), SINGLES, 1)
    yield Figure(f"a run of {rows:,} rows, limits off", f"{speed:,.0f} rows/s")
    yield Figure(
        "Klaviyo's client, 10,000 profiles a call",
        f"{batches:,.0f} rows/s",
        f"ours is {speed / batches:.1f} times as fast",
    )
    yield Figure(
        "Klaviyo's client, one profile a call",
        f"{singles:,.0f} rows/s",
        f"ours is {speed / singles:,.0f} times as fast",
    )


def _loop(url: str, rows: int, size: int) -> float:
    """Return the rows a second of a simple loop that sends *size* profiles a call."""
    client = KlaviyoAPI(SIMULATED_KEY, test_host=url)
    source = (row for _, row in sample_rows(SampleSpec(rows)))
    started = time.perf_counter()
    while batch := list(islice(source, size)):
        client.Profiles.bulk_import_profiles(_body([_profile(row) for row in batch]), _request_timeout=TIMEOUTS)
    return rows / (time.perf_counter() - started)


def _body(profiles: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": DEFAULT_LIST}]}},
        }
    }


def _profile(row: dict[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for name, column in MAPPING.items():
        if isinstance(column, dict):
            attributes[name] = {inner: row[inner_column] for inner, inner_column in column.items()}
        elif name != "phone_number":  # a simple loop would fail at the invalid ones
            attributes[name] = row[column]
    return {"type": "profile", "attributes": attributes}
