"""A Klaviyo account as the pipeline sees it; what `tests/contracts` has not said of it yet."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from local.klaviyo.account.accounts import Account as SimulatedAccount
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.client.pace import MINUTE, SECOND
from shared.adapters.klaviyo.client.rates import APART
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.domain.runs.account_use import AccountUse
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import ImportFault
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.ports import Account
from shared.settings import Settings
from tests.adapters.klaviyo.calls import call_sink
from tests.adapters.klaviyo.imports.batches import batch_of, people, rejected_emails
from tests.adapters.klaviyo.network import SECRET
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets

READER, WRITER, KEY = "pk_reader", "pk_writer", "pk_all"
ODD_LIST = "a b?c#d%e+é&f=%2F"
SCOPES = ["accounts:read", "lists:read", "lists:write", "profiles:read", "profiles:write"]


class Shop:
    """A simulated account, with one sink for each of its keys."""

    def __init__(self, simulator: Simulator, base_url: str, session: aiohttp.ClientSession, clock: FakeClock) -> None:
        secrets = MemorySecrets({"reader": READER, "writer": WRITER, "all": KEY}, prefix="")
        self.simulator = simulator
        self.clock = clock
        self.sinks = KlaviyoSinks(session, base_url, secrets, clock=clock, draw=lambda: 0.5)
        self.sink = self.sinks("all")


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    clock = FakeClock()
    account = SimulatedAccount(
        "AbC123",
        name="Test shop",
        keys={READER: ["lists:read"], WRITER: ["lists:write", "profiles:write"], KEY: SCOPES},
        lists=[ProfileList("Y6nRLr", "VIP newsletter"), ProfileList(ODD_LIST, "Odd")],
    )
    simulator = Simulator([account], clock=clock)
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        yield Shop(simulator, base_url, session, clock)


async def test_an_account_is_klaviyos(shop: Shop) -> None:
    assert await shop.sink.account() == Account("AbC123", "Test shop", is_test=True)


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_key_is_asked_once_for_its_account_whatever_is_asked_at_the_same_time(
    shop: Shop, *, is_new: bool
) -> None:
    sink = shop.sinks("all", "AbC123") if is_new else shop.sink
    await asyncio.gather(sink.account(), sink.list_details("Y6nRLr"), sink.newest_job())
    assert shop.simulator.document()["requests"]["get_accounts"] == {"200": 1}
    assert shop.clock.monotonic() == 0.0


async def test_a_list_id_that_needs_escaping_is_that_very_list(shop: Shop) -> None:
    assert (await shop.sink.list_details(ODD_LIST)).name == "Odd"
    sent = await shop.sink.send(
        batch_of(people(3)), list_id=ODD_LIST, budget=IsolationBudget(), collector=ReceiptCollector()
    )
    assert len(sent.receipts) == 1


@pytest.mark.parametrize("list_id", ["nobody", "", "Y6nRLr/", "..", ".", "../lists", "Y6nRLr?x=1", "Y6nRLr/profiles"])
async def test_an_id_of_no_list_is_named_with_what_to_do(shop: Shop, list_id: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await shop.sink.list_details(list_id)
    assert f"no list '{list_id}'" in str(caught.value)
    assert "list_id of the export" in str(caught.value)


@pytest.mark.parametrize(
    ("secret", "call", "scopes"),
    [
        ("reader", "account", "accounts:read"),
        ("writer", "list_details", "lists:read"),
        ("writer", "lists", "lists:read"),
        ("writer", "live_flows", "flows:read and lists:read"),
        ("reader", "live_flows", "flows:read and lists:read"),
        ("reader", "send", "lists:write and profiles:write"),
        ("reader", "newest_job", "lists:read and profiles:read"),
        ("reader", "jobs", "lists:read and profiles:read"),
        ("reader", "job", "lists:read and profiles:read"),
        ("reader", "import_faults", "profiles:read"),
    ],
)
async def test_every_call_names_the_scopes_that_its_key_lacks(shop: Shop, secret: str, call: str, scopes: str) -> None:
    with pytest.raises(CredentialsRefused) as caught:
        await call_sink(shop.sinks(secret), call)
    assert f"it needs {scopes} for that." in str(caught.value)
    assert f"'{secret}'" in str(caught.value)


async def test_a_full_minute_of_imports_is_never_throttled(shop: Shop) -> None:
    for number in range(160):
        await shop.sink.send(
            batch_of(people(1), number=number), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
        )
    stats = shop.simulator.document()
    assert stats["throttled"] == 0
    assert stats["most_in_a_second"]["bulk_import_profiles"] == 10
    assert stats["most_in_a_minute"]["bulk_import_profiles"] == 150
    assert shop.clock.monotonic() == pytest.approx(MINUTE + 9 * APART)


@pytest.mark.parametrize("counted_at", ["head", "body"])
@pytest.mark.parametrize("answer_seconds", [0.1, 0.3, 1.0, 3.0])
async def test_a_hundred_imports_leave_as_fast_as_klaviyo_allows(
    shop: Shop, answer_seconds: float, counted_at: str
) -> None:
    shop.simulator.change({"latency": answer_seconds, "counted_at": counted_at})
    shop.sink.go_on_from(AccountUse(shop.clock.now(), (MINUTE / 2,), is_alone=True))
    slots = asyncio.Semaphore(Settings.requests_in_flight)

    async def send(number: int) -> None:
        async with slots:
            await shop.sink.send(
                batch_of(people(1), number=number),
                list_id="Y6nRLr",
                budget=IsolationBudget(),
                collector=ReceiptCollector(),
            )

    await asyncio.gather(*(send(number) for number in range(100)))
    stats = shop.simulator.document()
    assert stats["requests"]["bulk_import_profiles"] == {"202": 100}
    assert stats["throttled"] == 0
    assert stats["seconds"]["bulk_import_profiles"] <= 1.05 * 10.0


async def test_each_endpoint_has_a_pace_of_its_own(shop: Shop) -> None:
    for number in range(10):
        sent = await shop.sink.send(
            batch_of(people(1), number=number), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
        )
    job_id = str(sent.receipts[0].job_id)
    for _ in range(10):
        assert len([page async for page in shop.sink.jobs()]) == 1
        assert await shop.sink.job(job_id)
        assert [fault async for fault in shop.sink.import_faults(job_id)] == []
        await shop.sink.list_details("Y6nRLr")
    await shop.sink.account()
    assert shop.clock.monotonic() == pytest.approx(9 * APART)  # the imports alone have waited for each other
    await shop.sink.account()
    assert shop.clock.monotonic() == pytest.approx(9 * APART + SECOND)


async def test_rows_are_isolated_when_klaviyo_names_the_first_of_them_only(shop: Shop) -> None:
    shop.simulator.change({"named_rows": "first"})
    sent = await shop.sink.send(
        batch_of(people(50, bad=[3, 30])), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
    )
    assert (rejected_emails(sent), sent.extra_requests) == (["p3@refused.example.com", "p30@refused.example.com"], 2)


async def test_rows_are_isolated_when_klaviyo_names_none(shop: Shop) -> None:
    shop.simulator.change({"named_rows": "none"})
    sent = await shop.sink.send(
        batch_of(people(10_000, bad=[3, 7_000])),
        list_id="Y6nRLr",
        budget=IsolationBudget(),
        collector=ReceiptCollector(),
    )
    assert rejected_emails(sent) == ["p3@refused.example.com", "p7000@refused.example.com"]
    assert sent.isolated
    assert sum(receipt.profiles for receipt in sent.receipts) == 9_998


async def test_errors_without_a_payload_are_told_without_fields(shop: Shop) -> None:
    shop.simulator.change({"errors_without_payload": 1.0, "job_seconds": 5})
    emails = people(150, bad=range(150), domain="late.example.com")
    sent = await shop.sink.send(
        batch_of(emails), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
    )
    await shop.clock.advance(5)
    faults = [fault async for fault in shop.sink.import_faults(str(sent.receipts[0].job_id))]
    assert faults == [ImportFault("invalid", "The profile could not be imported.", {})] * 150


async def test_a_status_that_nobody_knows_is_handed_on(shop: Shop) -> None:
    shop.simulator.change({"job_script": ["strange"], "job_seconds": 60})
    sent = await shop.sink.send(
        batch_of(people(1)), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
    )
    await shop.clock.advance(30)
    report = await shop.sink.job(str(sent.receipts[0].job_id))
    assert report
    assert report.status == "reconciling"


async def test_a_secret_has_one_sink_and_so_one_pace(shop: Shop) -> None:
    assert shop.sinks("all") is shop.sinks("all")
    assert shop.sinks("all") is not shop.sinks("reader")


async def test_a_sink_is_made_before_its_key_is_read() -> None:
    secrets = MemorySecrets()
    async with aiohttp.ClientSession() as session:
        sinks = KlaviyoSinks(session, "http://127.0.0.1:9", secrets, clock=FakeClock(), draw=lambda: 0.5)
        sink = sinks(SECRET)
        assert secrets.faults.log == []
        with pytest.raises(CredentialsRefused):
            await sink.account()
