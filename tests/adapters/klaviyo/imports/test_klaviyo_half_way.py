"""A batch that breaks off half-way: its collector has what Klaviyo took, or may have taken, until then."""

import asyncio
from collections.abc import Callable

import pytest

from shared.adapters.klaviyo.batch_delivery import BatchDelivery
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.adapters.klaviyo.client.klaviyo_client import KlaviyoClient
from shared.domain.errors import (
    ConfigurationError,
    ContractBroken,
    CredentialsRefused,
    ExportError,
    Throttled,
    Unavailable,
)
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from tests.adapters.klaviyo.imports.batches import BLOB, batch_of, people
from tests.adapters.klaviyo.imports.refusals import Klaviyo, Refuse, names_all, names_first, names_none
from tests.adapters.klaviyo.network import Reply, answer, client_of, connecting, failure, hear, replying, sink_of
from tests.fakes.clock import FakeClock


class Breaking(Klaviyo):
    """Breaks off at the request after so many good ones."""

    def __init__(self, refuse: Refuse, *, after: int, error: ExportError) -> None:
        super().__init__(refuse)
        self._left = after
        self._error = error

    async def post(self, payload: bytes, on_lost: Callable[[], object]) -> KlaviyoAnswer:
        if not self._left:
            raise self._error
        self._left -= 1
        return await super().post(payload, on_lost)


async def send_three(client: KlaviyoClient, collector: ReceiptCollector) -> None:
    batch, budget = batch_of(people(3)), IsolationBudget()
    await sink_of(client).send(batch, list_id="Y6nRLr", budget=budget, collector=collector)


@pytest.mark.parametrize(
    "error", [Unavailable("later"), Throttled("later", after=9.0), CredentialsRefused("gone"), ContractBroken("odd")]
)
async def test_the_half_that_was_taken_is_told_when_the_other_half_fails(error: ExportError) -> None:
    klaviyo = Breaking(names_none, after=4, error=error)  # the whole, two halves, the third quarter
    with pytest.raises(type(error)) as caught:
        await klaviyo.deliver(batch_of(people(100, bad=[90])))
    assert caught.value is error
    assert [(receipt.job_id, receipt.profiles, receipt.spans) for receipt in klaviyo.collector.receipts] == [
        ("job-1", 50, (Span(BLOB, 1, 50),)),
        ("job-2", 25, (Span(BLOB, 51, 75),)),
    ]


@pytest.mark.parametrize("refuse", [names_all, names_first])
async def test_where_nothing_was_taken_nothing_is_told(refuse: Refuse) -> None:
    klaviyo = Breaking(refuse, after=1, error=Unavailable("later"))
    with pytest.raises(Unavailable):
        await klaviyo.deliver(batch_of(people(9, bad=[3])))
    assert klaviyo.collector.receipts == ()


async def test_the_list_that_is_deleted_half_way_is_said_with_what_was_taken() -> None:
    unknown = failure(400, {"detail": "List ID Y6nRLr does not exist.", "source": {"pointer": "/data"}})
    klaviyo = Klaviyo(lambda emails: unknown if klaviyo.taken else names_none(emails))

    async def check_list() -> None:
        await klaviyo.check_list()
        if klaviyo.taken:
            raise ConfigurationError("There is no list 'Y6nRLr'.")

    batch = batch_of(people(40, bad=[39]))
    delivery = BatchDelivery(batch, IsolationBudget(), klaviyo.collector, post=klaviyo.post, check_list=check_list)
    with pytest.raises(ConfigurationError):
        await delivery.carry_out()
    assert [receipt.profiles for receipt in klaviyo.collector.receipts] == [20]
    assert (len(klaviyo.requests), klaviyo.list_checks) == (3, 2)


async def test_an_import_that_stays_without_an_answer_is_told_as_one_that_may_be_there() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hear(reader)
        writer.transport.abort()

    collector = ReceiptCollector()
    async with connecting(hang_up) as base_url, client_of(base_url) as client:
        with pytest.raises(Unavailable):
            await send_three(client, collector)
    assert [(receipt.job_id, receipt.profiles) for receipt in collector.receipts] == [(None, 3)]


@pytest.mark.parametrize("reply", [failure(503), Reply(202, b"<html>")])
async def test_an_import_that_may_have_been_carried_out_is_told_when_it_is_given_up(reply: Reply) -> None:
    collector = ReceiptCollector()
    async with replying(reply) as server, client_of(server.base_url) as client:
        with pytest.raises(Unavailable):
            await send_three(client, collector)
    assert [(receipt.job_id, receipt.profiles) for receipt in collector.receipts] == [(None, 3)]


@pytest.mark.parametrize(
    ("reply", "error"), [(failure(429, Retry_After="999"), Throttled), (failure(401), CredentialsRefused)]
)
async def test_an_import_that_was_certainly_not_carried_out_is_not_told(reply: Reply, error: type[ExportError]) -> None:
    collector = ReceiptCollector()
    async with replying(reply) as server, client_of(server.base_url) as client:
        with pytest.raises(error):
            await send_three(client, collector)
    assert collector.receipts == ()


async def test_a_lost_answer_is_told_although_the_next_attempt_is_refused() -> None:
    replies = (failure(500), failure(401))
    collector = ReceiptCollector()
    async with replying(*replies) as server, client_of(server.base_url, clock=FakeClock()) as client:
        with pytest.raises(CredentialsRefused):
            await send_three(client, collector)
    assert [receipt.job_id for receipt in collector.receipts] == [None]


async def test_a_success_that_does_not_name_its_job_is_told_as_one_that_may_be_there() -> None:
    collector = ReceiptCollector()
    async with replying(answer({"type": "profile-bulk-import-job"})) as server, client_of(server.base_url) as client:
        with pytest.raises(ContractBroken):
            await send_three(client, collector)
    assert [(receipt.job_id, receipt.profiles) for receipt in collector.receipts] == [(None, 3)]
