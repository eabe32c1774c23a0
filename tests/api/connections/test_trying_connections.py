"""Trying a connection: what its key leads to, and what is missing."""

from typing import Any

import pytest

from shared.domain.errors import CredentialsRefused
from shared.ports import Flow
from tests.api.calling import CONTRIBUTOR, READER, Api, details, entra
from tests.builders import World
from tests.fakes.sink import LIST, SECRET

TEST = "connections/acme/test"


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
    assert details(answer["problems"]) == [f"Secret '{SECRET}' cannot be used."]
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
    assert "Klaviyo did not answer" in (await api.post(TEST)).problem(503)["detail"]
