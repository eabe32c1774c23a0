"""The time that all pictures show: a Monday morning, whenever they are made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

ZONE = "Europe/Kyiv"
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
"""Half past nine in Kyiv. The browser's clock stands still there."""
LEFT = 64
"""The seconds that the run at work has left."""
_WRITTEN = NOW - timedelta(hours=4)
_FRESH = timedelta(hours=1)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves answers of the app to `NOW`, which the real clock calls *real*."""

    real: datetime

    def moved(self, answer: Any, *, of_segments: bool = False) -> Any:
        """Return *answer*, JSON of the app, with its times moved.

        The next runs are the next ones after `NOW`. What happened lately keeps its distance from now; the files of
        segments were all written early that day. Other times are those of the story, and stay.
        """
        if isinstance(answer, list):
            return [self.moved(value, of_segments=of_segments) for value in answer]
        if isinstance(answer, dict):
            rest = {name: self.moved(value, of_segments=of_segments) for name, value in answer.items()}
            if runs := answer.get("next_runs"):
                rest["next_runs"] = _next_runs([datetime.fromisoformat(run) for run in runs])
                rest["next_run"] = rest["next_runs"][0]
            if answer.get("seconds_left"):
                rest["seconds_left"] = LEFT
            return rest
        if isinstance(answer, str) and _MOMENT.fullmatch(answer):
            away = datetime.fromisoformat(answer) - self.real
            if abs(away) < _FRESH:
                return _text(_WRITTEN if of_segments else NOW + away)
        return answer


def _next_runs(runs: Sequence[datetime]) -> list[str]:
    """Return *runs* earlier or later by whole days, or whole weeks where they lie a week apart, in the time of Kyiv."""
    local = [run.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) for run in runs]
    start = NOW.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    step = _WEEK if any(later - run > _DAY * 6 for run, later in pairwise(local)) else _DAY
    away = (local[0] - start) // step * step
    return [_text((run - away).replace(tzinfo=ZoneInfo(ZONE))) for run in local]


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
