"""When an export is due."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.config.field_problems import WrongFields
from shared.domain.config.schedule import Schedule, slot_run_id
from shared.domain.identifiers import is_id

KYIV = "Europe/Kyiv"  # 2026: 29 March 03:00 → 04:00 (01:00 UTC), 25 October 04:00 → 03:00 (01:00 UTC)
NEW_YORK = "America/New_York"  # 2026: 8 March 02:00 → 03:00 (07:00 UTC), 1 November 02:00 → 01:00 (06:00 UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def slots(cron: str, zone: str, begin: str, end: str) -> list[str]:
    """Return every slot after *begin* and not after *end*, in UTC."""
    schedule, moment, found = Schedule(cron=cron, time_zone=zone), utc(begin), list[str]()
    while (moment := schedule.next_slot(moment)) <= utc(end):
        found.append(f"{moment:%m-%d %H:%M}")
    return found


def served(cron: str, zone: str, begin: str, end: str) -> list[str]:
    """Return the slots that a tick in each minute after *begin* and up to *end* finds due, in UTC."""
    schedule, last, now, found = Schedule(cron=cron, time_zone=zone), utc(begin), utc(begin), list[str]()
    while now < utc(end):
        now += timedelta(minutes=1)
        if slot := schedule.latest_slot(last, now):
            assert slot == now, "it is found in its own minute"
            found.append(f"{slot:%m-%d %H:%M}")
            last = slot
    return found


SPRING_KYIV, AUTUMN_KYIV = ("03-28 12:00", "03-30 12:00"), ("10-24 12:00", "10-26 12:00")
SPRING_NEW_YORK, AUTUMN_NEW_YORK = ("03-07 12:00", "03-09 12:00"), ("10-31 12:00", "11-02 12:00")


@pytest.mark.parametrize("way", [slots, served])
@pytest.mark.parametrize(
    ("cron", "zone", "days", "expected"),
    [
        # A fixed time that the clock skips in spring runs once, right after the gap.
        ("30 3 * * *", KYIV, SPRING_KYIV, ["03-29 01:00", "03-30 00:30"]),
        ("30 2 * * *", NEW_YORK, SPRING_NEW_YORK, ["03-08 07:00", "03-09 06:30"]),
        # One that the clock repeats in autumn runs once, the first time.
        ("30 3 * * *", KYIV, AUTUMN_KYIV, ["10-25 00:30", "10-26 01:30"]),
        ("0 3 * * *", KYIV, AUTUMN_KYIV, ["10-25 00:00", "10-26 01:00"]),
        ("30 1 * * *", NEW_YORK, AUTUMN_NEW_YORK, ["11-01 05:30", "11-02 06:30"]),
        ("0 1 * * *", NEW_YORK, AUTUMN_NEW_YORK, ["11-01 05:00", "11-02 06:00"]),
        # Fixed times on both sides of the change keep their time on the clock.
        ("0 6 * * *", KYIV, SPRING_KYIV, ["03-29 03:00", "03-30 03:00"]),
        ("0 6 * * *", KYIV, AUTUMN_KYIV, ["10-25 04:00", "10-26 04:00"]),
        ("0 0,2,4 * * *", NEW_YORK, SPRING_NEW_YORK, [
            "03-08 05:00", "03-08 07:00", "03-08 08:00", "03-09 04:00", "03-09 06:00", "03-09 08:00",
        ]),
        # A wildcard job goes by elapsed time.
        ("15 * * * *", KYIV, ("03-28 22:30", "03-29 03:00"), [
            "03-28 23:15", "03-29 00:15", "03-29 01:15", "03-29 02:15",
        ]),
        ("15 * * * *", KYIV, ("10-24 22:30", "10-25 03:00"), [
            "10-24 23:15", "10-25 00:15", "10-25 01:15", "10-25 02:15",
        ]),
        ("*/30 3 * * *", KYIV, SPRING_KYIV, ["03-30 00:00", "03-30 00:30"]),
        ("*/30 3 * * *", KYIV, AUTUMN_KYIV, [
            "10-25 00:00", "10-25 00:30", "10-25 01:00", "10-25 01:30", "10-26 01:00", "10-26 01:30",
        ]),
        ("*/20 * * * *", NEW_YORK, ("03-08 06:30", "03-08 07:30"), ["03-08 06:40", "03-08 07:00", "03-08 07:20"]),
        ("*/20 * * * *", NEW_YORK, ("11-01 05:30", "11-01 06:30"), ["11-01 05:40", "11-01 06:00", "11-01 06:20"]),
    ],
)  # fmt: skip
def test_the_clock_change_loses_no_slot_and_repeats_none(
    way: Any, cron: str, zone: str, days: tuple[str, str], expected: list[str]
) -> None:
    assert way(cron, zone, *days) == expected


def test_a_slot_missed_in_the_hour_that_the_clock_repeats_is_found_at_once() -> None:
    daily = Schedule(cron="30 3 * * *", time_zone=KYIV)
    for minute in range(120):
        now = utc("10-25 00:30") + timedelta(minutes=minute)
        assert daily.latest_slot(utc("10-24 00:30"), now) == utc("10-25 00:30")
        assert daily.next_slot(now) == utc("10-26 01:30")


def test_of_slots_that_were_missed_the_latest_counts() -> None:
    hourly = Schedule(cron="0 * * * *", time_zone="UTC")
    assert hourly.latest_slot(utc("01-01 00:00"), utc("11-23 06:59:59")) == utc("11-23 06:00")
    assert hourly.latest_slot(utc("11-23 06:00"), utc("11-23 06:59:59")) is None
    assert hourly.latest_slot(utc("11-23 06:00"), utc("11-23 07:00")) == utc("11-23 07:00")


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("11-23 05:59:59.999999", "11-22 06:00"),
        ("11-23 06:00", "11-23 06:00"),
        ("11-23 06:00:00.000001", "11-23 06:00"),
        ("11-23 06:00:59.999999", "11-23 06:00"),
        ("11-23 06:01", "11-23 06:00"),
    ],
)
def test_a_slot_is_due_from_its_own_second_on(now: str, slot: str) -> None:
    assert Schedule(cron="0 6 * * *", time_zone="UTC").latest_slot(utc("01-01 00:00"), utc(now)) == utc(slot)


def test_the_clock_may_go_back_and_nothing_is_due_twice() -> None:
    assert Schedule(cron="0 6 * * *", time_zone="UTC").latest_slot(utc("11-23 06:00"), utc("11-23 05:59")) is None


minutes = st.sampled_from(["0", "30", "59", "0,15,45", "*", "*/7", "10-20/5"])
hours = st.sampled_from(["0", "1", "2", "3", "1,2,3,4", "0-5", "*", "*/3", "23"])
days = st.sampled_from(["* * *", "* * 0", "25,29,1,8 * *", "* 3,10,11 *", "L * *", "* * 1#2"])
crons = st.builds("{} {} {}".format, minutes, hours, days)
zones = st.sampled_from([KYIV, NEW_YORK, "UTC", "Asia/Kolkata", "Pacific/Auckland", "America/Santiago"])
near_changes = st.sampled_from(
    ["03-29 01:00", "10-25 01:00", "03-08 07:00", "11-01 06:00", "09-26 14:00", "04-05 03:00"]
)
moments = st.builds(
    lambda change, seconds: utc(change) + timedelta(seconds=seconds), near_changes, st.integers(-90_000, 90_000)
)


@given(crons, zones, moments, st.integers(0, 200_000))
@example("30 3 * * *", KYIV, utc("10-25 00:10"), 3_600)
@example("30 1 * * *", NEW_YORK, utc("11-01 05:10"), 3_600)
def test_the_latest_slot_is_the_last_of_the_next_ones(cron: str, zone: str, after: datetime, seconds: int) -> None:
    schedule, now = Schedule(cron=cron, time_zone=zone), after + timedelta(seconds=seconds)
    latest, slot = None, schedule.next_slot(after)
    for _ in range(100):  # so many slots of a wildcard job are enough
        if slot > now:
            break
        latest, slot = slot, schedule.next_slot(slot)
    else:
        now = slot - timedelta(seconds=1)

    assert schedule.latest_slot(after, now) == latest
    assert latest is None or after < latest <= now < slot


@given(crons, zones, moments)
def test_slots_only_ever_go_on_and_fixed_ones_stand_on_the_clock_as_written(
    cron: str, zone: str, after: datetime
) -> None:
    schedule, found = Schedule(cron=cron, time_zone=zone), [after]
    for _ in range(10):
        found.append(schedule.next_slot(found[-1]))

    assert all(one < other for one, other in itertools.pairwise(found))
    if cron.startswith("30 2 * * *"):
        clocks = {f"{slot.astimezone(ZoneInfo(zone)):%H:%M}" for slot in found[1:]}
        assert clocks <= {"02:30", "03:00"}


def problems(document: Any) -> list[str]:
    try:
        Schedule.written(document)
    except WrongFields as wrong:
        return [f"{pointer}: {problem}" for pointer, problem in wrong.problems]
    return []


NO_CRON = "/cron: must be a cron expression of five fields, such as '0 6 * * *'"
LONG_S = "\u017f"
"""A letter that is an S in upper case."""
NEVER = "/cron: must name a day that comes; none of its months has such a day"
NO_ZONE = "/time_zone: must be the IANA name of a time zone, such as 'Europe/Kyiv'"


@pytest.mark.parametrize(
    "cron",
    ["0 6 * * *", "*/15 * * * *", "0 6 L * *", "0 6 * * MON-FRI", "0 6 1,15 JAN *", "0  6 * *  5#2", "0 0 29 2 *"],
)
def test_a_cron_expression_of_five_fields_is_good(cron: str) -> None:
    assert problems({"cron": cron, "time_zone": KYIV}) == []


@pytest.mark.parametrize(
    "cron",
    [
        "hourly",
        "@daily",
        "* * * *",
        "0 0 6 * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0 5-1 * * *",
        "*/0 * * * *",
        "² * * * *",
        f"0 6 * * {LONG_S}un",
        "0" * 5000,
        f"{'0' * 5000} * * * *",
        f"{'0,' * 500}0 0 31 2 *",
        "a b c d e",
        "0 0 * * 1#6",
        " ",
    ],
)
def test_what_is_no_cron_expression_is_named(cron: str) -> None:
    assert problems({"cron": cron}) == [NO_CRON]


@pytest.mark.parametrize("cron", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6 *", "0 0 31 FEB-FEB *", "* * 30-31 2 *"])
def test_a_day_that_no_month_has_is_told_apart_from_what_is_no_cron_expression(cron: str) -> None:
    assert problems({"cron": cron}) == [NEVER]


def test_a_stored_schedule_is_read_though_the_rule_about_letters_and_length_is_newer() -> None:
    for cron in (f"0 6 * * {LONG_S}un", f"{'0,' * 600}0 6 * * *"):
        assert Schedule(cron=cron).next_slot(utc("01-01 00:00")) > utc("01-01 00:00")


@given(st.text(st.sampled_from("0123456789*/-,L#W?MONJAN ²"), max_size=20) | st.text(max_size=20))
def test_any_text_is_a_cron_expression_or_is_named(cron: str) -> None:
    found = problems({"cron": cron})
    if found:
        assert found in ([NO_CRON], [NEVER], ["/cron: must be a text that is not empty"])
    else:
        assert Schedule(cron=cron, time_zone="UTC").next_slot(utc("01-01 00:00")) > utc("01-01 00:00")


@pytest.mark.parametrize(
    "zone",
    [
        "Kyiv",
        "europe/kyiv",
        "Europe",
        "../Europe/Kyiv",
        "/etc/passwd",
        "UTC+2",
        "Europe/Kyiv ",
        "a\0b",
        "x" * 5000,
        "é",
    ],
)
def test_what_is_no_time_zone_is_named(zone: str) -> None:
    assert problems({"cron": "0 6 * * *", "time_zone": zone}) == [NO_ZONE]


def test_without_a_time_zone_it_is_utc() -> None:
    assert Schedule.written({"cron": "0 6 * * *"}) == Schedule(cron="0 6 * * *", time_zone="UTC")


def test_everything_that_is_wrong_with_a_schedule_is_named_at_once() -> None:
    assert problems({"cron": "x", "time_zone": "y", "z": 1}) == [NO_CRON, NO_ZONE, "/z: is not a known field"]
    assert problems({"time_zone": 5}) == [
        "/cron: must be a text that is not empty",
        "/time_zone: must be a text that is not empty",
    ]


def test_a_slot_has_one_run_id_wherever_and_whenever_it_is_asked_for() -> None:
    slot = utc("11-23 06:00")
    assert slot_run_id("vip", slot) == "20261123t060000z-2ceb"
    assert slot_run_id("vip", slot.astimezone(ZoneInfo(KYIV))) == slot_run_id("vip", slot)
    assert slot_run_id("vop", slot) != slot_run_id("vip", slot)
    assert slot_run_id("vip", slot + timedelta(minutes=1)) != slot_run_id("vip", slot)


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True), moments)
def test_the_run_id_of_a_slot_is_an_id_that_sorts_by_time(export_id: str, slot: datetime) -> None:
    assert is_id(slot_run_id(export_id, slot))
    assert slot_run_id(export_id, slot) < slot_run_id(export_id, slot + timedelta(seconds=1))
