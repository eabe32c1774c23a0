"""Whether those whom the app needs answer."""

import asyncio
from datetime import timedelta

import pytest

from shared.control.check_health import PROBE_SECONDS
from shared.domain.errors import CredentialsRefused
from shared.domain.times import utc_text
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, entra
from tests.builders import connection_document
from tests.fakes.sink import SECRET

DETAILS = "health/details"


async def fine() -> None:
    return None


async def silent() -> None:
    await asyncio.Event().wait()


async def refused() -> None:
    raise CredentialsRefused("Give the app's identity the role.")


async def test_where_everybody_answers_the_answer_is_200_and_names_each() -> None:
    api = Api()
    api.probes.update(queue=fine, vault=fine)
    await api.world.tick()
    came = utc_text(api.world.clock.now())
    reply = await api.get(DETAILS)
    assert reply.status == 200
    assert reply.json == {
        "checks": [
            {"name": name, "is_ok": True, "problem": None, "note": None, "at": came if name == "tick" else None}
            for name in ("storage", "queue", "vault", "tick", "poison", "keys")
        ]
    }


async def test_whoever_is_silent_or_refuses_is_named_with_what_to_do_and_all_are_asked_at_once() -> None:
    api = Api()
    api.probes.update(segments=silent, queue=silent, vault=refused)
    await api.world.tick()
    begun = api.world.clock.monotonic()
    problem = (await api.get(DETAILS)).problem(503)
    assert api.world.clock.monotonic() - begun == PROBE_SECONDS
    assert problem["type"].endswith(":unhealthy")
    assert {each["name"]: each["problem"] and each["problem"]["code"] for each in problem["checks"]} == {
        "storage": None,
        "segments": "probe_silent",
        "queue": "probe_silent",
        "vault": "credentials_refused",
        "tick": None,
        "poison": None,
        "keys": None,
    }
    assert "vault: Give the app's identity the role." in problem["detail"]


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 503)])
async def test_a_timer_that_does_not_come_any_more_is_told_of(minutes: int, status: int) -> None:
    api = Api()
    await api.world.tick()
    await api.world.clock.advance(minutes * 60)
    reply = await api.get(DETAILS)
    assert reply.status == status
    assert ("11 minutes ago" in reply.text) is (status == 503)
    await api.world.tick()
    assert (await api.get(DETAILS)).status == 200


async def test_a_timer_that_never_came_and_a_storage_that_is_silent_are_told_of() -> None:
    api = Api()
    assert "No tick of the timer" in (await api.get(DETAILS)).problem(503)["detail"]
    for _ in range(2):
        api.world.documents.faults.when("get", "tick.json", silent)
    checks = (await api.get(DETAILS)).problem(503)["checks"]
    assert [each["problem"] and each["problem"]["code"] for each in checks] == [
        "probe_silent",
        "probe_silent",
        None,
        None,
    ]


@pytest.mark.parametrize("note", [{}, {"at": 5}, {"at": "yesterday"}, {"at": "2026-11-28T06:00:00"}])
async def test_a_note_that_cannot_be_read_is_no_tick(note: dict[str, object]) -> None:
    api = Api()
    api.world.documents.put("tick.json", note)
    assert "No tick of the timer" in (await api.get(DETAILS)).problem(503)["detail"]


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (CONTRIBUTOR, 403), (ADMIN, 503), (None, 401)])
async def test_only_administrators_see_it(role: str | None, status: int) -> None:
    assert (await entra().get(DETAILS, role=role)).status == status


@pytest.mark.parametrize(
    ("days", "code"), [(31, None), (29, "key_expires"), (0.5, "key_expires"), (-1, "key_expired"), (None, None)]
)
async def test_a_key_that_expires_soon_is_told_of_and_keeps_nothing_from_working(
    days: float | None, code: str | None
) -> None:
    api = Api()
    await api.world.tick()
    gone = connection_document(id="other", secret_name="klaviyo-gone")
    api.world.documents.put("connections/other.json", gone)
    api.secrets.values[SECRET] = "pk_acme"
    if days is not None:
        api.secrets.expiry[SECRET] = api.world.clock.now() + timedelta(days=days)
    reply = await api.get(DETAILS)
    assert reply.status == 200
    [note] = [each["note"] for each in reply.json["checks"] if each["name"] == "keys"]
    assert (note and note["code"]) == code
    assert code is None or (note["params"]["secret"], note["params"]["others"]) == (SECRET, 0)
