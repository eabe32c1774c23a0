"""A run ends at once where only a person can help, and says what to do."""

from typing import Any

import pytest

from shared.domain.errors import (
    ConfigurationError,
    ContractBroken,
    CredentialsRefused,
    ExportError,
)
from shared.domain.runs.run import RunStatus, Tally
from tests.builders import World, checked, ndjson, people


def world_of(rows: int = 30, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, **{"max_profiles": 10, "in_flight": 1, **changes})


async def ending(world: World) -> tuple[RunStatus, str, str]:
    """See a run through and return how it ended."""
    run = checked(await world.whole_run())
    assert run.ending is not None
    assert world.documents.value(f"runs/vip/{run.id}/run.json")["error"]["detail"] == run.ending.detail
    return run.status, run.ending.reason, run.ending.detail


@pytest.mark.parametrize(
    "error",
    [CredentialsRefused("No."), ConfigurationError("No list."), ContractBroken("What?")],
    ids=lambda e: e.reason,
)
@pytest.mark.parametrize("call", ["list_details", "send"])
async def test_what_a_person_must_mend_ends_the_run_and_says_so(error: ExportError, call: str) -> None:
    world = world_of()
    world.sink.faults.fail(call, error=error)
    assert await ending(world) == (RunStatus.FAILED, error.reason, str(error))


async def test_what_was_sent_before_a_failure_is_settled() -> None:
    world = world_of(sweeps_to_end=10)
    world.sink.fail_late("p1@*")
    world.sink.faults.fail("send", "*/3", error=CredentialsRefused("Revoked."))
    run = checked(await world.whole_run())
    assert run.status is RunStatus.FAILED
    assert run.tally == Tally(read=20, accepted=19, rejected=1)
    assert world.sink.sweeps > 10


async def test_a_missing_export_ends_the_run() -> None:
    world = world_of()
    await world.documents.delete("exports/vip.json")
    assert await ending(world) == (RunStatus.CANCELLED, "cancelled", "Export 'vip' was deleted.")


async def test_a_missing_connection_ends_the_run() -> None:
    world = world_of()
    await world.documents.delete("connections/acme.json")
    status, reason, detail = await ending(world)
    assert (status, reason) == (RunStatus.FAILED, "configuration")
    assert detail.startswith("Export 'vip' uses connection 'acme', which does not exist")


async def test_an_export_that_cannot_be_read_ends_the_run() -> None:
    world = world_of(export={"segments": []})
    assert "/segments" in (await ending(world))[2]


async def test_without_consent_nothing_is_read_or_sent() -> None:
    world = world_of(connection={"consent": {"accepted": False}})
    assert "has to accept the consent" in (await ending(world))[2]
    assert world.segments.faults.log == []
    assert world.sink.faults.log == []


async def test_a_consent_that_is_withdrawn_between_two_legs_stops_the_run() -> None:
    world = world_of()
    world.sink.faults.fail("send", "*/2")
    wake_up = await world.start()
    await world.leg(wake_up)
    connection = world.documents.value("connections/acme.json")
    world.documents.put("connections/acme.json", {**connection, "consent": {"accepted": False}})
    await world.go()
    run = checked(world.run(wake_up))
    assert (run.status, run.tally) == (RunStatus.CANCELLED, Tally(read=10, accepted=10))
    assert world.sink.faults.count("send", "*/2") == 1
