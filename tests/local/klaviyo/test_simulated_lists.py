"""What the simulator tells of accounts, lists and flows."""

from urllib.parse import parse_qsl, urlsplit

import orjson

from local.klaviyo.account.accounts import LISTS_A_DAY, Account
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import LIST, Caller, Reply, caller


def test_the_account_tells_its_name_and_whether_it_is_for_tests() -> None:
    account = caller().get("/api/accounts").document["data"][0]
    assert account["id"] == "SiMuLa"
    assert account["attributes"]["test_account"] is True
    assert account["attributes"]["contact_information"]["organization_name"] == "Simulated shop"


def test_lists_come_in_pages_of_at_most_ten() -> None:
    lists = [ProfileList(f"List{number:02}", f"list {number}") for number in range(12)]
    client = Caller(Simulator([Account(lists=lists)], clock=FakeClock()))
    first = client.get("/api/lists").document
    assert [each["id"] for each in first["data"]] == [f"List{number:02}" for number in range(10)]
    cursor = first["links"]["next"].rpartition("=")[2]
    second = client.get("/api/lists", page_cursor=cursor).document
    assert ([each["id"] for each in second["data"]], second["links"]["next"]) == (["List10", "List11"], None)
    assert client.get("/api/lists", page_size="11").status == 400


def _names(client: Caller, **query: str) -> list[str]:
    return [each["attributes"]["name"] for each in client.call("GET", "/api/lists", query).document["data"]]


def test_lists_come_in_the_order_that_is_asked_for() -> None:
    lists = [ProfileList("C", "beta"), ProfileList("A", "gamma"), ProfileList("B", "alpha")]
    client = Caller(Simulator([Account(lists=lists)], clock=FakeClock()))
    assert _names(client) == ["beta", "gamma", "alpha"]
    assert _names(client, sort="name") == ["alpha", "beta", "gamma"]
    assert _names(client, sort="-name") == ["gamma", "beta", "alpha"]
    assert _names(client, sort="id") == ["gamma", "alpha", "beta"]
    assert _names(client, sort="-created") == ["beta", "gamma", "alpha"]
    assert client.call("GET", "/api/lists", {"sort": "opt_in_process"}).error["source"] == {"parameter": "sort"}


def test_the_order_of_lists_goes_on_over_the_pages() -> None:
    lists = [ProfileList(f"L{number:02}", f"list {number:02}") for number in range(12)]
    client = Caller(Simulator([Account(lists=lists)], clock=FakeClock()))
    first = client.call("GET", "/api/lists", {"sort": "-name"}).document
    following = dict(parse_qsl(urlsplit(first["links"]["next"]).query))
    assert [each["id"] for each in first["data"]] == [f"L{number:02}" for number in range(11, 1, -1)]
    assert _names(client, **following) == ["list 01", "list 00"]


def test_lists_are_found_by_name_and_by_id() -> None:
    lists = [ProfileList("A", "one"), ProfileList("B", "two"), ProfileList("C", "one")]
    client = Caller(Simulator([Account(lists=lists)], clock=FakeClock()))
    assert _names(client, filter='equals(name,"one")') == ["one", "one"]
    assert _names(client, filter='any(id,["B","C"])') == ["two", "one"]
    assert client.call("GET", "/api/lists", {"filter": 'equals(updated,"x")'}).status == 400


def test_all_flows_of_an_account_are_told() -> None:
    lists = [ProfileList("A", "one", flows=(Flow("F1", "Welcome"),)), ProfileList("B", "two", flows=(Flow("F2", "x"),))]
    client = Caller(Simulator([Account(lists=lists)], clock=FakeClock()))
    assert [each["id"] for each in client.get("/api/flows").document["data"]] == ["F1", "F2"]
    assert client.get("/api/flows", page_size="51").status == 400


async def test_how_many_are_on_a_list_is_told_when_asked_for_and_at_most_once_a_second() -> None:
    clock = FakeClock()
    client = caller(clock)
    client.take({"email": "a@b.co"}, {"email": "b@b.co"})
    await clock.advance(2)
    assert "profile_count" not in client.get(f"/api/lists/{LIST}").document["data"]["attributes"]
    reply = client.get(f"/api/lists/{LIST}", more_list="profile_count")
    assert reply.document["data"]["attributes"]["profile_count"] == 2
    assert reply.headers["RateLimit-Limit"] == "15"
    assert client.get(f"/api/lists/{LIST}", more_list="profile_count").status == 429
    assert client.get(f"/api/lists/{LIST}").status == 200


def test_more_than_there_is_cannot_be_asked_for() -> None:
    reply = caller().get(f"/api/lists/{LIST}", more_list="profile_counts")
    assert (reply.status, reply.error["source"]) == (400, {"parameter": "additional-fields[list]"})


def test_the_flows_of_a_list_are_told() -> None:
    welcome = ProfileList("AAAAAA", "one", flows=(Flow("F1", "Welcome"), Flow("F2", "Old", status="draft")))
    client = Caller(Simulator([Account(lists=[welcome])], clock=FakeClock()))
    flows = client.get("/api/lists/AAAAAA/flow-triggers").document["data"]
    assert [(each["id"], each["attributes"]["name"], each["attributes"]["status"]) for each in flows] == [
        ("F1", "Welcome", "live"),
        ("F2", "Old", "draft"),
    ]


def _made(client: Caller, name: object) -> Reply:
    document = {"data": {"type": "list", "attributes": {"name": name}}}
    return client.call("POST", "/api/lists", body=orjson.dumps(document))


def test_a_list_is_made_and_found_among_the_lists() -> None:
    client = caller()
    made = _made(client, "Autumn")
    assert made.status == 201
    assert made.document["data"]["attributes"]["name"] == "Autumn"
    assert _names(client, sort="name") == ["Autumn", "VIP newsletter"]


def test_a_list_without_a_name_is_refused() -> None:
    for name in ("", "x" * 256, None, 7):
        assert _made(caller(), name).pointers == ["/data/attributes/name"]


def test_no_more_lists_are_made_in_a_day_than_klaviyo_allows() -> None:
    clock = FakeClock()
    account = Account()
    client = Caller(Simulator([account], clock=clock))
    for _ in range(LISTS_A_DAY):
        account.make_list("Many", clock.now().timestamp())
    refused = _made(client, "One more")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "86400")
