"""Keys of a connection that change, over the real adapter before the simulator."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.consent_texts import CURRENT_TEXT
from shared.domain.runs.run import RunStatus
from tests.api.calling import Api, details
from tests.builders import World, checked, ndjson, people
from tests.fakes.sink import LIST

ACME = "connections/acme"
WORKING = ["lists:read", "lists:write", "profiles:read", "profiles:write"]
SCOPES = ["accounts:read", "flows:read", *WORKING]
AGREED = {"accepted": True, "accepted_by": "Dana", "text": CURRENT_TEXT}


def body(key: str, **changes: Any) -> dict[str, Any]:
    return {"display_name": "Acme_Klaviyo", "api_key": key, "consent": AGREED, **changes}


class Place:
    """The API over two accounts, each with a list of the same id; mutable."""

    def __init__(self, simulator: Simulator, world: World, base_url: str, session: aiohttp.ClientSession) -> None:
        self.simulator, self.base_url, self.session = simulator, base_url, session
        self.ours, self.other = simulator.accounts
        self.world = world
        self.api = Api(self.world)
        sinks = KlaviyoSinks(session, base_url, self.api.secrets, clock=self.world.clock, draw=lambda: 0.5)
        self.world.resources = replace(self.world.resources, sinks=sinks)
        self.api.app = replace(self.api.app, resources=self.world.resources)
        self.world.documents.blobs.pop("connections/acme.json")

    async def put(self, key: str, **changes: Any) -> dict[str, Any]:
        reply = await self.api.put(ACME, body(key, **changes))
        assert reply.status in (200, 201)
        answer: dict[str, Any] = reply.json
        return answer

    async def examine(self, document: Any) -> dict[str, Any]:
        reply = await self.api.post(f"{ACME}/test", document)
        assert reply.status == 200
        answer: dict[str, Any] = reply.json
        return answer


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    lists = [ProfileList(LIST, "VIP newsletter"), *(ProfileList(f"L{n}", f"List {n:02}") for n in range(24))]
    keys = {"pk_ours": SCOPES, "pk_ours_2": SCOPES, "pk_narrow": WORKING[1:]}
    ours = Account("AbC123", keys=keys, lists=lists)
    other = Account("DeF456", keys={"pk_other": SCOPES}, lists=[ProfileList(LIST, "A list of others")])
    world = World({"vip/1.ndjson": ndjson(people(3))})
    simulator = Simulator([ours, other], clock=world.clock)
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        yield Place(simulator, world, base_url, session)


async def test_a_key_leads_its_runs_to_its_account_and_a_new_key_of_the_same_account_goes_on(place: Place) -> None:
    await place.put("pk_ours")
    answer = await place.examine({"list_id": LIST})
    assert (answer["is_usable"], answer["account"]["id"], answer["list"]["name"]) == (True, "AbC123", "VIP newsletter")
    assert (await place.api.get(ACME)).json["account_id"] == "AbC123"
    assert checked(await place.world.whole_run()).status is RunStatus.SUCCEEDED
    del place.ours.keys["pk_ours"]
    await place.put("pk_ours_2")
    assert (await place.examine({}))["is_usable"] is True
    assert checked(await place.world.whole_run()).status is RunStatus.SUCCEEDED
    assert len(place.ours.jobs.all) == 2


async def test_a_key_of_another_account_fails_the_test_and_the_runs_until_the_account_is_learnt_anew(
    place: Place,
) -> None:
    await place.put("pk_ours")
    await place.world.whole_run()
    assert (await place.put("pk_other"))["account_id"] == "AbC123"
    (problem,) = details((await place.examine({}))["problems"])
    assert "leads to the Klaviyo account DeF456, but the connection is for AbC123" in problem
    run = await place.world.whole_run()
    assert run.status is RunStatus.FAILED
    assert run.ending is not None
    assert "leads to the Klaviyo account DeF456, but the connection is for AbC123" in run.ending.detail
    detail = (await place.api.get(f"{ACME}/lists")).problem(409)["detail"]
    assert "leads to the Klaviyo account DeF456, but the connection is for AbC123" in detail
    assert place.other.jobs.all == []
    await place.put("pk_other", account_id=None)
    assert (await place.examine({}))["is_usable"] is True
    assert checked(await place.world.whole_run()).status is RunStatus.SUCCEEDED
    assert (len(place.ours.jobs.all), len(place.other.jobs.all)) == (1, 1)


async def test_a_key_with_few_scopes_is_told_what_it_lacks(place: Place) -> None:
    await place.put("pk_narrow")
    answer = await place.examine({})
    missing = {scope["name"] for scope in answer["scopes"]["missing"]}
    assert missing == {"accounts:read", "flows:read", "lists:read"}
    (problem,) = details(answer["problems"])
    assert problem.startswith("The key lacks the scope lists:read, to find the list before anything is sent")
    assert "lists:read" in (await place.api.get(f"{ACME}/lists")).problem(409)["detail"]


async def test_a_key_that_klaviyo_does_not_know_is_told_of(place: Place) -> None:
    await place.put("pk_nobodys")
    answer = await place.examine({})
    assert "does not know the key in secret 'klaviyo-acme' (401)" in details(answer["problems"])[0]


async def test_lists_come_from_all_pages_and_are_searched(place: Place) -> None:
    await place.put("pk_ours")
    lists = (await place.api.get(f"{ACME}/lists")).json["lists"]
    assert [each["name"] for each in lists] == [*(f"List {n:02}" for n in range(24)), "VIP newsletter"]
    found = (await place.api.get(f"{ACME}/lists?search=vip")).json["lists"]
    assert found == [{"id": LIST, "name": "VIP newsletter", "opt_in": "single_opt_in"}]


async def test_one_test_after_another_keeps_the_pace_of_the_account_s_endpoint(place: Place) -> None:
    await place.put("pk_ours")
    for _ in range(20):
        assert (await place.examine({"list_id": LIST}))["is_usable"] is True
        await place.world.clock.sleep(3.5)  # a person waits ten seconds at most, and fifteen tests fit into a minute
    stats = place.simulator.document()
    most = stats["most_in_a_second"]["get_accounts"], stats["most_in_a_minute"]["get_accounts"]
    assert (stats["throttled"], most) == (0, (1, 15))
    assert sum(sum(outcomes.values()) for outcomes in stats["requests"].values()) == 20 * 4


async def test_tests_in_two_processes_at_once_all_have_their_answer(place: Place) -> None:
    await place.put("pk_ours")
    other = Place(place.simulator, World(clock=place.world.clock), place.base_url, place.session)
    await other.put("pk_ours")
    answers = await asyncio.gather(*(each.examine({}) for each in (place, other) for _ in range(4)))
    assert [answer["is_usable"] for answer in answers] == [True] * 8
    assert place.simulator.document()["requests"]["get_accounts"]["200"] == 8
