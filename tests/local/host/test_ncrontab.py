"""Schedules of timer triggers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.ncrontab import BadSchedule, Schedule

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def after(text: str, moment: datetime = MONDAY) -> str:
    found = Schedule(text).after(moment)
    return found.isoformat(sep=" ")[:19] if found else "never"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 * * * * *", "2026-11-23 06:01:00"),
        ("* * * * * *", "2026-11-23 06:00:01"),
        ("*/15 * * * * *", "2026-11-23 06:00:15"),
        ("30 */5 * * * *", "2026-11-23 06:00:30"),
        ("0 */5 * * * *", "2026-11-23 06:05:00"),
        ("*/5 * * * *", "2026-11-23 06:05:00"),
        ("0 0 6 * * *", "2026-11-24 06:00:00"),
        ("0 30 9-17/4 * * *", "2026-11-23 09:30:00"),
        ("0 0 5,7 * * *", "2026-11-23 07:00:00"),
        ("0 50/4 * * * *", "2026-11-23 06:50:00"),
        ("0 0 0 1 * *", "2026-12-01 00:00:00"),
        ("0 0 0 29 2 *", "2028-02-29 00:00:00"),
        ("0 0 0 * * 0", "2026-11-29 00:00:00"),
        ("0 0 0 * * SAT", "2026-11-28 00:00:00"),
        ("0 0 0 * * mon-fri", "2026-11-24 00:00:00"),
        ("0 0 0 * * Wednesday", "2026-11-25 00:00:00"),
        ("0 0 0 * January *", "2027-01-01 00:00:00"),
        ("59 59 23 31 DEC *", "2026-12-31 23:59:59"),
    ],
)
def test_the_next_time_is_the_first_that_every_field_allows(text: str, expected: str) -> None:
    assert after(text) == expected


def test_a_day_must_suit_the_month_and_the_week_where_cron_asks_for_either() -> None:
    assert after("0 0 0 13 * FRI") == "2027-08-13 00:00:00"


def test_the_next_time_is_later_even_a_moment_before_and_after_a_slot() -> None:
    slot = MONDAY + timedelta(minutes=1)
    assert after("0 * * * * *", slot - timedelta(microseconds=1)) == "2026-11-23 06:01:00"
    assert after("0 * * * * *", slot) == "2026-11-23 06:02:00"
    assert after("0 * * * * *", slot + timedelta(microseconds=1)) == "2026-11-23 06:02:00"


def test_a_moment_of_another_time_zone_is_read_as_what_it_is_in_utc() -> None:
    kyiv = MONDAY.astimezone(ZoneInfo("Europe/Kyiv"))
    assert after("0 0 7 * * *", kyiv) == "2026-11-23 07:00:00"


def test_a_day_that_no_month_has_never_comes() -> None:
    with pytest.raises(BadSchedule):
        Schedule("0 0 0 31 2 *")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "* * * * * * *",
        "60 * * * * *",
        "0 60 * * * *",
        "0 0 24 * * *",
        "0 0 0 0 * *",
        "0 0 0 * 13 *",
        "0 0 0 * * 7",
        "0 0 0 * * 1-7",
        "0 0 0 L * *",
        "0 0 0 * * 5L",
        "0 0 0 * * FRI#2",
        "0 0 0 * * Frituesday",
        "0 */0 * * * *",
        "0 5-1 * * * *",
        "0 a * * * *",
        "0 ? * * * *",
        "00:05:00",
    ],
)
def test_what_azure_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(BadSchedule):
        Schedule(text)


@given(
    seconds=st.sets(st.integers(0, 59), min_size=1, max_size=3),
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=3),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - made aware below
)
def test_no_slot_is_left_out_and_none_is_made_up(seconds: set[int], minutes: set[int], moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    schedule = Schedule(f"{','.join(map(str, seconds))} {','.join(map(str, minutes))} * * * *")
    start = moment.replace(minute=0, second=0, microsecond=0)
    slots = [
        start + timedelta(hours=hour, minutes=minute, seconds=second)
        for hour in range(2)
        for minute in minutes
        for second in seconds
    ]
    assert schedule.after(moment) == min(slot for slot in slots if slot > moment)
