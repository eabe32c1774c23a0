"""What is found out about a key before it is used."""

import pytest

from shared.control.connections.key_findings import find_out
from shared.domain.config.scopes import SCOPES, Scope
from shared.domain.errors import CredentialsRefused, Unavailable
from shared.ports import Account, Flow, ListInfo
from tests.fakes.sink import LIST, MemorySink

WELCOME = Flow("XyZ789", "Welcome series", "live")
WRITES = ["lists:write", "profiles:write"]


def names(scopes: tuple[Scope, ...]) -> list[str]:
    return [scope.name for scope in scopes]


async def test_a_good_key_has_an_account_and_lacks_nothing_that_shows() -> None:
    sink = MemorySink()
    check = await find_out(sink)
    assert check.account == Account("AbC123", "Test shop", is_test=True)
    assert (names(check.missing), names(check.unchecked)) == ([], WRITES)
    assert (check.target, check.list_problem, check.flows) == (None, None, None)


async def test_a_list_is_told_with_the_flows_that_take_people_up() -> None:
    sink = MemorySink(flows=[WELCOME, Flow("F2", "Not yet", "draft")], opt_in="double_opt_in")
    check = await find_out(sink, LIST)
    assert check.target == ListInfo(LIST, "VIP newsletter", "double_opt_in")
    assert check.flows == (WELCOME,)
    assert (check.missing, check.list_problem) == ((), None)


@pytest.mark.parametrize("list_id", [None, LIST, "nobody"])
@pytest.mark.parametrize("lacking", [[], ["lists:read"], ["accounts:read", "flows:read"], [s.name for s in SCOPES]])
async def test_a_check_costs_four_requests_whatever_comes_of_it(list_id: str | None, lacking: list[str]) -> None:
    sink = MemorySink(lacks=set(lacking))
    await find_out(sink, list_id)
    asked = [(call, path) for call, path in sink.faults.log if not path.endswith(":write")]
    assert len(asked) == 4
    assert sink.faults.calls["account"] == 1
    assert ("has_scope", "accounts:read") not in asked


@pytest.mark.parametrize("lacking", ["accounts:read", "lists:read", "profiles:read", "flows:read"])
@pytest.mark.parametrize("list_id", [None, LIST])
async def test_a_scope_that_is_missing_is_told_with_what_it_is_for(lacking: str, list_id: str | None) -> None:
    sink = MemorySink(lacks={lacking}, flows=[WELCOME])
    check = await find_out(sink, list_id)
    [missing] = check.missing
    assert (missing.name, missing.needed_for != "") == (lacking, True)
    assert (check.list_problem, not missing.required) == (None, lacking in ("accounts:read", "flows:read"))
    assert (check.account is None) is (lacking == "accounts:read")
    assert (check.target is None) is (list_id is None or lacking == "lists:read")
    assert (check.flows is None) is (list_id is None or lacking in ("lists:read", "flows:read"))


async def test_every_scope_that_is_missing_is_told_at_once() -> None:
    check = await find_out(MemorySink(lacks={scope.name for scope in SCOPES}), LIST)
    assert names(check.missing) == ["accounts:read", "flows:read", "lists:read", "profiles:read"]
    assert names(check.unchecked) == WRITES
    assert (check.account, check.target, check.list_problem) == (None, None, None)


async def test_a_list_that_there_is_not_is_a_problem_beside_all_else() -> None:
    check = await find_out(MemorySink(), "nobody")
    assert "'nobody'" in str(check.list_problem)
    assert (check.target, check.flows, check.missing) == (None, None, ())
    assert check.account is not None


@pytest.mark.parametrize("call", ["account", "list_details", "live_flows", "has_scope"])
@pytest.mark.parametrize("error", [Unavailable("Away."), CredentialsRefused("Nobody knows the key.")])
async def test_what_hinders_the_check_itself_is_raised(call: str, error: Exception) -> None:
    sink = MemorySink()
    sink.faults.fail(call, error=error)
    with pytest.raises(type(error)):
        await find_out(sink, LIST)
