"""A process that is killed right after the end of a run takes its last events along; a tick tells the end again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from azure.storage.blob.aio import BlobServiceClient

from local.processes import Child, child
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.domain.runs.wake_up import WakeUp
from shared.ports import write_over
from shared.store.paths import RECENT_ENDS, marker_path
from shared.store.ticks.recent_ends import RecentEnds
from tests.builders import connection_document, export_document, ndjson, people
from tests.events import events_in, named

ROOT = Path(__file__).parents[2]
EXPORTS, SEGMENTS, QUEUE, LIST = "killed-exports", "killed-segments", "killed", "KiLl01"
NEVER, AT_ONCE = "600", "0.1"
PATIENCE = 60.0
APP_WITH_EXPORTER = """
import importlib.util, logging, os, threading, time, urllib.request

class Exporter(logging.Handler):
    batch = []

    def emit(self, record):
        self.batch.append(record.getMessage())

    def send(self):
        while True:
            time.sleep(float(os.environ["SEND_EVERY"]))
            sent, self.batch = self.batch, []
            if sent:
                urllib.request.urlopen(os.environ["COLLECTOR"], "\\n".join(sent).encode(), timeout=5)

exporter = Exporter()
logging.getLogger().addHandler(exporter)
threading.Thread(target=exporter.send, daemon=True).start()
found = importlib.util.spec_from_file_location("the_app", os.environ["APP"])
module = importlib.util.module_from_spec(found)
found.loader.exec_module(module)
app = module.app
"""
"""The app with what stands between it and its monitoring: log lines leave in batches, and die with the process."""


async def test_an_end_that_died_with_its_process_is_told_again_and_counts_once(azurite: str, tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text(APP_WITH_EXPORTER)
    (tmp_path / "host.json").symlink_to(ROOT / "host.json")
    async with AsyncExitStack() as stack:
        service = BlobServiceClient.from_connection_string(azurite, **STORAGE_OPTIONS)
        await stack.enter_async_context(service)
        documents = await _filled(service)
        address, received = await stack.enter_async_context(_collector())
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        simulator = await stack.enter_async_context(child("The simulator", _python("klaviyo", *_SIMULATED)))
        settings = {
            "AzureWebJobsStorage": azurite,
            "KLAVIYO_BASE_URL": (await simulator.wait_for_line(r"^(http://\S+)$"))[1],
            "SECRET_KLAVIYO_ACME": "pk_simulator",
            "EXPORTS_CONTAINER": EXPORTS,
            "SEGMENTS_CONTAINER": SEGMENTS,
            "QUEUE_NAME": QUEUE,
            "TICK_SCHEDULE": "0 0 0 1 1 *",  # ticks are called by hand
            "COLLECTOR": address,
            "APP": str(ROOT / "function_app.py"),
        }
        first, url = await stack.enter_async_context(_host(tmp_path, {**settings, "SEND_EVERY": NEVER}))
        async with http.post(f"{url}/api/exports/vip/runs") as response:
            run_id = (await response.json())["id"]
        await _told_once(documents, WakeUp("vip", run_id))
        os.killpg(first.pid, signal.SIGKILL)
        assert named(events_in(received), "run_ended") == []

        await _let_a_minute_pass(documents)
        _, url = await stack.enter_async_context(_host(tmp_path, {**settings, "SEND_EVERY": AT_ONCE}))
        for ticks in (1, 2, 3):
            async with http.post(f"{url}/admin/functions/tick", json={"input": ""}) as response:
                assert response.status == 202
            async with asyncio.timeout(PATIENCE):
                while len(named(events_in(received), "tick_completed")) < ticks:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.05)
        [end] = named(events_in(received), "run_ended")
        assert (end["export"], end["run"], end["status"], end["again"]) == ("vip", run_id, "succeeded", True)


_SIMULATED = ("--port", "0", "--list", f"{LIST}=Killed", "--no-limits", "--job-seconds", "0.1")


async def _told_once(documents: BlobDocuments, wake_up: WakeUp) -> None:
    """Wait until the leg has told the end and has taken the marker away."""
    async with asyncio.timeout(PATIENCE):
        marker = marker_path(wake_up.export_id, wake_up.run_id)
        while not await RecentEnds(documents).all() or await documents.get(marker):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def _let_a_minute_pass(documents: BlobDocuments) -> None:
    """Put the end that was noted back by a minute, as if it had been told that long ago."""
    [end] = await RecentEnds(documents).all()
    note = await documents.get(RECENT_ENDS)
    assert note is not None
    earlier = replace(end, at=end.at - timedelta(minutes=1))
    ends = [{**note.value["ends"][0], "at": earlier.at.isoformat()}]
    await write_over(documents, RECENT_ENDS, {**note.value, "ends": ends}, etag=note.etag)


async def _filled(service: BlobServiceClient) -> BlobDocuments:
    documents = BlobDocuments(service, EXPORTS)
    await service.create_container(EXPORTS)
    await (await service.create_container(SEGMENTS)).upload_blob("vip/1.ndjson", ndjson(people(20)))
    connection = connection_document(id="acme", secret_name="klaviyo-acme", account_id=None)
    await documents.insert("connections/acme.json", connection)
    await documents.insert("exports/vip.json", export_document(id="vip", connection_id="acme", list_id=LIST))
    return documents


@asynccontextmanager
async def _collector() -> AsyncIterator[tuple[str, list[str]]]:
    """Run an HTTP server that takes log lines; yield its address and the lines that have come."""
    received: list[str] = []

    async def take(request: web.BaseRequest) -> web.Response:
        received.extend((await request.text()).splitlines())
        return web.Response()

    runner = web.ServerRunner(web.Server(take), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", received
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _host(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[tuple[Child, str]]:
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    async with child("The host", _python("host", "--port", "0"), environment=environment, folder=folder) as process:
        yield process, (await process.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "local", *words)
