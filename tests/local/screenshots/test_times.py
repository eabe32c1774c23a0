"""Pictures show one time, whenever they are made."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.screenshots.times import LEFT, NOW, ZONE, Shift

REAL = datetime(2027, 7, 3, 12, 0, tzinfo=UTC)


def _moved(answer: Any, real: datetime = REAL) -> Any:
    return Shift(real).moved(answer)


@pytest.mark.parametrize("real", [REAL, datetime(2026, 11, 28, 3, 59, tzinfo=UTC), NOW - timedelta(days=40)])
def test_the_next_runs_are_the_next_after_that_time_at_the_same_hour_in_kyiv(real: datetime) -> None:
    tomorrow = real.astimezone(ZoneInfo(ZONE)).replace(hour=6, minute=0) + timedelta(days=1)
    runs = [(tomorrow + timedelta(days=n)).astimezone(UTC).isoformat() for n in range(5)]

    shown = _moved({"next_run": runs[0], "next_runs": runs}, real)

    assert shown["next_runs"] == [f"2026-11-{day}T04:00:00Z" for day in range(24, 29)]
    assert shown["next_run"] == shown["next_runs"][0]


def test_weekly_runs_keep_their_day() -> None:
    mondays = ["2027-07-05T05:00:00Z", "2027-07-12T05:00:00Z"]

    shown = _moved({"next_runs": mondays})

    assert shown["next_runs"] == ["2026-11-30T06:00:00Z", "2026-12-07T06:00:00Z"]


def test_what_happened_lately_keeps_its_distance_and_what_the_story_tells_stays() -> None:
    lately = f"{REAL - timedelta(seconds=100):%Y-%m-%dT%H:%M:%SZ}"
    answer = {"run": {"started_at": lately, "ended_at": "2026-11-20T04:00:00Z", "id": "x", "seconds_left": 9}}

    shown = _moved(answer)["run"]

    assert shown == {
        "started_at": "2026-11-23T07:28:20Z",
        "ended_at": "2026-11-20T04:00:00Z",
        "id": "x",
        "seconds_left": LEFT,
    }


def test_segments_were_written_early_that_day() -> None:
    assert Shift(REAL).moved(["2027-07-03T11:59:58Z"], of_segments=True) == ["2026-11-23T03:30:00Z"]
