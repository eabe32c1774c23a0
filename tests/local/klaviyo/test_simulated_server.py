"""The simulator over real connections, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import orjson
import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import HEADERS, JOBS, LIST, import_body

ONE = orjson.dumps(import_body({"email": "a@b.co"}))
BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


class Browser:
    """A client of one simulator."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self._session = session

    async def call(
        self, method: str, path: str, body: bytes | BytesIO | AsyncIterator[bytes] | None = None
    ) -> tuple[int, Any]:
        async with self._session.request(method, path, data=body) as answer:
            return answer.status, orjson.loads(await answer.read())

    async def text(self, path: str) -> tuple[int, str, str]:
        async with self._session.get(path) as answer:
            return answer.status, answer.content_type, await answer.text()


@asynccontextmanager
async def browsing(clock: FakeClock, behaviour: Behaviour | None = None) -> AsyncIterator[Browser]:
    simulator = Simulator([Account()], behaviour=behaviour, clock=clock)
    # No connection is used twice, so that no request is repeated by itself on a broken one.
    connector = aiohttp.TCPConnector(force_close=True)
    async with (
        serving(simulator) as base_url,
        aiohttp.ClientSession(base_url, headers=HEADERS, connector=connector) as session,
    ):
        yield Browser(simulator, session)


async def jobs_of(browser: Browser) -> list[Any]:
    _, document = await browser.call("GET", JOBS)
    data: list[Any] = document["data"]
    return data


async def test_a_profile_travels_over_a_connection_into_the_list() -> None:
    clock = FakeClock()
    async with browsing(clock) as browser:
        status, document = await browser.call("POST", JOBS, ONE)
        assert (status, document["data"]["attributes"]["status"]) == (202, "queued")
        await clock.advance(2)
        assert await browser.text(f"/simulator/lists/{LIST}") == (200, "application/x-ndjson", '{"email":"a@b.co"}\n')


async def test_a_reset_before_acceptance_leaves_no_job() -> None:
    async with browsing(FakeClock(), Behaviour().changed({"script": ["reset_before"]})) as browser:
        with pytest.raises(BROKEN):
            await browser.call("POST", JOBS, ONE)
        assert await jobs_of(browser) == []
        assert browser.simulator.stats.requests["bulk_import_profiles"] == {"reset": 1}


async def test_a_reset_after_acceptance_leaves_a_job_that_nobody_was_told_of() -> None:
    async with browsing(FakeClock(), Behaviour().changed({"script": ["reset_after"]})) as browser:
        with pytest.raises(BROKEN):
            await browser.call("POST", JOBS, ONE)
        assert [job["attributes"]["total_count"] for job in await jobs_of(browser)] == [1]
        assert browser.simulator.stats.requests["bulk_import_profiles"] == {"reset": 1}


async def test_an_answer_may_be_no_json_though_the_job_is_there() -> None:
    async with browsing(FakeClock(), Behaviour().changed({"script": ["none", "no_json"]})) as browser:
        await browser.call("POST", JOBS, ONE)
        status, media_type, text = await browser.text(JOBS)
        assert (status, media_type) == (200, "text/html")
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(text)


async def test_an_answer_takes_as_long_as_was_asked_for() -> None:
    clock = FakeClock()
    behaviour = Behaviour().changed({"latency": 0.3, "script": ["slow"], "slow_seconds": 40})
    async with browsing(clock, behaviour) as browser:
        await browser.call("GET", "/api/lists")
        assert clock.monotonic() == pytest.approx(40.3)
        await browser.call("GET", "/api/lists")
        assert clock.monotonic() == pytest.approx(40.6)


async def test_a_full_window_opens_again_as_the_clock_says() -> None:
    clock = FakeClock()
    async with browsing(clock) as browser:
        statuses = [(await browser.call("GET", "/api/accounts"))[0] for _ in range(2)]
        await clock.advance(1)
        statuses.append((await browser.call("GET", "/api/accounts"))[0])
        assert statuses == [200, 429, 200]


async def test_a_body_of_more_than_five_million_bytes_is_a_413_in_json() -> None:
    async with browsing(FakeClock()) as browser:
        status, document = await browser.call("POST", JOBS, BytesIO(ONE + b" " * 5_000_000))
        assert (status, document["errors"][0]["code"]) == (413, "payload_too_large")


async def test_links_lead_to_the_next_page_as_they_are() -> None:
    clock = FakeClock()
    async with browsing(clock) as browser:
        profiles = [{"email": f"p{number}@b.co"} for number in range(5)]
        await browser.call("POST", JOBS, orjson.dumps(import_body(*profiles)))
        await clock.advance(2)
        seen: list[str] = []
        path: str | None = f"/api/lists/{LIST}/profiles?page[size]=2"
        while path:
            _, document = await browser.call("GET", path)
            seen += [each["attributes"]["email"] for each in document["data"]]
            path = document["links"]["next"]
        assert seen == [each["email"] for each in profiles]


async def test_faults_can_be_asked_for_from_outside() -> None:
    async with browsing(FakeClock(), Behaviour(limits=False)) as browser:
        status, settings = await browser.call("PUT", "/simulator/faults", b'{"script":["throttled"],"retry_after":3}')
        assert (status, settings["retry_after"], settings["limits"]) == (200, 3, False)
        assert (await browser.call("GET", "/simulator/faults"))[1] == settings
        assert (await browser.call("GET", "/api/lists"))[0] == 429
        assert (await browser.call("GET", "/api/lists"))[0] == 200


