"""The worker as a process: what its death, its silence and the end of its host do to what runs in it."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from local.host.host import Timing, running_host
from local.host.settings import HostSettings
from local.host.worker.calls import Done, HttpAsked
from local.host.worker.process import WorkerProcess
from local.processes import LocalProblem
from tests.local.host.desk import Desk, encoded

APP = """
import asyncio, os, signal, socket
import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

async def wait_for_the_end(port):
    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    _, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(b"begun\\n")
    try:
        await end.wait()
        writer.write(b"told\\n")
    finally:
        writer.write(b"ended\\n")
        await writer.drain()

@app.route("pid")
async def pid(req: func.HttpRequest) -> str:
    return str(os.getpid())

@app.route("setting")
async def setting(req: func.HttpRequest) -> str:
    return os.environ["SETTING"]

@app.route("wait")
async def wait(req: func.HttpRequest) -> str:
    await wait_for_the_end(req.params["port"])
    return "the end"

@app.route("hang")
async def hang(req: func.HttpRequest) -> str:
    os.kill(os.getpid(), signal.SIGSTOP)
    return "never"
"""

QUEUE_FUNCTION = """
@app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection="AzureWebJobsStorage")
async def work(message: func.QueueMessage) -> None:
    await wait_for_the_end(message.get_body())
"""


class Ear:
    """Hears what functions say; mutable. A connection that is cut is heard as an empty word."""

    def __init__(self) -> None:
        self.words: asyncio.Queue[str] = asyncio.Queue()
        self.port = 0

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while word := (await reader.readline()).decode().strip():
            self.words.put_nowait(word)
        self.words.put_nowait("")
        writer.close()

    async def heard(self, count: int) -> list[str]:
        return [await self.words.get() for _ in range(count)]


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    ear = Ear()
    async with await asyncio.start_server(ear.listen, "127.0.0.1", 0) as server:
        ear.port = server.sockets[0].getsockname()[1]
        yield ear


@pytest.fixture
def worker(tmp_path: Path) -> WorkerProcess:
    (tmp_path / "function_app.py").write_text(APP)
    return WorkerProcess(tmp_path)


async def text(session: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with session.get(url) as answer:
        return answer.status, await answer.text()


async def test_a_worker_has_the_settings_that_it_was_given(worker: WorkerProcess, tmp_path: Path) -> None:
    given = WorkerProcess(tmp_path, {"SETTING": "given"})
    async with running_host(given, HostSettings(values={}), "") as host, aiohttp.ClientSession() as session:
        assert await text(session, f"{host.url}/api/setting") == (200, "given")


async def test_a_worker_that_dies_alone_takes_its_calls_with_it_and_another_takes_its_place(
    worker: WorkerProcess, ear: Ear
) -> None:
    async with running_host(worker, HostSettings(values={}), "") as host, aiohttp.ClientSession() as session:
        assert await text(session, f"{host.url}/api/pid") == (200, str(worker.pid))
        asking = asyncio.create_task(text(session, f"{host.url}/api/wait?port={ear.port}"))
        assert await ear.heard(1) == ["begun"]
        first = worker.pid
        os.kill(first, signal.SIGKILL)
        assert await asking == (500, "")
        assert await ear.heard(1) == [""]  # no finally
        status, second = await text(session, f"{host.url}/api/pid")
        assert status == 200
        assert second not in ("", str(first))


async def test_a_function_that_takes_too_long_costs_the_worker_its_life_with_everything_in_it(
    worker: WorkerProcess, ear: Ear
) -> None:
    settings = HostSettings(values={}, function_timeout=1.0)
    hasty = Timing(grace=0.05)
    async with (
        asyncio.timeout(15),
        running_host(worker, settings, "", timing=hasty) as host,
        aiohttp.ClientSession() as session,
    ):
        url = f"{host.url}/api/wait?port={ear.port}"
        asking = [asyncio.create_task(text(session, url)) for _ in range(2)]
        assert await ear.heard(4) == ["begun", "begun", "", ""]
        assert [await each for each in asking] == [(500, ""), (500, "")]
        assert (await text(session, f"{host.url}/api/pid"))[0] == 200


async def test_a_worker_that_hangs_is_ended_by_the_time_limit(worker: WorkerProcess) -> None:
    settings = HostSettings(values={}, function_timeout=1.0)
    async with running_host(worker, settings, "") as host, aiohttp.ClientSession() as session:
        first = worker.pid
        assert await text(session, f"{host.url}/api/hang") == (500, "")
        assert (await text(session, f"{host.url}/api/pid"))[1] != str(first)


class AtRestart(logging.Handler):
    """Stops *worker* at the moment at which another process is about to begin; mutable."""

    def __init__(self, worker: WorkerProcess) -> None:
        super().__init__()
        self.stopping: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()
        self._worker = worker

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("The worker has died"):
            self.stopping.put_nowait(asyncio.create_task(self._worker.stop()))


async def test_a_worker_that_is_stopped_while_another_process_begins_leaves_none_behind(worker: WorkerProcess) -> None:
    at_restart, logger = AtRestart(worker), logging.getLogger("local.host.worker.process")
    logger.addHandler(at_restart)
    try:
        await worker.start()
        first = worker.pid
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(60):
            await (await at_restart.stopping.get())
    finally:
        logger.removeHandler(at_restart)
    assert worker.pid != first
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)


@pytest.mark.parametrize(("tells", "heard"), [(False, ["begun", ""]), (True, ["begun", "told", "ended", ""])])
async def test_a_stop_is_heard_only_where_the_host_tells_and_leaves_an_unfinished_message_hidden(
    tells: bool, heard: list[str], desk: Desk, ear: Ear, tmp_path: Path
) -> None:
    (tmp_path / "function_app.py").write_text(APP + QUEUE_FUNCTION)
    worker = WorkerProcess(tmp_path)
    await desk.put(encoded(str(ear.port)))
    timing = Timing(longest_pause=0.02, grace=5.0 if tells else 0.05, tells=tells)
    async with running_host(worker, desk.settings(), desk.storage, timing=timing):
        assert await ear.heard(1) == heard[:1]
    assert await ear.heard(len(heard) - 1) == heard[1:]
    assert (await desk.visible(), await desk.held()) == ([], 0 if tells else 1)


async def test_calls_beside_each_other_each_get_their_answer(worker: WorkerProcess) -> None:
    await worker.start()
    asked = HttpAsked("GET", "http://localhost/api/pid")
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(worker.call("pid", asked) for _ in range(20)))
    await worker.stop()
    assert [answer.answer.body for answer in answers if isinstance(answer, Done) and answer.answer] == [
        str(worker.pid).encode()
    ] * 20


async def test_an_app_that_cannot_be_loaded_is_a_problem(worker: WorkerProcess, tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text("1 / 0")
    with pytest.raises(LocalProblem, match="The worker ended before it was ready"):
        async with running_host(worker, HostSettings(values={}), ""):
            pass
