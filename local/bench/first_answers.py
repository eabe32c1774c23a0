"""Measures how soon after the start of its process the app gives its first answers."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import aiohttp

from local.azurite import azurite
from local.bench.import_time import unpacked
from local.bench.table import Figure
from local.host.host import running_host
from local.host.settings import STORAGE, read_settings
from local.host.worker.process import WorkerProcess
from local.package import PAGE, ROOT
from local.web.packing import files_of

ROUNDS = 7
AIM_SECONDS = 1.5
QUESTIONS = {"/health": "health", "/me": "me", "the page": "ui/"}
_NEVER = "0 0 0 1 1 *"

Seconds = Mapping[str, float]
"""The seconds until each answer, by the name of its question."""


async def measure() -> list[Figure]:
    """Return a figure for each question; the page is left out where it was not built.

    In each round a host starts a new process for the app as deployed, and asks all questions at once when it is ready.
    The storage runs already, and has the app's container from the second round on.
    """
    asked = {what: path for what, path in QUESTIONS.items() if path != "ui/" or files_of(ROOT / PAGE)}
    with tempfile.TemporaryDirectory() as place:
        app = unpacked(Path(place) / "package")
        async with azurite() as storage, aiohttp.ClientSession() as http:
            rounds = [await _first_answers(app, storage.connection_string, http, asked) for _ in range(ROUNDS)]
    return [*figures(rounds)]


def figures(rounds: Sequence[Seconds]) -> Iterator[Figure]:
    """Yield the median of *rounds* for each question."""
    for what in rounds[0]:
        times = [answered[what] for answered in rounds]
        median = statistics.median(times)
        yield Figure(
            f"first answer after the process starts, {what}",
            f"{median:.2f} s ({min(times):.2f} to {max(times):.2f})",
            "",
            f"at most {AIM_SECONDS} s",
            median <= AIM_SECONDS,
        )


async def _first_answers(app: Path, storage: str, http: aiohttp.ClientSession, asked: Mapping[str, str]) -> Seconds:
    values = {
        STORAGE: storage,
        "KLAVIYO_BASE_URL": "http://127.0.0.1:9",  # nobody is there, and nothing asks
        "QUEUE_NAME": "segment-exports",
        "TICK_SCHEDULE": _NEVER,
    }
    began = time.perf_counter()
    async with running_host(WorkerProcess(app, values), read_settings(app, values), storage) as host:

        async def ask(path: str) -> float:
            async with http.get(f"{host.url}/api/{path}") as response:
                response.raise_for_status()
                await response.read()
            return time.perf_counter() - began

        answered = await asyncio.gather(*map(ask, asked.values()))
    return dict(zip(asked, answered, strict=True))
