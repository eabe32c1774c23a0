"""Removing exports: what is stopped, what is kept, and what does not come back."""

from shared.domain.runs.run import RunStatus
from tests.api.calling import ADMIN, CONTRIBUTOR, LABEL, Api, entra, trail
from tests.api.exports.sample_exports import HOURLY, NEW, VIP, body, shared_world, stored
from tests.api.shape_check import check
from tests.builders import World, ndjson, people
from tests.fakes.sink import LIST


async def test_removing_stops_the_runs_and_keeps_their_history() -> None:
    world = World(
        {"vip/1.ndjson": ndjson(people(100))},
        export={"schedule": HOURLY},
        max_profiles=10,
        in_flight=1,
        seconds=lambda _: 5.0,
    )
    api = Api(world)
    await world.tick()
    wake_up = await world.start()
    removed = []

    async def remove() -> None:
        removed.append(await api.delete(VIP))

    world.sink.faults.when("send", "*/3", remove)
    await world.go(wake_up)
    run = world.run(wake_up)
    assert run.status is RunStatus.CANCELLED
    assert run.ending
    assert run.ending.detail == f"{LABEL} removed export 'vip'."
    check(removed[0], 200, "RemovedExport")
    assert removed[0].wake_ups == [wake_up]
    assert removed[0].json["stopped_runs"] == [f"/api/exports/vip/runs/{run.id}"]
    assert world.documents.paths("exports/") == world.documents.paths("schedules/") == []
    assert world.documents.paths("lists/") == []
    (await api.get(VIP)).problem(404)
    assert (await api.get(removed[0].json["runs"])).json["runs"][0]["id"] == run.id
    assert [line["what"] for line in trail(api)] == ["export.removed"]


async def test_runs_know_who_removed_their_export_and_so_does_one_that_begins_meanwhile() -> None:
    api, begun = Api(), []
    first = await api.world.start()

    async def begin() -> None:
        begun.append(await api.world.start())

    api.world.documents.faults.when("delete", "exports/vip.json", begin)
    reply = await api.delete(VIP)
    assert reply.wake_ups == [first, *begun]
    await api.world.go(*reply.wake_ups)
    assert {run.ending.detail for run in api.world.all_runs() if run.ending} == {f"{LABEL} removed export 'vip'."}
    assert [run.status for run in api.world.all_runs()] == [RunStatus.CANCELLED] * 2


async def test_a_run_that_is_planned_just_after_the_removal_of_its_export_is_cancelled() -> None:
    api = Api()
    wake_up = await api.world.start()

    async def plan() -> None:
        await api.world.leg(wake_up)

    api.world.documents.faults.when("delete", "exports/vip.json", plan, after=True)
    assert (await api.delete(VIP)).status == 200
    assert api.world.run(wake_up).status is RunStatus.CANCELLED
    assert api.world.sink.made == []


async def test_only_the_version_that_was_seen_is_removed() -> None:
    api = Api()
    (await api.delete(VIP, headers={"If-Match": '"another"'})).problem(412)
    (await api.delete("exports/nobody")).problem(404)
    assert stored(api)["id"] == "vip"
    etag = (await api.get(VIP)).headers["ETag"]
    assert (await api.delete(VIP, headers={"If-Match": etag})).status == 200


async def test_an_export_that_somebody_changes_while_it_is_removed_stays() -> None:
    api = Api()
    wake_up = await api.world.start()

    async def other() -> None:
        api.world.put_export(display_name="Theirs")

    for status in (409, 412):
        seen = {"If-Match": (await api.get(VIP)).headers["ETag"]}
        api.world.documents.faults.when("delete", "exports/vip.json", other)
        (await api.delete(VIP, headers=seen if status == 412 else {})).problem(status)
        assert stored(api)["display_name"] == "Theirs"
        api.world.put_export()
    await api.world.go(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SUCCEEDED, "its export stays, and so does the run"


async def test_an_export_that_gets_the_id_of_a_removed_one_is_not_taken_for_it() -> None:
    api = entra(shared_world(rows=1))
    world = api.world
    world.put_export(connection_id="ours", mapping={"email": "Nothing"})
    world.segments.put("vip/1.ndjson", ndjson([{"Nothing": "no address", "Name": "x"}]))
    old = await world.whole_run()
    await api.delete(VIP, role=ADMIN)
    await world.clock.advance(60)
    assert (await api.put(VIP, body(), role=CONTRIBUTOR)).status == 201
    assert (await api.get(VIP, role=CONTRIBUTOR)).json["last_run"] is None
    rejections = f"{VIP}/runs/{old.id}/rejections"
    (await api.get(rejections, role=CONTRIBUTOR)).problem(403)
    assert (await api.get(rejections, role=ADMIN)).status == 200
    new = await world.whole_run()
    assert (await api.get(VIP, role=CONTRIBUTOR)).json["last_run"]["id"] == new.id
    assert (await api.get(f"{VIP}/runs/{new.id}/rejections", role=CONTRIBUTOR)).status == 200


async def test_notes_that_a_removal_left_behind_do_not_count_for_a_new_export() -> None:
    api = Api()
    api.world.documents.put("lists/news.json", {"schema": 1, "list_id": LIST})
    api.world.documents.put("schedules/news.json", {"schema": 1, "last_slot": "2020-01-01T00:00:00Z"})
    await api.put(NEW, body())
    assert api.world.documents.paths("lists/") == api.world.documents.paths("schedules/") == []
