"""The limits of an export."""

import pytest

from shared.domain.config.export_limits import Limits
from shared.domain.config.field_problems import WrongFields


def test_the_share_of_rejected_rows_may_be_reached_and_not_passed() -> None:
    limits = Limits(max_rejected_share=0.5)
    assert limits.too_many_rejected(10_000, 5_000) is None
    assert str(limits.too_many_rejected(10_000, 5_001)) == (
        "5,001 of the first 10,000 rows were rejected, more than max_rejected_share = 0.5 allows"
    )
    assert limits.too_many_rejected(1_000_000, 500_001) is not None
    assert Limits(max_rejected_share=1).too_many_rejected(10_000, 10_000) is None
    assert Limits(max_rejected_share=0).too_many_rejected(10_000, 1) is not None


def test_as_many_rows_as_allowed_are_taken_and_no_more() -> None:
    assert Limits(max_rows=5).too_many(5) is None
    assert str(Limits(max_rows=5).too_many(6)) == "the segments have more than max_rows = 5 rows"


def test_as_few_rows_as_allowed_are_enough_and_no_fewer() -> None:
    assert Limits(min_rows=5).too_few(5) is None
    assert str(Limits(min_rows=5).too_few(4)) == "the segments have 4 rows, fewer than min_rows = 5"
    assert Limits().too_few(0) is None
    with pytest.raises(WrongFields) as refused:
        Limits.written({"min_rows": 6, "max_rows": 5})
    assert [(each.pointer, each.sentence.code) for each in refused.value.problems] == [
        ("/max_rows", "less_than_min_rows")
    ]
