"""What whoever uses `Sink` may count on, of the fake and of Klaviyo's API alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.klaviyo.account.lists import Flow as SimulatedFlow
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.domain.config.scopes import SCOPES
from shared.domain.errors import (
    ConfigurationError,
    CredentialsRefused,
    LeaseLost,
    ScopeMissing,
    Unavailable,
    UnknownList,
)
from shared.domain.runs.isolation import MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from shared.domain.runs.receipt import ImportFault, JobReport, Receipt
from shared.domain.runs.receipt_collector import ReceiptCollector
from shared.domain.runs.rejection import Span
from shared.ports import Flow, ListInfo, Sink, Sinks
from shared.ports.usage import Usage, counting
from tests.adapters.klaviyo.imports.batches import (
    BLOB,
    batch_of,
    batch_of_files,
    emails_of,
    people,
    profiles_taken,
    rejected_emails,
)
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecrets
from tests.fakes.sink import Fate, MemorySink, MemorySinks

LIST = "Y6nRLr"
SECRET = "klaviyo-acme"
JOB_SECONDS = 30.0


class Place(Protocol):
    """A Klaviyo account, and what can happen there.

    It refuses everybody at refused.example.com at once, and everybody at late.example.com in the job.
    """

    sinks: Sinks

    async def jobs_end(self) -> None: ...

    def next_job_ends_as(self, fate: Fate) -> None: ...

    def next_answer_is_lost(self) -> None: ...

    def goes_down(self) -> None: ...

    def has_lists(self, *names: str) -> None: ...

    def has_flows(self, *flows: tuple[str, str, str]) -> None: ...

    def key_lacks(self, *scopes: str) -> None: ...

    def members(self) -> list[str]: ...


class _Memory:
    def __init__(self) -> None:
        self._fake = MemorySink(sweeps_to_end=10_000)
        self._fake.refuse("*@refused.example.com")
        self._fake.fail_late("*@late.example.com")
        self.sinks: Sinks = MemorySinks({SECRET: self._fake})

    async def jobs_end(self) -> None:
        self._fake.sweeps_to_end = 0

    def next_job_ends_as(self, fate: Fate) -> None:
        self._fake.fates[1] = fate

    def next_answer_is_lost(self) -> None:
        self._fake.unanswered.add(1)

    def goes_down(self) -> None:
        self._fake.faults.fail("*", times=1_000)

    def has_lists(self, *names: str) -> None:
        self._fake.list_names = {f"L{number}": name for number, name in enumerate(names)}

    def has_flows(self, *flows: tuple[str, str, str]) -> None:
        self._fake.flows = [Flow(*flow) for flow in flows]

    def key_lacks(self, *scopes: str) -> None:
        self._fake.lacks = set(scopes)

    def members(self) -> list[str]:
        return self._fake.emails(LIST)


class _Klaviyo:
    def __init__(self, simulator: Simulator, sinks: KlaviyoSinks, clock: FakeClock) -> None:
        self._simulator = simulator
        self._clock = clock
        self.sinks: Sinks = sinks

    async def jobs_end(self) -> None:
        await self._clock.advance(JOB_SECONDS)

    def next_job_ends_as(self, fate: Fate) -> None:
        self._change({"job_script": [str(fate)]})

    def next_answer_is_lost(self) -> None:
        self._change({"script": ["reset_after"]})

    def goes_down(self) -> None:
        self._change({"requests": {"unavailable": 1.0}})

    def has_lists(self, *names: str) -> None:
        [account] = self._simulator.accounts
        account.lists = {f"L{number}": ProfileList(f"L{number}", name) for number, name in enumerate(names)}

    def has_flows(self, *flows: tuple[str, str, str]) -> None:
        [account] = self._simulator.accounts
        account.lists[LIST].flows = tuple(SimulatedFlow(*flow) for flow in flows)

    def key_lacks(self, *scopes: str) -> None:
        [account] = self._simulator.accounts
        account.replace_keys({"pk_simulator": ALL_SCOPES - set(scopes)})

    def members(self) -> list[str]:
        self._simulator.settle()
        [account] = self._simulator.accounts
        return [account.profiles.attributes(place)["email"] for place in account.lists[LIST].members]

    def _change(self, settings: dict[str, object]) -> None:
        self._simulator.change({"job_seconds": JOB_SECONDS, **settings})


@pytest.fixture(params=["memory", "klaviyo"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    if request.param == "memory":
        yield _Memory()
        return
    clock = FakeClock()
    simulator = Simulator(clock=clock)
    secrets = MemorySecrets({SECRET: "pk_simulator"})
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        klaviyo = _Klaviyo(simulator, KlaviyoSinks(session, base_url, secrets, clock=clock, draw=lambda: 0.5), clock)
        simulator.change({"job_seconds": JOB_SECONDS})
        yield klaviyo


@pytest.fixture
def sink(place: Place) -> Sink:
    return place.sinks(SECRET)


async def _jobs(sink: Sink) -> list[JobReport]:
    return [report async for page in sink.jobs() for report in page]


async def _faults(sink: Sink, receipt: Receipt) -> list[ImportFault]:
    return [fault async for fault in sink.import_faults(str(receipt.job_id))]


async def _report(sink: Sink, receipt: Receipt) -> JobReport:
    report = await sink.job(str(receipt.job_id))
    assert report is not None
    return report


async def test_an_account_has_an_id_and_a_name(sink: Sink) -> None:
    account = await sink.account()
    assert account.id
    assert account.name
    assert account.is_test


async def test_a_list_has_a_name_and_says_how_people_join_it(sink: Sink) -> None:
    assert await sink.list_details(LIST) == ListInfo(LIST, "VIP newsletter", "single_opt_in")


async def test_each_request_counts_for_whoever_makes_it_and_for_nobody_else(sink: Sink) -> None:
    async def ask(times: int) -> Usage:
        with counting() as usage:
            await asyncio.gather(*(sink.list_details(LIST) for _ in range(times)))
        return usage

    await sink.list_details(LIST)
    one, three, two = await asyncio.gather(ask(1), ask(3), ask(2))
    assert (one, three, two) == (Usage(1), Usage(3), Usage(2))


async def test_a_batch_counts_as_at_least_one_request(sink: Sink) -> None:
    with counting() as usage:
        await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(0), collector=ReceiptCollector())
    assert usage.requests >= 1
    assert usage.throttled == 0


async def test_an_unknown_list_is_named(sink: Sink) -> None:
    with pytest.raises(UnknownList, match="'nobody'"):
        await sink.list_details("nobody")


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
async def test_all_lists_come_by_name_ten_at_a_time(place: Place, sink: Sink, count: int) -> None:
    names = [f"list {number * 7 % count:02}" for number in range(count)]
    place.has_lists(*names)
    pages = [page async for page in sink.lists()]
    assert [each.name for page in pages for each in page] == sorted(names)
    assert all(len(page) == 10 for page in pages[:-1])
    assert [await sink.list_details(each.id) for each in pages[0]] == pages[0]


async def test_flows_that_take_people_up_are_told_and_drafts_are_not(place: Place, sink: Sink) -> None:
    assert await sink.live_flows(LIST) == ()
    place.has_flows(("F1", "Welcome", "live"), ("F2", "Not yet", "draft"), ("F3", "By hand", "manual"))
    assert await sink.live_flows(LIST) == (Flow("F1", "Welcome", "live"), Flow("F3", "By hand", "manual"))


async def test_an_unknown_list_has_no_flows_but_a_name(sink: Sink) -> None:
    with pytest.raises(ConfigurationError, match="'nobody'"):
        await sink.live_flows("nobody")


@pytest.mark.parametrize("lacking", ["accounts:read", "lists:read", "profiles:read", "flows:read"])
async def test_each_scope_to_read_that_a_key_lacks_shows(place: Place, sink: Sink, lacking: str) -> None:
    place.key_lacks(lacking)
    found = {scope.name: await sink.has_scope(scope.name) for scope in SCOPES}
    assert found == {
        "accounts:read": lacking != "accounts:read",
        "flows:read": lacking != "flows:read",
        "lists:read": lacking != "lists:read",
        "lists:write": None,
        "profiles:read": lacking != "profiles:read",
        "profiles:write": None,
    }


async def test_a_scope_that_is_not_needed_cannot_be_asked_about(sink: Sink) -> None:
    assert await sink.has_scope("campaigns:read") is None


async def test_what_a_key_may_not_ask_is_said_to_be_for_want_of_a_scope(place: Place, sink: Sink) -> None:
    place.key_lacks("flows:read")
    with pytest.raises(ScopeMissing, match="flows:read"):
        await sink.live_flows(LIST)
    place.key_lacks("accounts:read", "lists:read")
    for ask in (sink.account(), sink.list_details(LIST), sink.live_flows(LIST), anext(sink.lists())):
        with pytest.raises(ScopeMissing, match=r"accounts:read|lists:read"):
            await ask


async def test_a_key_that_nobody_knows_is_not_taken_for_one_without_a_scope(place: Place) -> None:
    sink = place.sinks("klaviyo-gone")
    with pytest.raises(CredentialsRefused) as caught:
        await sink.has_scope("flows:read")
    assert not isinstance(caught.value, ScopeMissing)


async def test_one_secret_is_one_sink(place: Place) -> None:
    assert place.sinks(SECRET) is place.sinks(SECRET)


async def test_an_unknown_secret_is_refused_when_it_is_needed(place: Place) -> None:
    sink = place.sinks("klaviyo-gone")
    with pytest.raises(CredentialsRefused, match="'klaviyo-gone'"):
        await sink.account()
    with pytest.raises(CredentialsRefused, match="'klaviyo-gone'"):
        await sink.list_details(LIST)


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
    assert await _jobs(sink) == []


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
    assert all(each.reason and each.detail for each in sent.rejections)
    [receipt] = sent.receipts
    assert (receipt.profiles, receipt.spans) == (4, (Span(BLOB, 11, 15),))
    assert sent.extra_requests == 1
    assert sent.isolated
    await place.jobs_end()
    assert place.members() == [email for email in people(6, bad=[0, 3]) if "refused" not in email]


async def test_a_batch_of_nothing_but_refused_rows_makes_no_job(sink: Sink) -> None:
    sent = await sink.send(
        batch_of(people(2, bad=[0, 1])), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector()
    )
    assert (sent.receipts, len(sent.rejections), sent.extra_requests, sent.isolated) == ((), 2, 0, True)
    assert await _jobs(sink) == []


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
    assert await _jobs(sink) == []


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
        await _jobs(sink)


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


async def test_a_job_at_work_has_not_ended(place: Place, sink: Sink) -> None:
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    [report] = await _jobs(sink)
    assert report.job_id == sent.receipts[0].job_id
    assert report.status not in ("complete", "cancelled")
    assert report.created_at.tzinfo
    assert await _faults(sink, sent.receipts[0]) == []


async def test_a_job_that_has_ended_counts_its_rows_and_tells_which_it_refused(place: Place, sink: Sink) -> None:
    emails = people(5, bad=[1, 4], domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    [report] = await _jobs(sink)
    assert (report.status, report.completed, report.failed) == ("complete", 3, 2)
    assert await _report(sink, sent.receipts[0]) == report
    faults = await _faults(sink, sent.receipts[0])
    assert [fault.fields["email"] for fault in faults] == ["p1@late.example.com", "p4@late.example.com"]
    assert all(fault.reason and fault.detail for fault in faults)
    assert place.members() == ["p0@example.com", "p2@example.com", "p3@example.com"]


async def test_every_row_that_a_job_refused_is_told(place: Place, sink: Sink) -> None:
    emails = people(250, bad=range(250), domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert [fault.fields["email"] for fault in await _faults(sink, sent.receipts[0])] == emails


async def test_a_cancelled_job_says_so(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.CANCELLED)
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert (await _report(sink, sent.receipts[0])).status == "cancelled"
    assert place.members() == []


async def test_a_job_that_vanished_is_nowhere(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.VANISHED)
    emails = people(3, bad=[0], domain="late.example.com")
    sent = await sink.send(batch_of(emails), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert await sink.job(str(sent.receipts[0].job_id)) is None
    assert await _jobs(sink) == []
    assert await _faults(sink, sent.receipts[0]) == []


async def test_an_endless_job_never_ends(place: Place, sink: Sink) -> None:
    place.next_job_ends_as(Fate.ENDLESS)
    sent = await sink.send(batch_of(people(3)), list_id=LIST, budget=IsolationBudget(), collector=ReceiptCollector())
    await place.jobs_end()
    assert (await _report(sink, sent.receipts[0])).status == "processing"
    assert place.members() == []


async def test_an_unknown_job_is_none(sink: Sink) -> None:
    assert await sink.job("nobody") is None
