"""A host that stops, and storage that does not answer, on a real Azurite."""

import asyncio

import azure.functions as func
import pytest

from local.host.host import Timing, running_host
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside
from local.processes import LocalProblem
from tests.fakes.clock import FakeClock
from tests.local.host.desk import QUICK, Desk, Handler, encoded, queue_app


async def test_work_under_way_is_finished_when_the_host_stops(desk: Desk) -> None:
    await desk.put(encoded("x"))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(message: func.QueueMessage) -> None:
        begun.set()
        await go_on.wait()

    async with running_host(WorkerInside(queue_app(work)), desk.settings(), desk.storage, timing=QUICK):
        await begun.wait()
        asyncio.get_running_loop().call_soon(go_on.set)
    assert await desk.held() == 0


async def test_work_that_does_not_end_is_given_up_when_the_host_stops_and_its_message_stays_hidden(
    desk: Desk,
) -> None:
    await desk.put(encoded("x"))
    begun = asyncio.Event()

    async def work(message: func.QueueMessage) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with running_host(WorkerInside(queue_app(work)), desk.settings(), desk.storage, timing=Timing(grace=0.05)):
        await begun.wait()
    assert (await desk.visible(), await desk.held()) == ([], 1)


async def test_a_queue_that_cannot_be_read_is_said_once_and_read_again_when_it_can(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    handler, clock = Handler(), FakeClock()
    async with running_host(WorkerInside(handler.app()), desk.settings(), desk.storage, timing=Timing(clock)):
        async with desk.queue() as client:
            await client.delete_queue()
            waits = len(clock.slept)
            async with asyncio.timeout(30):
                while len(clock.slept) < waits + 5:
                    await desk.visible_or_gone()
            await client.create_queue()
        await desk.put(encoded("x"))
        await handler.got.get()
    assert caplog.text.count("cannot be read for now") == 1


async def test_storage_that_does_not_answer_is_a_problem() -> None:
    nowhere = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:1/a;"
    with pytest.raises(LocalProblem, match="The storage does not answer"):
        async with running_host(WorkerInside(Handler().app()), HostSettings(values={"QUEUE_NAME": "q-q"}), nowhere):
            pass


async def test_a_connection_string_that_is_none_is_a_problem_that_keeps_it_to_itself() -> None:
    with pytest.raises(LocalProblem) as problem:
        async with running_host(
            WorkerInside(Handler().app()), HostSettings(values={"QUEUE_NAME": "q-q"}), "AccountKey=c2VjcmV0"
        ):
            pass
    assert str(problem.value) == "Setting AzureWebJobsStorage is no connection string of a storage account."


async def test_a_queue_that_cannot_be_is_a_problem_that_names_it(azurite: str) -> None:
    with pytest.raises(LocalProblem, match=r"^Queue 'Upper_Case' cannot be made: "):
        async with running_host(
            WorkerInside(Handler().app()), HostSettings(values={"QUEUE_NAME": "Upper_Case"}), azurite
        ):
            pass


async def test_another_connection_is_read_from_its_setting(desk: Desk) -> None:
    app = func.FunctionApp()
    called = asyncio.Event()

    @app.queue_trigger(arg_name="message", queue_name="%QUEUE_NAME%", connection="ELSEWHERE")
    async def work(message: func.QueueMessage) -> None:
        called.set()

    await desk.put(encoded("x"))
    settings = HostSettings(values={"QUEUE_NAME": desk.name, "ELSEWHERE": desk.storage})
    async with running_host(WorkerInside(app), settings, "", timing=QUICK):
        await called.wait()
    assert await desk.held() == 0
