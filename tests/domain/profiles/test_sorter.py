"""What becomes of each row: a profile, a duplicate or a refusal."""

import itertools
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.config.mapping import Mapping
from shared.domain.profiles.mappers.profile_size import MAX_PROFILE_BYTES
from shared.domain.profiles.outcome import Outcome, Refusal, Unsent
from shared.domain.profiles.sorter import Sorter
from shared.domain.rows.ndjson_rows import NdjsonRows
from shared.domain.rows.rows import Row, Unreadable
from shared.domain.sentences import quoted

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
        Unreadable("not_json", quoted("The line is not JSON.")),
        person("nobody", Name="Bob"),
        person("a@EXAMPLE.com", Name="Ann again"),
        person("c@example.com"),
    ]
    profile, unreadable, refused, duplicate, last = outcomes_of(*rows)
    assert profile == b'{"email":"a@example.com","first_name":"Ann"}'
    assert unreadable == Refusal("not_json", quoted("The line is not JSON."), {})
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.fields) == ("email_invalid", {"email": "nobody", "first_name": "Bob"})
    assert duplicate is Unsent.DUPLICATE
    assert last == b'{"email":"c@example.com"}'


def test_an_external_id_that_is_too_long_costs_its_row_and_no_other() -> None:
    mapping = Mapping.written({"email": "EMail", "external_id": "Id", "title": "Title"})
    rows: list[Row | Unreadable] = [
        person("nobody"),
        person("a@x.ua", Id="1", Title="A"),
        person("b@x.ua", Id="x" * 256, Title="B"),
        person("c@x.ua", Id="12345.0", Title="C\x07"),
        person("b@x.ua", Id="1", Title="D"),
    ]
    found = Sorter(mapping, phone_region=None, encode=orjson.dumps).sort(rows)
    refused, first, too_long, third, last = found.outcomes
    assert isinstance(refused, Refusal)
    assert isinstance(too_long, Refusal)
    assert (too_long.reason, too_long.fields["title"]) == ("external_id_too_long", "B")
    assert first == b'{"email":"a@x.ua","external_id":"1","title":"A"}'
    assert third == b'{"email":"c@x.ua","external_id":"12345.0","title":"C"}'
    assert last == b'{"email":"b@x.ua","title":"D"}'
    assert [(note.row, note.field, note.reason) for note in found.notes] == [
        (3, "external_id", "looks_like_a_decimal"),
        (3, "title", "control_characters"),
        (4, "external_id", "shared_identifier"),
    ]


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


def test_what_is_noted_about_a_row_on_a_closer_look_is_noted_about_no_other() -> None:
    rows = [
        person("a@x.ua", Name="A\x07"),
        person("b@x.ua", Title="B\x07"),
        person("c\u200b@x.ua"),
        person("\u200bd@x.ua"),
    ]
    assert [(note.row, note.field) for note in sorter().sort(rows).notes] == [
        (0, "first_name"),
        (1, "title"),
        (2, "email"),
        (3, "email"),
    ]


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_profile_has_at_most_100_000_bytes(more: int, *, fits: bool) -> None:
    frame = len(b'{"email":"a@example.com","first_name":""}')
    (outcome,) = outcomes_of(person("a@example.com", Name="x" * (MAX_PROFILE_BYTES - frame + more)))
    if fits:
        assert isinstance(outcome, bytes)
    else:
        assert isinstance(outcome, Refusal)
        assert (outcome.reason, outcome.fields) == ("profile_too_large", {"email": "a@example.com"})
        assert outcome.told.document() == {
            "code": "profile_too_large",
            "params": {"bytes": 100_001, "most": 100_000},
            "detail": "The profile has 100,001 bytes; Klaviyo takes at most 100,000.",
        }


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


IDENTIFIED = Mapping.written({"email": "EMail", "external_id": "Id", "phone_number": "Phone"})


def identified(*pages: list[Row | Unreadable]) -> tuple[list[Outcome], list[tuple[int, str, str]]]:
    """Return what becomes of all rows, and what was noted with the number of the row, from 0."""
    both = Sorter(IDENTIFIED, phone_region="UA", encode=orjson.dumps)
    outcomes: list[Outcome] = []
    noted: list[tuple[int, str, str]] = []
    for page in pages:
        found = both.sort(page)
        noted += [(len(outcomes) + each.row, each.field, each.reason) for each in found.notes]
        outcomes += found.outcomes
    return outcomes, noted


@pytest.mark.parametrize("one_page", [True, False])
def test_an_identifier_belongs_to_the_first_row_that_is_sent_with_it(*, one_page: bool) -> None:
    rows: list[Row | Unreadable] = [
        person("nobody", Id="1", Phone="0671234567"),
        person("a@example.com", Id="1", Phone="067 123 45 67"),
        person("a@example.com", Id="2"),
        person("b@example.com", Id=" 1 ", Phone="+380671234567"),
        person("c@example.com", Id=2, Phone=671234568),
        person("d@example.com", Id="2", Phone=""),
        person("e@example.com"),
    ]
    outcomes, noted = identified(rows) if one_page else identified(*([row] for row in rows))
    assert outcomes[1:] == [
        b'{"email":"a@example.com","external_id":"1","phone_number":"+380671234567"}',
        Unsent.DUPLICATE,
        b'{"email":"b@example.com"}',
        b'{"email":"c@example.com","external_id":"2","phone_number":"+380671234568"}',
        b'{"email":"d@example.com"}',
        b'{"email":"e@example.com"}',
    ]
    assert noted == [
        (3, "external_id", "shared_identifier"),
        (3, "phone_number", "shared_identifier"),
        (5, "external_id", "shared_identifier"),
    ]


