"""What administrators see of the poison queue, and how they clear it."""

import pytest

from shared.domain.errors import Unavailable
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, entra, trail
from tests.api.shape_check import check

DETAILS = "health/details"


async def test_what_lies_there_is_a_note_with_what_to_do_and_no_problem() -> None:
    api = Api()
    await api.world.tick()
    api.world.poison.put()
    reply = await api.get(DETAILS)
    check(reply, 200, "Checks")
    [shown] = [each for each in reply.json["checks"] if each["name"] == "poison"]
    assert (shown["is_ok"], shown["problem"], shown["note"]["code"]) == (True, None, "poison")
    assert shown["note"]["params"] == {"queue": "wake-ups-poison", "count": 1, "since": "2026-11-23T06:00:00.000Z"}
    assert "DELETE /api/poison" in shown["note"]["detail"]


async def test_an_administrator_clears_it_and_the_audit_trail_says_what_was_there() -> None:
    api = entra()
    for _ in range(2):
        api.world.poison.put()
    reply = await api.delete("poison", role=ADMIN)
    check(reply, 200, "ClearedPoison")
    assert reply.json == {"messages": 2}
    assert await api.world.poison.look() is None
    [line] = trail(api)
    assert (line["what"], line["subject"]) == ("queue.cleared", "queues/wake-ups-poison")
    assert line["before"]["messages"] == 2


async def test_an_empty_queue_is_not_touched() -> None:
    api = entra()
    assert (await api.delete("poison", role=ADMIN)).json == {"messages": 0}
    assert api.world.poison.faults.log == [("look", "wake-ups-poison")]
    assert api.world.documents.paths("audit/") == []


async def test_what_is_not_noted_is_not_cleared() -> None:
    api = entra()
    api.world.poison.put()
    api.world.documents.faults.fail("append_line", "audit/*")
    (await api.delete("poison", role=ADMIN)).problem(503)
    assert await api.world.poison.look() is not None


async def test_a_queue_that_does_not_answer_is_told_of() -> None:
    api = entra()
    api.world.poison.faults.fail("look", error=Unavailable("No answer."))
    (await api.delete("poison", role=ADMIN)).problem(503)


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (CONTRIBUTOR, 403), (None, 401)])
async def test_nobody_else_clears_it(role: str | None, status: int) -> None:
    api = entra()
    api.world.poison.put()
    (await api.delete("poison", role=role)).problem(status)
    assert await api.world.poison.look() is not None
