"""What the tick tells of the poison queue."""

import asyncio
import logging

import pytest

from shared.domain.errors import Unavailable
from tests.control.ticking import world_of
from tests.events import events_in, named

Logs = pytest.LogCaptureFixture


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: Logs) -> None:
    caplog.set_level(logging.DEBUG)


async def silent() -> None:
    await asyncio.Event().wait()


async def test_each_tick_tells_how_many_messages_lie_there_and_since_when(caplog: Logs) -> None:
    world = world_of()
    await world.tick()
    assert named(events_in(caplog.messages), "poison_found") == []
    world.poison.put()
    await world.clock.advance(60)
    world.poison.put()
    await world.tick()
    await world.clock.advance(30)
    await world.tick()
    found = {"queue": world.poison.name, "messages": 2}
    told = named(events_in(caplog.messages), "poison_found")
    assert told == [{**found, "oldest_seconds": 60.0}, {**found, "oldest_seconds": 90.0}]


async def test_a_look_that_fails_holds_no_message_of_the_tick_up(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    await world.clock.advance(60)
    world.poison.faults.fail("look", error=Unavailable("No answer."))
    assert await world.tick() == [wake_up]
    assert "The poison queue could not be looked into: No answer." in caplog.text


async def test_a_look_that_never_ends_holds_the_messages_of_the_tick_up_for_seconds(caplog: Logs) -> None:
    world = world_of()
    wake_up = await world.start()
    await world.clock.advance(60)
    world.poison.faults.when("look", "*", silent)
    began = world.clock.monotonic()
    assert await world.tick() == [wake_up]
    assert world.clock.monotonic() - began == 3.0
    assert "did not answer within 3 seconds" in caplog.text
