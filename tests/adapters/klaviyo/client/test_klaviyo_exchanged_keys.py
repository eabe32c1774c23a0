"""A key that was exchanged in the middle: nothing goes over the new one until it is known where it leads."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink, KlaviyoSinks
from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused, Unavailable
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from tests.adapters.klaviyo.calls import call_sink
from tests.adapters.klaviyo.imports.batches import batch_of, people
from tests.adapters.klaviyo.network import SECRET, all_words
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets

LIST = "Y6nRLr"
WORKING = ["lists:read", "lists:write", "profiles:read", "profiles:write"]
SCOPES = ["accounts:read", *WORKING]
IMPORTS, ACCOUNTS = "bulk_import_profiles", "get_accounts"


class Locks:
    """A secret, the accounts that its keys open, and the sink over it; mutable."""

    def __init__(self, simulator: Simulator, base_url: str, session: aiohttp.ClientSession, clock: FakeClock) -> None:
        self.simulator = simulator
        self.ours, self.other = simulator.accounts
        self.secrets = MemorySecrets({SECRET: "pk_old"})
        self.sinks = KlaviyoSinks(session, base_url, self.secrets, clock=clock, draw=lambda: 0.5)
        self.sink: KlaviyoSink = self.sinks(SECRET)

    def exchange(self, key: str, *, revoke: bool = True) -> None:
        """Put *key* into the secret; where the old one is not revoked, whoever asks gets the new one all the same."""
        self.secrets.values[SECRET] = key
        if revoke:
            del self.ours.keys["pk_old"]
        else:
            self.secrets._kept[SECRET] = key

    async def send(self, count: int = 1) -> Sent:
        return await self.sink.send(
            batch_of(people(count)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector()
        )

    def asked(self, endpoint: str) -> int:
        return sum(self.simulator.stats.requests[endpoint].values())


@pytest.fixture
async def locks() -> AsyncIterator[Locks]:
    clock = FakeClock()
    lists = [ProfileList(LIST, "VIP newsletter")]
    keys = {"pk_old": SCOPES, "pk_new": SCOPES, "pk_new_narrow": WORKING}
    ours = Account("AbC123", keys=keys, lists=lists)
    other = Account("DeF456", keys={"pk_other": SCOPES}, lists=[ProfileList(LIST, "A list of others")])
    simulator = Simulator([ours, other], clock=clock)
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        yield Locks(simulator, base_url, session, clock)


@pytest.mark.parametrize("revoke", [True, False])
async def test_a_new_key_of_the_same_account_is_asked_once_where_it_leads_and_the_run_goes_on(
    locks: Locks, revoke: bool
) -> None:
    await locks.sink.account()
    await locks.send()
    locks.exchange("pk_new", revoke=revoke)
    await asyncio.gather(*(locks.send() for _ in range(8)))
    await locks.send()
    assert locks.asked(ACCOUNTS) == 2
    assert len(locks.ours.jobs.all) == 10


@pytest.mark.parametrize("revoke", [True, False])
@pytest.mark.parametrize(
    "call", ["send", "list_details", "lists", "live_flows", "has_scope", "jobs", "job", "import_faults"]
)
async def test_nothing_goes_over_a_key_of_another_account(locks: Locks, call: str, revoke: bool) -> None:
    await locks.sink.account()
    locks.exchange("pk_other", revoke=revoke)
    with pytest.raises(ConfigurationError) as caught:
        await call_sink(locks.sink, call)
    assert caught.value.public == CONNECTION_TROUBLE
    assert str(caught.value) == (
        f"The key that was put into secret '{SECRET}' leads to the Klaviyo account DeF456, but the one before it led "
        "to AbC123. Put a key of that account into the secret, or make a connection for the other one."
    )
    assert "pk_" not in all_words(caught.value)
    assert locks.asked(ACCOUNTS) == 2
    assert sum(locks.asked(name) for name in locks.simulator.stats.requests if name != ACCOUNTS) == int(revoke)
    assert locks.other.jobs.all == []


async def test_the_key_of_another_account_stays_refused(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_other")
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="DeF456"):
            await locks.send()
    assert locks.other.jobs.all == []


async def test_a_key_of_the_right_account_mends_it(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_other")
    with pytest.raises(ConfigurationError, match="DeF456"):
        await locks.send()
    locks.secrets.values[SECRET] = locks.secrets._kept[SECRET] = "pk_new"
    assert len((await locks.send()).receipts) == 1


async def test_a_new_key_that_may_not_ask_for_the_account_goes_on(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_new_narrow")
    for _ in range(2):
        assert len((await locks.send()).receipts) == 1
    assert locks.simulator.stats.requests[ACCOUNTS] == {"200": 1, "403": 1}


async def test_where_the_account_was_never_named_a_new_key_is_not_asked(locks: Locks) -> None:
    await locks.send()
    locks.exchange("pk_new")
    await locks.send()
    assert locks.asked(ACCOUNTS) == 0


async def test_a_new_key_that_is_not_known_either_is_refused(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_nobodys")
    with pytest.raises(CredentialsRefused, match=rf"'{SECRET}' \(401\)"):
        await locks.send()


async def test_whoever_asks_for_the_account_of_the_new_key_is_told(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_other")
    assert (await locks.sink.account()).id == "DeF456"


@pytest.mark.parametrize("revoke", [True, False])
async def test_work_on_one_account_never_follows_a_key_to_another_whoever_asks_where_it_leads(
    locks: Locks, revoke: bool
) -> None:
    ours = locks.sinks(SECRET, "AbC123")
    assert (
        len(
            (
                await ours.send(
                    batch_of(people(1)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector()
                )
            ).receipts
        )
        == 1
    )
    locks.exchange("pk_other", revoke=revoke)
    assert (await ours.account()).id == (await locks.sink.account()).id == "DeF456"
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="DeF456"):
            await ours.send(batch_of(people(1)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    assert locks.other.jobs.all == []
    assert (await locks.sinks(SECRET, "DeF456").list_details(LIST)).name == "A list of others"
    assert locks.sinks(SECRET, "AbC123") is ours


async def test_a_key_that_was_seen_to_lead_to_the_account_is_not_asked_again(locks: Locks) -> None:
    await locks.sink.account()
    await locks.sinks(SECRET, "AbC123").list_details(LIST)
    assert locks.asked(ACCOUNTS) == 1
    with pytest.raises(ConfigurationError, match="AbC123"):
        await locks.sinks(SECRET, "DeF456").list_details(LIST)


async def test_a_klaviyo_that_does_not_say_where_a_key_leads_is_asked_again_and_has_carried_out_nothing(
    locks: Locks,
) -> None:
    await locks.sink.account()
    locks.exchange("pk_new", revoke=False)
    locks.simulator.change({"script": ["reset_after", "unavailable", "throttled"], "endpoints": [ACCOUNTS]})
    sent = await locks.send()
    assert [receipt.job_id is not None for receipt in sent.receipts] == [True]
    assert len(locks.ours.jobs.all) == 1


async def test_a_klaviyo_that_never_says_where_a_key_leads_is_a_reason_to_wait(locks: Locks) -> None:
    await locks.sink.account()
    locks.exchange("pk_other", revoke=False)
    locks.simulator.change({"requests": {"unavailable": 1.0}, "endpoints": [ACCOUNTS]})
    with pytest.raises(Unavailable):
        await locks.send()
    assert locks.other.jobs.all == []
