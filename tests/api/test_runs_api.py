"""Runs over HTTP."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from shared.control.runs import list_runs
from shared.domain.errors import (
    CONNECTION_TROUBLE,
    ConfigurationError,
    ContractBroken,
    CredentialsRefused,
    Throttled,
    Unavailable,
)
from shared.domain.runs.run import RunStatus
from shared.domain.runs.wake_up import WakeUp
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, Reply, entra
from tests.builders import World, connection_document, ndjson, people

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


@pytest.mark.parametrize("call", ["get", "insert", "folders"])
async def test_storage_that_does_not_answer_is_a_problem_that_says_when_to_try_again(call: str) -> None:
    api = Api()
    run = f"{RUNS}/{(await api.world.start()).run_id}"
    api.world.documents.faults.fail(call, error=Unavailable("Storage does not answer."), times=9)
    refused = {
        "get": [await api.post(f"{RUNS}?queue=true"), await api.get(run), await api.delete(run)],
        "insert": [await api.post(f"{RUNS}?queue=true"), await api.delete(run)],
        "folders": [await api.get(RUNS)],
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


async def test_a_run_is_shown_as_its_document_with_its_progress_and_its_address() -> None:
    api = Api()
    run = await api.world.whole_run()
    shown = (await api.get(f"{RUNS}/{run.id}")).json
    progress = {"share": 1.0, "seconds_left": None}
    may = ["rejections", "unconfirmed"]
    stored = {name: value for name, value in run.document().items() if name != "sentences"}
    assert shown == {**stored, "progress": progress, "may": may, "self": f"/api/exports/vip/runs/{run.id}"}


async def test_the_sentences_of_a_run_are_shown_with_their_codes_and_values() -> None:
    api = Api(World({"vip/1.ndjson": ndjson([{"EMail": "a@example.com", "FirstName": []}])}))
    run = await api.world.whole_run()
    shown = (await api.get(f"{RUNS}/{run.id}")).json
    [warning] = shown["warnings"]
    assert (warning["code"], warning["params"]) == ("values_left_out", {"count": 1, "field": "first_name"})
    assert warning["detail"].startswith("1 value of first_name cannot be sent")
    api.world.put_export(segments=["gone"])
    error = (await api.get(f"{RUNS}/{(await api.world.whole_run()).id}")).json["error"]
    assert set(error) == {"status", "reason", "code", "params", "detail"}


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


async def test_the_history_is_filtered_by_status_and_trigger() -> None:
    api = Api()
    done = await api.world.whole_run()
    queued = await api.world.start(trigger="schedule")
    for query, expected in (
        ("status=succeeded", [done.id]),
        ("status=queued&trigger=schedule", [queued.run_id]),
        ("trigger=http", [done.id]),
        ("status=queued&trigger=http", []),
    ):
        page = (await api.get(f"{RUNS}?{query}")).json
        assert [run["id"] for run in page["runs"]] == expected


async def test_a_filter_that_lets_little_through_reads_so_much_and_then_gives_an_address_to_go_on() -> None:
    api = Api()
    ids = await history(api, 3)
    list_runs.MAX_LOOKED_AT, before = 2, list_runs.MAX_LOOKED_AT
    try:
        page = (await api.get(f"{RUNS}?status=failed")).json
        assert (page["runs"], page["next"]) == ([], f"/api/{RUNS}?limit=20&status=failed&before={ids[1]}")
        assert (await api.get(page["next"])).json == {"runs": [], "next": None}
    finally:
        list_runs.MAX_LOOKED_AT = before


@pytest.mark.parametrize("query", ["status=done", "trigger=timer", "status="])
async def test_a_filter_that_is_none_is_a_bad_request(query: str) -> None:
    assert "must be one of" in (await Api().get(f"{RUNS}?{query}")).problem(400)["detail"]


async def rejecting(count: int) -> tuple[Api, str]:
    """Return an API whose one run has *count* rejections, and the address of the run."""
    world = World({"vip/1.ndjson": ndjson([*people(2), *({"EMail": f"bad {n}"} for n in range(count))])})
    run = await world.whole_run()
    assert run.tally.rejected == count
    return Api(world), f"{RUNS}/{run.id}"


async def test_rejections_are_listed_page_by_page_each_once() -> None:
    api, run = await rejecting(25)
    rows: list[int] = []
    address: str | None = f"{run}/rejections?limit=10"
    pages = 0
    while address:
        reply = await api.get(address)
        assert reply.status == 200
        rows += [line["row"] for line in reply.lines]
        pages += 1
        link = reply.headers.get("Link")
        address = link.split(">")[0].lstrip("<") if link else None
    assert (rows, pages) == (list(range(3, 28)), 3)


async def test_a_page_of_lines_ends_before_it_is_too_large() -> None:
    api, run = await rejecting(20)
    (path,) = api.world.documents.paths(f"runs/vip/{run.rpartition('/')[2]}/rejections")
    api.world.documents.blobs[path] = b'{"row":"%s"}\n' % (b"x" * 300_000) * 4
    first = await api.get(f"{run}/rejections")
    second = await api.get(first.headers["Link"].split(">")[0].lstrip("<"))
    assert (len(first.lines), len(second.lines), "Link" in second.headers) == (3, 1, False)


async def test_a_run_without_rejections_has_none_to_list() -> None:
    api = Api()
    run = await api.world.whole_run()
    for name in ("rejections", "unconfirmed"):
        reply = await api.get(f"{RUNS}/{run.id}/{name}")
        assert (reply.status, reply.lines) == (200, [])


async def test_rows_that_are_unconfirmed_are_named() -> None:
    world = World({"vip/1.ndjson": ndjson(people(3))}, settle_limit=timedelta(0), sweeps_to_end=10_000)
    run = await world.whole_run()
    assert run.tally.unconfirmed == 3
    (line,) = (await Api(world).get(f"{RUNS}/{run.id}/unconfirmed")).lines
    assert (line["profiles"], line["rows"]) == (3, [["vip/1.ndjson", 1, 3]])


async def test_the_rows_of_a_run_that_has_not_ended_are_not_told_apart_yet() -> None:
    api = Api()
    wake_up = await api.world.start()
    for name in ("rejections", "unconfirmed"):
        reply = await api.get(f"{RUNS}/{wake_up.run_id}/{name}")
        assert "has not ended (queued)" in reply.problem(409)["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "after=-1", "after=x", "after=1" + "0" * 20])
async def test_a_page_of_lines_that_cannot_be_is_a_bad_request(query: str) -> None:
    api = Api()
    run = await api.world.whole_run()
    assert "must be a whole number" in (await api.get(f"{RUNS}/{run.id}/rejections?{query}")).problem(400)["detail"]


async def test_a_contributor_works_with_what_runs_over_a_shared_connection() -> None:
    api = sharing()
    started = await api.post(RUNS, role=CONTRIBUTOR)
    assert started.status == 202
    assert (await api.delete(started.headers["Location"], role=CONTRIBUTOR)).status == 202
    await api.world.go(*started.wake_ups)
    assert (await api.get(f"{started.headers['Location']}/rejections", role=CONTRIBUTOR)).status == 200
    assert [run["export_id"] for run in (await api.post("runs", role=CONTRIBUTOR)).json["runs"]] == ["vip"]


async def test_each_run_says_what_the_caller_may_do_with_it() -> None:
    api = entra()
    ended = await api.world.whole_run()
    await api.world.clock.advance(60)
    active = await api.world.start()
    for role, may in ((ADMIN, True), (CONTRIBUTOR, True), (READER, False)):
        rights = [run["may"] for run in (await api.get(RUNS, role=role)).json["runs"]]
        assert rights == ([["cancel"], ["rejections", "unconfirmed"]] if may else [[], []])
        assert (await api.get(f"{RUNS}/{ended.id}", role=role)).json["may"] == rights[1]
    api.world.documents.put("connections/acme.json", connection_document())
    assert (await api.get(f"{RUNS}/{active.run_id}", role=CONTRIBUTOR)).json["may"] == []
    assert (await api.get(f"{RUNS}/{active.run_id}", role=ADMIN)).json["may"] == ["cancel"]


async def test_a_page_of_runs_reads_what_they_are_of_once() -> None:
    api = entra()
    await history(api, 5)
    log = api.world.documents.faults.log
    log.clear()
    await api.get(RUNS, role=CONTRIBUTOR)
    assert len([path for call, path in log if call == "get"]) == 5 + 2


SECRETIVE = (
    "The key in secret 'klaviyo-acme' leads to the Klaviyo account AbC123, but the connection is for DeF456.",
    "Key Vault https://kv.example has no secret 'klaviyo-acme'; create it, or mend secret_name of the connection.",
    "Klaviyo does not know the key in secret 'klaviyo-acme' (401).",
)


@pytest.mark.parametrize("sentence", SECRETIVE)
async def test_all_but_administrators_do_not_learn_the_details_of_a_connection_from_a_run(sentence: str) -> None:
    api = entra()
    api.world.sink.faults.fail("list_details", error=CredentialsRefused(sentence, public=CONNECTION_TROUBLE))
    run = await api.world.whole_run()
    addresses = (RUNS, f"{RUNS}/{run.id}", "exports/vip", "exports")
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False), (READER, False)):
        for address in addresses:
            text = (await api.get(address, role=role)).text
            assert ("klaviyo-acme" in text, CONNECTION_TROUBLE.detail in text) == (hears, not hears)
            assert "credentials_refused" in text


async def test_of_a_run_of_an_older_release_they_do_not_learn_them_either() -> None:
    api = entra()
    api.world.sink.faults.fail("list_details", error=CredentialsRefused(SECRETIVE[0]))
    run = await api.world.whole_run()
    document = api.world.documents.value(f"runs/vip/{run.id}/run.json")
    for ending in (document["error"], document["ending"]):
        for added in ("code", "params", "public"):
            del ending[added]
    api.world.documents.put(f"runs/vip/{run.id}/run.json", document)
    for role, hears in ((ADMIN, True), (READER, False)):
        error = (await api.get(f"{RUNS}/{run.id}", role=role)).json["error"]
        assert (error["detail"] == SECRETIVE[0], error["reason"]) == (hears, "credentials_refused")


async def test_all_but_administrators_do_not_learn_what_a_run_waits_for_at_the_vault() -> None:
    api = entra()
    away = Unavailable("Key Vault could not give secret 'klaviyo-acme'.", public=CONNECTION_TROUBLE)
    api.world.sink.faults.fail("list_details", error=away)
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    address = f"{RUNS}/{wake_up.run_id}"
    assert "klaviyo-acme" in (await api.get(address, role=ADMIN)).json["waiting"]["detail"]
    assert (await api.get(address, role=READER)).json["waiting"]["detail"] == CONNECTION_TROUBLE.detail


async def test_what_is_wrong_with_the_export_is_for_everybody() -> None:
    api = entra()
    sentence = "Klaviyo knows no list 'Y6nRLr' in the account of this connection; mend list_id of the export."
    api.world.sink.faults.fail("list_details", error=ConfigurationError(sentence))
    run = await api.world.whole_run()
    assert (await api.get(f"{RUNS}/{run.id}", role=READER)).json["error"]["detail"] == sentence


async def test_a_contributor_looks_at_the_others_and_changes_nothing() -> None:
    api = sharing()
    wake_up = await api.world.start("own")
    run = f"exports/own/runs/{wake_up.run_id}"
    assert (await api.get(run, role=CONTRIBUTOR)).status == 200
    for reply in (
        await api.post("exports/own/runs?queue=true", role=CONTRIBUTOR),
        await api.delete(run, role=CONTRIBUTOR),
        await api.get(f"{run}/rejections", role=CONTRIBUTOR),
    ):
        assert "Connection 'other' is not shared, so only administrators may do that;" in reply.problem(403)["detail"]
    del api.world.documents.blobs["exports/own.json"]
    assert "only administrators" in (await api.delete(run, role=CONTRIBUTOR)).problem(403)["detail"]
    assert (await api.delete(run, role=ADMIN)).status == 202


def sharing() -> Api:
    """Return an API with one connection that is shared with contributors, and one that is not."""
    world = World({"vip/1.ndjson": ndjson(people(3))}, connection={"shared_with": "contributors"})
    world.documents.put("connections/other.json", connection_document(id="other"))
    world.put_export(id="own", connection_id="other")
    return entra(world)
