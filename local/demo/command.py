"""``python -m local demo``: one segment, one export, one run, and how it went."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

from local.demo import show, wish
from local.demo.real import agree
from local.demo.rows import SampleTruth, write_file, write_sample
from local.demo.stage import EXPORT_ID, SEGMENT, Stage, configure, stage
from local.demo.wish import DemoWish
from local.processes import LocalProblem
from local.segment import Wish
from shared.settings import Settings

LOOK_SECONDS = 0.25
ENDED = ("succeeded", "partial", "failed", "cancelled", "skipped")
add_arguments = wish.add_arguments


async def run(arguments: argparse.Namespace) -> int:
    """Play the demonstration; 0 only if the run ended well and the list holds what it should."""
    wished = wish.read_wish(arguments, os.environ)
    klaviyo_url = os.environ.get("KLAVIYO_BASE_URL") or Settings.klaviyo_base_url
    if wished.is_real and wished.file:
        await agree(wished, klaviyo_url, wished.file)
    print("Starting storage, Klaviyo and the functions host …", flush=True)
    async with stage(wished, klaviyo_url) as on_stage:
        truth = await _prepare(on_stage, wished)
        started = time.monotonic()
        try:
            ended = await _watch(on_stage, await _start(on_stage))
        except aiohttp.ClientError as error:
            raise LocalProblem(f"The functions host does not answer. {on_stage.host.last_words()}".rstrip()) from error
        return await _report(on_stage, wished, ended, truth, seconds=time.monotonic() - started)


async def _prepare(on_stage: Stage, wished: DemoWish) -> SampleTruth | None:
    segments = on_stage.storage.get_container_client("segments")
    truth = None
    if wished.file:
        await write_file(segments, SEGMENT, wished)
    else:
        truth = await write_sample(segments, SEGMENT, Wish(wished.rows, bad=1, duplicates=1))
    await configure(on_stage.documents, wished)
    return truth


async def _start(on_stage: Stage) -> str:
    """Ask for the run over HTTP and return its address."""
    address = f"{on_stage.host_url}/api/exports/{EXPORT_ID}/runs"
    async with on_stage.http.post(address) as response:
        if response.status != 202:  # noqa: PLR2004 - Accepted
            raise LocalProblem(f"POST {address} answered {response.status}: {await response.text()}")
        print(f"POST {address}: {response.status}, {response.headers['Location']}", flush=True)
        return on_stage.host_url + response.headers["Location"]


async def _watch(on_stage: Stage, address: str) -> dict[str, Any]:
    """Show the run's progress until it has ended; return its last document."""
    shown = ""
    while True:
        async with on_stage.http.get(address) as response:
            run: dict[str, Any] = await response.json()
        line = show.progress_line(run, datetime.now(UTC))
        if sys.stdout.isatty():
            print(f"\r{line:<{len(shown)}}", end="", flush=True)
        elif line != shown:
            print(line, flush=True)
        shown = line
        if run["status"] in ENDED:
            if sys.stdout.isatty():
                print()
            return run
        await asyncio.sleep(LOOK_SECONDS)


async def _report(
    on_stage: Stage, wished: DemoWish, run: dict[str, Any], truth: SampleTruth | None, *, seconds: float
) -> int:
    rejected = show.Rejected()
    path = f"runs/{EXPORT_ID}/{run['id']}/rejections.ndjson"
    async for line in on_stage.documents.read_lines(path):
        rejected.add(orjson.loads(line))
    requests = run["jobs"]["submitted"] + run["isolation_requests"]
    state = await _list_state(on_stage, wished)
    for text in show.summary(run, rejected, seconds=seconds, requests=requests, state=state):
        print(text)
    problems = [*_problems(run, state, truth)]
    for problem in problems:
        print(f"\n{problem}", file=sys.stderr)
    return 1 if problems else 0


def _problems(run: dict[str, Any], state: show.ListState | None, truth: SampleTruth | None) -> Iterator[str]:
    if run["status"] not in ("succeeded", "partial"):
        yield f"The run {run['status']}."
    if not show.is_balanced(run["tally"]):
        yield "The tally does not add up: some rows have no outcome."
    if state and truth and state.profiles != truth.profiles:
        yield f"The list should have {truth.profiles:,} profiles."


async def _list_state(on_stage: Stage, wished: DemoWish) -> show.ListState | None:
    """Look at the list in the simulator; Klaviyo's own is looked at in Klaviyo."""
    if on_stage.simulator_url is None:
        return None
    async with on_stage.http.get(f"{on_stage.simulator_url}/simulator/lists/{wished.list_id}") as response:
        lines = (await response.read()).splitlines()
    return show.ListState(len(lines), tuple(orjson.loads(line) for line in lines[:3]))
