"""What a sink makes of lists, flows and the scopes of a key when Klaviyo answers oddly, and at which pace it asks."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from local.klaviyo.account.accounts import Account as SimulatedAccount
from local.klaviyo.account.lists import Flow as SimulatedFlow
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo import lists as lists_module
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink, KlaviyoSinks
from shared.control.connections.key_findings import find_out
from shared.domain.config.scopes import SCOPES
from shared.domain.errors import ConfigurationError, ContractBroken, CredentialsRefused, ScopeMissing, Unavailable
from shared.ports import Flow, ListInfo
from tests.adapters.klaviyo.network import (
    EMAIL,
    KEY,
    Reply,
    Server,
    all_words,
    answer,
    client_of,
    failure,
    replying,
    sink_of,
)
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets

LIST = "Y6nRLr"
PAGE_FOR_PEOPLE = b"<html>Just a moment...</html>"


@pytest.fixture
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    replies: Reply | tuple[Reply, ...] = request.param
    async with replying(*(replies if isinstance(replies, tuple) else (replies,))) as server:
        yield server


@pytest.fixture
async def scripted(server: Server) -> AsyncIterator[KlaviyoSink]:
    async with client_of(server.base_url) as client:
        yield sink_of(client)


def _replies(*replies: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("server", replies, indirect=True)


def _item(kind: str, identifier: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "id": identifier, "attributes": attributes}


def _lists(*identifiers: str, follows: str | None = None) -> Reply:
    return answer([_item("list", each, name=each.lower()) for each in identifiers], links={"next": follows})


async def _all(sink: KlaviyoSink) -> list[ListInfo]:
    return [each async for page in sink.lists() for each in page]


@_replies((_lists("A", follows="https://elsewhere.example.com/api/lists?page%5Bcursor%5D=x%3D"), _lists("B")))
async def test_a_link_to_another_host_is_not_followed_there(scripted: KlaviyoSink, server: Server) -> None:
    assert [each.id for each in await _all(scripted)] == ["A", "B"]
    path = "/api/lists?fields%5Blist%5D=name,opt_in_process&sort=name&page%5Bsize%5D=10"
    assert [seen.target for seen in server.seen] == [path, f"{path}&page%5Bcursor%5D=x%3D"]
    assert all(seen.header("Host") == server.base_url.removeprefix("http://") for seen in server.seen)


@_replies(_lists("A", follows="https://a.klaviyo.com/api/lists"), _lists("A", follows="nonsense"))
async def test_a_link_without_a_cursor_breaks_the_contract_rather_than_hide_lists(scripted: KlaviyoSink) -> None:
    with pytest.raises(ContractBroken):
        await _all(scripted)


@_replies((_lists("A", follows="?page[cursor]=x"), _lists("B", follows="?page[cursor]=x")))
async def test_pages_of_lists_that_run_in_a_circle_are_left(scripted: KlaviyoSink, server: Server) -> None:
    with pytest.raises(ContractBroken, match="'get lists' do not end"):
        await _all(scripted)
    assert len(server.seen) == 2


@_replies(tuple(_lists(f"L{number}", follows=f"?page[cursor]={number}") for number in range(5)))
async def test_no_more_lists_are_read_than_anybody_can_choose_from(
    scripted: KlaviyoSink, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_module, "MAX_LIST_PAGES", 3)
    with pytest.raises(ContractBroken, match="'get lists' do not end; 3 were read"):
        await _all(scripted)
    assert len(server.seen) == 3


@_replies(answer([{"type": "list", "id": "A"}, "text", _item("list", "B", name=7, opt_in_process="a b@c")]))
async def test_a_list_of_which_little_is_told_is_a_list_all_the_same(scripted: KlaviyoSink) -> None:
    assert await _all(scripted) == [ListInfo("A", "", None), ListInfo("B", "7", None)]


@_replies(answer([_item("list", "A", name="x" * 5_000)]))
async def test_a_name_has_an_end(scripted: KlaviyoSink) -> None:
    [found] = await _all(scripted)
    assert found.name == "x" * 200


@_replies(answer([{"type": "list"}]), answer([{"id": 5}]), answer({}), answer(None), answer("x"))
async def test_what_is_no_list_of_lists_or_flows_breaks_the_contract(scripted: KlaviyoSink) -> None:
    with pytest.raises(ContractBroken, match="look at its status page"):
        await _all(scripted)
    with pytest.raises(ContractBroken, match="look at its status page"):
        await scripted.live_flows(LIST)


@_replies(
    answer(
        [
            _item("flow", "F1", name="Welcome", status="live", archived=False),
            _item("flow", "F2", name="Old", status="live", archived=True),
            _item("flow", "F3", name="Not yet", status="draft"),
            _item("flow", "F4", name="By hand", status="manual", archived=None),
            _item("flow", "F5", name=None, status="paused"),
            _item("flow", "F6"),
        ]
    )
)
async def test_whatever_is_not_surely_at_rest_counts_as_live(scripted: KlaviyoSink, server: Server) -> None:
    assert await scripted.live_flows(LIST) == (
        Flow("F1", "Welcome", "live"),
        Flow("F4", "By hand", "manual"),
        Flow("F5", "", "paused"),
        Flow("F6", "", "unknown"),
    )
    assert server.seen[0].target == f"/api/lists/{LIST}/flow-triggers?fields%5Bflow%5D=name,status,archived"


@_replies(
    (
        answer([_item("flow", "F1", status="draft")], links={"next": "?page[cursor]=x"}),
        answer([_item("flow", "F2", status="live")]),
    )
)
async def test_a_live_flow_on_a_second_page_is_not_missed(scripted: KlaviyoSink) -> None:
    assert [flow.id for flow in await scripted.live_flows(LIST)] == ["F2"]


@_replies(failure(404, {}), failure(410, {}))
async def test_flows_of_a_list_that_is_gone_name_the_list(scripted: KlaviyoSink) -> None:
    with pytest.raises(ConfigurationError, match=f"no list '{LIST}'"):
        await scripted.live_flows(LIST)


@_replies(
    failure(403, {"code": "permission_denied"}),
    failure(403, {"code": "permission_denied", "detail": "The key is missing required scopes: flows:read."}),
    failure(403, {"code": "forbidden", "detail": EMAIL}),
    failure(403),
)
async def test_a_403_is_a_missing_scope_whatever_it_says_and_nothing_of_it_is_repeated(scripted: KlaviyoSink) -> None:
    with pytest.raises(ScopeMissing) as caught:
        await scripted.live_flows(LIST)
    assert "it needs flows:read and lists:read for that" in str(caught.value)
    assert "scopes: flows:read" not in all_words(caught.value)
    assert EMAIL not in all_words(caught.value)
    assert KEY not in all_words(caught.value)
    assert await scripted.has_scope("flows:read") is False


@_replies(Reply(403, PAGE_FOR_PEOPLE), Reply(200, PAGE_FOR_PEOPLE))
async def test_a_page_for_people_says_nothing_about_scopes(scripted: KlaviyoSink) -> None:
    with pytest.raises(Unavailable):
        await scripted.has_scope("flows:read")


@_replies(failure(401, {}))
async def test_a_key_that_klaviyo_does_not_know_lacks_more_than_a_scope(scripted: KlaviyoSink) -> None:
    with pytest.raises(CredentialsRefused) as caught:
        await scripted.has_scope("flows:read")
    assert not isinstance(caught.value, ScopeMissing)


@_replies((failure(429, {}, Retry_After="3"), answer([])))
async def test_a_key_that_is_told_to_wait_has_its_scope_tried_again(scripted: KlaviyoSink, server: Server) -> None:
    assert await scripted.has_scope("flows:read") is True
    assert len(server.seen) == 2


@_replies(answer([]))
async def test_a_scope_is_tried_with_the_least_that_can_be_asked(scripted: KlaviyoSink, server: Server) -> None:
    assert [await scripted.has_scope(scope.name) for scope in SCOPES if scope.name != "accounts:read"] == [
        True,
        True,
        None,
        True,
        None,
    ]
    assert [seen.target for seen in server.seen] == [
        "/api/flows?fields%5Bflow%5D=status&page%5Bsize%5D=1",
        "/api/lists?fields%5Blist%5D=name&page%5Bsize%5D=1",
        "/api/profiles?fields%5Bprofile%5D=id&page%5Bsize%5D=1",
    ]
    assert {seen.method for seen in server.seen} == {"GET"}


class Shop:
    """A simulated account with its clock."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        lists = [ProfileList(f"L{number:03}", f"list {number}") for number in range(200)]
        self.clock = FakeClock()
        self.welcomed = ProfileList(LIST, "VIP", "double_opt_in", (SimulatedFlow("F1", "Welcome"),))
        self.simulator = Simulator([SimulatedAccount("AbC123", lists=[self.welcomed, *lists])], clock=self.clock)
        self.base_url = base_url
        self.session = session

    def sink(self) -> KlaviyoSink:
        secrets = MemorySecrets({"klaviyo-all": "pk_simulator"})
        return KlaviyoSinks(self.session, self.base_url, secrets, clock=self.clock, draw=lambda: 0.5)("klaviyo-all")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with aiohttp.ClientSession() as session:
        shop = Shop("", session)
        async with serving(shop.simulator) as shop.base_url:
            yield shop


