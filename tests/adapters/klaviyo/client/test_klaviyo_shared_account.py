"""An account that we share: with other programs, with the leg before, and between keys of our own."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.client.pace import SECOND
from shared.adapters.klaviyo.client.rates import APART
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSink, KlaviyoSinks
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.settings import Settings
from tests.adapters.klaviyo.imports.batches import batch_of, people
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets
from tests.local.klaviyo.calling import HEADERS, Caller, import_body

LIST = "Y6nRLr"
KEYS = {"first": "pk_first", "second": "pk_second", "other": "pk_other"}
IMPORTS = "bulk_import_profiles"
ANSWER_SECONDS = 0.3


class Town:
    """Klaviyo with two accounts: one of the first and the second key, another one; mutable."""

    def __init__(self, simulator: Simulator, base_url: str, session: aiohttp.ClientSession, clock: FakeClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self._base_url = base_url
        self._session = session

    def new_process(self, secrets: MemorySecrets | None = None) -> KlaviyoSinks:
        """Return the sinks of one more process."""
        secrets = secrets or MemorySecrets(KEYS, prefix="")
        return KlaviyoSinks(self._session, self._base_url, secrets, clock=self.clock, draw=lambda: 0.5)

    async def send(self, sink: KlaviyoSink, count: int) -> None:
        """Send so many batches, as many at once as a leg does."""
        slots = asyncio.Semaphore(Settings.requests_in_flight)

        async def send_one(number: int) -> None:
            async with slots:
                await sink.send(
                    batch_of(people(1), number=number),
                    list_id=LIST,
                    budget=IsolationBudget(),
                    collector=ReceiptCollector(),
                )

        await asyncio.gather(*(send_one(number) for number in range(count)))

    def imports(self) -> dict[str, int]:
        """Return how many imports of ours ended how."""
        return dict(self.simulator.stats.requests[IMPORTS])


@asynccontextmanager
async def open_town() -> AsyncIterator[Town]:
    clock = FakeClock()
    lists = [ProfileList(LIST, "VIP newsletter")]
    scopes = ["accounts:read", "lists:read", "lists:write", "profiles:read", "profiles:write"]
    accounts = [
        Account("AbC123", keys={"pk_first": scopes, "pk_second": scopes, "pk_simulator": scopes}, lists=lists),
        Account("DeF456", keys={"pk_other": scopes}, lists=[ProfileList(LIST, "Another")]),
    ]
    simulator = Simulator(accounts, clock=clock)
    simulator.change({"latency": ANSWER_SECONDS})
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        yield Town(simulator, base_url, session, clock)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with open_town() as town:
        yield town


class Stranger:
    """Another program that imports into the account at the given times; counts what became of it."""

    def __init__(self, town: Town) -> None:
        self.served = 0
        self._town = town
        self._caller = Caller(town.simulator, HEADERS)

    async def act(self, times: Iterable[float]) -> None:
        for time in times:
            await self._town.clock.sleep(max(0.0, time - self._town.clock.monotonic()))
            self.served += self._caller.post(import_body({"email": "stranger@example.com"})).status == 202


async def five_minutes_beside(stranger: Stranger, requests_a_second: float, town: Town) -> dict[str, int]:
    """Let us send beside the other program for five minutes; return how often each status answered our imports."""
    other = asyncio.create_task(stranger.act(number / requests_a_second for number in range(10_000)))
    sending = asyncio.create_task(town.send(town.new_process()("first"), 10_000))
    await town.clock.advance(300.0)
    served = town.imports()
    for task in (other, sending):
        task.cancel()
    await asyncio.gather(other, sending, return_exceptions=True)
    return served


async def test_beside_a_program_that_eats_half_we_use_the_other_half_and_hardly_collide(town: Town) -> None:
    stranger = Stranger(town)
    served = await five_minutes_beside(stranger, 1.25, town)
    minutes = 5
    assert served["202"] + stranger.served >= 0.98 * minutes * 150  # nothing of the account's quota lies idle
    assert served["202"] >= 75 * minutes
    assert stranger.served >= 0.6 * 75 * minutes
    assert served.get("429", 0) <= 2 * minutes


async def test_a_program_that_never_stops_leaves_us_our_half_and_makes_us_collide_rarely(town: Town) -> None:
    stranger = Stranger(town)
    served = await five_minutes_beside(stranger, 3, town)
    assert 350 <= served["202"] <= 400
    assert served.get("429", 0) <= 20


async def test_when_the_other_program_stops_we_have_the_whole_again(town: Town) -> None:
    half = asyncio.create_task(Stranger(town).act(number / 1.25 for number in range(75)))
    sending = asyncio.create_task(town.send(town.new_process()("first"), 10_000))
    await town.clock.advance(120.0)
    before = town.imports()["202"]
    await town.clock.advance(120.0)
    after = town.imports()["202"]
    sending.cancel()
    await asyncio.gather(half, sending, return_exceptions=True)
    assert after - before == 300


async def test_one_request_of_another_program_costs_us_next_to_nothing(town: Town) -> None:
    await asyncio.gather(Stranger(town).act([0.1]), town.send(town.new_process()("first"), 100))
    assert town.simulator.document()["seconds"][IMPORTS] <= 12.5
    assert town.imports().get("429", 0) <= 1


@pytest.mark.parametrize("used", [150, 145, 100])
async def test_a_leg_that_begins_where_another_process_used_up_the_minute_waits_for_the_next(
    town: Town, used: int
) -> None:
    await town.send(town.new_process()("first"), used)
    began = town.clock.monotonic()
    town.simulator.stats.requests.clear()
    await town.send(town.new_process()("second"), 140)
    assert town.imports().get("429", 0) <= 1
    assert town.imports()["202"] == 140
    assert began < 20.0
    assert town.clock.monotonic() <= 61.5 + (140 - (150 - used)) / 10 * 1.05 + 3 * ANSWER_SECONDS


@pytest.mark.parametrize("counted_at", ["head", "body"])
async def test_a_process_that_takes_over_goes_on_at_the_limit_without_a_collision(town: Town, counted_at: str) -> None:
    town.simulator.change({"counted_at": counted_at})
    first, second = town.new_process()("first"), town.new_process()("first")
    await town.send(first, 14)
    second.go_on_from(first.use())
    began = town.clock.monotonic()
    await town.send(second, 50)
    assert town.imports() == {"202": 64}
    assert town.clock.monotonic() - began <= 5 * SECOND + 10 * APART + ANSWER_SECONDS


async def test_a_process_that_had_the_account_itself_counts_nothing_twice(town: Town) -> None:
    sink = town.new_process()("first")
    await town.send(sink, 100)
    sink.go_on_from(sink.use())
    await town.send(sink, 50)
    assert town.clock.monotonic() <= 1.05 * 15 + ANSWER_SECONDS


async def test_a_process_that_has_the_account_again_counts_nothing_twice_and_forgets_nothing(town: Town) -> None:
    first, second = town.new_process()("first"), town.new_process()("first")
    for sink, before in ((first, second), (second, first), (first, second)):
        sink.go_on_from(before.use())
        await town.send(sink, 50)
    assert town.imports() == {"202": 150}
    assert town.clock.monotonic() <= 1.05 * 15 + 4 * ANSWER_SECONDS


async def test_two_keys_of_one_account_share_its_pace_as_soon_as_klaviyo_has_named_it(town: Town) -> None:
    sinks = town.new_process()
    first, second = sinks("first"), sinks("second")
    for sink in (first, second):
        await sink.account()
    await asyncio.gather(town.send(first, 80), town.send(second, 80))
    assert town.imports() == {"202": 160}
    assert town.simulator.document()["most_in_a_second"][IMPORTS] == 10
    assert town.simulator.document()["most_in_a_minute"][IMPORTS] == 150


async def test_what_has_left_before_klaviyo_named_the_account_counts_as_well(town: Town) -> None:
    sinks = town.new_process()
    first, second = sinks("first"), sinks("second")
    await second.account()
    await town.send(first, 100)
    await first.account()
    await town.send(second, 60)
    assert town.imports() == {"202": 160}
    assert town.simulator.document()["most_in_a_minute"][IMPORTS] == 150


async def test_what_has_left_before_the_first_key_of_an_account_was_known_counts_as_well(town: Town) -> None:
    first = town.new_process()("first")
    await town.send(first, 100)
    await first.account()
    await town.send(first, 60)
    assert town.imports() == {"202": 160}
    assert town.simulator.document()["most_in_a_minute"][IMPORTS] == 150


async def test_a_wait_that_klaviyo_asked_of_one_key_holds_the_other_one_of_the_account(town: Town) -> None:
    sinks = town.new_process()
    first, second = sinks("first"), sinks("second")
    await first.account()
    town.simulator.change({"script": ["throttled"], "endpoints": [IMPORTS], "retry_after": 50})
    held = asyncio.create_task(town.send(second, 1))
    await town.clock.advance(5.0)
    assert town.imports() == {"429": 1}
    await second.account()
    began = town.clock.monotonic()
    await town.send(first, 1)
    assert began < 10.0
    assert town.clock.monotonic() >= 50.0
    await held
    assert town.imports() == {"429": 1, "202": 2}


async def test_keys_of_two_accounts_do_not_wait_for_each_other(town: Town) -> None:
    sinks = town.new_process()
    first, other = sinks("first"), sinks("other")
    await first.account()
    await other.account()
    began = town.clock.monotonic()
    await asyncio.gather(town.send(first, 100), town.send(other, 100))
    assert town.clock.monotonic() - began <= 11.0
    assert town.imports() == {"202": 200}


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_secret_that_is_put_to_another_account_takes_up_that_accounts_pace(town: Town, is_known: bool) -> None:
    secrets = MemorySecrets(KEYS, prefix="")
    sinks = town.new_process(secrets)
    first, second, other = (sinks(name) for name in ("first", "second", "other"))
    await first.account()
    await town.send(first, 150)
    if is_known:
        await other.account()
        await town.send(other, 145)
    secrets.values["first"] = KEYS["other"]
    await secrets.get("first", fresh=True)
    assert (await first.account()).id == "DeF456"
    await second.account()
    began = town.clock.monotonic()
    await town.send(first, 5)
    assert town.clock.monotonic() - began <= 2.0
    await town.send(second, 1)
    assert 60.0 <= town.clock.monotonic() <= 65.0
    await town.send(first, 1)
    assert town.clock.monotonic() <= 65.0 or is_known
    assert "429" not in town.imports()
