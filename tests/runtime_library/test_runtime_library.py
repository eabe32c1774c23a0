"""The app under Azure's own Python runtime library, which Functions runs from Python 3.13 on."""

import importlib.util
import json
import os
import re
import sys
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient

from shared.api.routes import ROUTES
from tests.builders import connection_document
from tests.runtime_library.library import LoadedApp, loaded_app

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("azure_functions_runtime") is None,
    reason=f"Azure's runtime library is not installed here, under Python {sys.version_info.major}."
    f"{sys.version_info.minor}; make setup installs it from Python 3.13 on.",
)

ROOT = Path(__file__).parents[2]
CONTAINER = "runtime-library"
SEGMENTS = "runtime-library-segments"
QUEUE = "runtime-library-queue"
WAKE_UP = {"export_id": "other", "run_id": "20260101t000000z-0001"}

TINY_APP = """
from typing import List
import azure.functions as func

app = func.FunctionApp()

@app.timer_trigger(arg_name="timer", schedule="0 * * * * *")
@app.queue_output(arg_name="messages", queue_name="out", connection="Storage")
def on_timer(timer: func.TimerRequest, messages: func.Out[List[str]]) -> None:
    messages.set([f"past due: {timer.past_due}", "ünïcode"])

@app.queue_trigger(arg_name="message", queue_name="in", connection="Storage")
async def on_queue(message: func.QueueMessage) -> None:
    raise RuntimeError(f"refused {message.get_body()}")

@app.route("things/{thing}", methods=["PUT"])
async def on_http(req: func.HttpRequest) -> func.HttpResponse:
    print("this is not the answer")
    return func.HttpResponse(req.route_params["thing"] + "!", status_code=201, headers={"X-Method": req.method})
"""

FAULTS = {
    "an output of list[str]": ("func.Out[List[str]]", "func.Out[list[str]]", "messages"),
    "an argument without a binding": ("timer: func.TimerRequest", "clock: func.TimerRequest", "clock"),
    "a trigger of another type": ("message: func.QueueMessage", "message: func.HttpRequest", "message"),
    "a module that does not exist": ("import azure.functions", "import missing, azure.functions", "missing"),
    "a second app": (
        "app = func.FunctionApp()",
        "app = func.FunctionApp(); other = func.FunctionApp()",
        "More than one",
    ),
}


def environment(**settings: str) -> dict[str, str]:
    return {**{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, **settings}


async def test_the_library_indexes_and_invokes_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "function_app.py").write_text(TINY_APP, encoding="utf-8")
    async with loaded_app(tmp_path, environment(), tmp_path / "log") as app:
        assert app.error == ""
        assert set(app.functions) == {"on_timer", "on_queue", "on_http"}

        ticked = await app.timer("on_timer")
        assert (ticked.ok, ticked.outputs) == (True, {"messages": ["past due: False", "ünïcode"]})

        answered = await app.http("on_http", "PUT", "things/one", thing="one")
        assert (answered.status, answered.returned["body"]) == (201, "one!")
        assert answered.returned["headers"]["x-method"] == "PUT"

        failed = await app.queue("on_queue", "hello")
        assert (failed.ok, failed.error) == (False, "RuntimeError(\"refused b'hello'\")")


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_library_refuses_an_app_with(fault: str, tmp_path: Path) -> None:
    right, wrong, named = FAULTS[fault]
    assert right in TINY_APP
    (tmp_path / "function_app.py").write_text(TINY_APP.replace(right, wrong), encoding="utf-8")
    async with loaded_app(tmp_path, environment(), tmp_path / "log") as app:
        assert named in app.error
        assert app.functions == {}


async def test_the_library_refuses_this_app_when_its_outputs_are_lists_of_the_new_kind(tmp_path: Path) -> None:
    written = (ROOT / "function_app.py").read_text()
    assert "func.Out[List[str]]" in written
    (tmp_path / "function_app.py").write_text(written.replace("func.Out[List[str]]", "func.Out[list[str]]"))
    (tmp_path / "shared").symlink_to(ROOT / "shared")
    async with loaded_app(tmp_path, environment(), tmp_path / "log") as app:
        assert "wakeups" in app.error


