"""Answers to an import that point at nobody, or have another shape than they should."""

from collections.abc import Callable

import pytest

from shared.adapters.klaviyo.batch_delivery import BatchDelivery
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.domain.errors import ConfigurationError, ContractBroken
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from tests.adapters.klaviyo.imports.batches import batch_of, people, profiles_taken, rejected_emails
from tests.adapters.klaviyo.imports.refusals import (
    PROFILES,
    Klaviyo,
    assert_complete,
    bad_positions,
    names_all,
    names_first,
    naming,
)
from tests.adapters.klaviyo.network import Reply, answer, failure


@pytest.mark.parametrize(
    "pointer",
    [
        f"{PROFILES}/4",
        f"{PROFILES}/99999999999999999999",
        f"{PROFILES}/-1",
        f"{PROFILES}/٣",
        f"{PROFILES}/1e0",
        f"{PROFILES}/1.5",
        f"{PROFILES}",
        f"x{PROFILES}/1",
        "/data/attributes/profiles/data//1",
        "/data",
        "",
        "nowhere",
    ],
)
async def test_a_pointer_that_leads_nowhere_names_nobody(pointer: str) -> None:
    def refuse(emails: list[str]) -> Reply | None:
        return failure(400, {"source": {"pointer": pointer}}) if bad_positions(emails) else None

    batch, klaviyo = batch_of(people(4, bad=[3])), Klaviyo(refuse)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert rejected_emails(sent) == ["p3@refused.example.com"]


@pytest.mark.parametrize(
    "source", [{"pointer": ["a"]}, {"pointer": None}, {"pointer": 7}, {"parameter": "include"}, None, [], "here", 3]
)
async def test_a_source_of_another_shape_names_nobody(source: object) -> None:
    def refuse(emails: list[str]) -> Reply | None:
        return failure(400, {"source": source}) if bad_positions(emails) else None

    batch, klaviyo = batch_of(people(4, bad=[0])), Klaviyo(refuse)
    assert_complete(batch, await klaviyo.deliver(batch), klaviyo)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"errors":null}', b'{"errors":{}}', b'{"errors":[]}', b'{"errors":[7]}']
)
async def test_a_400_of_another_shape_names_nobody(body: bytes) -> None:
    klaviyo = Klaviyo(lambda emails: Reply(400, body) if bad_positions(emails) else None)
    batch = batch_of(people(4, bad=[0]))
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert all(rejection.told.detail for rejection in sent.rejections)


async def test_pointers_in_and_out_of_range_reject_those_that_there_are() -> None:
    klaviyo = Klaviyo(lambda emails: naming([1, 77]) if bad_positions(emails) else None)
    batch = batch_of(people(4, bad=[1]))
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert [rejection.row for rejection in sent.rejections] == [2]


async def test_a_profile_that_is_named_twice_is_rejected_once() -> None:
    klaviyo = Klaviyo(lambda emails: naming([1, 1, 1]) if bad_positions(emails) else None)
    batch = batch_of(people(4, bad=[1]))
    assert_complete(batch, await klaviyo.deliver(batch), klaviyo)


async def test_positions_are_those_of_the_request_and_not_of_the_batch() -> None:
    batch, klaviyo = batch_of(people(6, bad=[1, 2, 5])), Klaviyo(names_first)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert [rejection.row for rejection in sent.rejections] == [2, 3, 6]


async def test_an_answer_that_never_came_leaves_a_receipt_without_a_job() -> None:
    batch, klaviyo = batch_of(people(3, bad=[0])), Klaviyo(names_all)

    async def post(payload: bytes, on_lost: Callable[[], object]) -> KlaviyoAnswer:
        on_lost()
        on_lost()
        return await klaviyo.post(payload, on_lost)

    sent = await BatchDelivery(
        batch, IsolationBudget(), ReceiptCollector(), post=post, check_list=klaviyo.check_list
    ).carry_out()
    assert [(receipt.job_id, receipt.profiles) for receipt in sent.receipts] == [(None, 3), (None, 2), ("job-1", 2)]
    assert profiles_taken(sent) + len(sent.rejections) == 3


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_success_with_a_job_is_one(status: int) -> None:
    async def post(_payload: bytes, _on_lost: Callable[[], object]) -> KlaviyoAnswer:
        return KlaviyoAnswer(status, answer({"id": "job-1"}).body)

    sent = await BatchDelivery(
        batch_of(people(1)), IsolationBudget(), ReceiptCollector(), post=post, check_list=_no_list
    ).carry_out()
    assert [(receipt.job_id, receipt.created_at) for receipt in sent.receipts] == [("job-1", None)]


@pytest.mark.parametrize("body", [b"{}", b'{"data":[]}', b'{"data":{"id":7}}', b'{"data":{}}', b'{"data":{"id":null}}'])
async def test_a_success_without_a_job_breaks_the_contract(body: bytes) -> None:
    async def post(_payload: bytes, _on_lost: Callable[[], object]) -> KlaviyoAnswer:
        return KlaviyoAnswer(202, body)

    delivery = BatchDelivery(batch_of(people(1)), IsolationBudget(), ReceiptCollector(), post=post, check_list=_no_list)
    with pytest.raises(ContractBroken, match="not a resource"):
        await delivery.carry_out()


@pytest.mark.parametrize("status", [204, 404, 405, 409, 410, 415, 422])
async def test_a_status_that_nobody_foresaw_breaks_the_contract(status: int) -> None:
    klaviyo = Klaviyo(lambda _emails: failure(status, {}))
    with pytest.raises(ContractBroken, match=f"status {status}"):
        await klaviyo.deliver(batch_of(people(4)))
    assert len(klaviyo.requests) == 1


async def _no_list() -> None:
    raise ConfigurationError("Nobody asks.")
