"""What whoever uses `Sink` may count on of accounts, lists and flows, of the fake and of Klaviyo's API alike."""

import asyncio

import pytest

from shared.domain.config.scopes import SCOPES
from shared.domain.errors import ConfigurationError, CredentialsRefused, ScopeMissing, UnknownList
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.ports import Flow, ListInfo, Sink
from shared.ports.klaviyo_usage import Usage, counting
from tests.adapters.klaviyo.imports.batches import (
    batch_of,
    people,
)
from tests.contracts.klaviyo_accounts import LIST, SECRET, Place


async def test_an_account_has_an_id_and_a_name(sink: Sink) -> None:
    account = await sink.account()
    assert account.id
    assert account.name
    assert account.is_test


async def test_a_list_has_a_name_and_says_how_people_join_it(sink: Sink) -> None:
    assert await sink.list_details(LIST) == ListInfo(LIST, "VIP newsletter", "single_opt_in")


async def test_each_request_counts_for_whoever_makes_it_and_for_nobody_else(sink: Sink) -> None:
    async def ask(times: int) -> Usage:
        with counting() as usage:
            await asyncio.gather(*(sink.list_details(LIST) for _ in range(times)))
        return usage

    await sink.list_details(LIST)
    one, three, two = await asyncio.gather(ask(1), ask(3), ask(2))
    assert (one, three, two) == (Usage(1), Usage(3), Usage(2))


async def test_a_batch_counts_as_at_least_one_request(sink: Sink) -> None:
    with counting() as usage:
        await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(0), collector=ReceiptCollector())
    assert usage.requests >= 1
    assert usage.throttled == 0


async def test_the_use_of_an_account_has_what_left_for_it(sink: Sink) -> None:
    before = sink.use()
    assert (before.ago, before.is_alone) == ((), False)
    for _ in range(2):
        await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(0), collector=ReceiptCollector())
    use = sink.use()
    assert len(use.ago) == 2
    assert 0.0 <= use.ago[1] <= use.ago[0] < 60.0
    assert use.is_alone
    assert use.at >= before.at


async def test_a_sink_that_goes_on_from_another_process_counts_what_left_there(sink: Sink) -> None:
    sink.go_on_from(AccountUse(sink.use().at, (20.0, 10.0), is_alone=True))
    await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(0), collector=ReceiptCollector())
    assert len(sink.use().ago) == 3


async def test_an_unknown_list_is_named(sink: Sink) -> None:
    with pytest.raises(UnknownList, match="'nobody'"):
        await sink.list_details("nobody")


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
async def test_all_lists_come_by_name_ten_at_a_time(place: Place, sink: Sink, count: int) -> None:
    names = [f"list {number * 7 % count:02}" for number in range(count)]
    place.has_lists(*names)
    pages = [page async for page in sink.lists()]
    assert [each.name for page in pages for each in page] == sorted(names)
    assert all(len(page) == 10 for page in pages[:-1])
    assert [await sink.list_details(each.id) for each in pages[0]] == pages[0]


async def test_a_list_that_is_made_is_among_the_lists(sink: Sink) -> None:
    made = await sink.make_list("Осіння кампанія")
    assert made.name == "Осіння кампанія"
    assert await sink.list_details(made.id) == made
    assert made in [each async for page in sink.lists() for each in page]


async def test_two_lists_may_have_one_name(sink: Sink) -> None:
    one, other = await sink.make_list("Twice"), await sink.make_list("Twice")
    assert one.id != other.id


async def test_flows_that_take_people_up_are_told_and_drafts_are_not(place: Place, sink: Sink) -> None:
    assert await sink.live_flows(LIST) == ()
    place.has_flows(("F1", "Welcome", "live"), ("F2", "Not yet", "draft"), ("F3", "By hand", "manual"))
    assert await sink.live_flows(LIST) == (Flow("F1", "Welcome", "live"), Flow("F3", "By hand", "manual"))


async def test_an_unknown_list_has_no_flows_but_a_name(sink: Sink) -> None:
    with pytest.raises(ConfigurationError, match="'nobody'"):
        await sink.live_flows("nobody")


@pytest.mark.parametrize("lacking", ["accounts:read", "lists:read", "profiles:read", "flows:read"])
async def test_each_scope_to_read_that_a_key_lacks_shows(place: Place, sink: Sink, lacking: str) -> None:
    place.key_lacks(lacking)
    found = {scope.name: await sink.has_scope(scope.name) for scope in SCOPES}
    assert found == {
        "accounts:read": lacking != "accounts:read",
        "flows:read": lacking != "flows:read",
        "lists:read": lacking != "lists:read",
        "lists:write": None,
        "profiles:read": lacking != "profiles:read",
        "profiles:write": None,
    }


async def test_a_scope_that_is_not_needed_cannot_be_asked_about(sink: Sink) -> None:
    assert await sink.has_scope("campaigns:read") is None


async def test_what_a_key_may_not_ask_is_said_to_be_for_want_of_a_scope(place: Place, sink: Sink) -> None:
    place.key_lacks("flows:read")
    with pytest.raises(ScopeMissing, match="flows:read"):
        await sink.live_flows(LIST)
    place.key_lacks("accounts:read", "lists:read")
    for ask in (sink.account(), sink.list_details(LIST), sink.live_flows(LIST), anext(sink.lists())):
        with pytest.raises(ScopeMissing, match=r"accounts:read|lists:read"):
            await ask


async def test_a_key_that_nobody_knows_is_not_taken_for_one_without_a_scope(place: Place) -> None:
    sink = place.sinks("klaviyo-gone")
    with pytest.raises(CredentialsRefused) as caught:
        await sink.has_scope("flows:read")
    assert not isinstance(caught.value, ScopeMissing)


async def test_one_secret_is_one_sink(place: Place) -> None:
    assert place.sinks(SECRET) is place.sinks(SECRET)


async def test_an_unknown_secret_is_refused_when_it_is_needed(place: Place) -> None:
    sink = place.sinks("klaviyo-gone")
    with pytest.raises(CredentialsRefused, match="'klaviyo-gone'"):
        await sink.account()
    with pytest.raises(CredentialsRefused, match="'klaviyo-gone'"):
        await sink.list_details(LIST)
