"""What becomes of profiles that were accepted."""

from typing import Any

from local.klaviyo.account.jobs import Fate
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import JOBS, LIST, Caller

DAY = 24 * 3600.0


def caller(clock: FakeClock, *fates: Fate, **settings: Any) -> Caller:
    behaviour = Behaviour(job_seconds=4.0, job_script=fates, **settings)
    return Caller(Simulator(behaviour=behaviour, clock=clock))


def members(client: Caller) -> list[Any]:
    return [each["attributes"] for each in client.get(f"/api/lists/{LIST}/profiles").document["data"]]


def profile(client: Caller, email: str) -> Any:
    found = client.get("/api/profiles", filter=f'equals(email,"{email}")').document["data"]
    assert len(found) == 1
    return found[0]["attributes"]


async def test_a_job_is_queued_then_worked_on_then_complete() -> None:
    clock = FakeClock()
    client = caller(clock)
    job_id = client.take({"email": "a@b.co"}, {"email": "c@d.co"})
    queued = client.job(job_id)
    await clock.advance(1)
    processing = client.job(job_id)
    await clock.advance(3)
    complete = client.job(job_id)
    assert [job["status"] for job in (queued, processing, complete)] == ["queued", "processing", "complete"]
    assert [job["completed_count"] for job in (queued, processing, complete)] == [0, 0, 2]
    assert queued["started_at"] is None
    assert processing["started_at"] == "2026-11-23T06:00:01+00:00"
    assert processing["completed_at"] is None
    assert complete["completed_at"] == "2026-11-23T06:00:04+00:00"
    assert complete["expires_at"] == "2026-11-30T06:00:00+00:00"


async def test_nobody_is_on_the_list_before_the_job_has_ended() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"})
    await clock.advance(3.9)
    assert members(client) == []
    await clock.advance(0.1)
    assert [each["email"] for each in members(client)] == ["a@b.co"]
    assert members(client)[0]["joined_group_at"] == "2026-11-23T06:00:04+00:00"


async def test_members_stand_in_the_order_of_joining_and_keep_their_place() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "b@b.co"}, {"email": "a@b.co"})
    await clock.advance(5)
    client.take({"email": "c@b.co"}, {"email": "b@b.co"})
    await clock.advance(5)
    assert [each["email"] for each in members(client)] == ["b@b.co", "a@b.co", "c@b.co"]
    assert [each["joined_group_at"][17:19] for each in members(client)] == ["04", "04", "09"]


async def test_what_a_later_import_does_not_name_stays_as_it_was() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take(
        {
            "email": "a@b.co",
            "first_name": "Ann",
            "title": "Ms",
            "location": {"city": "Kyiv", "zip": "1"},
            "properties": {"tier": "gold", "n": 1},
        }
    )
    client.take(
        {
            "email": "A@B.co",
            "first_name": "Anna",
            "last_name": None,
            "location": {"zip": "2"},
            "properties": {"n": 2, "new": []},
        }
    )
    await clock.advance(4)
    known = profile(client, "a@b.co")
    assert (known["first_name"], known["title"], known["last_name"]) == ("Anna", "Ms", None)
    assert (known["location"]["city"], known["location"]["zip"]) == ("Kyiv", "2")
    assert known["properties"] == {"tier": "gold", "n": 2, "new": []}


async def test_profiles_made_beside_changed_ones_keep_their_own_attributes() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "b@b.co", "title": "old"})
    client.take(
        {"email": "a@b.co", "title": "A"}, {"email": "b@b.co", "title": "new"}, {"email": "c@b.co", "title": "C"}
    )
    await clock.advance(4)
    assert [(each["email"], each["title"]) for each in members(client)] == [
        ("b@b.co", "new"),
        ("a@b.co", "A"),
        ("c@b.co", "C"),
    ]


async def test_the_same_import_again_changes_nothing() -> None:
    clock = FakeClock()
    client = caller(clock)
    for _ in range(2):
        client.take({"email": "a@b.co", "first_name": "Ann"})
        await clock.advance(10)
    assert len(members(client)) == 1
    assert profile(client, "a@b.co")["updated"] == profile(client, "a@b.co")["created"]


async def test_a_profile_that_came_twice_in_a_request_is_there_once_with_the_later_values() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co", "title": "1"}, {"email": "a@b.co", "title": "2"})
    await clock.advance(4)
    assert [each["title"] for each in members(client)] == ["2"]


async def test_consent_is_what_it_was() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"}, {"email": "c@d.co"})
    await clock.advance(4)
    profiles = client.simulator.accounts[0].profiles
    profiles.set_consent(0, "SUBSCRIBED")
    client.take({"email": "a@b.co", "title": "x"}, {"email": "c@d.co", "title": "x"})
    await clock.advance(4)
    reply = client.get(f"/api/lists/{LIST}/profiles", more_profile="subscriptions")
    consents = [each["attributes"]["subscriptions"]["email"]["marketing"]["consent"] for each in reply.document["data"]]
    assert consents == ["SUBSCRIBED", "NEVER_SUBSCRIBED"]


async def test_without_a_list_profiles_are_made_and_join_nothing() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"}, list_id=None)
    await clock.advance(4)
    assert members(client) == []
    assert profile(client, "a@b.co")["email"] == "a@b.co"


