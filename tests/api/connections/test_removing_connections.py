"""Removing connections, and what becomes of their exports."""

import pytest

from shared.domain.errors import Conflict, Unavailable
from shared.domain.runs.run import RunStatus
from tests.api.calling import LABEL, Api, trail
from tests.api.connections.sample_connections import ACME, BODY, KEY, NEW, world_of
from tests.builders import checked
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
    api = Api(world_of())
    world = api.world
    world.put_export(id="gold")
    runs = [await world.start(), await world.start("gold")]
    address = f"{ACME}?exports={fate}"
    for number in range(9):
        if not world.documents.paths(ACME):
            break
        world.documents.faults.fail(call, skip=number, error=Unavailable("Storage does not answer."))
        reply = await api.delete(address)
        assert reply.status in (200, 503)
        world.documents.faults._planned.clear()
    assert world.documents.paths(ACME) == []
    await world.go(*runs)
    assert {world.run(each).status for each in runs} == {RunStatus.CANCELLED}
    assert world.sink.made == []


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
    assert (await api.get(ACME)).status == 200
