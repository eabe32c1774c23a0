"""Runs over HTTP, called as a trigger calls them."""

import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import azure.functions as func
import pytest

from shared.api import runs
from shared.bootstrap import App
from shared.domain.errors import ConfigurationError, ContractBroken, Throttled, Unavailable
from shared.domain.run import Run, RunStatus
from shared.pipeline.runs import WakeUp
from tests.builders import World, ndjson, people

EXPORT = {"export_id": "vip"}
UNKNOWN = {"export_id": "vip", "run_id": "20200101t000000z-0000"}


class Api:
    """The management API over fakes."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World({"vip/1.ndjson": ndjson(people(3))})
        self.app = App(self.world.place, self.world.runs, timedelta(hours=12), AsyncExitStack())

    async def open(self) -> App:
        return self.app

    async def start(self, **route: str) -> runs.Answer:
        return await runs.start_run(self.open, {**EXPORT, **route})

    async def page(self, route: dict[str, str] | None = None, **params: str) -> func.HttpResponse:
        return await runs.list_runs(self.open, route or EXPORT, params)

    async def get(self, route: dict[str, str]) -> func.HttpResponse:
        return await runs.get_run(self.open, route)

    async def cancel(self, route: dict[str, str]) -> runs.Answer:
        return await runs.cancel_run(self.open, route)

    async def history(self, count: int) -> list[str]:
        """Make runs, one a minute; return their ids, newest first."""
        ids = []
        for _ in range(count):
            ids.append((await self.world.start()).run_id)
            await self.world.clock.advance(60)
        return ids[::-1]


def body(response: func.HttpResponse) -> Any:
    assert response.headers["Cache-Control"] == "no-store"
    return json.loads(response.get_body())


def problem(response: func.HttpResponse, status: int) -> dict[str, Any]:
    """Return the problem document in *response*, which must be well-formed."""
    document = body(response)
    assert response.mimetype == "application/problem+json"
    assert response.status_code == document["status"] == status
    assert document["type"].startswith("urn:segment-export:problem:")
    assert document["title"]
    assert isinstance(document, dict)
    return document


async def test_a_run_is_accepted_with_its_address_and_a_message_that_wakes_it() -> None:
    api = Api()
    answer = await api.start()
    response = answer.response
    run_id = body(response)["id"]
    assert response.status_code == 202
    assert response.mimetype == "application/json"
    assert response.headers["Location"] == f"/api/exports/vip/runs/{run_id}" == body(response)["self"]
    assert response.headers["Retry-After"] == "5"
    assert answer.wake_up == WakeUp("vip", run_id)
    assert (body(response)["status"], body(response)["trigger"]) == ("queued", "http")
    assert body(response) == body(await api.get({"export_id": "vip", "run_id": run_id}))
    await api.world.go(answer.wake_up)
    assert api.world.run(answer.wake_up).status is RunStatus.SUCCEEDED


async def test_a_run_of_an_unknown_export_is_not_found_and_leaves_nothing_behind() -> None:
    api = Api()
    answer = await api.start(export_id="gold")
    assert problem(answer.response, 404)["detail"] == "There is no export 'gold'."
    assert answer.wake_up is None
    assert api.world.documents.paths("active/") == api.world.documents.paths("runs/") == []


@pytest.mark.parametrize("bad", ["VIP", "", "-vip", "a" * 64, "../secrets", "vip/other", "v\u00efp", "vip\n"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api = Api()
    responses = [
        (await api.start(export_id=bad)).response,
        await api.page({"export_id": bad}),
        await api.get({"export_id": bad, "run_id": "1"}),
        await api.get({"export_id": "vip", "run_id": bad}),
        (await api.cancel({"export_id": bad, "run_id": "1"})).response,
        (await api.cancel({"export_id": "vip", "run_id": bad})).response,
        await api.page(before=bad),
    ]
    for response in responses:
        assert "must begin with a lower-case letter or a digit" in problem(response, 400)["detail"]
    assert api.world.documents.faults.log == []


async def test_an_export_that_is_broken_is_a_conflict_that_names_what_is_wrong() -> None:
    api = Api()
    api.world.put_export(segments=[])
    assert "/segments" in problem((await api.start()).response, 409)["detail"]
    assert api.world.documents.paths("active/") == []


async def test_runs_are_listed_newest_first_page_by_page() -> None:
    api = Api()
    ids = await api.history(45)
    seen: list[str] = []
    page = body(await api.page())
    while True:
        seen += [run["id"] for run in page["runs"]]
        if page["next"] is None:
            break
        path, query = page["next"].split("?")
        assert path == "/api/exports/vip/runs"
        page = body(await api.page(**dict(each.split("=") for each in query.split("&"))))
        assert len(page["runs"]) <= 20
    assert seen == ids


@pytest.mark.parametrize(("count", "limit", "follows"), [(3, "3", False), (4, "3", True), (0, "1", False)])
async def test_a_page_names_the_next_one_only_when_there_is_more(count: int, limit: str, *, follows: bool) -> None:
    api = Api()
    await api.history(count)
    page = body(await api.page(limit=limit))
    assert len(page["runs"]) == min(count, int(limit))
    assert (page["next"] is not None) is follows


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "", "1.5", "\u0665"])
async def test_a_limit_that_is_none_is_a_bad_request(limit: str) -> None:
    assert problem(await Api().page(limit=limit), 400)["detail"] == "limit must be a whole number from 1 to 100."


async def test_a_run_that_has_ended_need_not_be_asked_for_again() -> None:
    api = Api()
    run = await api.world.whole_run()
    response = await api.get({"export_id": "vip", "run_id": run.id})
    assert (response.status_code, body(response)["status"]) == (200, "succeeded")
    assert "Retry-After" not in response.headers
    under_way = await api.world.start()
    response = await api.get({"export_id": "vip", "run_id": under_way.run_id})
    assert response.headers["Retry-After"] == "5"


async def test_an_unknown_run_is_not_found() -> None:
    api = Api()
    expected = "Export 'vip' has no run '20200101t000000z-0000'."
    assert problem(await api.get(UNKNOWN), 404)["detail"] == expected
    answer = await api.cancel(UNKNOWN)
    assert problem(answer.response, 404)["detail"] == expected
    assert answer.wake_up is None


async def test_a_run_is_cancelled_by_a_note_and_a_message() -> None:
    api = Api()
    wake_up = await api.world.start()
    answer = await api.cancel({"export_id": "vip", "run_id": wake_up.run_id})
    assert answer.response.status_code == 202
    assert answer.response.headers["Location"] == body(answer.response)["self"]
    assert answer.wake_up == wake_up
    await api.world.go(wake_up)
    run = api.world.run(wake_up)
    assert run.status is RunStatus.CANCELLED
    assert run.ending is not None
    assert run.ending.detail == "A caller with a function key cancelled the run."
    assert api.world.sink.made == []


async def test_a_run_that_has_ended_cannot_be_cancelled() -> None:
    api = Api()
    run = await api.world.whole_run()
    answer = await api.cancel({"export_id": "vip", "run_id": run.id})
    assert problem(answer.response, 409)["detail"] == f"Run '{run.id}' has ended already (succeeded)."
    assert answer.wake_up is None
    assert api.world.documents.paths(f"runs/vip/{run.id}/cancel") == []


async def test_no_personal_data_is_in_any_answer() -> None:
    rows = [*people(8), {"EMail": "secret-bad", "FirstName": "Secretname"}, *people(1)]
    world = World({"vip/1.ndjson": ndjson(rows)})
    world.sink.refuse("p3@*")
    world.sink.fail_late("p4@*")
    run = await world.whole_run()
    assert run.tally.rejected == 3
    api = Api(world)
    for response in (await api.get({"export_id": "vip", "run_id": run.id}), await api.page()):
        text = response.get_body().decode()
        assert "@" not in text
        assert "secret" not in text.lower()
        assert "klaviyo-acme" not in text


@pytest.mark.parametrize("call", ["get", "insert", "names"])
async def test_storage_that_does_not_answer_is_a_problem_that_says_when_to_try_again(call: str) -> None:
    api = Api()
    wake_up = await api.world.start()
    route = {"export_id": "vip", "run_id": wake_up.run_id}
    api.world.documents.faults.fail(call, error=Unavailable("Storage does not answer."), times=9)
    refused = {
        "get": [(await api.start()).response, await api.get(route), (await api.cancel(route)).response],
        "insert": [(await api.start()).response, (await api.cancel(route)).response],
        "names": [await api.page()],
    }
    for response in refused[call]:
        assert problem(response, 503)["detail"] == "Storage does not answer."
        assert response.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Unavailable("Storage does not answer."), 503, "5"),
        (Throttled("Slowly.", after=0.2), 503, "1"),
        (Throttled("Slowly.", after=7.01), 503, "8"),
        (ConfigurationError("Setting AzureWebJobsStorage is missing."), 500, None),
        (ContractBroken("What?"), 500, None),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_an_app_that_cannot_start_answers_with_a_problem_and_a_log(
    error: Exception, status: int, retry_after: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> App:
        raise error

    started, cancelled = await runs.start_run(broken, EXPORT), await runs.cancel_run(broken, UNKNOWN)
    for response in (
        started.response,
        cancelled.response,
        await runs.list_runs(broken, EXPORT, {}),
        await runs.get_run(broken, UNKNOWN),
    ):
        assert problem(response, status)["detail"] == str(error)
        assert response.headers.get("Retry-After") == retry_after
    assert started.wake_up is None
    assert cancelled.wake_up is None
    assert [record.getMessage() for record in caplog.records] == [f"A request was answered with {status}: {error}"] * 4


def test_the_view_of_a_run_is_its_document_and_its_address() -> None:
    run = Run(id="1", export_id="vip", trigger="http", created_at=World().clock.now())
    assert runs.view(run) == {**run.document(), "self": "/api/exports/vip/runs/1"}
