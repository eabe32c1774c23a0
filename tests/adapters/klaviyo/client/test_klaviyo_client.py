"""How a request looks on the wire, and what becomes of its answer."""

import asyncio
import gzip

import pytest

from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.client.klaviyo_client import MAX_ANSWER_BYTES, PIECE_BYTES, TIMEOUT
from shared.adapters.klaviyo.client.klaviyo_request import KlaviyoRequest
from shared.domain.errors import ContractBroken, Unavailable
from shared.ports.klaviyo_usage import Usage, counting
from tests.adapters.klaviyo.network import (
    KEY,
    SECRET,
    Losses,
    Reply,
    answer,
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
from tests.fakes.secrets import MemorySecrets


async def test_a_request_without_a_body_has_klaviyos_headers_and_no_others_of_ours() -> None:
    async with replying(Reply()) as server, client_of(server.base_url) as client:
        found = await client.ask(get_list())
    [seen] = server.seen
    assert (seen.method, seen.target, seen.body) == ("GET", "/api/lists/Y6nRLr", b"")
    assert seen.header("Authorization") == f"Klaviyo-API-Key {KEY}"
    assert seen.header("revision") == "2026-10-15"
    assert seen.header("Accept") == "application/vnd.api+json"
    names = {name.lower() for name, _ in seen.headers}
    assert names == {"host", "authorization", "revision", "accept", "accept-encoding", "user-agent"}
    assert found == KlaviyoAnswer(200, Reply().body, KEY)


async def test_a_request_with_a_body_names_its_type_and_length_and_is_not_chunked() -> None:
    pieces = (b"{", b"x" * (3 * PIECE_BYTES + 1), b"}")
    async with replying(Reply(202)) as server, client_of(server.base_url) as client:
        found = await client.ask(post_import(*pieces))
    [seen] = server.seen
    assert seen.method == "POST"
    assert seen.body == b"".join(pieces)
    assert seen.header("Content-Length") == str(3 * PIECE_BYTES + 3)
    assert seen.header("Content-Type") == "application/vnd.api+json"
    assert seen.header("Transfer-Encoding") is None
    assert seen.header("Content-Encoding") is None
    assert found.status == 202


async def test_a_body_is_whole_again_at_every_attempt() -> None:
    async with replying(failure(503), failure(429), Reply(202)) as server, client_of(server.base_url) as client:
        await client.ask(post_import(b"a" * PIECE_BYTES, b"b"))
    assert [seen.body for seen in server.seen] == [b"a" * PIECE_BYTES + b"b"] * 3


async def test_every_attempt_counts_and_so_does_each_that_klaviyo_puts_off() -> None:
    async with replying(failure(503), failure(429), Reply()) as server, client_of(server.base_url) as client:
        with counting() as usage:
            await client.ask(get_list())
        await client.ask(get_list())
    assert usage == Usage(requests=3, throttled=1)
    assert len(server.seen) == 4


async def test_a_query_arrives_as_it_was_meant() -> None:
    request = KlaviyoRequest(
        "GET", "/api/lists", get_list().rate, "", query={"page[cursor]": "a+b/c=&d %", "page[size]": "100"}
    )
    async with replying(Reply()) as server, client_of(server.base_url) as client:
        await client.ask(request)
    assert server.seen[0].target == "/api/lists?page%5Bcursor%5D=a%2Bb/c%3D%26d+%25&page%5Bsize%5D=100"


async def test_connections_are_kept_for_the_next_request() -> None:
    async with replying(Reply()) as server, client_of(server.base_url) as client:
        for _ in range(5):
            await client.ask(get_list())
    assert len(server.served) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 400, 404, 405, 409, 410, 413, 415])
async def test_what_the_caller_must_understand_is_answered_at_once(status: int) -> None:
    clock, lost = FakeClock(), Losses()
    async with replying(failure(status, {})) as server, client_of(server.base_url, clock=clock) as client:
        found = await client.ask(get_list(), on_lost=lost)
    assert (found.status, len(server.seen), lost.count) == (status, 1, 0)
    assert found.body == failure(status, {}).body
    assert clock.slept == []


def test_every_phase_of_a_request_has_a_timeout() -> None:
    assert TIMEOUT.total
    assert TIMEOUT.connect
    assert TIMEOUT.sock_read
    assert max(TIMEOUT.connect, TIMEOUT.sock_read) < TIMEOUT.total


async def test_an_answer_that_comes_before_the_body_was_sent_is_heard() -> None:
    async def judge_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hear(reader)
        writer.write(written(failure(413, {})))
        await writer.drain()
        await reader.read()

    async with connecting(judge_early) as base_url, client_of(base_url) as client:
        assert (await client.ask(post_import(*[b"x" * PIECE_BYTES] * 80))).status == 413


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
async def test_nobody_is_followed_elsewhere(status: int) -> None:
    async with replying(Reply()) as elsewhere:
        reply = Reply(status, b"", {"Location": f"{elsewhere.base_url}/api/lists"})
        async with replying(reply) as server, client_of(server.base_url) as client:
            with pytest.raises(ContractBroken, match=f"{status}.*KLAVIYO_BASE_URL"):
                await client.ask(get_list())
    assert (len(server.seen), len(elsewhere.seen)) == (1, 0)


async def test_an_answer_without_an_end_is_not_held_in_memory() -> None:
    bomb = gzip.compress(b" " * (MAX_ANSWER_BYTES + 1))
    assert len(bomb) < 100_000
    async with (
        replying(Reply(200, bomb, {"Content-Encoding": "gzip"})) as server,
        client_of(server.base_url) as client,
    ):
        with pytest.raises(ContractBroken, match="more than 33,554,432 bytes"):
            await client.ask(get_list())


async def test_a_large_answer_is_read_whole() -> None:
    body = answer(["x" * 5_000_000]).body
    async with replying(Reply(200, body)) as server, client_of(server.base_url) as client:
        assert (await client.ask(get_list())).body == body


async def test_who_is_cancelled_while_asking_leaves_the_client_usable() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()

    heard = asyncio.Event()
    async with connecting(silent, serve) as base_url, client_of(base_url) as client:
        asking = asyncio.create_task(client.ask(get_list()))
        await heard.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await client.ask(get_list())).status == 200


async def test_the_vault_that_cannot_be_asked_is_a_reason_to_wait() -> None:
    secrets = MemorySecrets({SECRET: KEY})
    secrets.faults.fail("get")
    async with replying(Reply()) as server, client_of(server.base_url, secrets=secrets) as client:
        with pytest.raises(Unavailable):
            await client.ask(get_list())
    assert server.seen == []


async def test_requests_under_way_at_once_do_not_disturb_each_other() -> None:
    clock = FakeClock()
    replies = [Reply(200, f'{{"n":{number}}}'.encode()) for number in range(40)]
    async with replying(*replies) as server, client_of(server.base_url, clock=clock) as client:
        found = await asyncio.gather(*(client.ask(post_import(b"%d" % number)) for number in range(40)))
    assert sorted(each.body for each in found) == sorted(reply.body for reply in replies)
    assert sorted(int(seen.body) for seen in server.seen) == list(range(40))
    assert clock.monotonic() > 3.0
