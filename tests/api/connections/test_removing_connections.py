"""Removing connections, and what becomes of their exports."""

import pytest

from shared.domain.errors import Conflict, Unavailable
from shared.domain.runs.run import RunStatus
from tests.api.calling import LABEL, Api, trail
from tests.api.connections.sample_connections import ACME, BODY, KEY, NEW, world_of
from tests.builders import checked, connection_document
from tests.fakes.sink import LIST


async def test_a_connection_in_use_is_not_removed_without_a_word_about_its_exports() -> None:
    api = Api()
    api.world.put_export(id="gold")
    problem = (await api.delete(ACME)).problem(409)
    assert problem["type"].endswith(":in_use")
    assert problem["exports"] == ["gold", "vip"]
    assert "?exports=remove or ?exports=detach" in problem["detail"]
    assert (await api.get(ACME)).status == 200
    (await api.delete(f"{ACME}?exports=forget")).problem(400)


async def test_a_connection_that_nothing_uses_is_removed_and_its_secret_stays() -> None:
    api = Api()
    await api.put(NEW, BODY)
    reply = await api.delete(NEW)
    assert (reply.status, reply.json) == (
        200,
        {"id": "beta", "exports": {"remove": [], "detach": []}, "kept_secret": "klaviyo-beta"},
    )
    (await api.get(NEW)).problem(404)
    assert api.secrets.values == {"klaviyo-beta": KEY}


async def test_a_secret_that_another_connection_has_too_is_none_to_delete() -> None:
    api = Api()
    await api.put(NEW, BODY)
    api.world.documents.put("connections/gamma.json", connection_document(id="gamma", secret_name="klaviyo-beta"))
    api.world.documents.put("connections/broken.json", {"id": "broken"})
    assert (await api.delete(NEW)).json["kept_secret"] is None
    assert (await api.delete("connections/gamma")).json["kept_secret"] == "klaviyo-beta"


async def test_a_storage_that_does_not_list_the_connections_lets_nothing_be_removed() -> None:
    api = Api()
    api.world.documents.faults.fail("names", "connections/")
    (await api.delete(f"{ACME}?exports=detach")).problem(503)
    assert (await api.get(ACME)).status == 200
    assert api.world.documents.value("exports/vip.json")["connection_id"] == "acme"


@pytest.mark.parametrize("fate", ["remove", "detach"])
async def test_removing_a_connection_stops_the_runs_of_its_exports(fate: str) -> None:
    api = Api(world_of())
    world = api.world
    world.put_export(id="elsewhere", connection_id="beta")
    world.documents.put("schedules/vip.json", {"schema": 1, "last_slot": "2026-01-01T00:00:00Z"})
    world.documents.put("lists/vip.json", {"schema": 1, "list_id": "Y6nRLr"})
    running = await world.start()
    world.sink.faults.fail("send", f"{LIST}/2")
    await world.leg(running)
    queued = await world.start()
    reply = await api.delete(f"{ACME}?exports={fate}")
    assert reply.status == 200
    assert reply.json["exports"] == {"remove": [], "detach": [], fate: ["vip"]}
    assert set(reply.wake_ups) == {running, queued}
    await world.go(*reply.wake_ups)
    for wake_up in (running, queued):
        run = checked(world.run(wake_up))
        assert run.status is RunStatus.CANCELLED
        assert run.ending is not None
        assert run.ending.detail == f"{LABEL} removed connection 'acme'."
    (await api.get(ACME)).problem(404)
    assert world.documents.value("exports/elsewhere.json")["connection_id"] == "beta"
    if fate == "remove":
        assert world.documents.paths("exports/vip") == world.documents.paths("schedules/") == []
        assert world.documents.paths("lists/") == []
    else:
        left = world.documents.value("exports/vip.json")
        assert (left["connection_id"], left["changed_by"], left["segments"]) == (None, LABEL, ["vip"])
    assert f"export.{fate}{'d' if fate == 'remove' else 'ed'}" in [line["what"] for line in trail(api)]


