"""Runs over HTTP."""

from urllib.parse import quote

import pytest

from shared.api import runs
from shared.domain.errors import ConfigurationError, ContractBroken, Throttled, Unavailable
from shared.domain.run import Run, RunStatus
from shared.pipeline.runs import WakeUp
from tests.api.calling import Api, Reply
from tests.builders import World, ndjson, people

RUNS = "exports/vip/runs"
UNKNOWN = f"{RUNS}/20200101t000000z-0000"


async def history(api: Api, count: int) -> list[str]:
    """Make runs, one a minute; return their ids, newest first."""
    ids = []
    for _ in range(count):
        ids.append((await api.world.start()).run_id)
        await api.world.clock.advance(60)
    return ids[::-1]


async def every_call(api: Api, run: str = UNKNOWN) -> list[Reply]:
    """Return the answers to every call about runs."""
    return [await api.post(RUNS), await api.get(RUNS), await api.get(run), await api.delete(run)]


async def test_a_run_is_accepted_with_its_address_and_a_message_that_wakes_it() -> None:
    api = Api()
    reply = await api.post(RUNS)
    run_id = reply.json["id"]
    assert (reply.status, reply.response.mimetype) == (202, "application/json")
    assert reply.headers["Location"] == f"/api/exports/vip/runs/{run_id}" == reply.json["self"]
    assert reply.headers["Retry-After"] == "5"
    assert reply.wake_ups == [WakeUp("vip", run_id)]
    assert (reply.json["status"], reply.json["trigger"]) == ("queued", "http")
    assert reply.json == (await api.get(reply.headers["Location"])).json
    await api.world.go(*reply.wake_ups)
    assert api.world.run(reply.wake_ups[0]).status is RunStatus.SUCCEEDED


async def test_a_run_of_an_unknown_export_is_not_found_and_leaves_nothing_behind() -> None:
    api = Api()
    assert (await api.post("exports/gold/runs")).problem(404)["detail"] == "There is no export 'gold'."
    assert api.world.documents.paths("active/") == api.world.documents.paths("runs/") == []


@pytest.mark.parametrize("bad", ["VIP", "", "-vip", "a" * 64, "../secrets", "vip/other", "v\u00efp", "vip\n", "%2e%2e"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api, bad = Api(), quote(bad, safe="")
    replies = [
        await api.post(f"exports/{bad}/runs"),
        await api.get(f"exports/{bad}/runs"),
        await api.get(f"exports/{bad}/runs/1"),
        await api.get(f"{RUNS}/{bad}"),
        await api.delete(f"exports/{bad}/runs/1"),
        await api.delete(f"{RUNS}/{bad}"),
        await api.get(f"{RUNS}?before={bad}"),
    ]
    for reply in replies:
        assert "must begin with a lower-case letter or a digit" in reply.problem(400)["detail"]
    assert api.world.documents.faults.log == []


async def test_an_export_that_is_broken_is_a_conflict_that_names_what_is_wrong() -> None:
    api = Api()
    api.world.put_export(segments=[])
    assert "/segments" in (await api.post(RUNS)).problem(409)["detail"]
    assert api.world.documents.paths("active/") == []


async def test_runs_are_listed_newest_first_page_by_page() -> None:
    api = Api()
    ids = await history(api, 45)
    seen: list[str] = []
    address: str | None = RUNS
    while address:
        page = (await api.get(address)).json
        assert len(page["runs"]) <= 20
        seen += [run["id"] for run in page["runs"]]
        address = page["next"]
    assert seen == ids


@pytest.mark.parametrize(("count", "limit", "follows"), [(3, "3", False), (4, "3", True), (0, "1", False)])
async def test_a_page_names_the_next_one_only_when_there_is_more(count: int, limit: str, *, follows: bool) -> None:
    api = Api()
    await history(api, count)
    page = (await api.get(f"{RUNS}?limit={limit}")).json
    assert len(page["runs"]) == min(count, int(limit))
    assert (page["next"] is not None) is follows


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "", "1.5", "\u0665", "9" * 5000])
async def test_a_limit_that_is_none_is_a_bad_request(limit: str) -> None:
    reply = await Api().get(f"{RUNS}?limit={limit}")
    assert reply.problem(400)["detail"] == "limit must be a whole number from 1 to 100."