def test_a_row_that_is_too_large_claims_no_identifier_and_a_tidied_one_is_the_same() -> None:
    mapping = Mapping.written({"email": "EMail", "first_name": "Name", "external_id": "Id"})
    both = Sorter(mapping, phone_region=None, encode=orjson.dumps)
    found = both.sort(
        [
            person("a@example.com", Id="7", Name="x" * MAX_PROFILE_BYTES),
            person("b@example.com", Id="7\0", Name='"B"'),
            person("c@example.com", Id="='7'", Name="C"),
            person("d@example.com", Id='="7"', Name="D\0"),
        ]
    )
    assert found.outcomes[1:] == [
        b'{"email":"b@example.com","external_id":"7","first_name":"\\"B\\""}',
        b'{"email":"c@example.com","external_id":"=\'7\'","first_name":"C"}',
        b'{"email":"d@example.com","first_name":"D"}',
    ]
    assert found.notes == [
        (1, "external_id", "control_characters"),
        (3, "external_id", "excel_guard"),
        (3, "external_id", "shared_identifier"),
        (3, "first_name", "control_characters"),
    ]


@given(
    st.lists(
        st.builds(
            person,
            st.sampled_from(["a@example.com", "b@example.com", "c@example.com", "d@example.com", "bad"]),
            Id=st.sampled_from([None, "1", "2", "1\0", "NULL", 1]),
            Phone=st.sampled_from([None, "0671234567", "0671234568", "12"]),
        ),
        max_size=20,
    ),
    st.lists(st.integers(0, 20), max_size=4),
)
def test_rows_come_out_the_same_however_they_fall_into_pages_and_no_identifier_is_sent_twice(
    rows: list[Row | Unreadable], cuts: list[int]
) -> None:
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    outcomes, noted = identified(*(rows[start:end] for start, end in itertools.pairwise(edges)))
    assert (outcomes, noted) == identified(rows)
    profiles = [orjson.loads(outcome) for outcome in outcomes if type(outcome) is bytes]
    for name in ("email", "external_id", "phone_number"):
        values = [profile[name] for profile in profiles if name in profile]
        assert len(values) == len(set(values))


LONG = "x" * 60_000
"""Two of these make a profile too large, one does not."""
LEARNED = Mapping.written(
    {"email": "EMail", "external_id": "Id", "phone_number": "Phone", "properties": {"note": "Note", "more": "More"}}
)
LEARNED_ROWS = st.lists(
    st.builds(
        person,
        st.sampled_from(["a@example.com", "b@example.com", "c@example.com", "d@example.com", "bad", None]),
        Id=st.sampled_from([None, "1", "2", "1\0", '="1"', "NULL", 1, "12345.0", "y" * 256, ["1"]]),
        Phone=st.sampled_from([None, "0671234567", "0671234568", "12", 671234567, "+380671234567\x7f"]),
        Note=st.sampled_from([None, "n", LONG, "\0" * 16_700, "x" * MAX_PROFILE_BYTES, ["x" * MAX_PROFILE_BYTES], 7]),
        More=st.sampled_from(["m", LONG, {"a": LONG}, True, 1.5]),
    ),
    max_size=6,
)


@given(LEARNED_ROWS, LEARNED_ROWS, st.booleans())
@example([person("a@example.com", Id='="1"')], [person("b@example.com", Id="1")], True)
@example([person("a@example.com", Id="1", Note=LONG, More=LONG)], [person("b@example.com", Id="1")], False)
@example([person("a@example.com", Id="1", Note=LONG, More=LONG)], [person("b@example.com", Id="1")], True)
def test_rows_that_are_learned_are_remembered_as_rows_that_are_sorted(
    before: list[Row | Unreadable], rows: list[Row | Unreadable], is_json: bool
) -> None:
    longest_bytes = max((len(orjson.dumps(row)) for row in before), default=0) if is_json else None
    sorted_before, learned_before = (Sorter(LEARNED, phone_region="UA", encode=orjson.dumps) for _ in range(2))
    before = [Unreadable("not_json", quoted("The line is not JSON.")), *before]
    sorted_before.sort(before)
    learned_before.learn(before, longest_bytes)
    assert learned_before.sort(rows) == sorted_before.sort(rows)


def test_a_row_that_grows_too_large_in_its_profile_is_learned_as_it_is_sorted() -> None:
    read = NdjsonRows().feed([b'{"EMail":"a@example.com","Id":"1","Note":[%b]}' % b",".join([b"1e15"] * 6_000)])
    sorted_before, learned_before = (Sorter(LEARNED, phone_region="UA", encode=orjson.dumps) for _ in range(2))
    assert type(sorted_before.sort(read.rows).outcomes[0]) is Refusal
    learned_before.learn(read.rows, read.longest_bytes)
    rows: list[Row | Unreadable] = [person("a@example.com", Id="1")]
    assert learned_before.sort(rows) == sorted_before.sort(rows)


def test_plain_rows_are_learned_without_a_profile_of_any() -> None:
    made: list[bytes] = []

    def encode(attributes: Any) -> bytes:
        made.append(orjson.dumps(attributes))
        return made[-1]

    learned = Sorter(LEARNED, phone_region="UA", encode=encode)
    learned.learn([person(f"{name}@example.com", Id=name, Note="n" * 1_000, More=1) for name in "abcde"])
    assert made == [b'{"external_id":["a","b","c","d","e"],"phone_number":[null,null,null,null,null]}']
