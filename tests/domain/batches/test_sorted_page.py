"""The outcomes of a page, with the rows that they belong to."""

import pytest

from shared.domain.batches.sorted_page import SortedPage
from shared.domain.profiles.outcome import Refusal, Unsent
from shared.domain.profiles.sorter import SortedRows
from shared.domain.rows.rows import Page
from shared.domain.runs.rejection import Rejection

PAGE = Page("vip/1.csv", 7, [{}, {}, {}, {}], range(8, 12))


def test_each_outcome_gets_the_number_of_its_row() -> None:
    refusal = Refusal("email_missing", "The row has no e-mail address.", {"title": "T"})
    found = SortedRows([b"first", Unsent.DUPLICATE, refusal, b"last"], [(0, "phone_number"), (3, "title")])
    page = SortedPage.of(PAGE, found, first_row=1_007)
    assert (page.blob, page.row_in_blob, page.first_row, page.rows) == ("vip/1.csv", 7, 1_007, 4)
    assert (page.profiles, page.profile_rows) == ([b"first", b"last"], [1_007, 1_010])
    assert page.duplicates == [1_008]
    rejection = Rejection("vip/1.csv", 9, "email_missing", "The row has no e-mail address.", fields={"title": "T"})
    assert page.rejections == [(1_009, rejection)]
    assert page.left_out == [(1_007, "phone_number"), (1_010, "title")]


def test_a_row_that_no_batch_can_count_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="UNCHANGED"):
        SortedPage.of(PAGE, SortedRows([Unsent.UNCHANGED]), first_row=1)
