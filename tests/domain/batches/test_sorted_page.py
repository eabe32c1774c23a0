"""The outcomes of a page, with the rows that they belong to."""

from dataclasses import replace

import pytest

from shared.domain.batches.sorted_page import SortedPage
from shared.domain.profiles.outcome import Refusal, Unsent
from shared.domain.profiles.sorter import SortedRows
from shared.domain.profiles.value_notes import Place, RowNoted
from shared.domain.rows.rows import Page
from shared.domain.runs.rejection import Rejection
from shared.domain.sentences import quoted

PAGE = Page("vip/1.csv", 7, [{}, {}, {}, {}], range(8, 12))


def test_each_outcome_gets_the_number_of_its_row() -> None:
    refusal = Refusal("email_missing", quoted("The row has no e-mail address."), {"title": "T"})
    found = SortedRows(
        [b"first", Unsent.DUPLICATE, refusal, b"last"],
        [RowNoted(0, "title", "not_a_text"), RowNoted(3, "title", "not_a_text")],
    )
    page = SortedPage.of(PAGE, found, first_row=1_007)
    assert (page.blob, page.row_in_blob, page.first_row, page.rows) == ("vip/1.csv", 7, 1_007, 4)
    assert (page.profiles, page.profile_rows) == ([b"first", b"last"], [1_007, 1_010])
    assert page.duplicates == [1_008]
    rejection = Rejection(
        "vip/1.csv", 9, "email_missing", quoted("The row has no e-mail address."), fields={"title": "T"}, line=10
    )
    assert page.rejections == [(1_009, rejection)]
    assert page.notes == [(1_007, "title", "not_a_text"), (1_010, "title", "not_a_text")]
    assert page.place(1_010) == Place("vip/1.csv", 10)


def test_what_was_noted_about_lines_stands_between_what_was_noted_about_values_in_the_order_of_rows() -> None:
    notes = [(0, "blank_row"), (2, "short_row"), (4, "blank_row")]
    found = SortedRows(
        [b"1", b"2", b"3", b"4"], [RowNoted(1, "title", "not_a_text"), RowNoted(3, "zip", "digits_lost")]
    )
    page = SortedPage.of(replace(PAGE, notes=notes), found, first_row=20)
    assert page.notes == [
        (20, "", "blank_row"),
        (21, "title", "not_a_text"),
        (22, "", "short_row"),
        (23, "zip", "digits_lost"),
        (24, "", "blank_row"),
    ]


def test_a_row_that_no_batch_can_count_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="UNCHANGED"):
        SortedPage.of(PAGE, SortedRows([Unsent.UNCHANGED]), first_row=1)
