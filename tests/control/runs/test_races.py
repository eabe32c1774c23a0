"""Requests that come at the same time, over instances that share nothing but the storage."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any

import pytest

from shared.control.runs.start_run import RunRequest, RunStarter
from shared.domain.control_errors import RunActive
from shared.domain.errors import Unavailable
from shared.domain.runs.run import Run, RunStatus
from shared.store.audit_trail import Author
from shared.store.order.gates import MAX_WAITING
from shared.store.run_markers import Marker
from shared.store.store import Store
from tests.builders import World, ndjson, people
from tests.control.ticking import HOURLY

AT_ONCE = 50


class Instances:
    """Two instances of the app over one storage; mutable."""

    def __init__(self, **world: Any) -> None:
        self.world = World({"vip/1.ndjson": ndjson(people(3))}, **world)
        self._ids = count(1)
        clock, documents = self.world.clock, self.world.documents
        self.stores = [
            self.world.store,
            Store(documents, clock, new_id=lambda: f"line-of-the-other-{next(self._ids):04x}"),
        ]

    def request(self, **wish: Any) -> Coroutine[Any, Any, Run]:
        """Request a run of export 'vip', from each instance in turn."""
        number = next(self._ids)
        asked = RunRequest(by=Author(None, "Dana"), **wish)
        starter = RunStarter(self.stores[number % 2], self.world.clock, asked)
        return starter.start("vip", f"20261123t060000z-e{number:03x}", check=lambda: None)

    def request_all(self, *export_ids: str, **wish: Any) -> Coroutine[Any, Any, tuple[list[Run], dict[str, Any]]]:
        """Request a run of each export, from each instance in turn."""
        number = next(self._ids)
        starter = RunStarter(self.stores[number % 2], self.world.clock, RunRequest(by=Author(None, "Dana"), **wish))
        return starter.start_all(dict.fromkeys(export_ids, f"20261123t060000z-e{number:03x}"))

    def placed(self, export_id: str = "vip") -> list[str]:
        """Return the ids of the runs that have a place at the gate, in order."""
        return [each["run_id"] for each in self.world.documents.value(f"active/{export_id}.json")["requests"]]


async def outcomes(*requests: Coroutine[Any, Any, Run]) -> tuple[list[str], list[RunActive]]:
    """Make the requests at the same time; return the ids of the runs, and the refusals."""
    answers = await asyncio.gather(*requests, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, RunActive)]
    runs = [each.id for each in answers if isinstance(each, Run)]
    assert len(runs) + len(refused) == len(requests), answers
    return runs, refused


async def test_of_many_requests_at_once_one_starts_a_run_and_the_others_learn_which() -> None:
    instances = Instances()
    (winner,), refused = await outcomes(*(instances.request() for _ in range(AT_ONCE)))
    assert {each.run_id for each in refused} == {winner}
    assert [run.id for run in instances.world.all_runs()] == instances.placed() == [winner]
    (trail,) = instances.world.documents.paths("audit/")
    assert len(instances.world.documents.lines(trail)) == 1
    await instances.world.go()
    assert instances.world.documents.paths("active/") == []


async def test_of_many_requests_that_may_wait_ten_wait_behind_the_one_at_work() -> None:
    instances = Instances()
    runs, refused = await outcomes(*(instances.request(may_queue=True) for _ in range(AT_ONCE)))
    assert len(runs) == len(set(runs)) == MAX_WAITING + 1
    assert sorted(instances.placed()) == sorted(runs)
    assert {each.run_id for each in refused} == {instances.placed()[0]}
    order = instances.placed()
    await instances.world.go()
    ended = sorted(instances.world.all_runs(), key=lambda run: (run.ended_at, order.index(run.id)))
    assert [run.id for run in ended] == order
    assert {run.status for run in ended} == {RunStatus.SUCCEEDED}


async def test_requests_under_one_key_at_once_name_one_run_whoever_else_comes() -> None:
    instances = Instances()
    same = [instances.request(key="monday", may_queue=True) for _ in range(9)]
    others = [instances.request(may_queue=True) for _ in range(5)]
    runs, refused = await outcomes(*same, *others)
    assert refused == []
    assert len(set(runs[:9])) == 1
    assert len(set(runs)) == len(instances.world.all_runs()) == 6


async def test_a_slot_of_the_schedule_and_requests_at_once_make_one_run() -> None:
    instances = Instances(export={"schedule": HOURLY})
    world = instances.world
    await world.tick()
    await world.clock.advance(3600)
    answers = await asyncio.gather(
        *(instances.request() for _ in range(9)), world.tick(), world.tick(), return_exceptions=True
    )
    at_work = [run for run in world.all_runs() if run.status is RunStatus.QUEUED]
    assert [run.id for run in at_work] == instances.placed()
    assert len(at_work) == 1
    assert not [each for each in answers if isinstance(each, Exception) and not isinstance(each, RunActive)]


async def test_requests_for_all_under_one_key_name_the_same_runs_whatever_happens_between_them() -> None:
    instances = Instances()
    for export_id in ("gold", "silver"):
        instances.world.put_export(id=export_id)
    in_the_way = await instances.request()
    answers = await asyncio.gather(*(instances.request_all("vip", "gold", "silver", key="monday") for _ in range(7)))
    await instances.world.go(in_the_way.wake_up)  # gold and silver are taken up by the tick
    answers.append(await instances.request_all("vip", "gold", "silver", key="monday"))
    named = [[(run.export_id, run.id) for run in runs] for runs, _ in answers]
    assert named == [named[0]] * 8
    assert [export_id for export_id, _ in named[0]] == ["gold", "silver"]
    assert [{name: each.run_id for name, each in refused.items()} for _, refused in answers] == [
        {"vip": in_the_way.id}
    ] * 8
    assert [len(instances.world.all_runs(each)) for each in ("vip", "gold", "silver")] == [1, 1, 1]


async def test_a_request_for_all_whose_equal_decided_otherwise_gives_its_places_back() -> None:
    instances = Instances()
    in_the_way = await instances.request()

    async def the_way_is_free_and_an_equal_request_was_refused() -> None:
        await instances.request_all("vip", key="monday")
        await instances.world.go(in_the_way.wake_up)

    instances.world.documents.faults.when("names", "active/vip/", the_way_is_free_and_an_equal_request_was_refused)
    runs, refused = await instances.request_all("vip", key="monday")
    assert (runs, list(refused)) == ([], ["vip"])
    assert [run.id for run in instances.world.all_runs()] == [in_the_way.id]
    assert instances.world.documents.paths("active/") == []


async def test_a_request_whose_place_was_written_without_an_answer_has_one_place() -> None:
    instances = Instances()
    await instances.request()
    instances.world.documents.faults.fail("replace", "active/vip.json", after=True)
    with pytest.raises(Unavailable):
        await instances.request(may_queue=True, key="monday")
    run = await instances.request(may_queue=True, key="monday")
    assert instances.placed().count(run.id) == 1
    assert len(instances.placed()) == 2


async def test_a_request_that_was_cut_off_behind_the_gate_is_made_good_by_the_tick() -> None:
    instances = Instances()
    instances.world.documents.faults.fail("insert", "active/vip/*")
    with pytest.raises(Unavailable):
        await instances.request(limit=2)
    with pytest.raises(RunActive):
        await instances.request()
    await instances.world.tick()
    (run,) = instances.world.all_runs()
    assert (run.trigger, run.limit, run.requested_by) == ("http", 2, "Dana")
    assert instances.world.documents.paths("active/vip/") == [f"active/vip/{run.id}.json"]
    await instances.world.go()
    assert [each.status for each in instances.world.all_runs()] == [RunStatus.SUCCEEDED]


async def test_a_start_that_cannot_be_noted_in_the_audit_trail_leaves_the_way_free() -> None:
    instances = Instances()
    instances.world.documents.faults.fail("append_line", "audit/*")
    with pytest.raises(Unavailable):
        await instances.request()
    assert instances.world.documents.paths("active/") == []
    assert instances.world.all_runs() == []
    await instances.request()


async def test_a_place_whose_run_has_ended_is_in_nobodys_way_and_is_cleared_away() -> None:
    instances = Instances()
    run = await instances.world.whole_run()
    stale = Marker("vip", run.id, "http", run.created_at)
    await instances.world.store.gates.enter(stale, may_wait=False)
    assert await instances.world.tick() == []
    assert instances.world.documents.paths("active/") == []
    await instances.world.store.gates.enter(stale, may_wait=False)
    fresh = await instances.request()
    assert instances.placed() == [fresh.id]


async def test_the_tick_that_clears_a_place_away_wakes_the_run_behind_it() -> None:
    instances = Instances()
    run = await instances.world.whole_run()
    await instances.world.store.gates.enter(Marker("vip", run.id, "http", run.created_at), may_wait=False)
    behind = Marker("vip", "20261123t060000z-ffff", "http", run.created_at)
    document = instances.world.documents.value("active/vip.json")
    instances.world.documents.put(
        "active/vip.json", {**document, "requests": [*document["requests"], behind.document()]}
    )
    assert behind.wake_up in await instances.world.tick()


async def test_a_place_that_a_release_without_gates_did_not_write_counts_all_the_same() -> None:
    instances = Instances()
    wake_ups = [await instances.world.start() for _ in range(2)]
    await instances.world.documents.delete("active/vip.json")
    with pytest.raises(RunActive) as refused:
        await instances.request()
    assert refused.value.run_id == wake_ups[0].run_id
    late = await instances.request(may_queue=True)
    assert instances.placed() == [*(each.run_id for each in wake_ups), late.id]


async def test_a_leg_gives_its_run_a_place_that_it_has_not() -> None:
    instances = Instances()
    older, newer = [await instances.world.start() for _ in range(2)]
    await instances.world.documents.delete("active/vip.json")
    await instances.world.leg(newer)
    assert instances.world.run(newer).waiting
    assert instances.placed() == [older.run_id, newer.run_id]
    assert await instances.world.leg(older) == [newer]


async def test_a_damaged_gate_is_named_and_is_rebuilt_when_it_was_deleted() -> None:
    instances = Instances()
    at_work = await instances.world.start()
    instances.world.documents.put("active/vip.json", {"schema": 1, "requests": [{"export_id": "vip"}]})
    with pytest.raises(Exception, match=r"'active/vip.json' is damaged .*; mend it or delete it"):
        await instances.request()
    await instances.world.tick()
    await instances.world.documents.delete("active/vip.json")
    with pytest.raises(RunActive) as refused:
        await instances.request()
    assert refused.value.run_id == at_work.run_id


@pytest.mark.parametrize("head_start", range(8))
async def test_the_last_request_that_leaves_takes_no_place_of_one_that_comes_meanwhile(head_start: int) -> None:
    both = Instances()
    leaving, coming = both.stores
    now = both.world.clock.now()
    first, second = (Marker("vip", f"20261123t070000z-000{number}", "http", now) for number in (1, 2))
    await leaving.gates.enter(first, may_wait=False)

    async def leave_later() -> None:
        for _ in range(head_start):
            await both.world.clock.sleep(0)
        await leaving.gates.leave(first.wake_up)

    await asyncio.gather(leave_later(), coming.gates.enter(second, may_wait=True))
    assert both.placed() == [second.run_id]


async def test_a_request_finds_the_run_that_an_equal_one_starts_between_its_looks_at_key_and_gate() -> None:
    both, first = Instances(), list[Run]()

    async def start_the_first() -> None:
        first.append(await both.request(key="monday"))

    both.world.documents.faults.when("names", "active/vip/*", start_the_first)
    second = await both.request(key="monday")
    assert [first[0].id, second.id] == [both.placed()[0]] * 2