@pytest.mark.parametrize(("fate", "call"), [("remove", "delete"), ("detach", "replace")])
async def test_a_run_that_begins_while_its_export_is_parted_from_the_connection_is_stopped_as_well(
    fate: str, call: str
) -> None:
    api, begun = Api(world_of()), []

    async def begin() -> None:
        begun.append(await api.world.start())

    api.world.documents.faults.when(call, "exports/vip.json", begin)
    reply = await api.delete(f"{ACME}?exports={fate}")
    assert reply.wake_ups == begun
    await api.world.go(*begun)
    ending = api.world.run(begun[0]).ending
    assert ending is not None
    assert ending.detail == f"{LABEL} removed connection 'acme'."


@pytest.mark.parametrize("fate", ["remove", "detach"])
@pytest.mark.parametrize("call", ["insert", "delete", "replace"])
async def test_a_removal_that_was_cut_off_is_finished_by_the_same_call(fate: str, call: str) -> None:
    for number in range(9):
        api = Api(world_of())
        world = api.world
        world.put_export(id="gold")
        runs = [await world.start(), await world.start("gold")]
        address = f"{ACME}?exports={fate}"
        world.documents.faults.fail(call, skip=number, error=Unavailable("Storage does not answer."))
        was_cut_off = (await api.delete(address)).status == 503
        world.documents.faults._planned.clear()
        if was_cut_off:
            assert (await api.delete(address)).status == 200 or not await world.store.exports.over("acme")
        assert world.documents.paths(ACME) == []
        assert await world.store.exports.over("acme") == []
        await world.go(*runs)
        assert {world.run(each).status for each in runs} == {RunStatus.CANCELLED}
        assert world.sink.made == []


@pytest.mark.parametrize("fate", ["remove", "detach"])
async def test_a_removal_that_is_refused_changes_nothing(fate: str) -> None:
    api = Api(world_of())
    run = await api.world.start()
    before = (await api.get("exports/vip")).json
    seen = {"If-Match": (await api.get(ACME)).headers["ETag"]}

    async def save() -> None:
        api.world.documents.put("connections/acme.json", connection_document(display_name="Theirs"))

    api.world.documents.faults.when("delete", "connections/acme.json", save)
    (await api.delete(f"{ACME}?exports={fate}", headers=seen)).problem(412)
    api.world.documents.faults.when("delete", "connections/acme.json", save)
    (await api.delete(f"{ACME}?exports={fate}")).problem(409)
    assert (await api.get("exports/vip")).json == {**before, "connection": {"id": "acme", "display_name": "Theirs"}}
    await api.world.go(run)
    assert api.world.run(run).status is RunStatus.SUCCEEDED


async def test_an_export_that_is_saved_while_its_connection_is_removed_is_parted_as_well() -> None:
    api = Api()

    async def save() -> None:
        api.world.put_export(id="late")

    api.world.documents.faults.when("delete", "connections/acme.json", save)
    assert (await api.delete(f"{ACME}?exports=detach")).json["exports"]["detach"] == ["late", "vip"]
    assert api.world.documents.value("exports/late.json")["connection_id"] is None


async def test_an_export_that_somebody_moves_to_another_connection_meanwhile_is_left_to_them() -> None:
    api = Api()

    async def move() -> None:
        api.world.put_export(connection_id="beta")

    api.world.documents.faults.when("replace", "exports/vip.json", move)
    assert (await api.delete(f"{ACME}?exports=detach")).status == 200
    assert api.world.documents.value("exports/vip.json")["connection_id"] == "beta"


async def test_an_export_that_never_stands_still_is_not_fought_over_for_ever() -> None:
    api = Api()
    api.world.documents.faults.fail("replace", "exports/vip.json", error=Conflict("Changed."), times=99)
    assert "being changed by somebody else" in (await api.delete(f"{ACME}?exports=detach")).problem(409)["detail"]
    assert api.world.documents.faults.count("replace", "exports/vip.json") == 5
    assert api.world.documents.value("exports/vip.json")["connection_id"] == "acme"
    api.world.documents.faults._planned.clear()
    assert (await api.delete(f"{ACME}?exports=detach")).json["exports"]["detach"] == ["vip"]
    (await api.delete(f"{ACME}?exports=detach")).problem(404)
