"""What was noted about values: counting it, and telling people."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.profiles.note_reasons import CHANGED, LEFT_OUT, REASONS, SENT, reason_of
from shared.domain.profiles.note_sentences import tell_of_notes, warn_of_notes
from shared.domain.profiles.value_notes import MOST_PLACES, Place, ValueNotes
from shared.domain.runs.run_notes import RunNote, counted, with_notes

OF_ROWS = ("blank_row", "short_row", "repeated_header")
Note = tuple[str, str, str, int]
notes = st.lists(
    st.tuples(
        st.sampled_from(["title", "properties.x", "location.city"]),
        st.sampled_from(sorted(REASONS)),
        st.sampled_from(["a.csv", "b.csv"]),
        st.integers(1, 10**9),
    )
)


def noted(those: list[Note]) -> ValueNotes:
    found = ValueNotes()
    for each in those:
        name, why, blob, row = each
        found.note_value(name, why, Place(blob, row))
    return found


@given(st.lists(notes))
def test_what_is_counted_in_parts_is_counted_as_in_one(parts: list[list[Note]]) -> None:
    together, stored = ValueNotes(), tuple[RunNote, ...]()
    for part in parts:
        together.update(noted(part))
        stored = with_notes(stored, noted(part))
    whole = noted([each for part in parts for each in part])
    assert together == whole == counted(stored)
    assert with_notes((), whole) == stored
    assert all(len(each.places) == min(each.count, MOST_PLACES) for each in stored)


def test_only_values_that_were_left_out_are_counted_as_left_out() -> None:
    found = noted(
        [
            ("zip", "not_a_text", "a.csv", 1),
            ("zip", "digits_lost", "a.csv", 2),
            ("zip", "excel_guard", "a.csv", 3),
            ("title", "looks_empty", "a.csv", 4),
            ("", "blank_row", "a.csv", 5),
            ("title", "of_a_later_release", "a.csv", 6),
        ]
    )
    assert found.left_out() == {"zip": 2, "title": 1}


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("count", [1, 2])
def test_each_reason_has_a_sentence_with_a_place_and_a_cure(reason: str, count: int) -> None:
    name = "" if reason in OF_ROWS else "title"
    found = noted([(name, reason, "vip/a.csv", 7 + row) for row in range(count)])
    (told,) = tell_of_notes(found, found.left_out())
    (warned,) = warn_of_notes(found, 2_000)
    for sentence in (told, warned):
        assert (sentence.params["reason"], sentence.params["count"]) == (reason, count)
        assert (sentence.params["file"], sentence.params["row"]) == ("vip/a.csv", 7)
        assert "in 'vip/a.csv', row 7." in sentence.detail
        assert sentence.detail.endswith(REASONS[reason].cure)
        assert "{" not in sentence.detail
        assert sentence.detail[0] in string.ascii_uppercase + string.digits
    assert told.code != warned.code


def test_the_sentences_say_what_becomes_of_the_values_those_that_are_left_out_first() -> None:
    found = noted(
        [
            ("title", "looks_empty", "a.csv", 1),
            ("zip", "excel_guard", "a.csv", 2),
            ("phone_number", "phone_ambiguous", "a.csv", 3),
            ("", "short_row", "a.csv", 4),
        ]
    )
    assert [(each.code, each.params.get("field")) for each in tell_of_notes(found, found.left_out())] == [
        ("rows_noted", None),
        ("values_left_out", "phone_number"),
        ("values_changed", "zip"),
        ("values_sent_as_they_are", "title"),
    ]
    assert [each.code for each in warn_of_notes(found, 10)] == [
        "rows_to_note",
        "values_to_leave_out",
        "values_to_change",
        "values_to_send_as_they_are",
    ]
    assert [reason_of(reason).effect for reason in ("phone_ambiguous", "excel_guard", "looks_empty")] == [
        LEFT_OUT,
        CHANGED,
        SENT,
    ]


def test_values_that_a_release_without_notes_has_left_out_are_told_of_as_well() -> None:
    found = noted([("zip", "not_a_text", "a.csv", 1)])
    first, second, third = tell_of_notes(found, {"zip": 3, "title": 1})
    assert first.params["reason"] == "not_a_text"
    assert second.detail == "2 values of zip cannot be sent; they were left out, and their rows went without them."
    assert third.detail == "1 value of title cannot be sent; it was left out, and its row went without it."


@pytest.mark.parametrize("page", ["mapping.md", "operations.md"])
def test_the_pages_name_each_reason(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text()
    not_about_values = {*OF_ROWS, "refused_by_klaviyo"} if page == "mapping.md" else set()
    assert {reason for reason in REASONS if f"`{reason}`" not in text} <= not_about_values
