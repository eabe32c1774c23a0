"""``python -m local demo``: runs one export of one segment and shows its progress and result."""

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
from azure.storage.blob.aio import ContainerClient

from local.demo import display, options
from local.demo.confirmation import confirm
from local.demo.options import SEGMENT, DemoOptions
from local.demo.rows import SampleCounts, write_file, write_folder, write_sample
from local.demo.system import EXPORT_ID, RunningSystem, configure, running_system
from local.layouts import LayoutName, SampleFolder
from local.processes import LocalProblem
from local.samples import FORMATS, SampleSpec
from shared.settings import Settings

LOOK_SECONDS = 0.25
ENDED = ("succeeded", "partial", "failed", "cancelled", "skipped")
add_arguments = options.add_arguments


async def run(arguments: argparse.Namespace) -> int:
    """Run the demonstration; return 0 only when the run ended well and the list has the expected profiles."""
    demo = options.read_options(arguments, os.environ)
    klaviyo_url = os.environ.get("KLAVIYO_BASE_URL") or Settings.klaviyo_base_url
    if demo.is_real and demo.file:
        await confirm(demo, klaviyo_url, demo.file)
    print("Starting storage, Klaviyo and the functions host …", flush=True)
    async with running_system(demo, klaviyo_url) as system:
        page = f"{system.host_url}/api/ui/"
        print(f"The page{'' if demo.stays else ', until the result is there'}: {page}", flush=True)
        expected = await _prepare(system, demo)
        started = time.monotonic()
        try:
            ended = await _watch(system, await _start(system))
        except aiohttp.ClientError as error:
            raise LocalProblem(f"The functions host does not answer. {system.host.last_output()}".rstrip()) from error
        code = await _report(system, demo, ended, expected, seconds=time.monotonic() - started)
        if demo.stays:
            print(f"\nThe run in the browser: {page}exports/{EXPORT_ID}/runs/{ended['id']}")
            print("Everything keeps running until you press Ctrl-C.", flush=True)
            await asyncio.Event().wait()
        return code


async def _prepare(system: RunningSystem, demo: DemoOptions) -> SampleCounts | None:
    segments = system.storage.get_container_client("segments")
    expected = None
    if demo.file:
        await write_file(segments, SEGMENT, demo)
    else:
        expected = await _write_sample(segments, demo)
    await configure(system.documents, demo)
    if demo.layout is not LayoutName.FLAT:
        print(display.segment_line(await _segment(system, demo.segment)), flush=True)
    return expected


async def _write_sample(segments: ContainerClient, demo: DemoOptions) -> SampleCounts:
    spec = SampleSpec(demo.rows, bad=1, duplicates=1)
    if demo.layout is LayoutName.FLAT and demo.file_format == FORMATS[0]:
        return await write_sample(segments, SEGMENT, spec)
    folder = SampleFolder(SEGMENT, spec, demo.layout, demo.file_format, datetime.now(UTC))
    return await write_folder(segments, folder)


async def _segment(system: RunningSystem, name: str) -> dict[str, Any]:
    """Return what the app says of the segment."""
    address = f"{system.host_url}/api/segments"
    async with system.http.get(address, params={"columns": "true", "segment": name}) as response:
        found: list[dict[str, Any]] = (await response.json())["segments"]
    return found[0]


async def _start(system: RunningSystem) -> str:
    """Start the run over HTTP and return the run's address."""
    address = f"{system.host_url}/api/exports/{EXPORT_ID}/runs"
    async with system.http.post(address) as response:
        if response.status != 202:  # noqa: PLR2004 - Accepted
            raise LocalProblem(f"POST {address} answered {response.status}: {await response.text()}")
        print(f"POST {address}: {response.status}, {response.headers['Location']}", flush=True)
        return system.host_url + response.headers["Location"]


async def _watch(system: RunningSystem, address: str) -> dict[str, Any]:
    """Show the progress of the run until the run has ended; return its last document."""
    shown = ""
    while True:
        async with system.http.get(address) as response:
            run: dict[str, Any] = await response.json()
        line = display.progress_line(run, datetime.now(UTC))
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
    system: RunningSystem, demo: DemoOptions, run: dict[str, Any], expected: SampleCounts | None, *, seconds: float
) -> int:
    rejected = display.Rejected()
    path = f"runs/{EXPORT_ID}/{run['id']}/rejections.ndjson"
    async for line in system.documents.read_lines(path):
        rejected.add(orjson.loads(line))
    requests = run["jobs"]["submitted"] + run["isolation_requests"]
    state = await _list_state(system, demo)
    for text in display.summary(run, rejected, seconds=seconds, requests=requests, state=state):
        print(text)
    problems = [*_problems(run, state, expected)]
    for problem in problems:
        print(f"\n{problem}", file=sys.stderr)
    return 1 if problems else 0


def _problems(run: dict[str, Any], state: display.ListState | None, expected: SampleCounts | None) -> Iterator[str]:
    if run["status"] not in ("succeeded", "partial"):
        yield f"The run ended as {run['status']}."
    if not display.is_balanced(run["tally"]):
        yield "The tally does not add up: some rows have no outcome."
    if state and expected and state.profiles != expected.profiles:
        yield f"The list should have {expected.profiles:,} profiles."


async def _list_state(system: RunningSystem, demo: DemoOptions) -> display.ListState | None:
    """Return the simulator's list; return None with the real Klaviyo, whose list a person looks at in Klaviyo."""
    if system.simulator_url is None:
        return None
    async with system.http.get(f"{system.simulator_url}/simulator/lists/{demo.list_id}") as response:
        lines = (await response.read()).splitlines()
    return display.ListState(len(lines), tuple(orjson.loads(line) for line in lines[:3]))
