"""What is shown of a run."""

from tests.api.calling import RUNS, Api
from tests.builders import World, ndjson, people


async def test_a_run_that_has_ended_need_not_be_asked_for_again() -> None:
    api = Api()
    run = await api.world.whole_run()
    reply = await api.get(f"{RUNS}/{run.id}")
    assert (reply.status, reply.json["status"]) == (200, "succeeded")
    assert "Retry-After" not in reply.headers
    under_way = await api.world.start()
    assert (await api.get(f"{RUNS}/{under_way.run_id}")).headers["Retry-After"] == "5"


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


async def test_a_run_is_shown_as_its_document_with_its_progress_and_its_address() -> None:
    api = Api()
    run = await api.world.whole_run()
    shown = (await api.get(f"{RUNS}/{run.id}")).json
    progress = {"share": 1.0, "seconds_left": None, "settled": 1.0}
    may = ["rejections", "unconfirmed"]
    stored = {name: value for name, value in run.document().items() if name != "sentences"}
    beside = {
        "progress": progress,
        "silence": None,
        "cancel_requested": None,
        "may": may,
        "self": f"/api/exports/vip/runs/{run.id}",
    }
    assert shown == {**stored, **beside}


async def test_the_sentences_of_a_run_are_shown_with_their_codes_and_values() -> None:
    api = Api(World({"vip/1.ndjson": ndjson([{"EMail": "a@example.com", "FirstName": []}])}))
    run = await api.world.whole_run()
    shown = (await api.get(f"{RUNS}/{run.id}")).json
    [warning] = shown["warnings"]
    assert (warning["code"], warning["params"]) == (
        "values_left_out",
        {"count": 1, "field": "first_name", "reason": "not_a_text", "file": "vip/1.ndjson", "row": 1},
    )
    assert warning["detail"].startswith("1 value of first_name is no text")
    assert shown["notes"] == [
        {
            "field": "first_name",
            "reason": "not_a_text",
            "effect": "left_out",
            "count": 1,
            "places": [{"blob": "vip/1.ndjson", "row": 1}],
        }
    ]
    api.world.put_export(segments=["gone"])
    error = (await api.get(f"{RUNS}/{(await api.world.whole_run()).id}")).json["error"]
    assert set(error) == {"status", "reason", "code", "params", "detail"}


async def test_only_one_run_shows_its_samples() -> None:
    world = World({"vip/1.ndjson": ndjson(people(100))}, max_profiles=10, in_flight=1)
    world.sink.seconds = lambda _batch: 5.0
    run = await world.whole_run()
    api = Api(world)
    assert len((await api.get(f"{RUNS}/{run.id}")).json["samples"]) == len(run.samples) > 1
    for listed in (await api.get(RUNS), await api.get("runs")):
        assert [(each["samples"], each["source"]["files"]) for each in listed.json["runs"]] == [([], [])]
