"""A value that Klaviyo refuses costs no customer: the profile is sent again without the value."""

from collections.abc import Sequence

import pytest

from shared.adapters.klaviyo.profiles import encode_profile
from shared.adapters.klaviyo.sent_profiles import MAX_TAKEN_OUT
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_BATCH, MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from tests.adapters.klaviyo.imports.batches import batch_of, people, rejected_emails
from tests.adapters.klaviyo.imports.refusals import PROFILES, Klaviyo, assert_complete, names_none, without
from tests.adapters.klaviyo.network import Reply, failure

ANN = {
    "email": "ann@example.com",
    "phone_number": "+15005550006",
    "external_id": "c-1",
    "first_name": "Ann",
    "location": {"city": "Kyiv", "latitude": 50.45},
    "properties": {"tier": "gold", "a/b": 1, "a~b": 2, "~1": 3, "tags": ["x", "y"]},
}


def pointing(*tails: str, position: int = 0) -> Reply:
    """Return a 400 that points at places of one profile of the request."""
    errors = [{"detail": f"No: {tail}", "source": {"pointer": f"{PROFILES}/{position}{tail}"}} for tail in tails]
    return failure(400, *errors)


class PickyKlaviyo(Klaviyo):
    """Gives *replies* to the first requests, one each, and takes all later ones."""

    def __init__(self, *replies: Reply) -> None:
        left = list(replies)
        super().__init__(lambda _emails: left.pop(0) if left else None)


async def test_a_refused_value_is_left_out_and_costs_one_request() -> None:
    rows = [None, *people(5_000), ANN, *people(4_999, domain="b.example.com", bad=range(4_999))]
    batch, klaviyo = batch_of(rows), PickyKlaviyo(pointing("/attributes/phone_number", position=5_000))
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert sent.left_out == ((5_002, "phone_number"),)
    assert (sent.rejections, sent.extra_requests, len(klaviyo.taken)) == ((), 1, 1)
    assert klaviyo.profiles[5_000] == without(ANN, "phone_number")
    cut = len(b',"phone_number":"+15005550006"')
    assert [len(payload) for payload in klaviyo.payloads] == [len(batch.payload), len(batch.payload) - cut]


async def test_refused_values_and_refused_rows_go_in_the_same_request() -> None:
    tails = ["0/attributes/phone_number", "1/attributes/email"]
    both = failure(400, *({"source": {"pointer": f"{PROFILES}/{tail}"}} for tail in tails))
    batch, klaviyo = batch_of([ANN, *people(2)]), PickyKlaviyo(both)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert rejected_emails(sent) == ["p0@example.com"]
    assert (sent.left_out, sent.extra_requests) == (((1, "phone_number"),), 1)


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        ("/attributes/phone_number", "phone_number"),
        ("/attributes/phone_number/", "phone_number"),
        ("/attributes/phone_number/0", "phone_number"),
        ("/attributes/external_id", "external_id"),
        ("/attributes/first_name", "first_name"),
        ("/attributes/location/latitude", "location.latitude"),
        ("/attributes/properties/tier", "properties.tier"),
        ("/attributes/properties/a~1b", "properties.a/b"),
        ("/attributes/properties/a/b", "properties.a/b"),
        ("/attributes/properties/a~0b", "properties.a~b"),
        ("/attributes/properties/~01", "properties.~1"),
        ("/attributes/properties/tags", "properties.tags"),
        ("/attributes/properties/tags/1", "properties.tags"),
    ],
)
async def test_a_pointer_names_the_value_to_leave_out(tail: str, name: str) -> None:
    batch, klaviyo = batch_of([ANN]), PickyKlaviyo(pointing(tail))
    sent = await klaviyo.deliver(batch)
    assert sent.left_out == ((1, name),)
    assert klaviyo.profiles == [without(ANN, name)]
    assert klaviyo.payloads[-1] == encode_profile(without(ANN, name))


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "/",
        "/type",
        "/attributes",
        "/attributes/",
        "/attributes/email",
        "/attributes/email/0",
        "/attributes/title",
        "/attributes/emial",
        "/attributes/location/zip",
        "/attributes/properties/gold",
        "/attributes/properties/a",
        "/attributes/properties//tier",
        "/attributes//phone_number",
        "/meta/phone_number",
        "/phone_number",
    ],
)
async def test_an_error_at_the_address_or_the_row_or_at_nothing_rejects_the_row(tail: str) -> None:
    batch, klaviyo = batch_of([ANN, "b@example.com"]), PickyKlaviyo(pointing(tail))
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert [(each.row, each.fields) for each in sent.rejections] == [(1, ANN)]
    assert sent.left_out == ()


@pytest.mark.parametrize("group", ["location", "properties"])
async def test_a_group_that_is_emptied_goes(group: str) -> None:
    profile = {"email": "ann@example.com", group: {"latitude": "x"}}
    klaviyo = PickyKlaviyo(pointing(f"/attributes/{group}/latitude"))
    sent = await klaviyo.deliver(batch_of([profile]))
    assert klaviyo.profiles == [{"email": "ann@example.com"}]
    assert sent.left_out == ((1, f"{group}.latitude"),)


