"""Keys: exchanged, refused, malformed; and never seen anywhere. Personal data neither."""

import asyncio
import logging

import pytest

from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.adapters.klaviyo.client.retry import RetryPolicy
from shared.domain.errors import CONNECTION_TROUBLE, CredentialsRefused, ExportError, Unavailable
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from tests.adapters.klaviyo.imports.batches import batch_of
from tests.adapters.klaviyo.network import (
    EMAIL,
    KEY,
    SECRET,
    Reply,
    all_words,
    answer,
    client_of,
    connecting,
    failure,
    get_list,
    hear,
    post_import,
    replying,
    sink_of,
)
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets

NEW_KEY = "pk_exchanged"


async def test_a_key_is_read_once_and_used_again() -> None:
    secrets = MemorySecrets({SECRET: KEY})
    async with replying(Reply()) as server, client_of(server.base_url, secrets=secrets) as client:
        for _ in range(3):
            await client.ask(get_list())
    assert secrets.faults.count("get_fresh") == 0


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_was_exchanged_is_read_anew_and_the_request_goes_on(status: int) -> None:
    secrets = MemorySecrets({SECRET: KEY})
    async with (
        replying(Reply(), failure(status, {}), Reply()) as server,
        client_of(server.base_url, secrets=secrets) as client,
    ):
        await client.ask(get_list())
        secrets.values[SECRET] = NEW_KEY
        assert (await client.ask(get_list())).status == 200
        assert (await client.ask(get_list())).status == 200
    used = [seen.header("Authorization") for seen in server.seen]
    assert used == [f"Klaviyo-API-Key {key}" for key in (KEY, KEY, NEW_KEY, NEW_KEY)]
    assert secrets.faults.count("get_fresh") == 1


async def test_the_attempt_with_the_new_key_pays_as_well() -> None:
    clock, secrets = FakeClock(), MemorySecrets({SECRET: KEY})
    replies = [Reply()] * 9 + [failure(401, {}), Reply()]
    async with replying(*replies) as server, client_of(server.base_url, clock=clock, secrets=secrets) as client:
        for _ in range(9):
            await client.ask(post_import(b"{}"))
        secrets.values[SECRET] = NEW_KEY
        await client.ask(post_import(b"{}"))
    assert len(server.seen) == 11
    assert clock.monotonic() > 1.0


async def test_a_failure_after_the_exchange_is_tried_again_with_the_new_key() -> None:
    secrets = MemorySecrets({SECRET: KEY})
    async with (
        replying(Reply(), failure(401, {}), failure(503), Reply()) as server,
        client_of(server.base_url, secrets=secrets) as client,
    ):
        await client.ask(get_list())
        secrets.values[SECRET] = NEW_KEY
        assert (await client.ask(get_list())).status == 200
    assert server.seen[-1].header("Authorization") == f"Klaviyo-API-Key {NEW_KEY}"


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_stays_refused_names_the_secret_and_the_scopes(status: int) -> None:
    secrets = MemorySecrets({SECRET: KEY})
    async with replying(failure(status, {})) as server, client_of(server.base_url, secrets=secrets) as client:
        with pytest.raises(
            CredentialsRefused, match=f"'{SECRET}' \\({status}\\).*lists:write, profiles:read and"
        ) as caught:
            await client.ask(post_import(b"{}"))
    assert caught.value.public == CONNECTION_TROUBLE
    assert len(server.seen) == 1  # the same key again would be refused again
    assert secrets.faults.count("get_fresh") == 1


async def test_a_new_key_that_is_refused_as_well_ends_it() -> None:
    secrets = MemorySecrets({SECRET: KEY})
    async with (
        replying(Reply(), failure(401, {}), failure(403, {})) as server,
        client_of(server.base_url, secrets=secrets) as client,
    ):
        await client.ask(get_list())
        secrets.values[SECRET] = NEW_KEY
        with pytest.raises(CredentialsRefused, match=r"\(403\)"):
            await client.ask(get_list())
    assert len(server.seen) == 3


async def test_a_vault_that_is_away_when_a_key_is_refused_is_a_reason_to_wait() -> None:
    secrets = MemorySecrets({SECRET: KEY})
    secrets.faults.fail("get_fresh")
    async with replying(failure(401, {})) as server, client_of(server.base_url, secrets=secrets) as client:
        with pytest.raises(Unavailable):
            await client.ask(get_list())


@pytest.mark.parametrize("key", ["pk_a b", "pk_a\r\nX-Evil: 1", "pk_\x00", "pk_schlüssel", "pk_a\tb"])
async def test_a_key_that_cannot_be_one_is_never_sent(key: str) -> None:
    secrets = MemorySecrets({SECRET: key})
    async with replying(Reply()) as server, client_of(server.base_url, secrets=secrets) as client:
        with pytest.raises(CredentialsRefused, match=f"Secret '{SECRET}' cannot be used") as caught:
            await client.ask(get_list())
    assert server.seen == []
    assert key not in all_words(caught.value)
    assert caught.value.public == CONNECTION_TROUBLE


