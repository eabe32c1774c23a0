"""The lists of a Klaviyo account, as somebody who makes an export looks for them."""

from typing import Any

import pytest

from shared.control.connections import find_lists
from shared.domain.errors import CONNECTION_TROUBLE, ContractBroken, CredentialsRefused, Throttled, Unavailable
from shared.ports import ListInfo
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, entra
from tests.builders import World
from tests.fakes.clock import FakeClock
from tests.fakes.sink import SECRET, MemorySink

LISTS = "connections/acme/lists"
NAMES = {"Y6nRLr": "VIP newsletter", "AbCdEf": "Vip\u00e9res", "XyZ123": "Everybody", "vip": "By its id"}


def with_lists(**names: str) -> Api:
    return Api(World(list_names=names))


async def found(api: Api, query: str = "", **options: Any) -> list[str]:
    return [each["id"] for each in (await api.get(f"{LISTS}{query}", **options)).json["lists"]]


async def test_all_lists_are_shown_by_name_all_pages_of_them() -> None:
    api = with_lists(**{f"L{number:03}": f"List {number:03}" for number in range(95)})
    reply = await api.get(LISTS)
    assert reply.json["is_complete"] is True
    assert [each["id"] for each in reply.json["lists"]] == [f"L{number:03}" for number in range(95)]
    assert reply.json["lists"][0] == {"id": "L000", "name": "List 000", "opt_in": "single_opt_in"}
    assert api.world.sink.faults.calls["lists"] == 10


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("vip", ["vip", "Y6nRLr", "AbCdEf"]),
        ("VIP%20N", ["Y6nRLr"]),
        ("VIP%C3%89", ["AbCdEf"]),
        ("XyZ123", ["XyZ123"]),
        ("xyz123", []),
        ("nothing", []),
        ("", ["vip", "XyZ123", "Y6nRLr", "AbCdEf"]),
    ],
)
async def test_a_search_finds_parts_of_names_whatever_their_case_and_ids(search: str, ids: list[str]) -> None:
    assert sorted(await found(with_lists(**NAMES), f"?search={search}")) == sorted(ids)


async def test_a_search_that_is_too_long_is_a_bad_request() -> None:
    api = Api()
    assert (await api.get(f"{LISTS}?search={'x' * 200}")).status == 200
    assert "search must have at most 200" in (await api.get(f"{LISTS}?search={'x' * 201}")).problem(400)["detail"]


class Endless(MemorySink):
    """An account with more lists than anybody can look through."""

    async def lists(self) -> Any:
        while True:
            await self._called("lists", "")
            yield [ListInfo("L", "List", None)]


async def test_more_lists_than_anybody_can_look_through_are_cut_off_and_it_is_said() -> None:
    sink = Endless(FakeClock())
    answer = await find_lists.find_lists(sink)
    assert (len(answer.lists), answer.is_complete) == (find_lists.MAX_PAGES, False)


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (CONTRIBUTOR, 200), (ADMIN, 200)])
async def test_lists_are_for_those_who_may_use_the_connection(role: str, status: int) -> None:
    assert (await entra().get(LISTS, role=role)).status == status


async def test_lists_of_a_connection_that_is_not_shared_are_for_administrators() -> None:
    api = entra(World())
    assert "is not shared" in (await api.get(LISTS, role=CONTRIBUTOR)).problem(403)["detail"]
    assert (await api.get(LISTS, role=ADMIN)).status == 200
    assert api.world.sink.faults.calls["lists"] == 1


async def test_a_key_that_klaviyo_refuses_is_told_of_and_contributors_do_not_learn_the_secret() -> None:
    api = entra()
    for kind in (CredentialsRefused, ContractBroken):
        error = kind(f"Klaviyo does not know {SECRET}.", public=CONNECTION_TROUBLE)
        api.world.sink.faults.fail("lists", error=error, times=2)
        assert (await api.get(LISTS, role=ADMIN)).problem(409)["detail"] == str(error)
        detail = (await api.get(LISTS, role=CONTRIBUTOR)).problem(409)["detail"]
        assert detail == CONNECTION_TROUBLE.detail


async def test_a_klaviyo_that_wants_us_to_wait_is_a_problem_that_says_for_how_long() -> None:
    api = Api()
    api.world.sink.faults.fail("lists", error=Throttled("Slowly.", after=7))
    reply = await api.get(LISTS)
    reply.problem(503)
    assert reply.headers["Retry-After"] == "7"


@pytest.mark.parametrize(("role", "hears"), [(ADMIN, True), (CONTRIBUTOR, False)])
async def test_a_vault_that_is_away_is_told_of_without_its_name_to_contributors(role: str, hears: bool) -> None:
    api = entra()
    away = Unavailable("Key Vault could not give secret 'klaviyo-acme'.", public=CONNECTION_TROUBLE)
    api.world.sink.faults.fail("lists", error=away)
    reply = await api.get(LISTS, role=role)
    assert ("klaviyo-acme" in reply.problem(503)["detail"]) is hears
    assert reply.headers["Retry-After"]


async def test_a_klaviyo_that_never_answers_does_not_keep_the_caller_for_ever() -> None:
    api = Api()
    api.world.sink.faults.when("lists", "*", lambda: api.world.clock.sleep(3600))
    assert "Klaviyo did not answer within 10 seconds" in (await api.get(LISTS)).problem(503)["detail"]
    assert api.world.clock.monotonic() == 10


async def test_lists_of_an_unknown_connection_are_not_found() -> None:
    (await Api().get("connections/beta/lists")).problem(404)
    (await Api().get("connections/BETA/lists")).problem(400)
