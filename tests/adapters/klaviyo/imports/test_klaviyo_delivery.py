"""One bad row costs no other row, and every profile of a batch has just one outcome."""

import asyncio
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.klaviyo.batch_delivery import BatchDelivery
from shared.adapters.klaviyo.client.klaviyo_answer import KlaviyoAnswer
from shared.domain.errors import ConfigurationError
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.sentences import quoted
from tests.adapters.klaviyo.imports.batches import BLOB, batch_of, batch_of_files, people, rejected_emails
from tests.adapters.klaviyo.imports.refusals import (
    Klaviyo,
    Refuse,
    assert_complete,
    bad_positions,
    names_all,
    names_first,
    names_none,
    naming,
)
from tests.adapters.klaviyo.network import Reply, failure


async def test_a_good_batch_takes_one_request() -> None:
    batch, klaviyo = batch_of(people(10_000)), Klaviyo(names_all)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert sent.extra_requests == 0
    assert sent.receipts[0].spans == (Span(BLOB, 1, 10_000),)
    assert sent.receipts[0].created_at == "2026-11-23T06:00:00+00:00"


async def test_rows_that_a_400_names_are_rejected_and_the_rest_is_sent_once_more() -> None:
    batch, klaviyo = batch_of(people(10_000, bad=range(0, 10_000, 3))), Klaviyo(names_all)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, len(sent.rejections), klaviyo.list_checks) == (1, 3_334, 0)


async def test_rows_that_are_named_one_by_one_are_found_one_by_one() -> None:
    batch, klaviyo = batch_of(people(100, bad=range(64))), Klaviyo(names_first)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, sent.isolated, len(sent.rejections)) == (64, True, 64)


async def test_more_than_the_bound_are_not_isolated() -> None:
    batch, klaviyo = batch_of(people(100, bad=range(66))), Klaviyo(names_first)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, sent.isolated) == (64, False)
    assert len(rejected_emails(sent, "invalid")) == 65
    assert len(rejected_emails(sent, "not_isolated")) == 35


@pytest.mark.parametrize("bad", [[0], [9_999], [4_999, 5_000], [0, 9_999], [123, 7_777]])
async def test_halving_finds_one_and_two_bad_rows_among_ten_thousand(bad: list[int]) -> None:
    batch, klaviyo = batch_of(people(10_000, bad=bad)), Klaviyo(names_none)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert sent.isolated
    assert [rejection.row for rejection in sent.rejections] == [index + 1 for index in bad]
    assert klaviyo.list_checks == 1


async def test_too_many_bad_rows_without_names_are_not_isolated() -> None:
    batch, klaviyo = batch_of(people(10_000, bad=range(0, 10_000, 100))), Klaviyo(names_none)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.isolated, sent.extra_requests) == (False, MAX_EXTRA_REQUESTS_A_BATCH)
    assert "not_isolated" in {rejection.reason for rejection in sent.rejections}


async def test_a_run_has_a_bound_of_its_own() -> None:
    budget = IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN - 5)
    batch, klaviyo = batch_of(people(100, bad=[50])), Klaviyo(names_none)
    sent = await klaviyo.deliver(batch, budget=budget)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, sent.isolated, budget.take()) == (5, False, False)


async def test_only_extra_requests_are_paid_from_the_budget() -> None:
    budget = IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN - 2)
    for number in range(5):
        klaviyo = Klaviyo(names_all)
        assert (await klaviyo.deliver(batch_of(people(3), number=number), budget=budget)).isolated
    assert (await Klaviyo(names_all).deliver(batch_of(people(3, bad=[0])), budget=budget)).isolated
    assert budget.take()
    assert not budget.take()


@pytest.mark.parametrize("refuse", [names_all, names_first, names_none])
async def test_a_single_bad_profile_is_rejected_without_an_extra_request(refuse: Refuse) -> None:
    batch, klaviyo = batch_of(people(1, bad=[0])), Klaviyo(refuse)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, sent.receipts) == (0, ())


@pytest.mark.parametrize("refuse", [names_all, names_none])
async def test_a_batch_of_bad_profiles_is_rejected_whole(refuse: Refuse) -> None:
    batch, klaviyo = batch_of(people(8, bad=range(8))), Klaviyo(refuse)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (len(sent.rejections), sent.isolated, sent.receipts) == (8, True, ())


async def test_a_413_halves() -> None:
    def refuse(emails: list[str]) -> Reply | None:
        return failure(413, {"code": "payload_too_large"}) if len(emails) > 3 else None

    batch, klaviyo = batch_of(people(10)), Klaviyo(refuse)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert [len(emails) for emails in klaviyo.taken] == [2, 3, 2, 3]
    assert (sent.rejections, klaviyo.list_checks) == ((), 0)
    assert [receipt.spans for receipt in sent.receipts] == [
        (Span(BLOB, first, last),) for first, last in ((1, 2), (3, 5), (6, 7), (8, 10))
    ]


async def test_a_profile_that_is_too_large_by_itself_is_rejected() -> None:
    batch, klaviyo = (
        batch_of(people(4, bad=[2])),
        Klaviyo(lambda emails: failure(413) if bad_positions(emails) else None),
    )
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert rejected_emails(sent, "too_large") == ["p2@refused.example.com"]


