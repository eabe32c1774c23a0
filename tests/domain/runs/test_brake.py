"""The brake, which stops a run at the limits of its export."""

import pytest

from shared.domain.config.export_limits import Limits
from shared.domain.runs.brake import Brake, BrakePulled
from shared.domain.runs.rejection import Rejection


def refused(count: int, reason: str = "email_invalid") -> list[Rejection]:
    return [Rejection("vip/1.csv", row, reason, "…") for row in range(1, count + 1)]


def test_rows_and_rejections_of_earlier_legs_count() -> None:
    Brake(Limits(max_rows=10), read=10, rejected=0).check()
    brake = Brake(Limits(max_rows=10), read=9, rejected=0)
    brake.count((), read=1)
    brake.check()
    brake.count((), read=1)
    with pytest.raises(BrakePulled, match="more than max_rows = 10 rows"):
        brake.check()
    with pytest.raises(BrakePulled, match=r"6,000 of the first 10,000 rows"):
        Brake(Limits(), read=10_000, rejected=6_000).check()


def test_rows_that_klaviyo_refuses_later_count_for_the_share_and_not_as_rows() -> None:
    brake = Brake(Limits(max_rejected_share=0.5), read=0, rejected=0)
    brake.count(refused(5_000), read=10_000)
    brake.check()
    brake.count(refused(1, "invalid"))
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    sentence = pulled.value.sentence
    assert (pulled.value.reason, sentence.code) == ("limit_reached", "too_many_rejected")
    assert sentence.params["reasons"] == "email_invalid 5,000, invalid 1"
    assert sentence.detail == (
        "The run was stopped: 5,001 of the first 10,000 rows were rejected, more than max_rejected_share = 0.5 allows."
        " Reasons since the run was last taken up: email_invalid 5,000, invalid 1."
        " Nothing more was sent; mend the segment or the limits."
    )


def test_without_a_rejection_in_this_leg_no_reasons_are_named() -> None:
    brake = Brake(Limits(max_rows=1), read=2, rejected=1)
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    assert str(pulled.value) == (
        "The run was stopped: the segments have more than max_rows = 1 rows. "
        "Nothing more was sent; mend the segment or the limits."
    )
