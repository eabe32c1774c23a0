"""Whoever asks is answered in time, and told who did not answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import azure.functions as func
import pytest

from shared.api.http.entrance import answer
from shared.api.http.patience import CALL_SECONDS, MANY_SECONDS
from shared.api.routes import ROUTES
from shared.app import App
from tests.api.calling import RUNS, Api
from tests.fakes.sink import SECRET

TEST = "connections/acme/test"


class Nowhere:
    """A queue output of which nothing is expected."""

    def set(self, val: Sequence[str]) -> None:
        raise AssertionError(val)


async def never() -> None:
    await asyncio.Event().wait()


def ready() -> Api:
    api = Api()
    api.secrets.values[SECRET] = "pk_1"
    return api


@pytest.mark.parametrize(
    ("fake", "call", "method", "address", "name"),
    [
        ("documents", "get", "GET", "exports/vip", "The storage of the app"),
        ("documents", "folders", "GET", RUNS, "The storage of the app"),
        ("documents", "insert", "POST", RUNS, "The storage of the app"),
        ("segments", "listed", "GET", "segments", "The storage of the segments"),
        ("segments", "read", "POST", "exports/vip/preview", "The storage of the segments"),
        ("secrets", "get_fresh", "POST", TEST, "The vault"),
        ("sink", "account", "POST", TEST, "Klaviyo"),
        ("sink", "lists", "GET", "connections/acme/lists", "Klaviyo"),
        ("sink", "list_details", "POST", "exports/vip/preview", "Klaviyo"),
    ],
)
async def test_a_port_that_never_answers_is_named_in_time(
    fake: str, call: str, method: str, address: str, name: str
) -> None:
    api = ready()
    faults = (api.secrets if fake == "secrets" else getattr(api.world, fake)).faults
    faults.when(call, "*", never)
    begun = api.world.clock.monotonic()
    reply = await api.call(method, address, {} if method == "POST" else None)
    problem = reply.problem(503)
    assert (problem["code"], problem["params"]["name"]) == ("no_answer_in_time", name)
    assert f"{name} did not answer within 10 seconds" in problem["detail"]
    assert reply.headers["Retry-After"]
    assert api.world.clock.monotonic() - begun == CALL_SECONDS


@pytest.mark.parametrize(("method", "address"), [("POST", "runs"), ("DELETE", "connections/acme?exports=detach")])
async def test_a_call_that_works_through_all_exports_may_take_longer_and_not_for_ever(
    method: str, address: str
) -> None:
    api = ready()
    api.world.documents.faults.when("replace" if method == "DELETE" else "insert", "*", never)
    begun = api.world.clock.monotonic()
    assert "The storage of the app did not answer" in (await api.call(method, address)).problem(503)["detail"]
    assert api.world.clock.monotonic() - begun == MANY_SECONDS


async def test_an_app_that_cannot_be_wired_up_because_the_storage_keeps_silent_is_not_waited_for() -> None:
    async def never_open() -> App:
        await never()
        raise AssertionError

    [route] = [replace(each, seconds=0) for each in ROUTES if each.name == "list_exports"]
    request = func.HttpRequest("GET", "/api/exports", body=b"")
    answered = await answer(route, request, never_open, Nowhere())
    assert (answered.status_code, b"The storage of the app did not answer" in answered.get_body()) == (503, True)


async def test_a_call_that_was_stopped_leaves_nothing_behind_that_hinders_the_next_one() -> None:
    api = ready()
    api.world.documents.faults.when("insert", "runs/*", never)
    (await api.post(RUNS, headers={"Idempotency-Key": "k"})).problem(503)
    again = await api.post(RUNS, headers={"Idempotency-Key": "k"})
    assert again.status == 202
    for wake_up in again.wake_ups:
        await api.world.go(wake_up)
    assert [run.status for run in api.world.all_runs()] == ["succeeded"]