async def test_whoever_is_late_fails_inside_the_job_and_is_named_with_what_was_sent() -> None:
    clock = FakeClock()
    client = caller(clock)
    late = {"email": "eve@late.example.com", "title": "x"}
    job_id = client.take({"email": "a@b.co"}, late, {"email": "c@d.co"})
    await clock.advance(4)
    job = client.job(job_id)
    assert (job["total_count"], job["completed_count"], job["failed_count"]) == (3, 2, 1)
    errors = client.get(f"{JOBS}/{job_id}/import-errors").document["data"]
    assert [each["attributes"]["original_payload"] for each in errors] == [late]
    assert errors[0]["attributes"]["source"] == {"pointer": "/data/attributes/profiles/data/1"}
    assert [each["email"] for each in members(client)] == ["a@b.co", "c@d.co"]


async def test_row_errors_come_in_pages_and_all_of_them_differ() -> None:
    clock = FakeClock()
    client = caller(clock)
    job_id = client.take(*[{"email": f"p{number}@late.example.com"} for number in range(250)])
    await clock.advance(4)
    seen: list[Any] = []
    query = {"page[size]": "100"}
    for expected in (100, 100, 50):
        reply = client.call("GET", f"{JOBS}/{job_id}/import-errors", query)
        assert len(reply.document["data"]) == expected
        seen += reply.document["data"]
        following = reply.document["links"]["next"]
        query["page[cursor]"] = following.rpartition("=")[2] if following else ""
    assert following is None
    assert len({each["id"] for each in seen}) == 250
    assert [each["attributes"]["original_payload"]["email"] for each in seen[:101:100]] == [
        "p0@late.example.com",
        "p100@late.example.com",
    ]


async def test_errors_can_come_without_what_was_sent() -> None:
    clock = FakeClock()
    client = caller(clock, errors_without_payload=0.5)
    job_id = client.take(*[{"email": f"p{number}@late.example.com"} for number in range(100)])
    await clock.advance(4)
    errors = client.get(f"{JOBS}/{job_id}/import-errors", page_size="100").document["data"]
    silent = sum(each["attributes"]["original_payload"] is None for each in errors)
    assert 30 < silent < 70


async def test_a_cancelled_job_imports_nobody() -> None:
    clock = FakeClock()
    client = caller(clock, Fate.CANCELLED)
    job_id = client.take({"email": "a@b.co"})
    await clock.advance(4)
    job = client.job(job_id)
    assert (job["status"], job["completed_count"], job["completed_at"]) == ("cancelled", 0, None)
    assert members(client) == []


async def test_a_job_that_vanishes_is_known_until_it_ends_and_has_imported_everybody() -> None:
    clock = FakeClock()
    client = caller(clock, Fate.VANISHED)
    job_id = client.take({"email": "a@b.co"})
    assert client.job(job_id)["status"] == "queued"
    await clock.advance(4)
    assert client.get(f"{JOBS}/{job_id}").status == 404
    assert client.get(f"{JOBS}/{job_id}/import-errors").status == 404
    assert client.get(JOBS).document["data"] == []
    assert [each["email"] for each in members(client)] == ["a@b.co"]


async def test_an_endless_job_is_worked_on_for_ever() -> None:
    clock = FakeClock()
    client = caller(clock, Fate.ENDLESS)
    job_id = client.take({"email": "a@b.co"})
    await clock.advance(6 * DAY)
    assert client.job(job_id)["status"] == "processing"
    assert members(client) == []


async def test_a_job_may_have_a_status_that_nobody_knows_and_still_complete() -> None:
    clock = FakeClock()
    client = caller(clock, Fate.STRANGE)
    job_id = client.take({"email": "a@b.co"})
    await clock.advance(2)
    assert client.job(job_id)["status"] == "reconciling"
    await clock.advance(2)
    assert client.job(job_id)["status"] == "complete"


async def test_a_job_can_be_looked_up_for_seven_days() -> None:
    clock = FakeClock()
    client = caller(clock)
    job_id = client.take({"email": "a@b.co"})
    await clock.advance(7 * DAY - 1)
    assert client.get(f"{JOBS}/{job_id}").status == 200
    await clock.advance(1)
    assert client.get(f"{JOBS}/{job_id}").status == 404
    assert client.get(JOBS).document["data"] == []


async def test_jobs_stand_in_the_order_that_was_asked_for_and_can_be_filtered_by_status() -> None:
    clock = FakeClock()
    client = caller(clock)
    ids = []
    for number in range(3):
        ids.append(client.take({"email": f"p{number}@b.co"}))
        await clock.advance(2)

    def listed(**query: str) -> list[str]:
        return [each["id"] for each in client.get(JOBS, **query).document["data"]]

    assert listed() == listed(sort="created_at") == ids
    assert listed(sort="-created_at") == ids[::-1]
    assert listed(filter='equals(status,"complete")') == ids[:2]
    assert listed(filter='any(status,["queued","processing"])') == ids[2:]
    assert listed(filter="equals(status,'cancelled')") == []


async def test_a_sweep_is_not_disturbed_by_jobs_that_come_meanwhile() -> None:
    clock = FakeClock()
    client = caller(clock)
    ids = [client.take({"email": f"p{number}@b.co"}) for number in range(5)]
    first = client.get(JOBS, sort="-created_at", page_size="3").document
    client.take({"email": "late-comer@b.co"})
    cursor = first["links"]["next"].rpartition("=")[2]
    second = client.call("GET", JOBS, {"sort": "-created_at", "page[size]": "3", "page[cursor]": cursor}).document
    assert [each["id"] for each in first["data"] + second["data"]] == ids[::-1]
