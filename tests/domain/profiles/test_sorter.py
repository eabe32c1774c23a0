"""What becomes of each row: a profile, a duplicate or a refusal."""

from typing import Any

import orjson
import pytest

from shared.domain.config.mapping import Mapping
from shared.domain.profiles.outcome import Outcome, Refusal, Unsent
from shared.domain.profiles.sorter import MAX_PROFILE_BYTES, Sorter
from shared.domain.rows.rows import Row, Unreadable

MAPPING = Mapping.written({"email": "EMail", "first_name": "Name", "phone_number": "Phone", "title": "Title"})


def sorter() -> Sorter:
    return Sorter(MAPPING, phone_region="UA", encode=orjson.dumps)


def outcomes_of(*rows: Row | Unreadable) -> list[Outcome]:
    return sorter().sort(rows).outcomes


def person(email: object, **row: Any) -> Row:
    return {"EMail": email, **row}


def test_each_row_has_its_outcome_in_its_place() -> None:
    rows: list[Row | Unreadable] = [
        person(" A@example.com ", Name="Ann", Secret="stays"),
        Unreadable("not_json", "The line is not JSON."),
        person("nobody", Name="Bob"),
        person("a@EXAMPLE.com", Name="Ann again"),
        person("c@example.com"),
    ]
    profile, unreadable, refused, duplicate, last = outcomes_of(*rows)
    assert profile == b'{"email":"a@example.com","first_name":"Ann"}'
    assert unreadable == Refusal("not_json", "The line is not JSON.", {})
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.fields) == ("email_invalid", {"email": "nobody", "first_name": "Bob"})
    assert duplicate is Unsent.DUPLICATE
    assert last == b'{"email":"c@example.com"}'


def test_a_row_is_a_duplicate_of_a_row_of_any_earlier_page() -> None:
    both = sorter()
    assert both.sort([person("a@example.com")]).outcomes == [b'{"email":"a@example.com"}']
    assert both.sort([]).outcomes == []
    assert both.sort([person("A@example.com")]).outcomes == [Unsent.DUPLICATE]


@pytest.mark.parametrize(
    "bad", [{"EMail": "a@example.com", "Name": "x" * MAX_PROFILE_BYTES}, {"EMail": "a@@example.com"}]
)
def test_a_row_that_is_rejected_makes_no_later_row_a_duplicate(bad: Row) -> None:
    first, second = outcomes_of(bad, person("a@example.com"))
    assert isinstance(first, Refusal)
    assert second == b'{"email":"a@example.com"}'


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_profile_has_at_most_100_000_bytes(more: int, *, fits: bool) -> None:
    frame = len(b'{"email":"a@example.com","first_name":""}')
    (outcome,) = outcomes_of(person("a@example.com", Name="x" * (MAX_PROFILE_BYTES - frame + more)))
    if fits:
        assert isinstance(outcome, bytes)
    else:
        detail = "The profile has 100,001 bytes; Klaviyo takes at most 100,000."
        assert outcome == Refusal("profile_too_large", detail, {"email": "a@example.com"})


def test_values_that_cannot_be_sent_are_named_with_their_row_if_it_is_sent() -> None:
    found = sorter().sort(
        [
            person("a@example.com", Phone="12", Title=["x"]),
            person("b@example.com"),
            person("a@example.com", Phone="12"),
            person("c@example.com", Name="x" * MAX_PROFILE_BYTES, Phone="12"),
            person("d@example.com", Phone="12"),
        ]
    )
    assert [(row, name) for row, name, _ in found.notes] == [(0, "phone_number"), (0, "title"), (4, "phone_number")]
