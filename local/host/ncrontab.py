"""NCRONTAB, the schedules of timer triggers: five fields, or six with the seconds first; times are UTC."""

import re
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

_NAMES = (
    " SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY"
    " JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"
)
_SHORTEST_NAME = 3
_FIELD = re.compile(r"[0-9A-Z*,/-]+")


class BadSchedule(ValueError):
    """The text is not an NCRONTAB expression; the message says why."""


class Schedule:
    """An NCRONTAB expression.

    The fields follow Debian's cron with three differences: names may have more than three letters, Sunday is 0 only,
    and a day must match the day of the month *and* the day of the week.
    """

    def __init__(self, text: str) -> None:
        fields = text.upper().split()
        if len(fields) not in {5, 6}:
            raise BadSchedule(f"'{text}' has {len(fields)} fields; five or six are needed")
        for place, value in enumerate(fields):
            if not _FIELD.fullmatch(value):
                raise BadSchedule(f"'{value}' cannot be a field of a schedule")
            fields[place] = re.sub("[A-Z]+", _short_name, value)
        if "7" in re.split("[,/-]", fields[-1]):
            raise BadSchedule("the days of the week are 0 (Sunday) to 6")
        self._expression = " ".join(fields)
        self._iterate(datetime(2000, 1, 1, tzinfo=UTC))

    def after(self, moment: datetime) -> datetime | None:
        """Return the first time of the schedule that is later than *moment* (in UTC), or None if there is none."""
        return next(self._iterate(moment), None)

    def _iterate(self, moment: datetime) -> CronSim:
        try:
            times = CronSim(self._expression, moment.astimezone(UTC))
        except CronSimError as error:
            raise BadSchedule(f"{str(error).lower()} in '{self._expression}'") from error
        times.day_and = True
        return times


def _short_name(match: re.Match[str]) -> str:
    name = match[0]
    if len(name) < _SHORTEST_NAME or f" {name}" not in _NAMES:
        raise BadSchedule(f"'{name}' is neither a day nor a month")
    return name[:_SHORTEST_NAME]
