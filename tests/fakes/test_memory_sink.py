"""What a test can ask of the sink in memory, beyond what every sink does."""

import asyncio
from datetime import timedelta

import pytest

from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.runs.isolation_budget import IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Sent
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from tests.adapters.klaviyo.imports.batches import BLOB, batch_of, people
from tests.fakes.clock import START
from tests.fakes.import_job import Fate
from tests.fakes.sink import LIST, SECRET, MemorySink
from tests.fakes.sinks import MemorySinks


async def send(sink: MemorySink, number: int = 1, *emails: str) -> Sent:
    batch = batch_of(emails or people(3), number=number)
    return await sink.send(batch, list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())


async def statuses(sink: MemorySink) -> list[str]:
    return [report.status async for page in sink.jobs() for report in page]


async def test_a_job_is_at_work_for_as_many_sweeps_as_asked_for() -> None:
    sink = MemorySink(sweeps_to_end=2)
    await send(sink)
    assert [await statuses(sink) for _ in range(3)] == [["processing"], ["processing"], ["complete"]]


async def test_sweeps_count_from_the_making_of_each_job() -> None:
    sink = MemorySink(sweeps_to_end=1, status_at_work="queued")
    await send(sink, 1)
    assert await statuses(sink) == ["queued"]
    await send(sink, 2)
    assert await statuses(sink) == ["queued", "complete"]


async def test_an_unlisted_job_is_known_by_its_id_only() -> None:
    sink = MemorySink(fates={1: Fate.UNLISTED})
    sent = await send(sink)
    assert await statuses(sink) == []
    found = await sink.job(str(sent.receipts[0].job_id))
    assert found
    assert found.status == "complete"


async def test_a_batch_can_go_in_pieces() -> None:
    sink = MemorySink(pieces={1: 2})
    sent = await send(sink, 1, *people(5))
    assert [(receipt.job_id, receipt.profiles, receipt.spans) for receipt in sent.receipts] == [
        ("job-1", 3, (Span(BLOB, 1, 3),)),
        ("job-2", 2, (Span(BLOB, 4, 5),)),
    ]


async def test_jobs_of_others_are_listed_by_their_age() -> None:
    old = JobReport("old", "complete", START - timedelta(days=1), 0, 0)
    new = JobReport("new", "queued", START + timedelta(days=1), 0, 0)
    sink = MemorySink(strangers=[old, new])
    await send(sink)
    assert [report.job_id async for page in sink.jobs() for report in page] == ["new", "job-1", "old"]


async def test_batches_can_be_accepted_out_of_order() -> None:
    sink = MemorySink(seconds=lambda batch: 10.0 / batch.number)
    await asyncio.gather(*(send(sink, number) for number in (1, 2, 3)))
    assert [job.batch for job in sink.made] == [3, 2, 1]
    assert (sink.most_in_flight, sink.in_flight) == (3, 0)


async def test_a_batch_can_be_stalled() -> None:
    sink, event = MemorySink(), asyncio.Event()

    async def wait() -> None:
        await event.wait()

    sink.faults.when("send", "*/1", wait)
    stalled = asyncio.create_task(send(sink, 1))
    await send(sink, 2)
    assert [job.batch for job in sink.made] == [2]
    event.set()
    await stalled
    assert [job.batch for job in sink.made] == [2, 1]


async def test_an_answer_can_be_lost_after_the_batch_was_taken() -> None:
    sink = MemorySink()
    sink.faults.fail("send", "*/1", after=True)
    with pytest.raises(Unavailable):
        await send(sink, 1)
    assert sink.emails() == people(3)
    assert sink.in_flight == 0


async def test_finding_refused_rows_costs_what_was_asked_for() -> None:
    sink = MemorySink(extra_requests=65)
    sink.refuse("p0@*", ImportFault("no", "Not today.", {}))
    sent = await send(sink)
    assert (sent.extra_requests, sent.isolated) == (64, False)
    assert [(each.reason, each.row) for each in sent.rejections] == [
        ("no", 1),
        ("not_isolated", 2),
        ("not_isolated", 3),
    ]


async def test_a_late_failure_can_be_nameless() -> None:
    sink = MemorySink()
    sink.fail_late("p1@*", ImportFault("late", "Too late.", {}), named=False)
    await send(sink)
    assert [fault async for fault in sink.import_faults("job-1")] == [ImportFault("late", "Too late.", {})]
    assert sink.emails() == ["p0@example.com", "p2@example.com"]


async def test_a_later_import_adds_to_a_member() -> None:
    sink = MemorySink()
    for _ in range(2):
        await send(sink)
    assert sink.members() == {email: {"email": email} for email in people(3)}
    assert len(sink.made) == 2


async def test_sinks_are_kept_by_the_name_of_a_secret_and_others_are_refused() -> None:
    sink = MemorySink()
    sinks = MemorySinks({SECRET: sink, "second-key": sink})
    assert sinks(SECRET) is sinks("second-key") is sink
    with pytest.raises(CredentialsRefused, match="'gone'"):
        await sinks("gone").account()
    assert sinks.asked == [SECRET, "second-key", "gone"]
