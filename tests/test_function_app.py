"""Every trigger of the app, called as the Functions worker calls it, over fakes."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import azure.functions as func
import pytest

import function_app
from shared import bootstrap
from shared.api.routes import ROUTES
from shared.app import App
from shared.domain.errors import ConfigurationError, Unavailable
from shared.domain.runs.run import RunStatus
from tests.api.calling import app_over
from tests.builders import World, ndjson, people

FUNCTIONS = {each.get_function_name(): each for each in function_app.app.get_functions()}


class Out:
    """A queue output binding; mutable. *sent* is None until it was set."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] | None = None

    def set(self, val: list[str]) -> None:
        assert all(isinstance(message, str) for message in val)
        self.sent = [json.loads(message) for message in val]


class Past:
    """A timer's message."""

    past_due = False


async def invoke(name: str, *arguments: Any) -> Any:
    """Call the function *name* by its place in the app, as the worker does."""
    return await FUNCTIONS[name].get_user_function()(*arguments)


def request(params: dict[str, str] | None = None, **route: str) -> func.HttpRequest:
    url = f"http://localhost/api?{urlencode(params or {})}"
    return func.HttpRequest(method="GET", url=url, body=b"", route_params=route, params=params or {})


def message(body: bytes | dict[str, str]) -> func.QueueMessage:
    return func.QueueMessage(body=body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.fixture
async def world() -> World:
    """Let the triggers work over fakes."""
    world = World({"vip/1.ndjson": ndjson(people(3))}, export={"schedule": {"cron": "0 * * * *"}})
    app = app_over(world)

    async def opened() -> App:
        return app

    use(opened())
    return world


def use(opening: Any) -> None:
    """Let the triggers of this loop find the app that *opening* gives."""
    loop = asyncio.get_running_loop()
    bootstrap._apps[loop] = loop.create_task(opening)


def test_these_are_the_functions_and_their_addresses() -> None:
    expected = {route.name: (route.method, route.path, "function") for route in ROUTES}
    expected["health"] = ("GET HEAD", "health", "anonymous")
    expected["page_settings"] = ("GET HEAD", "ui/settings.json", "anonymous")
    expected["web_page"] = ("GET HEAD", "ui/{*path}", "anonymous")
    assert set(FUNCTIONS) == {"tick", "export_segment", *expected}
    found = {}
    for name, function in FUNCTIONS.items():
        for binding in function.get_bindings_dict()["bindings"]:
            if binding["type"] == "httpTrigger":
                methods = " ".join(method.value for method in binding["methods"])
                found[name] = (methods, binding["route"], binding["authLevel"].value)
    assert found == expected


async def test_a_run_goes_from_its_request_to_its_end(world: World) -> None:
    out = Out()
    started = await invoke("start_run", request(export_id="vip"), out)
    run_id = json.loads(started.get_body())["id"]
    assert started.status_code == 202
    assert out.sent == [{"export_id": "vip", "run_id": run_id}]

    worked = Out()
    await invoke("export_segment", message(out.sent[0]), worked)
    assert worked.sent == []

    found = await invoke("get_run", request(export_id="vip", run_id=run_id), Out())
    assert json.loads(found.get_body())["status"] == "succeeded"
    assert world.sink.emails() == ["p1@example.com", "p2@example.com", "p3@example.com"]

    listed = await invoke("list_runs", request({"limit": "1"}, export_id="vip"), Out())
    assert [run["id"] for run in json.loads(listed.get_body())["runs"]] == [run_id]


async def test_a_leg_that_pauses_for_its_time_budget_sends_its_own_wake_up(world: World) -> None:
    wake_up = await world.start()
    world.segments.faults.when("read", "*", lambda: world.clock.sleep(1_300), skip=1)
    out = Out()
    await invoke("export_segment", message(wake_up.document()), out)
    assert out.sent == [wake_up.document()]


async def test_a_request_that_is_refused_sends_no_message(world: World) -> None:
    out = Out()
    refused = await invoke("start_run", request(export_id="gold"), out)
    assert (refused.status_code, out.sent) == (404, None)


async def test_a_run_that_is_cancelled_is_woken(world: World) -> None:
    wake_up, out = await world.start(), Out()
    answer = await invoke("cancel_run", request(export_id="vip", run_id=wake_up.run_id), out)
    assert (answer.status_code, out.sent) == (202, [wake_up.document()])
    await invoke("export_segment", message(wake_up.document()), Out())
    assert world.run(wake_up).status is RunStatus.CANCELLED


async def test_the_timer_sends_a_message_for_each_run_that_is_due(world: World) -> None:
    out = Out()
    await invoke("tick", Past(), out)
    assert out.sent == []
    await world.clock.advance(3600)
    await invoke("tick", Past(), out)
    (run,) = world.all_runs()
    assert out.sent == [{"export_id": "vip", "run_id": run.id}]


@pytest.mark.parametrize("body", [b"", b"\xff", b"{}", b'{"export_id": "VIP", "run_id": "1"}'])
async def test_a_message_that_is_no_wake_up_is_dropped_with_a_log(
    world: World, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    out = Out()
    await invoke("export_segment", message(body), out)
    assert out.sent is None
    assert "is no wake-up and was dropped." in caplog.text
    assert world.documents.faults.log == []


async def test_a_message_for_a_run_that_nobody_knows_is_dropped(world: World) -> None:
    out = Out()
    await invoke("export_segment", message({"export_id": "vip", "run_id": "1"}), out)
    assert out.sent == []


async def test_health_asks_nobody(world: World) -> None:
    answer = await invoke("health", request())
    assert (answer.status_code, json.loads(answer.get_body())) == (200, {"status": "ok"})
    assert world.documents.faults.log == []


async def fail() -> App:
    raise Unavailable("Storage does not answer.")


@pytest.mark.parametrize("name", [route.name for route in ROUTES])
async def test_while_storage_is_down_a_caller_hears_when_to_try_again(name: str) -> None:
    use(fail())
    out = Out()
    answer = await invoke(name, request(export_id="vip", run_id="1"), out)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert json.loads(answer.get_body())["detail"] == "Storage does not answer."
    assert out.sent is None


async def test_a_tick_fails_while_storage_is_down() -> None:
    use(fail())
    with pytest.raises(Unavailable):
        await invoke("tick", Past(), Out())


async def test_a_wake_up_that_comes_while_storage_is_down_is_left_to_the_tick(
    caplog: pytest.LogCaptureFixture,
) -> None:
    use(fail())
    out = Out()
    await invoke("export_segment", message({"export_id": "vip", "run_id": "1"}), out)  # raised, it would be poison once
    assert out.sent is None
    assert "Run 1 of export vip is left to the tick: Storage does not answer." in caplog.text


async def test_a_wake_up_for_an_app_that_is_set_up_wrongly_is_kept() -> None:
    async def wrong() -> App:
        raise ConfigurationError("A setting is missing.")

    use(wrong())
    with pytest.raises(ConfigurationError):
        await invoke("export_segment", message({"export_id": "vip", "run_id": "1"}), Out())


async def test_an_app_that_could_not_start_is_tried_again_at_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    use(fail())
    monkeypatch.delenv("AzureWebJobsStorage", raising=False)
    assert (await invoke("list_runs", request(export_id="vip"), Out())).status_code == 503
    answer = await invoke("list_runs", request(export_id="vip"), Out())
    assert answer.status_code == 500
    assert "Setting AzureWebJobsStorage is missing" in json.loads(answer.get_body())["detail"]


async def test_an_app_whose_opening_was_cancelled_is_opened_anew() -> None:
    async def never() -> Any:
        await asyncio.Event().wait()

    use(never())
    loop = asyncio.get_running_loop()
    cancelled = bootstrap._apps[loop]
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    with pytest.raises(ConfigurationError, match="AzureWebJobsStorage"):
        await bootstrap.current_app()