async def test_a_run_that_has_ended_need_not_be_asked_for_again() -> None:
    api = Api()
    run = await api.world.whole_run()
    reply = await api.get(f"{RUNS}/{run.id}")
    assert (reply.status, reply.json["status"]) == (200, "succeeded")
    assert "Retry-After" not in reply.headers
    under_way = await api.world.start()
    assert (await api.get(f"{RUNS}/{under_way.run_id}")).headers["Retry-After"] == "5"


async def test_an_unknown_run_is_not_found() -> None:
    api = Api()
    for reply in (await api.get(UNKNOWN), await api.delete(UNKNOWN)):
        assert reply.problem(404)["detail"] == "Export 'vip' has no run '20200101t000000z-0000'."


async def test_a_run_is_cancelled_by_a_note_and_a_message() -> None:
    api = Api()
    wake_up = await api.world.start()
    reply = await api.delete(f"{RUNS}/{wake_up.run_id}")
    assert reply.status == 202
    assert reply.headers["Location"] == reply.json["self"]
    assert reply.wake_ups == [wake_up]
    await api.world.go(wake_up)
    run = api.world.run(wake_up)
    assert run.status is RunStatus.CANCELLED
    assert run.ending is not None
    assert run.ending.detail == "A caller with a function key cancelled the run."
    assert api.world.sink.made == []


async def test_a_run_that_has_ended_cannot_be_cancelled() -> None:
    api = Api()
    run = await api.world.whole_run()
    reply = await api.delete(f"{RUNS}/{run.id}")
    assert reply.problem(409)["detail"] == f"Run '{run.id}' has ended already (succeeded)."
    assert api.world.documents.paths(f"runs/vip/{run.id}/cancel") == []


async def test_no_personal_data_is_in_any_answer() -> None:
    rows = [*people(8), {"EMail": "secret-bad", "FirstName": "Secretname"}, *people(1)]
    world = World({"vip/1.ndjson": ndjson(rows)})
    world.sink.refuse("p3@*")
    world.sink.fail_late("p4@*")
    run = await world.whole_run()
    assert run.tally.rejected == 3
    api = Api(world)
    for reply in (await api.get(f"{RUNS}/{run.id}"), await api.get(RUNS)):
        assert "@" not in reply.text
        assert "secret" not in reply.text.lower()
        assert "klaviyo-acme" not in reply.text


@pytest.mark.parametrize("call", ["get", "insert", "names"])
async def test_storage_that_does_not_answer_is_a_problem_that_says_when_to_try_again(call: str) -> None:
    api = Api()
    run = f"{RUNS}/{(await api.world.start()).run_id}"
    api.world.documents.faults.fail(call, error=Unavailable("Storage does not answer."), times=9)
    refused = {
        "get": [await api.post(RUNS), await api.get(run), await api.delete(run)],
        "insert": [await api.post(RUNS), await api.delete(run)],
        "names": [await api.get(RUNS)],
    }
    for reply in refused[call]:
        assert reply.problem(503)["detail"] == "Storage does not answer."
        assert reply.headers["Retry-After"] == "5"


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
    api = Api()
    api.opening = error
    for reply in await every_call(api):
        assert reply.problem(status)["detail"] == str(error)
        assert reply.headers.get("Retry-After") == retry_after
    assert [record.getMessage() for record in caplog.records] == [f"A request was answered with {status}: {error}"] * 4


def test_the_view_of_a_run_is_its_document_and_its_address() -> None:
    run = Run(id="1", export_id="vip", trigger="http", created_at=World().clock.now())
    assert runs.view(run) == {**run.document(), "self": "/api/exports/vip/runs/1"}
