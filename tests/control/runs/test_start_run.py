"""Runs that somebody requests by hand."""

from itertools import count
from unittest.mock import ANY

import pytest

from shared.control.runs.start_run import RunRequest, RunStarter
from shared.domain.control_errors import KeyReused, RunActive
from shared.domain.errors import Damaged, Unavailable
from shared.domain.runs.run import Run, RunStatus
from shared.store.audit_trail import Author
from shared.store.order.gates import MAX_WAITING
from tests.builders import World, ndjson, people

NUMBERS = count(1)


def wish(**changes: object) -> RunRequest:
    return RunRequest(**{"by": Author(None, "Dana"), "body": b"1", **changes})  # type: ignore[arg-type] # as given


def fine() -> None:
    """Find nothing that a new run could fail for."""


class Desk:
    """Starts runs over fakes; mutable."""

    def __init__(self) -> None:
        self.world = World({"vip/1.ndjson": ndjson(people(3))})
        self.run_id = ""
        self.world.documents.faults.when("append_line", "audit/*", self._nothing_is_there_yet)

    async def request(self, **changes: object) -> Run:
        self.run_id = f"20261123t060000z-{next(NUMBERS):04x}"
        return await self._starter(changes).start("vip", self.run_id, check=fine)

    async def request_all(
        self, *export_ids: str, **changes: object
    ) -> tuple[list[Run], dict[str, RunActive | Damaged]]:
        ids = {export_id: f"20261123t060000z-{next(NUMBERS):04x}" for export_id in export_ids}
        return await self._starter(changes).start_all(ids)

    def noted(self) -> list[str]:
        """Return the ids of the runs whose start the audit trail tells of."""
        (path,) = self.world.documents.paths("audit/")
        return [line["subject"].rpartition("/")[2] for line in self.world.documents.lines(path)]

    def _starter(self, changes: dict[str, object]) -> RunStarter:
        return RunStarter(self.world.store, self.world.clock, wish(**changes))

    async def _nothing_is_there_yet(self) -> None:
        assert self.run_id not in [run.id for run in self.world.all_runs()], "It is noted before it is there."


async def test_a_run_says_who_requested_it_and_how_many_rows_it_takes() -> None:
    desk = Desk()
    run = await desk.request(limit=2)
    assert (run.status, run.trigger, run.requested_by, run.limit) == (RunStatus.QUEUED, "http", "Dana", 2)
    assert desk.world.all_runs() == [run]


async def test_a_start_is_noted_once_and_a_request_that_starts_nothing_is_not() -> None:
    desk = Desk()
    first = await desk.request(key="k")
    assert await desk.request(key="k") == first
    with pytest.raises(RunActive):
        await desk.request()
    assert await desk.request_all("vip", key="all") == ([], {"vip": ANY})
    assert desk.noted() == [first.id]


async def test_no_run_is_requested_beside_one_that_has_not_ended() -> None:
    desk = Desk()
    first = await desk.request()
    with pytest.raises(RunActive, match=f"Run '{first.id}' of export 'vip' has not ended yet") as refused:
        await desk.request(key="k")
    assert refused.value.run_id == first.id
    assert desk.world.all_runs() == [first]


async def test_a_run_may_wait_behind_an_active_one() -> None:
    desk = Desk()
    first, second = await desk.request(), await desk.request(may_queue=True)
    await desk.world.go(*[marker.wake_up for marker in await desk.world.store.markers.oldest_first()])
    assert [run.id for run in desk.world.all_runs()] == [first.id, second.id]
    assert {run.status for run in desk.world.all_runs()} == {RunStatus.SUCCEEDED}


async def test_only_so_many_runs_may_wait() -> None:
    desk = Desk()
    for _ in range(MAX_WAITING + 1):
        await desk.request(may_queue=True)
    with pytest.raises(RunActive, match="of export 'vip' has not ended, and 10 runs wait behind it already"):
        await desk.request(may_queue=True)
    assert len(desk.world.all_runs()) == MAX_WAITING + 1


async def test_the_same_key_gives_the_same_run_while_it_works_and_after_it_ended() -> None:
    desk = Desk()
    first = await desk.request(key="monday")
    assert await desk.request(key="monday") == first
    await desk.world.go(*[marker.wake_up for marker in await desk.world.store.markers.oldest_first()])
    again = await desk.request(key="monday")
    assert (again.id, again.status) == (first.id, RunStatus.SUCCEEDED)
    assert desk.world.documents.paths("active/") == []
    assert (await desk.request(key="tuesday")).id != first.id


async def test_the_same_key_with_another_request_is_refused() -> None:
    desk = Desk()
    await desk.request(key="monday")
    with pytest.raises(KeyReused, match="used for another request"):
        await desk.request(key="monday", body=b"2")
    assert len(desk.world.all_runs()) == 1


async def test_a_key_means_nothing_for_another_export() -> None:
    desk = Desk()
    run = await desk.request(key="monday")
    starter = RunStarter(desk.world.store, desk.world.clock, wish(key="monday", body=b"2"))
    other = await starter.start("gold", "20261123t060000z-ffff", check=fine)
    assert (run.export_id, other.export_id) == ("vip", "gold")


async def test_a_request_that_was_cut_off_after_its_key_was_kept_is_made_good_by_the_next() -> None:
    desk = Desk()
    desk.world.documents.faults.fail("insert", skip=1)
    with pytest.raises(Unavailable):
        await desk.request(key="monday")
    assert desk.world.all_runs() == []
    run = await desk.request(key="monday")
    assert desk.world.all_runs() == [run]


async def test_two_requests_under_one_key_at_the_same_time_make_one_run() -> None:
    desk = Desk()
    run_ids = [f"20261123t060000z-{n:04x}" for n in (1, 2)]
    keys, now = desk.world.store.idempotency_keys, desk.world.clock.now()
    await keys.claim("vip", "monday", b"1", {"run_id": run_ids[0]}, now)
    note = await keys.claim("vip", "monday", b"1", {"run_id": run_ids[1]}, now)
    assert note.decided == {"run_id": run_ids[0]}


async def test_all_exports_are_requested_but_those_that_have_an_active_run() -> None:
    desk = Desk()
    active = await desk.request()
    runs, in_the_way = await desk.request_all("vip", "gold", "silver")
    assert [run.export_id for run in runs] == ["gold", "silver"]
    assert {export_id: error.run_id for export_id, error in in_the_way.items() if isinstance(error, RunActive)} == {
        active.export_id: active.id
    }


async def test_a_request_for_all_under_the_same_key_makes_no_second_run() -> None:
    desk = Desk()
    first, _ = await desk.request_all("vip", "gold", key="monday")
    again, in_the_way = await desk.request_all("vip", "gold", "silver", key="monday")
    assert [run.id for run in again] == [run.id for run in first]
    assert in_the_way == {}
    with pytest.raises(KeyReused):
        await desk.request_all("vip", key="monday", body=b"2")
