"""What is tried again, when, how often, and what it ends with."""

import asyncio
import socket

import aiohttp
import pytest

from shared.adapters.klaviyo.client import klaviyo_client as client_module
from shared.adapters.klaviyo.client.retry import RetryPolicy
from shared.domain.errors import Throttled, Unavailable
from tests.adapters.klaviyo.network import (
    Connection,
    Losses,
    Reply,
    client_of,
    connecting,
    failure,
    get_list,
    hear,
    post_import,
    replying,
    serve,
    written,
)
from tests.fakes.clock import FakeClock

ONCE = RetryPolicy(max_attempts=1)


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a request and break the connection."""
    await hear(reader)
    writer.transport.abort()


class _Opening(FakeClock):
    """A clock that opens a port as soon as somebody waits."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self._port = int(listener.getsockname()[1])
        self._connection = connection
        self._servers: list[asyncio.Server] = []
        self.base_url = f"http://127.0.0.1:{self._port}"

    async def sleep(self, seconds: float) -> None:
        if not self._servers:
            self._servers.append(await asyncio.start_server(self._connection, "127.0.0.1", self._port))
        await super().sleep(seconds)

    async def close(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()


async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request, and break the connection under the next."""
    await hear(reader)
    writer.write(written(Reply()))
    await writer.drain()
    await hang_up(reader, writer)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 599])
async def test_an_answer_that_says_later_is_waited_out_and_may_have_been_carried_out(status: int) -> None:
    clock, lost = FakeClock(), Losses()
    async with replying(Reply(status, b"oops"), Reply()) as server, client_of(server.base_url, clock=clock) as client:
        found = await client.ask(post_import(b"{}"), on_lost=lost)
    assert (found.status, lost.count, len(server.seen)) == (200, 1, 2)
    assert clock.slept == [0.5]


async def test_waits_are_spread_by_chance() -> None:
    clock = FakeClock()
    async with (
        replying(failure(500), failure(500), Reply()) as server,
        client_of(server.base_url, clock=clock, draw=iter([0.0, 0.5]).__next__) as client,
    ):
        await client.ask(get_list())
    assert clock.slept == [0.25, 0.75]


async def test_a_server_that_stays_down_is_given_up_after_six_attempts() -> None:
    clock = FakeClock()
    async with replying(failure(503)) as server, client_of(server.base_url, clock=clock) as client:
        with pytest.raises(Unavailable, match=r"get list: status 503, given up for now at attempt 6") as caught:
            await client.ask(get_list())
    assert caught.value.after is None
    assert len(server.seen) == 6
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0]


async def test_total_time_ends_from_the_first_failure_on() -> None:
    clock = FakeClock()
    async with (
        replying(failure(503, Retry_After="100")) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        with pytest.raises(Unavailable) as caught:
            await client.ask(get_list())
    assert (clock.slept, len(server.seen), caught.value.after) == ([100.0], 2, 100.0)


async def test_time_counts_from_a_failure_at_the_very_beginning_of_time() -> None:
    clock = FakeClock()
    retry = RetryPolicy(max_attempts=10, max_seconds=3.0)
    async with replying(failure(503)) as server, client_of(server.base_url, clock=clock, retry=retry) as client:
        with pytest.raises(Unavailable):
            await client.ask(get_list())
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("0", 1.0), ("1.5", 1.5), ("soon", 0.5)])
async def test_a_server_that_is_down_may_say_for_how_long(text: str, seconds: float) -> None:
    clock = FakeClock()
    async with (
        replying(failure(503, Retry_After=text), Reply()) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        await client.ask(get_list())
    assert clock.slept == [seconds]


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("0", 1.0), ("1.5", 1.5)])
async def test_a_429_waits_as_long_as_it_says(text: str, seconds: float) -> None:
    clock, lost = FakeClock(), Losses()
    async with (
        replying(failure(429, Retry_After=text), Reply()) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        await client.ask(get_list(), on_lost=lost)
    assert clock.monotonic() == seconds
    assert (lost.count, len(server.seen)) == (0, 2)


@pytest.mark.parametrize(
    "text", ["Mon, 23 Nov 2026 06:00:09 GMT", "-5", "soon", "", "1e9", "nan", "inf", "٣", "12345678901234567890"]
)
async def test_a_429_with_advice_that_is_no_number_backs_off(text: str) -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After=text), Reply()) as server,
        client_of(server.base_url, clock=clock, draw=lambda: 0.0) as client,
    ):
        found = await client.ask(get_list())
    assert found.status == 200
    assert clock.monotonic() == 1.0  # the back-off, and the least that a 429 holds everybody


async def test_a_429_for_ever_is_throttled_with_its_advice() -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After="3")) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        with pytest.raises(Throttled, match=r"get list: asked to slow down \(429\)") as caught:
            await client.ask(get_list())
    assert (caught.value.after, len(server.seen), clock.monotonic()) == (3.0, 6, 15.0)


async def test_advice_of_days_is_taken_for_an_hour() -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After="999999"), Reply()) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        with pytest.raises(Throttled) as caught:
            await client.ask(get_list())
        assert caught.value.after == 3_600.0
        await clock.advance(3_600.0)
        assert (await client.ask(get_list())).status == 200


async def test_advice_beyond_what_is_left_is_raised_at_once() -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After="3600")) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        with pytest.raises(Throttled) as caught:
            await client.ask(get_list())
    assert (caught.value.after, len(server.seen), clock.monotonic()) == (3600.0, 1, 0.0)


async def test_a_429_holds_the_other_requests_to_its_endpoint_only() -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After="9"), Reply()) as server,
        client_of(server.base_url, clock=clock, retry=ONCE) as client,
    ):
        with pytest.raises(Throttled):
            await client.ask(get_list())
        await client.ask(post_import(b"{}"))
        assert clock.monotonic() == 0.0
        await client.ask(get_list())
        assert clock.monotonic() == 9.0


async def test_a_long_hold_sends_the_others_away_without_a_request() -> None:
    clock = FakeClock()
    async with (
        replying(failure(429, Retry_After="3600"), Reply()) as server,
        client_of(server.base_url, clock=clock) as client,
    ):
        with pytest.raises(Throttled):
            await client.ask(get_list())
        await clock.advance(600)
        with pytest.raises(Throttled) as caught:
            await client.ask(get_list())
        assert (caught.value.after, len(server.seen), clock.monotonic()) == (3000.0, 1, 600.0)
        await clock.advance(3000)
        assert (await client.ask(get_list())).status == 200


async def test_every_attempt_pays_its_pace() -> None:
    clock = FakeClock()
    replies = [reply for _ in range(10) for reply in (failure(503), Reply())]
    retry = RetryPolicy(first_wait=1e-6)
    async with replying(*replies) as server, client_of(server.base_url, clock=clock, retry=retry) as client:
        for _ in range(10):
            await client.ask(post_import(b"{}"))
    assert len(server.seen) == 20
    assert 1.0 < clock.monotonic() < 2.0  # ten may leave in the first second, so the others had to wait


async def test_a_connection_that_breaks_is_tried_again_and_may_have_been_carried_out() -> None:
    clock, lost = FakeClock(), Losses()
    async with connecting(hang_up, hang_up, serve) as base_url, client_of(base_url, clock=clock) as client:
        found = await client.ask(post_import(b"{}"), on_lost=lost)
    assert (found.status, lost.count, clock.slept) == (200, 2, [0.5, 1.0])


async def test_a_connection_that_stays_broken_is_given_up_and_named() -> None:
    async with connecting(hang_up) as base_url, client_of(base_url) as client:
        with pytest.raises(Unavailable, match=r"no answer \((ServerDisconnectedError|ClientOSError)\), given up"):
            await client.ask(post_import(b"{}"))


async def test_a_connection_that_broke_while_idle_is_an_attempt_like_any_other() -> None:
    clock = FakeClock()
    async with connecting(serve_one, serve) as base_url, client_of(base_url, clock=clock) as client:
        await client.ask(get_list())
        assert (await client.ask(get_list())).status == 200
    assert clock.slept == [0.5]  # aiohttp itself would have asked again at once, unpaid


async def test_an_answer_that_breaks_off_is_no_answer() -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hear(reader)
        writer.write(written(Reply(), length=1_000))
        await writer.drain()
        writer.close()

    clock, lost = FakeClock(), Losses()
    async with connecting(break_off, serve) as base_url, client_of(base_url, clock=clock) as client:
        found = await client.ask(get_list(), on_lost=lost)
    assert (found.body, lost.count, clock.slept) == (Reply().body, 1, [0.5])


async def test_what_never_left_was_certainly_not_carried_out() -> None:
    async with connecting(serve) as base_url:
        pass
    async with client_of(base_url, retry=ONCE) as client:
        with pytest.raises(Unavailable, match=rf"no connection to {base_url} \(ClientConnectorError\)"):
            await client.ask(post_import(b"{}"))
    clock, lost = _Opening(serve), Losses()
    async with client_of(clock.base_url, clock=clock) as client:
        await client.ask(post_import(b"{}"), on_lost=lost)
    await clock.close()
    assert (lost.count, clock.slept) == (0, [0.5])
    failures = [
        client_module._never_left(aiohttp.ConnectionTimeoutError()),
        client_module._never_left(aiohttp.SocketTimeoutError()),
        client_module._never_left(aiohttp.ServerDisconnectedError()),
        client_module._never_left(ConnectionResetError()),
    ]
    assert failures == [True, False, False, False]


async def test_a_server_that_never_answers_is_left_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(client_module, "TIMEOUT", aiohttp.ClientTimeout(total=30, sock_read=0.02))
    async with connecting(silent) as base_url, client_of(base_url, retry=ONCE) as client:
        with pytest.raises(Unavailable, match=r"no answer \(SocketTimeoutError\)"):
            await client.ask(get_list())