async def test_isolation_that_is_cut_off_tells_what_was_taken_and_which_request_was_under_way() -> None:
    batch, klaviyo = batch_of(people(8, bad=[7])), Klaviyo(names_none)
    asked = asyncio.Event()

    async def post(payload: bytes, on_lost: Callable[[], object]) -> KlaviyoAnswer:
        answer = await klaviyo.post(payload, on_lost)
        if klaviyo.taken[1:]:  # the first half was taken, and half of the second one: its answer never comes
            asked.set()
            await asyncio.Event().wait()
        return answer

    delivery = BatchDelivery(batch, IsolationBudget(), klaviyo.collector, post=post, check_list=klaviyo.check_list)
    sending = asyncio.create_task(delivery.carry_out())
    await asked.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert sending.cancelled()
    assert [(each.job_id, each.profiles, each.spans) for each in klaviyo.collector.receipts] == [
        ("job-1", 4, (Span(BLOB, 1, 4),)),
        (None, 2, (Span(BLOB, 5, 6),)),
    ]


async def test_isolation_that_is_cut_off_between_two_requests_has_none_in_doubt() -> None:
    batch, klaviyo = batch_of(people(8, bad=[7])), Klaviyo(names_none)
    asked = asyncio.Event()

    async def check_list() -> None:
        asked.set()
        await asyncio.Event().wait()

    delivery = BatchDelivery(batch, IsolationBudget(), klaviyo.collector, post=klaviyo.post, check_list=check_list)
    sending = asyncio.create_task(delivery.carry_out())
    await asked.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert klaviyo.collector.receipts == ()


async def test_an_unknown_list_is_said_and_nobody_is_isolated() -> None:
    unknown = failure(400, {"detail": "List ID Y6nRLr does not exist.", "source": {"pointer": "/data"}})
    klaviyo = Klaviyo(lambda _emails: unknown, known_list=False)
    with pytest.raises(ConfigurationError, match="'Y6nRLr'"):
        await klaviyo.deliver(batch_of(people(100)))
    assert len(klaviyo.requests) == 1


async def test_a_list_that_is_deleted_while_rows_are_isolated_is_said_as_well() -> None:
    unknown = failure(400, {"detail": "List ID Y6nRLr does not exist.", "source": {"pointer": "/data"}})
    klaviyo = Klaviyo(lambda emails: names_all(emails) or unknown, known_list=False)
    with pytest.raises(ConfigurationError, match="'Y6nRLr'"):
        await klaviyo.deliver(batch_of(people(100, bad=[5])))
    assert len(klaviyo.requests) == 2


async def test_a_rejection_says_what_klaviyo_said_and_of_which_field() -> None:
    klaviyo = Klaviyo(lambda emails: naming([0]) if bad_positions(emails) else None)
    sent = await klaviyo.deliver(batch_of(people(2, bad=[0]), first_row=30))
    fields = {"email": "p0@refused.example.com"}
    detail = "Invalid email address 0 (email)"
    assert sent.rejections == (Rejection(BLOB, 30, "invalid", quoted(detail), refused_by="klaviyo", fields=fields),)


@pytest.mark.parametrize("tail", ["", "/", "/attributes", "/attributes/"])
async def test_a_pointer_to_the_whole_profile_adds_nothing(tail: str) -> None:
    klaviyo = Klaviyo(lambda emails: naming([0], tail) if bad_positions(emails) else None)
    sent = await klaviyo.deliver(batch_of(people(2, bad=[0])))
    assert sent.rejections[0].told.detail == "Invalid email address 0"


async def test_spans_lead_over_files_and_over_rows_that_were_refused_before() -> None:
    files = {
        "vip/a.csv": ["a1@refused.example.com", None, "a3@example.com"],
        "vip/b.csv": [None, "b2@example.com", None],
        "vip/c.csv": ["c1@example.com", "c2@refused.example.com", None],
    }
    batch, klaviyo = batch_of_files(files, first_row=11), Klaviyo(names_all)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert sent.receipts[0].spans == (
        Span("vip/a.csv", 13, 13),
        Span("vip/b.csv", 1, 3),
        Span("vip/c.csv", 1, 1),
    )


@settings(max_examples=80, deadline=None)
@given(
    files=st.lists(
        st.lists(st.sampled_from(["good", "good", "bad", None]), min_size=1, max_size=60), min_size=1, max_size=4
    ),
    modes=st.lists(st.sampled_from([names_all, names_first, names_none]), min_size=1, max_size=6),
    too_many=st.integers(1, 300),
    spent=st.integers(MAX_EXTRA_REQUESTS_A_RUN - 90, MAX_EXTRA_REQUESTS_A_RUN),
)
async def test_every_profile_of_any_batch_has_one_outcome(
    files: list[list[str | None]], modes: list[Refuse], too_many: int, spent: int
) -> None:
    rows = {
        f"vip/{place}.csv": [kind and f"r{place}x{row}@{_DOMAINS[kind]}" for row, kind in enumerate(kinds)]
        for place, kinds in enumerate(files)
    }
    batch = batch_of_files(rows, first_row=5)
    if not len(batch):
        return
    requests = iter(range(10_000))

    def refuse(emails: list[str]) -> Reply | None:
        if len(emails) > too_many:
            return failure(413, {})
        return modes[next(requests) % len(modes)](emails)

    klaviyo = Klaviyo(refuse)
    sent = await klaviyo.deliver(batch, budget=IsolationBudget(spent=spent))
    assert_complete(batch, sent, klaviyo)
    if sent.isolated:
        assert all(re.search("@refused", email) for email in rejected_emails(sent))


_DOMAINS = {"good": "example.com", "bad": "refused.example.com"}