async def test_shares_of_faults_are_asked_for_and_shown_as_they_were_sent() -> None:
    sent = {"requests": {"throttled": 0.25, "slow": 0.5}, "jobs": {"endless": 1}, "endpoints": ["get_lists"]}
    async with browsing(FakeClock()) as browser:
        status, settings = await browser.call("PUT", "/simulator/faults", orjson.dumps(sent))
        assert status == 200
        assert {name: settings[name] for name in sent} == sent
        assert (await browser.call("GET", "/simulator/faults")) == (200, settings)
        assert (await browser.call("PUT", "/simulator/faults", orjson.dumps(settings))) == (200, settings)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/simulator/faults", b"{"),
        ("/simulator/faults", b'{"latencies":1}'),
        ("/simulator/keys", b"[]"),
        ("/simulator/keys", b'{"keys":["pk_1"]}'),
        ("/simulator/keys", b'{"keys":{},"account":"NoSuch"}'),
        ("/simulator/lists/AAAAAA", b'{"title":"x"}'),
        ("/simulator/lists/AAAAAA", b'{"flows":"x"}'),
        ("/simulator/lists/AAAAAA/flows", b'{"flows":["x"]}'),
        ("/simulator/lists/Y6nRLr/flows", b'{"flows":null}'),
        ("/simulator/lists/Y6nRLr/flows", b'{"flows":[{"title":"x"}]}'),
    ],
)
async def test_what_cannot_be_asked_for_is_a_400_that_says_why(path: str, body: bytes) -> None:
    async with browsing(FakeClock()) as browser:
        status, document = await browser.call("PUT", path, body)
        assert status == 400
        assert document["error"]


async def test_a_key_can_be_rotated() -> None:
    async with browsing(FakeClock()) as browser:
        await browser.call("PUT", "/simulator/keys", b'{"keys":{"pk_new":null,"pk_poor":["lists:read"]}}')
        assert (await browser.call("GET", "/api/lists"))[0] == 401
        await browser.call("PUT", "/simulator/keys", b'{"keys":{"pk_simulator":["lists:read"]}}')
        assert (await browser.call("GET", "/api/lists"))[0] == 200
        assert (await browser.call("GET", JOBS))[0] == 403


async def test_a_list_can_be_made_from_outside() -> None:
    async with browsing(FakeClock()) as browser:
        await browser.call("PUT", "/simulator/lists/AAAAAA", b'{"name":"New","flows":["Welcome"]}')
        _, made = await browser.call("GET", "/api/lists/AAAAAA")
        _, flows = await browser.call("GET", "/api/lists/AAAAAA/flow-triggers")
        assert made["data"]["attributes"]["name"] == "New"
        assert [each["attributes"]["name"] for each in flows["data"]] == ["Welcome"]


async def test_flows_can_be_put_on_a_list_and_taken_away_while_who_is_on_it_stays() -> None:
    clock = FakeClock()
    async with browsing(clock) as browser:

        async def flows_there() -> list[tuple[str, bool]]:
            _, flows = await browser.call("GET", f"/api/lists/{LIST}/flow-triggers")
            return [(each["attributes"]["status"], each["attributes"]["archived"]) for each in flows["data"]]

        await browser.call("POST", JOBS, ONE)
        await clock.advance(2)
        path = f"/simulator/lists/{LIST}/flows"
        await browser.call("PUT", path, b'{"flows":["A",{"name":"B","status":"draft"},{"name":"C","archived":true}]}')
        assert await flows_there() == [("live", False), ("draft", False), ("live", True)]
        await browser.call("PUT", path, b'{"flows":[]}')
        assert await flows_there() == []
        assert (await browser.call("GET", "/simulator/stats"))[1]["accounts"]["SiMuLa"]["lists"] == {LIST: 1}


async def test_everything_can_be_counted_and_forgotten_from_outside() -> None:
    clock = FakeClock()
    async with browsing(clock) as browser:
        await browser.call("POST", JOBS, ONE)
        await browser.call("GET", "/api/nothing")
        await clock.advance(2)
        _, seen = await browser.call("GET", "/simulator/stats")
        assert seen["requests"] == {"bulk_import_profiles": {"202": 1}, "unknown": {"404": 1}}
        assert seen["bytes"]["bulk_import_profiles"] == len(ONE)
        assert seen["profiles_taken"] == 1
        assert seen["accounts"]["SiMuLa"] == {"profiles": 1, "jobs": {"complete": 1}, "lists": {LIST: 1}}
        _, empty = await browser.call("POST", "/simulator/reset")
        assert empty["profiles_taken"] == 0
        assert empty["accounts"]["SiMuLa"] == {"profiles": 0, "jobs": {}, "lists": {LIST: 0}}
        assert (await browser.text(f"/simulator/lists/{LIST}"))[2] == ""


async def test_a_list_that_there_is_not_cannot_be_read() -> None:
    async with browsing(FakeClock()) as browser:
        assert (await browser.call("GET", "/simulator/lists/NoSuch"))[0] == 404


@pytest.mark.parametrize(("counted_at", "seconds"), [("head", 0.0), ("body", 2.0)])
async def test_a_request_counts_when_its_head_has_come_or_its_body(counted_at: str, seconds: float) -> None:
    clock = FakeClock()

    async def slowly() -> AsyncIterator[bytes]:
        yield ONE[:10]
        while not browser.simulator.stats.arrivals and counted_at == "head":  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        await clock.advance(2)
        yield ONE[10:]

    async with browsing(clock, Behaviour().changed({"counted_at": counted_at})) as browser:
        began = clock.now().timestamp()
        assert (await browser.call("POST", JOBS, slowly()))[0] == 202
        assert browser.simulator.stats.arrivals["bulk_import_profiles"][0] - began == seconds
