"""Starting runs over HTTP."""

import pytest

from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from tests.api.calling import RUNS, Api
from tests.builders import World, ndjson, people


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


async def test_an_export_that_is_broken_is_a_conflict_that_names_what_is_wrong() -> None:
    api = Api()
    api.world.put_export(segments=[])
    assert "/segments" in (await api.post(RUNS)).problem(409)["detail"]
    assert api.world.documents.paths("active/") == []


@pytest.mark.parametrize(
    ("connection", "words"),
    [({"consent": {"accepted": False}}, "accept the consent"), (None, "which does not exist")],
)
async def test_a_run_that_could_only_fail_is_refused_at_once(connection: dict[str, object] | None, words: str) -> None:
    api = Api(World({"vip/1.ndjson": ndjson(people(3))}, connection=connection))
    if connection is None:
        del api.world.documents.blobs["connections/acme.json"]
    assert words in (await api.post(RUNS)).problem(409)["detail"]
    (skipped,) = (await api.post("runs")).json["skipped"]
    assert words in skipped["detail"]
    assert api.world.documents.paths("active/") == []


async def test_a_run_of_the_first_rows_is_requested_with_a_limit() -> None:
    api = Api()
    reply = await api.post(RUNS, {"limit": 2})
    await api.world.go(*reply.wake_ups)
    assert api.world.run(reply.wake_ups[0]).tally.read == reply.json["limit"] == 2


@pytest.mark.parametrize(
    ("document", "pointer"),
    [({"limit": 0}, "/limit"), ({"limit": "2"}, "/limit"), ({"limit": True}, "/limit"), ({"rows": 2}, "/rows")],
)
async def test_a_wish_that_cannot_be_understood_is_named_and_nothing_starts(document: object, pointer: str) -> None:
    api = Api()
    for address in (RUNS, "runs"):
        (error,) = (await api.post(address, document)).problem(400)["errors"]
        assert error["pointer"] == pointer
    assert api.world.documents.paths("active/") == []


async def test_a_second_run_is_a_conflict_with_the_address_of_the_first_unless_it_may_wait() -> None:
    api = Api()
    first = await api.post(RUNS)
    problem = (await api.post(RUNS)).problem(409)
    assert (problem["type"].rpartition(":")[2], problem["run"]) == ("run_active", first.headers["Location"])
    assert "?queue=true" in problem["detail"]
    second = await api.post(f"{RUNS}?queue=true")
    assert second.status == 202
    await api.world.go(*first.wake_ups, *second.wake_ups)
    assert [run.status for run in api.world.all_runs()] == [RunStatus.SUCCEEDED] * 2


async def test_the_same_idempotency_key_gives_the_same_run_and_another_body_is_refused() -> None:
    api, headers = Api(), {"Idempotency-Key": "monday"}
    first = await api.post(RUNS, {"limit": 2}, headers=headers)
    again = await api.post(RUNS, body=b' { "limit" : 2 } ', headers=headers)
    assert (again.status, again.json, again.headers["Location"]) == (202, first.json, first.headers["Location"])
    assert (await api.post(RUNS, {"limit": 3}, headers=headers)).problem(422)["type"].endswith("key_reused")
    assert len(api.world.all_runs()) == 1


async def test_a_request_that_is_sent_again_has_its_answer_even_when_no_new_run_could_be_started() -> None:
    api, headers = Api(), {"Idempotency-Key": "monday"}
    first = await api.post(RUNS, headers=headers)
    del api.world.documents.blobs["connections/acme.json"]
    assert (await api.post(RUNS, headers=headers)).json["id"] == first.json["id"]
    (await api.post(RUNS, headers={"Idempotency-Key": "tuesday"})).problem(409)


@pytest.mark.parametrize("key", ["", "k" * 256, "\u043a", "a\tb"])
async def test_an_idempotency_key_that_is_none_is_a_bad_request(key: str) -> None:
    reply = await Api().post(RUNS, headers={"Idempotency-Key": key})
    assert "1 to 255 printable ASCII characters" in reply.problem(400)["detail"]


async def test_all_enabled_exports_are_run_and_those_under_way_are_named() -> None:
    api = Api()
    for export_id, enabled in (("gold", True), ("old", False)):
        api.world.put_export(id=export_id, enabled=enabled)
    api.world.documents.put("exports/broken.json", {"id": "broken"})
    active = await api.post(RUNS)
    reply = await api.post("runs")
    assert reply.status == 202
    assert [run["export_id"] for run in reply.json["runs"]] == ["gold"]
    assert [wake_up.export_id for wake_up in reply.wake_ups] == ["gold"]
    broken, under_way = reply.json["skipped"]
    assert (broken["export_id"], broken["reason"], broken["run"]) == ("broken", "cannot_run", None)
    assert (under_way["export_id"], under_way["reason"]) == ("vip", "run_active")
    assert under_way["run"] == active.headers["Location"]
