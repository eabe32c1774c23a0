"""What whoever uses `Sink` may count on when batches are sent, of the fake and of Klaviyo's API alike."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.errors import ConfigurationError, LeaseLost, Unavailable
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from shared.ports import Sink
from tests.adapters.klaviyo.imports.batches import (
    BLOB,
    batch_of,
    batch_of_files,
    emails_of,
    people,
    profiles_taken,
    rejected_emails,
)
from tests.contracts.klaviyo_accounts import LIST, ODD, Place, all_jobs


async def test_a_batch_that_is_taken_has_a_receipt_with_its_rows(sink: Sink) -> None:
    batch = batch_of_files({"vip/a.csv": [*people(3), None], "vip/b.csv": ["x@example.com"]}, first_row=7)
    collector = ReceiptCollector()
    sent = await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=collector)
    [receipt] = sent.receipts
    assert collector.receipts == sent.receipts
    assert receipt.job_id
    assert receipt.created_at
    assert receipt.profiles == 4
    assert receipt.spans == (Span("vip/a.csv", 7, 10), Span("vip/b.csv", 1, 1))
    assert (sent.rejections, sent.extra_requests, sent.isolated) == ((), 0, True)


async def test_sending_that_is_cut_off_tells_what_may_have_been_taken(sink: Sink) -> None:
    collector = ReceiptCollector()
    send = sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=collector)
    sending = asyncio.create_task(send)
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert collector.receipts == (Receipt(None, None, 3, (Span(BLOB, 1, 3),)),)


async def test_nothing_is_sent_that_the_fence_does_not_let_through(sink: Sink) -> None:
    def fence() -> None:
        raise LeaseLost("Somebody else sends by now.")

    collector = ReceiptCollector()
    with pytest.raises(LeaseLost):
        await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=collector, fence=fence)
    assert collector.receipts == ()
    assert await all_jobs(sink) == []


async def test_a_batch_without_profiles_needs_no_request(place: Place, sink: Sink) -> None:
    place.goes_down()
    sent = await sink.send(batch_of([None]), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    assert (sent.receipts, sent.rejections, sent.extra_requests, sent.isolated) == ((), (), 0, True)


async def test_an_encoded_profile_is_what_is_sent(place: Place, sink: Sink) -> None:
    profile = sink.encode({"email": "josé@example.com", "properties": {"tier": "gold", "ltv": 1.5}})
    assert profile.startswith(b'{"type":"profile","attributes":{"email":"jos\xc3\xa9@example.com"')
    assert 0 < sink.max_bytes(LIST) < 5_000_000
    assert sink.max_profiles == 10_000


async def test_whoever_was_taken_is_on_the_list_when_the_job_has_ended(place: Place, sink: Sink) -> None:
    await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    assert place.members() == []
    await place.jobs_end()
    assert place.members() == people(3)


async def test_refused_rows_are_taken_out_and_the_rest_goes_on(place: Place, sink: Sink) -> None:
    batch = batch_of(people(6, bad=[0, 3]), first_row=10)
    sent = await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    assert [(each.blob, each.row, each.refused_by) for each in sent.rejections] == [
        (BLOB, 10, "klaviyo"),
        (BLOB, 13, "klaviyo"),
    ]
    assert rejected_emails(sent) == ["p0@refused.example.com", "p3@refused.example.com"]
    assert all(each.reason and each.told.detail for each in sent.rejections)
    [receipt] = sent.receipts
    assert (receipt.profiles, receipt.spans) == (4, (Span(BLOB, 11, 15),))
    assert sent.extra_requests == 1
    assert sent.isolated
    await place.jobs_end()
    assert place.members() == [email for email in people(6, bad=[0, 3]) if "refused" not in email]


async def test_values_that_are_refused_are_left_out_and_their_rows_go_without_them(place: Place, sink: Sink) -> None:
    good = {"email": "good@example.com", "phone_number": "+380501234567", "location": {"latitude": 50.45}}
    odd = {**ODD, "email": "a@odd.example.com", "first_name": "Ann"}
    odder = {**ODD, "email": "b@odd.example.com", "location": {"latitude": True, "city": "Lviv"}}
    batch = batch_of([odd, None, good, "bad@refused.example.com", odder])
    sent = await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    names = ("location.latitude", "phone_number")
    assert sorted(sent.left_out) == [(row, name) for row in (1, 5) for name in names]
    assert rejected_emails(sent) == ["bad@refused.example.com"]
    assert (profiles_taken(sent), sent.extra_requests, sent.isolated) == (3, 1, True)
    await place.jobs_end()
    assert place.members() == ["a@odd.example.com", "good@example.com", "b@odd.example.com"]
    assert place.attributes_of("a@odd.example.com") == {"email": "a@odd.example.com", "first_name": "Ann"}
    assert place.attributes_of("b@odd.example.com") == {"email": "b@odd.example.com", "location": {"city": "Lviv"}}
    assert place.attributes_of("good@example.com") == good


async def test_a_refused_value_does_not_save_whoever_is_refused(sink: Sink) -> None:
    batch = batch_of([{**ODD, "email": "a@refused.example.com"}, *people(2)])
    sent = await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    [rejection] = sent.rejections
    assert rejection.fields == {**ODD, "email": "a@refused.example.com"}
    assert sent.left_out == ()


async def test_without_a_budget_nothing_is_left_out_of_what_is_not_isolated(sink: Sink) -> None:
    budget = IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN)
    batch = batch_of([{**ODD, "email": "a@odd.example.com"}, *people(2)])
    sent = await sink.send(batch, list_id=LIST, budget=budget, collector=ReceiptCollector())
    assert sent.rejections[0].fields == {**ODD, "email": "a@odd.example.com"}
    assert (len(rejected_emails(sent, "not_isolated")), sent.left_out, sent.isolated) == (3, (), False)


async def test_a_batch_of_nothing_but_refused_rows_makes_no_job(sink: Sink) -> None:
    sent = await sink.send(
        batch_of(people(2, bad=[0, 1])), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector()
    )
    assert (sent.receipts, len(sent.rejections), sent.extra_requests, sent.isolated) == ((), 2, 0, True)
    assert await all_jobs(sink) == []


async def test_without_a_budget_the_rest_of_a_refused_batch_is_not_isolated(sink: Sink) -> None:
    batch = batch_of(people(4, bad=[1]))
    sent = await sink.send(
        batch, list_id=LIST, budget=IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN), collector=ReceiptCollector()
    )
    assert not sent.isolated
    assert sent.receipts == ()
    assert rejected_emails(sent, "not_isolated") == ["p0@example.com", "p2@example.com", "p3@example.com"]
    assert sorted(rejected_emails(sent)) == sorted(emails_of(batch))


async def test_without_a_budget_a_good_batch_goes_as_ever(sink: Sink) -> None:
    budget = IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN)
    sent = await sink.send(batch_of(people(4)), list_id=LIST, budget=budget, collector=ReceiptCollector())
    assert (profiles_taken(sent), sent.isolated) == (4, True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 40), bad=st.sets(st.integers(0, 39)), left=st.integers(0, 2))
async def test_every_profile_is_taken_or_rejected_just_once(sink: Sink, size: int, bad: set[int], left: int) -> None:
    batch = batch_of(people(size, bad=bad))
    sent = await sink.send(
        batch, list_id=LIST, budget=IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN - left), collector=ReceiptCollector()
    )
    rejected = [each.row for each in sent.rejections]
    assert len(set(rejected)) == len(rejected)
    assert profiles_taken(sent) + len(rejected) == size
    assert {index + 1 for index in bad if index < size} <= set(rejected)


async def test_an_unknown_list_ends_a_send_and_rejects_nobody(sink: Sink) -> None:
    with pytest.raises(ConfigurationError, match="'nobody'"):
        await sink.send(batch_of(people(3)), list_id="nobody", budget=IsolationBudget(), collector=ReceiptCollector())
    assert await all_jobs(sink) == []


async def test_a_lost_answer_leaves_a_receipt_without_a_job(place: Place, sink: Sink) -> None:
    place.next_answer_is_lost()
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    lost, known = sent.receipts
    assert (lost.job_id, lost.created_at, lost.profiles, lost.spans) == (None, None, 3, known.spans)
    assert known.job_id
    assert profiles_taken(sent) == 3


async def test_an_account_that_does_not_answer_is_unavailable(place: Place, sink: Sink) -> None:
    place.goes_down()
    with pytest.raises(Unavailable):
        await sink.list_details(LIST)
    with pytest.raises(Unavailable):
        await sink.has_scope("lists:read")
    with pytest.raises(Unavailable):
        await anext(sink.lists())
    with pytest.raises(Unavailable):
        await sink.live_flows(LIST)
    with pytest.raises(Unavailable):
        await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    with pytest.raises(Unavailable):
        await all_jobs(sink)
