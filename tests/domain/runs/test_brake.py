"""The brake, which stops a run at the limits of its export."""

import pytest

from shared.domain.config.export_limits import Limits
from shared.domain.runs.brake import Brake, BrakePulled
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Braked
from shared.domain.sentences import quoted


def refused(count: int, reason: str = "email_invalid", *, first: int = 1) -> list[tuple[int, Rejection]]:
    return [(row, Rejection("vip/1.csv", row, reason, quoted("…"))) for row in range(first, first + count)]


def refused_by_klaviyo(count: int) -> list[Rejection]:
    return [rejection for _, rejection in refused(count, "invalid")]


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
    brake.count_refused(refused_by_klaviyo(1))
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    sentence = pulled.value.sentence
    assert (pulled.value.reason, sentence.code) == ("limit_reached", "too_many_rejected")
    assert sentence.params["reasons"] == "email_invalid 5,000, invalid 1"
    assert sentence.detail == (
        "The run was stopped: 5,001 of the first 10,000 rows were rejected, more than max_rejected_share = 0.5 allows."
        " Reasons: email_invalid 5,000, invalid 1."
        " Nothing more was sent; mend the segment or the limits."
    )
    assert pulled.value.judged == Braked(10_000, 5_001, {"email_invalid": 5_000, "invalid": 1})


def test_nothing_is_held_back_behind_a_checkpoint_and_before_it_until_enough_is_judged() -> None:
    assert not Brake(Limits(), read=1, rejected=0).holds_back
    brake = Brake(Limits(), read=0, rejected=0)
    brake.count((), read=9_999)
    brake.check()
    assert brake.holds_back
    brake.count((), read=1)
    assert brake.holds_back  # it is counted, and not judged yet
    brake.check()
    assert not brake.holds_back


def test_profiles_and_rejections_that_fill_16_mb_are_judged_before_10_000_rows() -> None:
    brake = Brake(Limits(), read=0, rejected=0)
    brake.count(refused(90), read=100, profiles=[b"x" * 1_599_990] * 10)
    brake.check()
    assert brake.holds_back
    large = Rejection("vip/1.csv", 101, "email_invalid", quoted(""), fields={"title": "x" * 100})
    brake.count([(101, large)], read=1)
    with pytest.raises(BrakePulled, match=r"91 of the first 101 rows .* Nothing was sent"):
        brake.check()


def test_at_the_end_every_row_is_judged_and_after_that_all_along() -> None:
    brake = Brake(Limits(), read=0, rejected=0)
    brake.count(refused(5), read=10)
    brake.check_all(is_whole=True)
    brake.check()
    brake.count_refused(refused_by_klaviyo(1))
    with pytest.raises(BrakePulled, match="6 of the first 10 rows"):
        brake.check()


def test_behind_a_checkpoint_few_rows_are_not_judged_again_before_their_end() -> None:
    brake = Brake(Limits(), read=100, rejected=80)
    brake.check()
    brake.count((), read=100)
    brake.check_all(is_whole=True)


def test_the_last_rejections_are_kept_with_their_rows_and_not_more_than_a_thousand() -> None:
    brake = Brake(Limits(), read=0, rejected=0)
    for first in range(1, 5_001, 1_000):
        brake.count(refused(1_000, first=first), read=1_000)
    brake.count(refused(10, first=5_001), read=5_000)
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    assert [row for row, _ in pulled.value.sample] == list(range(4_011, 5_011))


def test_too_few_rows_are_told_at_the_end_of_the_source_only() -> None:
    brake = Brake(Limits(min_rows=2), read=0, rejected=0)
    brake.count((), read=1)
    brake.check()
    brake.check_all(is_whole=False)
    with pytest.raises(BrakePulled, match="the segments have 1 row, fewer than min_rows = 2"):
        brake.check_all(is_whole=True)


def test_the_sentence_about_too_many_rows_speaks_of_rows_only() -> None:
    brake = Brake(Limits(max_rows=10), read=0, rejected=0)
    brake.count(refused(6), read=11)
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    assert pulled.value.sentence.params == {"max_rows": 10}
    assert str(pulled.value) == (
        "The run was stopped: the segments have more than max_rows = 10 rows. "
        "Nothing was sent; mend the segment or the limits."
    )


def test_without_a_rejection_in_this_leg_no_reasons_are_named() -> None:
    brake = Brake(Limits(max_rows=1), read=2, rejected=1)
    with pytest.raises(BrakePulled) as pulled:
        brake.check()
    assert str(pulled.value) == (
        "The run was stopped: the segments have more than max_rows = 1 rows. "
        "Nothing more was sent; mend the segment or the limits."
    )
