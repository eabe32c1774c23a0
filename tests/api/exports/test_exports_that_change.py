"""Exports that change while they run, and what becomes of the runs."""

from typing import Any

import pytest

from shared.domain.runs.run import RunStatus
from tests.api.calling import ADMIN, Api, entra
from tests.api.exports.sample_exports import VIP, body, shared_world
from tests.api.shape_check import check


@pytest.mark.parametrize(
    ("change", "did"),
    [
        ({"enabled": False}, "disabled export 'vip'."),
        ({"connection_id": None}, "parted export 'vip' from its connection."),
    ],
    ids=["disabled", "parted"],
)
async def test_a_run_knows_who_disabled_its_export_or_took_its_connection(change: dict[str, Any], did: str) -> None:
    api = entra(shared_world(100, in_flight=1, seconds=lambda _: 5.0))
    wake_up = await api.world.start()
    changed = []

    async def change_export() -> None:
        changed.append(await api.put(VIP, body(**change), role=ADMIN))

    api.world.sink.faults.when("send", "*/3", change_export)
    await api.world.go(wake_up)
    check(changed[0], 200, "Export")
    assert changed[0].wake_ups == [wake_up]
    run = api.world.run(wake_up)
    assert (run.status, run.ending and run.ending.detail) == (
        RunStatus.CANCELLED,
        f"The user with object id 0d1f {did}",
    )
    assert 0 < run.tally.accepted < 100


async def test_a_change_that_takes_nothing_away_stops_no_run() -> None:
    api = Api()
    wake_up = await api.world.start()
    for changes in ({"display_name": "News"}, {"enabled": True}):
        assert (await api.put(VIP, body(**changes))).wake_ups == []
    await api.world.go(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SUCCEEDED


async def test_a_detached_export_is_not_run_and_gets_a_new_connection() -> None:
    api = Api()
    api.world.put_export(connection_id=None)
    assert "give it another one" in (await api.post(f"{VIP}/runs")).problem(409)["detail"]
    assert "give it another one" in (await api.post(f"{VIP}/preview")).problem(409)["detail"]
    shown = (await api.get(VIP)).json
    assert (await api.put(VIP, shown | {"connection_id": "acme"})).json["warnings"] == []
    assert (await api.post(f"{VIP}/runs")).status == 202
