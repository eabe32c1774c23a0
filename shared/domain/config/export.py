"""An export: the customer's wish to have these segments, over this connection, in this list, with this mapping."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from shared.domain.config.mapping import Mapping
from shared.domain.config.reading import Reader
from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError
from shared.domain.identifiers import segment_problem
from shared.domain.profiles.phone import is_region
from shared.domain.runs.run import utc_text

DEFAULT_MAX_REJECTED_SHARE = 0.5
JUDGED_FROM_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run is stopped before it does harm; *max_rows* of None is no limit."""

    max_rejected_share: float = DEFAULT_MAX_REJECTED_SHARE
    max_rows: int | None = None

    def breach(self, *, read: int, rejected: int) -> str | None:
        """Return why *read* rows with *rejected* ones among them must not go on, or None.

        The share is judged from the first 10,000 rows on: a few bad rows at the top say nothing yet.
        """
        if self.max_rows is not None and read > self.max_rows:
            return f"the segments have more than max_rows = {self.max_rows:,} rows"
        if read >= JUDGED_FROM_ROWS and rejected > self.max_rejected_share * read:
            return (
                f"{rejected:,} of the first {read:,} rows were rejected, "
                f"more than max_rejected_share = {self.max_rejected_share:g} allows"
            )
        return None

    def document(self) -> dict[str, Any]:
        """Return the limits as they stand in an export."""
        return {"max_rejected_share": self.max_rejected_share, "max_rows": self.max_rows}

    @classmethod
    def read(cls, reader: Reader) -> "Limits":
        """Read the limits of an export, noting what is wrong in *reader*."""
        share, rows = reader.raw("max_rejected_share"), reader.raw("max_rows")
        share = DEFAULT_MAX_REJECTED_SHARE if share is None else share
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            reader.wrong("max_rejected_share", "must be a number from 0 to 1")
        if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 1):
            reader.wrong("max_rows", "must be a whole number from 1 on, or null")
        reader.allow_only(("max_rejected_share", "max_rows"))
        return cls(share, rows)


REFRESH: Final = "refresh"
"""Stands in an export for the schedule of the app, by which everything is brought up to date."""


@dataclass(frozen=True, slots=True)
class Export:
    """What is configured about one export; *schedule* is None for one that runs on demand only.

    *connection_id* is None for one that is detached: it keeps its configuration and does nothing until it gets
    another connection. *allow_flows*: it is wanted that flows take up those who are added to the list.
    """

    id: str
    display_name: str
    connection_id: str | None
    list_id: str
    segments: tuple[str, ...]
    mapping: Mapping
    phone_region: str | None
    limits: Limits
    schedule: Schedule | Literal["refresh"] | None
    enabled: bool
    allow_flows: bool = False
    created_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None

    def timetable(self, refresh: Schedule | None) -> Schedule | None:
        """Return when it starts by itself, or None when it does not; *refresh* is the schedule of the app."""
        if not self.enabled or self.connection_id is None:
            return None
        return self.schedule if isinstance(self.schedule, Schedule) else self.schedule and refresh

    def connected_to(self) -> str:
        """Return the id of the connection; raises `ConfigurationError` when the export is detached."""
        if self.connection_id is None:
            raise ConfigurationError(
                f"Export '{self.id}' has no connection, since the one that it had was removed; give it another one."
            )
        return self.connection_id

    def saved(self, before: "Export | None", *, by: str, now: datetime) -> "Export":
        """Return the export as it is saved over the one *before*, which is None for a new one."""
        return replace(self, created_at=before.created_at if before else now, changed_at=now, changed_by=by)

    def document(self) -> dict[str, Any]:
        """Return ``exports/{id}.json``."""
        return {
            "schema": 1,
            "id": self.id,
            "display_name": self.display_name,
            "connection_id": self.connection_id,
            "list_id": self.list_id,
            "segments": list(self.segments),
            "mapping": self.mapping.document(),
            "phone_region": self.phone_region,
            "limits": self.limits.document(),
            "allow_flows": self.allow_flows,
            "schedule": self.schedule.document() if isinstance(self.schedule, Schedule) else self.schedule,
            "enabled": self.enabled,
            "created_at": self.created_at and utc_text(self.created_at),
            "changed_at": self.changed_at and utc_text(self.changed_at),
            "changed_by": self.changed_by,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Export":
        """Read ``exports/{id}.json``; raises `ConfigurationError` naming everything that is wrong."""
        reader = Reader(document)
        export = replace(
            cls.read(reader, reader.identifier("id")),
            created_at=reader.optional_moment("created_at"),
            changed_at=reader.optional_moment("changed_at"),
            changed_by=reader.optional_text("changed_by"),
        )
        reader.check("The export")
        return export

    @classmethod
    def read(cls, reader: Reader, export_id: str) -> "Export":
        """Read what somebody decides about an export, noting everything that is wrong in *reader*."""
        segments = reader.texts("segments")
        for index, segment in enumerate(segments):
            if problem := segment_problem(segment):
                reader.wrong("segments", f"the name '{segment[:80]}' {problem}", index=index)
        region = reader.optional_text("phone_region")
        if region and not is_region(region):
            reader.wrong("phone_region", "must be the two letters of a country, such as 'UA'")
        is_detached = "connection_id" in reader.names() and reader.raw("connection_id") is None
        return cls(
            id=export_id,
            display_name=reader.text("display_name"),
            connection_id=None if is_detached else reader.identifier("connection_id"),
            list_id=reader.text("list_id"),
            segments=segments,
            mapping=Mapping.read(reader.nested("mapping")),
            phone_region=region,
            limits=Limits.read(reader.nested("limits")),
            schedule=_schedule(reader),
            enabled=reader.flag("enabled", default=True),
            allow_flows=reader.flag("allow_flows", default=False),
        )


def _schedule(reader: Reader) -> Schedule | Literal["refresh"] | None:
    value = reader.raw("schedule")
    if value is None:
        return None
    if value == REFRESH:
        return REFRESH
    if isinstance(value, dict):
        return Schedule.read(reader.nested("schedule"))
    reader.wrong("schedule", f"must be an object with cron and time_zone, '{REFRESH}', or null")
    return None
