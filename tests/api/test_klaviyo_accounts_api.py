"""What is asked of Klaviyo over a connection."""

from typing import Any

import pytest

from shared.control.connections import find_lists
from shared.domain.errors import CONNECTION_TROUBLE, ContractBroken, CredentialsRefused, Throttled, Unavailable
from shared.ports import Flow, ListInfo
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, details, entra
from tests.builders import World
from tests.fakes.clock import FakeClock
from tests.fakes.sink import LIST, SECRET, MemorySink

LISTS = "connections/acme/lists"
TEST = "connections/acme/test"
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
    assert reply.json["lists"][0] == {"id": "L000", "name": "List 000"}
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
    assert "within 120 seconds" in (await api.get(LISTS)).problem(503)["detail"]
    assert api.world.clock.monotonic() == 120


async def test_lists_of_an_unknown_connection_are_not_found() -> None:
    (await Api().get("connections/beta/lists")).problem(404)
    (await Api().get("connections/BETA/lists")).problem(400)


def ready(**world: Any) -> Api:
    """Return the API over a connection whose secret has a key."""
    api = Api(World(**world))
    api.secrets.values[SECRET] = "pk_1"
    return api


async def examined(api: Api, body: Any = None) -> dict[str, Any]:
    reply = await api.post(TEST, body)
    assert reply.status == 200
    assert "pk_" not in reply.text
    answer: dict[str, Any] = reply.json
    return answer


async def test_a_test_names_the_account_and_what_cannot_be_known_before_the_first_run() -> None:
    answer = await examined(ready())
    assert (answer["is_usable"], answer["problems"]) == (True, [])
    assert answer["account"] == {"id": "AbC123", "name": "Test shop", "is_test": True}
    assert answer["scopes"]["missing"] == []
    assert [scope["name"] for scope in answer["scopes"]["unchecked"]] == ["lists:write", "profiles:write"]
    assert answer["list"] is answer["live_flows"] is None


async def test_a_test_tells_of_a_list_and_of_the_flows_that_take_people_up() -> None:
    api = ready(flows=[Flow("F1", "Welcome", "live"), Flow("F2", "Later", "draft")], opt_in="double_opt_in")
    answer = await examined(api, {"list_id": LIST})
    assert answer["list"] == {"id": LIST, "name": "VIP newsletter", "opt_in": "double_opt_in"}
    assert answer["live_flows"] == [{"id": "F1", "name": "Welcome", "status": "live"}]
    assert answer["is_usable"] is True


async def test_a_test_says_what_is_missing_and_what_for_all_at_once() -> None:
    api = ready(lacks={"profiles:read", "flows:read"}, connection={"consent": {"accepted": False}})
    answer = await examined(api, {"list_id": "nobody"})
    missing = {scope["name"]: scope["required"] for scope in answer["scopes"]["missing"]}
    assert missing == {"profiles:read": True, "flows:read": False}
    assert all(scope["needed_for"] for scope in answer["scopes"]["missing"])
    assert answer["is_usable"] is False
    consent, scope, target = details(answer["problems"])
    assert "has to accept the consent" in consent
    assert scope.startswith("The key lacks the scope profiles:read, to learn")
    assert "'nobody'" in target


async def test_a_test_remembers_the_account() -> None:
    api = ready(connection={"account_id": None})
    await examined(api)
    assert api.world.documents.value("connections/acme.json")["account_id"] == "AbC123"


async def test_a_key_of_another_account_fails_the_test_with_what_to_do_and_is_not_remembered() -> None:
    api = ready(connection={"account_id": "DeF456"})
    answer = await examined(api)
    assert answer["account"]["id"] == "AbC123"
    (problem,) = details(answer["problems"])
    assert problem == (
        f"The key in secret '{SECRET}' leads to the Klaviyo account AbC123, but the connection is for DeF456. Put a "
        "key of that account into the secret, or save the connection with an account_id of null when it shall be for "
        "the other one."
    )
    assert api.world.documents.value("connections/acme.json")["account_id"] == "DeF456"


async def test_a_test_asks_the_key_that_the_secret_has_now() -> None:
    api = ready()
    await examined(api)
    assert api.secrets.faults.log == [("get_fresh", SECRET)]


async def test_a_secret_that_is_gone_and_a_key_that_klaviyo_does_not_know_fail_the_test() -> None:
    api = Api()
    answer = await examined(api)
    assert details(answer["problems"]) == [f"There is no secret '{SECRET}', or it is empty."]
    assert api.world.sink.faults.log == []
    api.secrets.values[SECRET] = "pk_1"
    api.world.sink.faults.fail("account", error=CredentialsRefused("Klaviyo does not know the key."))
    answer = await examined(api)
    assert (answer["is_usable"], details(answer["problems"])) == (False, ["Klaviyo does not know the key."])
    assert answer["account"] is answer["scopes"] is answer["list"] is answer["live_flows"] is None


@pytest.mark.parametrize(
    ("body", "pointer"), [({"list_id": 5}, "/list_id"), ({"list_id": "x" * 101}, "/list_id"), ({"list": LIST}, "/list")]
)
async def test_a_test_of_something_else_is_a_bad_request_and_asks_nobody(body: Any, pointer: str) -> None:
    api = ready()
    assert [each["pointer"] for each in (await api.post(TEST, body)).problem(400)["errors"]] == [pointer]
    assert api.world.sink.faults.log == []


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
async def test_only_administrators_test_connections(role: str) -> None:
    api = entra()
    (await api.post(TEST, role=role)).problem(403)
    assert api.world.sink.faults.log == []


async def test_a_test_of_what_is_not_there_or_never_answers_is_a_problem() -> None:
    api = ready()
    (await api.post("connections/beta/test")).problem(404)
    api.world.sink.faults.when("account", "*", lambda: api.world.clock.sleep(3600))
    assert "The test did not come to an end" in (await api.post(TEST)).problem(503)["detail"]
