"""What a run would come to, and how long Klaviyo's limits make it take."""

import pytest

from shared.domain.runs.estimate import Estimate, estimate
from shared.domain.runs.import_limits import seconds_for


@pytest.mark.parametrize(
    ("requests", "seconds"), [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10), (150, 15), (151, 61), (1000, 370)]
)
def test_requests_take_as_long_as_the_limits_make_them(requests: int, seconds: int) -> None:
    assert seconds_for(requests) == seconds


def of(rows: int, **changes: int) -> Estimate:
    sample = {"sampled": 100, "sent": 90, "sent_bytes": 9_000, "max_profiles": 10_000, "max_bytes": 5_000_000}
    return estimate(rows, is_exact=False, **{**sample, **changes})


def test_a_million_small_rows_fill_requests_with_profiles() -> None:
    assert of(1_000_000) == Estimate(1_000_000, False, 900_000, 90, 9)


def test_large_rows_fill_requests_with_bytes() -> None:
    assert of(1_000_000, sent_bytes=90 * 50_000) == Estimate(1_000_000, False, 900_000, 9_000, 59 * 60 + 15)


def test_one_profile_goes_into_a_request_whatever_its_size() -> None:
    assert of(10, sent_bytes=90 * 9_000_000).requests == 9


def test_where_no_row_can_be_sent_nothing_is() -> None:
    assert of(1_000, sent=0, sent_bytes=0) == Estimate(1_000, False, 0, 0, 0)