async def test_blanks_around_a_key_do_no_harm() -> None:
    secrets = MemorySecrets({SECRET: f"  {KEY}\n"})
    async with replying(Reply()) as server, client_of(server.base_url, secrets=secrets) as client:
        await client.ask(get_list())
    assert server.seen[0].header("Authorization") == f"Klaviyo-API-Key {KEY}"


async def test_a_malformed_key_that_was_mended_is_read_anew() -> None:
    secrets = MemorySecrets({SECRET: "not a key"})
    async with replying(Reply()) as server, client_of(server.base_url, secrets=secrets) as client:
        with pytest.raises(CredentialsRefused):
            await client.ask(get_list())
        secrets.values[SECRET] = KEY
        assert (await client.ask(get_list())).status == 200


NOSY = {"code": EMAIL, "title": EMAIL, "detail": f"{EMAIL} {KEY}", "source": {"pointer": EMAIL, "parameter": EMAIL}}
NOSY_JOB = {"type": "profile-bulk-import-job", "id": EMAIL, "attributes": {"status": EMAIL, "created_at": EMAIL}}
ANSWERS = {
    "400": failure(400, NOSY),
    "401": failure(401, NOSY),
    "403": failure(403, NOSY),
    "404": failure(404, NOSY),
    "409": failure(409, NOSY),
    "413": failure(413, NOSY),
    "429": failure(429, NOSY, Retry_After=EMAIL),
    "429, for long": failure(429, NOSY, Retry_After="9999"),
    "503": failure(503, NOSY, Retry_After=EMAIL),
    "302": Reply(302, EMAIL.encode(), {"Location": f"https://{EMAIL}/{KEY}"}),
    "a page for people": Reply(200, f"<html>{EMAIL} {KEY}".encode()),
    "half an object": Reply(200, f'{{"data": "{EMAIL} {KEY}'.encode()),
    "another shape": answer({EMAIL: KEY}),
    "jobs of another shape": answer([{EMAIL: KEY}]),
    "a job of another shape": answer(NOSY_JOB),
    "a page of jobs of another shape": answer([NOSY_JOB]),
    "a next page of another shape": answer([], links={"next": f"https://{EMAIL}"}),
}


async def use_everything(client: KlaviyoClient) -> list[ExportError]:
    """Call whatever a sink can do; return what it raised."""
    sink, raised = sink_of(client), list[ExportError]()

    async def pages() -> None:
        async for _ in sink.jobs():
            pass

    async def faults() -> None:
        async for _ in sink.import_faults("01JOB"):
            pass

    async def send() -> None:
        await sink.send(
            batch_of([EMAIL, "x@example.com"]), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
        )

    for call in (sink.account, lambda: sink.list_details("Y6nRLr"), send, pages, lambda: sink.job("01JOB"), faults):
        try:
            await call()
        except ExportError as error:
            raised.append(error)
    return raised


@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS.keys())
async def test_neither_key_nor_address_is_in_a_log_or_an_error(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    retry = RetryPolicy(max_attempts=2)
    async with replying(reply) as server, client_of(server.base_url, retry=retry) as client:
        raised = await use_everything(client)
        words = "\n".join([caplog.text, repr(client), *map(all_words, raised)])
    assert raised
    assert server.seen
    assert KEY not in words
    assert EMAIL not in words


async def test_what_klaviyo_says_of_a_row_is_in_its_rejection_and_nowhere_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with replying(failure(400, NOSY), Reply()) as server, client_of(server.base_url) as client:
        sent = await sink_of(client).send(
            batch_of([EMAIL]), list_id="Y6nRLr", budget=IsolationBudget(), collector=ReceiptCollector()
        )
    [rejection] = sent.rejections
    assert EMAIL in rejection.told.detail
    assert EMAIL not in rejection.reason
    assert rejection.fields == {"email": EMAIL}
    assert EMAIL not in caplog.text


async def test_a_connection_that_breaks_tells_neither_key_nor_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        connecting(_greet_wrongly) as base_url,
        client_of(base_url, retry=RetryPolicy(max_attempts=2)) as client,
    ):
        raised = await use_everything(client)
        words = "\n".join([caplog.text, *map(all_words, raised)])
    assert len(raised) == 6
    assert "trying again" in words
    assert KEY not in words
    assert EMAIL not in words


async def _greet_wrongly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await hear(reader)
    writer.write(f"{EMAIL} {KEY}\r\n\r\n".encode())
    writer.close()


def test_what_is_asked_and_answered_shows_no_body_when_it_is_printed() -> None:
    assert EMAIL not in repr(post_import(EMAIL.encode()))
    assert EMAIL not in repr(KlaviyoAnswer(200, EMAIL.encode()))
