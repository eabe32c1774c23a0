"""An app with exports that have a schedule, and a clock for the tick."""

from datetime import datetime
from typing import Any

from shared.domain.runs.wake_up import WakeUp
from tests.builders import World, ndjson, people
from tests.fakes.clock import FakeClock

SIX_IN_KYIV = {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"}  # 04:00 UTC in winter
HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}


def world_of(schedule: dict[str, str] | None = None, *, clock: FakeClock | None = None, **changes: Any) -> World:
    export = {"schedule": HOURLY if schedule is None else schedule, **changes}
    return World({"vip/1.ndjson": ndjson(people(30))}, export=export, clock=clock, max_profiles=10)


async def minutes(world: World, count: int) -> list[tuple[datetime, WakeUp]]:
    """Let the timer fire *count* times; return what was sent and when; nobody works on it."""
    sent = []
    for _ in range(count):
        sent += [(world.clock.now(), wake_up) for wake_up in await world.tick()]
        await world.clock.advance(60)
    return sent


def told_of_missed(world: World) -> list[tuple[str, Any, Any, Any]]:
    """Return what the history says about missed slots: the code, their number, the first and the last of them."""
    endings = [run.ending for run in world.all_runs() if run.ending and run.ending.reason == "slots_missed"]
    return [(each.code, each.params["count"], each.params["first"], each.params["last"]) for each in endings]


def starts(world: World) -> list[datetime]:
    return [run.created_at for run in world.all_runs()]