async def test_every_function_of_this_app_is_indexed_and_answers(azurite: str, tmp_path: Path) -> None:
    put_documents(azurite)
    settings = environment(
        AzureWebJobsStorage=azurite, EXPORTS_CONTAINER=CONTAINER, SEGMENTS_CONTAINER=SEGMENTS, QUEUE_NAME=QUEUE
    )
    async with loaded_app(ROOT, settings, tmp_path / "log") as app:
        assert app.error == ""
        assert (await app.http("health", "GET", "health")).document == {"status": "ok"}
        await a_run_is_started_and_cancelled(app)
        await a_forgotten_run_is_woken(app)
        await the_page_is_served(app)
        await every_other_call_is_answered(app)
        assert app.invoked == set(app.functions)


async def a_run_is_started_and_cancelled(app: LoadedApp) -> None:
    started = await app.http("start_run", "POST", "exports/vip/runs", export_id="vip")
    assert started.status == 202
    run_id = started.document["id"]
    assert started.sent("wakeups") == [{"export_id": "vip", "run_id": run_id}]

    listed = await app.http("list_runs", "GET", "exports/vip/runs", export_id="vip")
    assert [run["id"] for run in listed.document["runs"]] == [run_id]

    cancelled = await app.http("cancel_run", "DELETE", f"exports/vip/runs/{run_id}", export_id="vip", run_id=run_id)
    assert (cancelled.status, cancelled.outputs) == (202, started.outputs)

    worked = await app.queue("export_segment", cancelled.outputs["wakeups"][0])
    assert worked.sent("wakeups") == []
    seen = await app.http("get_run", "GET", f"exports/vip/runs/{run_id}", export_id="vip", run_id=run_id)
    assert (seen.status, seen.document["status"]) == (200, "cancelled")


async def a_forgotten_run_is_woken(app: LoadedApp) -> None:
    assert (await app.timer("tick")).sent("wakeups") == [WAKE_UP]


async def the_page_is_served(app: LoadedApp) -> None:
    assert (await app.http("page_settings", "GET", "ui/settings.json")).document == {"auth_mode": "keys"}
    page = await app.http("web_page", "GET", "ui/exports/vip", path="exports/vip")
    assert (page.status, page.returned["headers"]["content-type"]) == (200, "text/html; charset=utf-8")


async def every_other_call_is_answered(app: LoadedApp) -> None:
    """Ask about what is not there, so that nothing outside is asked."""
    for route in ROUTES:
        if route.name not in app.invoked:
            ids = dict.fromkeys(re.findall(r"{(\w+)}", route.path), "nobody")
            answered = await app.http(route.name, route.method, route.path.format(**ids), **ids)
            assert answered.status in (200, 202, 400, 404, 409), route.name


def put_documents(connection_string: str) -> None:
    """Put what a deployment has: the containers and the queue, and an export with its connection.

    Beside them lies the marker of a run that was requested long ago and is silent since.
    """
    export = {
        "schema": 1,
        "id": "vip",
        "display_name": "VIP",
        "connection_id": "acme",
        "list_id": "Y6nRLr",
        "segments": ["vip"],
        "mapping": {"email": "EMail"},
    }
    marker = {"schema": 1, **WAKE_UP, "trigger": "http", "created_at": "2026-01-01T00:00:00Z", "woken_at": None}
    connection = connection_document()
    documents = {
        "exports/vip.json": export,
        "connections/acme.json": connection,
        f"active/other/{WAKE_UP['run_id']}.json": marker,
    }
    with BlobServiceClient.from_connection_string(connection_string) as service:
        container = service.create_container(CONTAINER)
        for name, document in documents.items():
            container.upload_blob(name, json.dumps(document))
        service.create_container(SEGMENTS)
    with QueueClient.from_connection_string(connection_string, QUEUE) as queue:
        queue.create_queue()
