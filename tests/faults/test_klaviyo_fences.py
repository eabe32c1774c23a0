"""Whoever must not send any more does not, wherever it waits: for another attempt, for its turn, between two halves."""

import asyncio
from collections.abc import Callable

import pytest

from shared.domain.runs.run import RunStatus
from shared.pipeline.watching.watch import LOOK_EVERY_SECONDS
from shared.store.paths import run_lease
from tests.builders import checked
from tests.faults.real_klaviyo import ACCOUNT, IMPORTS, KlaviyoWorld, ended_well, good, klaviyo_world, rows

PEOPLE = good(400)
SEGMENT = {"vip/1.ndjson": rows(PEOPLE)}
FROZEN_SECONDS = 61.0


def imports(world: KlaviyoWorld) -> int:
    return sum(world.answers().values())


async def until(world: KlaviyoWorld, is_so: Callable[[], bool]) -> None:
    assert not is_so()
    while not is_so():
        await world.clock.sleep(0.01)


@pytest.mark.parametrize("lost", ["run", "account"])
@pytest.mark.parametrize(
    ("in_flight", "answered", "script"),
    [(1, 1, ["unavailable"]), (12, 10, [])],
    ids=["another attempt", "its turn"],
)
async def test_a_leg_that_stood_still_while_it_waited_sends_nothing_when_it_goes_on(
    in_flight: int, answered: int, script: list[str], lost: str
) -> None:
    behaviour = {"script": script, "endpoints": [IMPORTS]}
    async with klaviyo_world(SEGMENT, in_flight=in_flight, behaviour=behaviour) as world:
        wake_up = await world.start()
        leg = asyncio.create_task(world.leg(wake_up))
        await until(world, lambda: imports(world) == answered)
        world.leases.hand_over(run_lease(wake_up.export_id, wake_up.run_id) if lost == "run" else f"accounts/{ACCOUNT}")
        if lost == "account":
            world.leases.faults.fail("renew", f"accounts/{ACCOUNT}", times=9)
        world.clock._seconds += FROZEN_SECONDS  # nobody of this process had a turn, so nobody renewed
        await leg
        assert imports(world) == answered
        await world.go(wake_up)
        ended_well(world.run(wake_up), world, PEOPLE)


async def test_whoever_is_stopped_while_bad_rows_are_looked_for_begins_no_further_request() -> None:
    emails = [f"p{n}@refused.example.com" for n in range(40)] + good(10)
    behaviour = {"latency": 1.0, "named_rows": "first"}
    export = {"limits": {"max_rejected_share": 1.0}}
    async with klaviyo_world(
        {"vip/1.ndjson": rows(emails)}, in_flight=1, max_profiles=50, behaviour=behaviour, export=export
    ) as world:
        wake_up = await world.start()
        leg = asyncio.create_task(world.leg(wake_up))
        await until(world, lambda: imports(world) == 3)
        await world.store.runs.ask_to_cancel(world.run(wake_up), by="Dana", now=world.clock.now())
        await world.clock.advance(LOOK_EVERY_SECONDS)
        heard = imports(world)
        await leg
        assert heard < 10
        assert imports(world) <= heard + 1  # the one that was under way
        run = checked(world.run(wake_up))
    assert (run.status, run.ending and run.ending.detail) == (RunStatus.CANCELLED, "Dana cancelled the run.")
