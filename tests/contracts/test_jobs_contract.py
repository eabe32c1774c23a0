"""What whoever uses `Sink` may count on of import jobs, of the fake and of Klaviyo's API alike."""

from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.ports import Sink
from tests.adapters.klaviyo.imports.batches import (
    batch_of,
    people,
)
from tests.contracts.klaviyo_accounts import LIST, Place, all_jobs, faults_of, report_of
from tests.fakes.import_job import Fate


async def test_jobs_come_newest_first_and_a_page_at_a_time(sink: Sink) -> None:
    made = []
    for number in range(1, 102):
        sent = await sink.send(
            batch_of(people(1), number=number), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector()
        )
        made += [receipt.job_id for receipt in sent.receipts]
    pages = [page async for page in sink.jobs()]
    assert [len(page) for page in pages] == [100, 1]
    assert [report.job_id for page in pages for report in page] == made[::-1]


async def test_an_account_without_jobs_has_an_empty_page_at_most(sink: Sink) -> None:
    assert [page async for page in sink.jobs() if page] == []


async def test_the_newest_job_is_that_of_the_last_import(sink: Sink) -> None:
    assert await sink.newest_job() is None
    for number in (1, 2):
        batch = batch_of(people(1), number=number)
        sent = await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    newest = await sink.newest_job()
    assert newest is not None
    assert newest.job_id == sent.receipts[0].job_id


async def test_a_job_at_work_has_not_ended(place: Place, sink: Sink) -> None:
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    [report] = await all_jobs(sink)
    assert report.job_id == sent.receipts[0].job_id
    assert report.status not in ("complete", "cancelled")
    assert report.created_at.tzinfo
    assert await faults_of(sink, sent.receipts[0]) == []


async def test_a_job_that_has_ended_counts_its_rows_and_tells_which_it_refused(place: Place, sink: Sink) -> None:
    emails = people(5, bad=[1, 4], domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    [report] = await all_jobs(sink)
    assert (report.status, report.completed, report.failed) == ("complete", 3, 2)
    assert await report_of(sink, sent.receipts[0]) == report
    faults = await faults_of(sink, sent.receipts[0])
    assert [fault.fields["email"] for fault in faults] == ["p1@late.example.com", "p4@late.example.com"]
    assert all(fault.reason and fault.detail for fault in faults)
    assert place.members() == ["p0@example.com", "p2@example.com", "p3@example.com"]


async def test_every_row_that_a_job_refused_is_told(place: Place, sink: Sink) -> None:
    emails = people(250, bad=range(250), domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert [fault.fields["email"] for fault in await faults_of(sink, sent.receipts[0])] == emails


async def test_a_cancelled_job_says_so(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.CANCELLED)
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert (await report_of(sink, sent.receipts[0])).status == "cancelled"
    assert place.members() == []


async def test_a_job_that_vanished_is_nowhere(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.VANISHED)
    emails = people(3, bad=[0], domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert await sink.job(str(sent.receipts[0].job_id)) is None
    assert await all_jobs(sink) == []
    assert await faults_of(sink, sent.receipts[0]) == []


async def test_an_endless_job_never_ends(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.ENDLESS)
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert (await report_of(sink, sent.receipts[0])).status == "processing"
    assert place.members() == []


async def test_an_unknown_job_is_none(sink: Sink) -> None:
    assert await sink.job("nobody") is None
