"""When an export is due: by a cron expression in a time zone, or whenever new data is there.

Daylight saving follows Debian's cron. A job for a fixed time that the clock skips in spring runs right after the gap;
one whose time the clock repeats in autumn runs once. A job whose minute or hour begins with ``*`` goes by elapsed time.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import BeforeValidator, ValidationInfo

from shared.domain.config.document_model import Model
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import Described, text_of
from shared.domain.identifiers import run_id_at
from shared.domain.sentences import say

NEW_DATA: Final = "new_data"
"""The trigger of the runs that new data starts, as it stands in the schedule of their exports."""
CRON_FIELDS = 5
_INSTANT = timedelta(microseconds=1)
MAX_CRON = 1_000
"""An expression that lists every minute, hour, day and month has about 400 characters."""


def _cron(value: Any, info: ValidationInfo) -> str:
    text = text_of(value)
    # What is stored may be older than the rule about length and letters.
    if _is_cron(text) and (not info.context or (text.isascii() and len(text) <= MAX_CRON)):
        return text
    if _never_comes(text):
        raise wrong(say("cron_never_comes", "must name a day that comes; none of its months has such a day"))
    raise wrong(say("not_a_cron_expression", "must be a cron expression of five fields, such as '0 6 * * *'"))


def _time_zone(value: Any) -> str:
    text = text_of(value)
    if _is_time_zone(text):
        return text
    raise wrong(say("not_a_time_zone", "must be the IANA name of a time zone, such as 'Europe/Kyiv'"))


class Schedule(Model):
    """A five-field cron expression and the IANA name of the time zone that it is meant in."""

    WHAT = "The schedule"

    cron: Annotated[str, BeforeValidator(_cron), Described(minLength=1, written={"maxLength": MAX_CRON})]
    time_zone: Annotated[str, BeforeValidator(_time_zone), Described(minLength=1)] = "UTC"

    def document(self) -> dict[str, str]:
        """Return the schedule as it stands in an export."""
        return self.model_dump()

    def latest_slot(self, after: datetime, now: datetime) -> datetime | None:
        """Return the latest time (UTC) after *after* and not after *now* at which the export was due, or None."""
        zone = ZoneInfo(self.time_zone)
        until = (now + timedelta(minutes=1)).replace(second=0, microsecond=0).astimezone(zone)
        if until.fold:  # in the hour that the clock repeats, a slot may stand later on the clock and yet lie behind us
            until += timedelta(hours=1)
        for slot in CronSim(self.cron, until, reverse=True):
            due = slot.astimezone(UTC)
            if due <= now:
                return due if due > after else None
        return None  # pragma: no cover - a cron expression has slots without end

    def slots_between(self, after: datetime, until: datetime, *, most: int) -> list[datetime]:
        """Return the times (UTC) after *after* and before *until* at which the export was due; the last *most* of them.

        The times are in order, oldest first.
        """
        slots: list[datetime] = []
        slot = self.latest_slot(after, until - _INSTANT)
        while slot is not None and len(slots) < most:
            slots.append(slot)
            slot = self.latest_slot(after, slot - _INSTANT)
        return slots[::-1]

    def next_slot(self, after: datetime) -> datetime:
        """Return the first time (UTC) after *after* at which the export is due."""
        slots = CronSim(self.cron, after.astimezone(ZoneInfo(self.time_zone)))
        return next(due for slot in slots if (due := slot.astimezone(UTC)) > after)


class OnNewData(Model):
    """The schedule ``{"on": "new_data"}``: the export starts whenever its segments have new data."""

    WHAT = "The schedule"

    on: Literal["new_data"]

    def document(self) -> dict[str, str]:
        """Return the schedule as it stands in an export."""
        return self.model_dump()


def slot_run_id(export_id: str, slot: datetime) -> str:
    """Return the id of the run of *export_id* for *slot*: always the same one, so that a double tick makes one run."""
    slot = slot.astimezone(UTC)
    digest = hashlib.sha256(f"{export_id}|{slot.isoformat()}".encode()).hexdigest()
    return run_id_at(slot, digest[:4])


def _is_cron(text: str) -> bool:
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration, ValueError):  # ValueError: Python reads no number of thousands of digits
        return False
    return len(text.split()) == CRON_FIELDS


def _never_comes(text: str) -> bool:
    """Tell whether each field of *text* is good, and yet no month has such a day, as in ``0 0 31 2 *``."""
    if len(text) > MAX_CRON or len(fields := text.split()) != CRON_FIELDS:
        return False
    minute, hour, day, month, weekday = fields
    in_january, on_the_first = (minute, hour, day, "1", weekday), (minute, hour, "1", month, weekday)
    return not _is_cron(text) and all(_is_cron(" ".join(each)) for each in (in_january, on_the_first))


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
