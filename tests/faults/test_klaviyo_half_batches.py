"""A batch of which one half was taken before the other one broke off: the half that was taken is waited for."""

from datetime import timedelta

from shared.domain.runs.run import RunStatus, Tally
from tests.builders import checked, warnings_of
from tests.fakes.sink import LIST
from tests.faults.real_klaviyo import IMPORTS, KlaviyoWorld, good, klaviyo_world, rows

BAD = "bad@refused.example.com"
SEGMENT = {"vip/1.ndjson": rows([*good(9), BAD])}
AN_HOUR = timedelta(hours=1)


def go_away(world: KlaviyoWorld) -> None:
    """Answer no import any more for a while; what was taken takes an hour."""
    world.behave(requests={"unavailable": 1.0}, endpoints=[IMPORTS])


def come_back(world: KlaviyoWorld) -> None:
    world.behave(job_seconds=1.0, named_rows="none")


async def test_the_half_that_was_taken_is_waited_for_although_all_of_it_is_sent_again() -> None:
    behaviour = {"job_seconds": 3_600.0, "named_rows": "none", "latency": 1.0}
    async with klaviyo_world(SEGMENT, behaviour=behaviour) as world:
        began = world.clock.now()

        async def pass_by() -> None:
            go_away(world)
            await world.clock.sleep(60.0)
            come_back(world)

        run = checked(await world.until(await world.start(), lambda: len(world.jobs()) == 1, pass_by))
        took = world.clock.now() - began
        assert world.members() == good(9)
        assert [line["fields"]["email"] for line in world.rejections(run)] == [BAD]
    assert (run.status, run.tally) == (RunStatus.PARTIAL, Tally(read=10, accepted=9, rejected=1))
    assert run.legs > 1
    assert AN_HOUR <= took <= AN_HOUR + timedelta(minutes=15)


async def test_the_half_that_was_taken_is_waited_for_and_told_of_although_the_run_has_failed() -> None:
    behaviour = {"job_seconds": 3_600.0, "named_rows": "none", "latency": 1.0}
    async with klaviyo_world(SEGMENT, behaviour=behaviour) as world:
        began = world.clock.now()
        account = world.simulator.accounts[0]

        def delete_list() -> None:
            del account.lists[LIST]

        run = checked(await world.until(await world.start(), lambda: len(world.jobs()) == 1, delete_list))
        took = world.clock.now() - began
    assert run.status is RunStatus.FAILED
    assert run.ending
    assert f"no list '{LIST}'" in run.ending.detail
    assert run.tally == Tally()
    assert any(warning.startswith("Klaviyo took 5 profiles") for warning in warnings_of(run))
    assert AN_HOUR <= took <= AN_HOUR + timedelta(minutes=15)