async def test_connections_are_tested_and_flows_asked_for_at_klaviyos_pace(shop: Shop) -> None:
    sink = shop.sink()
    for _ in range(20):
        check = await find_out(sink, LIST)
        assert check.flows == (Flow("F1", "Welcome", "live"),)
    for _ in range(60):
        await sink.live_flows(LIST)
        await sink.has_scope("flows:read")
    stats = shop.simulator.document()
    assert stats["throttled"] == 0
    assert stats["most_in_a_minute"]["get_accounts"] == 15
    assert stats["most_in_a_second"]["get_accounts"] == 1
    assert stats["most_in_a_second"]["get_flows"] == 3


async def test_a_test_of_a_connection_is_four_requests(shop: Shop) -> None:
    check = await find_out(shop.sink(), LIST)
    assert check.target == ListInfo(LIST, "VIP", "double_opt_in")
    assert [scope.name for scope in check.unchecked] == ["lists:write", "profiles:write"]
    assert shop.simulator.document()["requests"] == {
        "get_accounts": {"200": 1},
        "get_list": {"200": 1},
        "get_flows_triggered_by_list": {"200": 1},
        "get_profiles": {"200": 1},
    }


async def test_hundreds_of_lists_come_without_a_wait(shop: Shop) -> None:
    found = await _all(shop.sink())
    assert len(found) == 201
    assert found == sorted(found, key=lambda each: each.name)
    assert shop.simulator.document()["requests"] == {"get_lists": {"200": 21}}
    assert shop.clock.monotonic() == 0.0