@pytest.mark.parametrize("tails", [["location"], ["location", "location/city"], ["location/latitude", "location"]])
async def test_of_a_group_that_is_refused_as_a_whole_each_value_counts_once(tails: Sequence[str]) -> None:
    klaviyo = PickyKlaviyo(pointing(*(f"/attributes/{tail}" for tail in tails)))
    sent = await klaviyo.deliver(batch_of([ANN]))
    assert klaviyo.profiles == [without(ANN, "location")]
    assert sorted(sent.left_out) == [(1, "location.city"), (1, "location.latitude")]


async def test_all_values_that_are_refused_at_once_are_left_out_at_once() -> None:
    names = ["phone_number", "external_id", "first_name", "location/city", "location/latitude", "properties/tier"]
    klaviyo = PickyKlaviyo(pointing(*(f"/attributes/{name}" for name in [*names, "phone_number"])))
    sent = await klaviyo.deliver(batch_of([ANN]))
    left_out = [name.replace("/", ".") for name in names]
    assert klaviyo.profiles == [without(ANN, *left_out)]
    assert (sent.left_out, sent.extra_requests) == (tuple((1, name) for name in left_out), 1)


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_one_error_at_the_address_among_others_rejects_the_row_for_that(place: int) -> None:
    tails = ["/attributes/phone_number", "/attributes/first_name"]
    tails.insert(place, "/attributes/email")
    klaviyo = PickyKlaviyo(pointing(*tails))
    [rejection] = (await klaviyo.deliver(batch_of([ANN]))).rejections
    assert (rejection.told.detail, rejection.fields) == ("No: /attributes/email (email)", ANN)


async def test_a_value_that_is_refused_although_it_is_gone_costs_the_row_which_shows_all_it_had() -> None:
    refusal = pointing("/attributes/phone_number")
    batch, klaviyo = batch_of([ANN, "b@example.com"]), PickyKlaviyo(refusal, refusal)
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    [rejection] = sent.rejections
    assert rejection.told.detail == "No: /attributes/phone_number (phone_number)"
    assert rejection.fields == ANN
    assert (sent.left_out, sent.extra_requests) == ((), 2)


@pytest.mark.parametrize("refusals", [MAX_TAKEN_OUT, MAX_TAKEN_OUT + 1])
async def test_a_profile_of_which_too_much_is_refused_is_rejected(refusals: int) -> None:
    profile = {"email": "ann@example.com", "properties": {f"p{n}": n for n in range(10)}}
    klaviyo = PickyKlaviyo(*(pointing(f"/attributes/properties/p{n}") for n in range(refusals)))
    sent = await klaviyo.deliver(batch_of([profile]))
    if refusals == MAX_TAKEN_OUT:
        assert [name for _, name in sent.left_out] == [f"properties.p{n}" for n in range(refusals)]
        assert sent.rejections == ()
    else:
        assert (rejected_emails(sent), sent.left_out) == (["ann@example.com"], ())


async def test_halves_are_halves_of_what_is_left_of_the_profiles() -> None:
    batch = batch_of([{**ANN, "email": "a@refused.example.com"}, *people(6), ANN])
    klaviyo = Klaviyo(
        lambda emails: next(
            (
                pointing("/attributes/phone_number", position=at)
                for at, each in enumerate(klaviyo.profiles)
                if len(each) == 6
            ),
            names_none(emails),
        )
    )
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert rejected_emails(sent) == ["a@refused.example.com"]
    assert sent.rejections[0].fields["phone_number"] == ANN["phone_number"]
    assert sent.left_out == ((8, "phone_number"),)
    assert klaviyo.profiles[-1] == without(ANN, "phone_number")


async def test_what_is_not_isolated_has_left_nothing_out() -> None:
    batch, klaviyo = batch_of([ANN, "b@example.com"]), PickyKlaviyo(pointing("/attributes/phone_number"))
    sent = await klaviyo.deliver(batch, budget=IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN))
    assert_complete(batch, sent, klaviyo)
    assert (rejected_emails(sent, "not_isolated"), sent.left_out) == (["ann@example.com", "b@example.com"], ())
    assert sent.rejections[0].fields == ANN


async def test_values_that_are_refused_one_at_a_time_stay_within_the_bound_on_requests() -> None:
    batch = batch_of([{"email": email, "phone_number": "1"} for email in people(100)])
    klaviyo = PickyKlaviyo(*(pointing("/attributes/phone_number", position=n) for n in range(100)))
    sent = await klaviyo.deliver(batch)
    assert_complete(batch, sent, klaviyo)
    assert (sent.extra_requests, sent.isolated, sent.left_out) == (MAX_EXTRA_REQUESTS_A_BATCH, False, ())
