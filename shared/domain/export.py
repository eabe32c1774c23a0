"""An export: the customer's wish to have these segments, over this connection, in this list, with this mapping."""

from dataclasses import dataclass
from typing import Any

from shared.domain.identifiers import segment_problem
from shared.domain.mapping import Mapping
from shared.domain.phone import is_region
from shared.domain.reading import Reader
from shared.domain.schedule import Schedule

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


@dataclass(frozen=True, slots=True)
class Export:
    """What is configured about one export; *schedule* is None for one that runs on demand only.

    *allow_flows*: it is wanted that flows take up those who are added to the list.
    """

    id: str
    display_name: str
    connection_id: str
    list_id: str
    segments: tuple[str, ...]
    mapping: Mapping
    phone_region: str | None
    limits: Limits
    schedule: Schedule | None
    enabled: bool
    allow_flows: bool = False

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Export":
        """Read ``exports/{id}.json``; raises `ConfigurationError` naming everything that is wrong."""
        reader = Reader(document)
        segments = reader.texts("segments")
        for segment in segments:
            if problem := segment_problem(segment):
                reader.wrong("segments", f"the name '{segment[:80]}' {problem}")
        mapping = Mapping.read(reader.nested("mapping"))
        schedule = None if reader.raw("schedule") is None else Schedule.read(reader.nested("schedule"))
        limits = Limits.read(reader.nested("limits"))
        ids = {name: reader.identifier(name) for name in ("id", "connection_id")}
        fields = {name: reader.text(name) for name in ("display_name", "list_id")}
        region = reader.optional_text("phone_region")
        if region and not is_region(region):
            reader.wrong("phone_region", "must be the two letters of a country, such as 'UA'")
        enabled = reader.flag("enabled", default=True)
        allow_flows = reader.flag("allow_flows", default=False)
        reader.check("The export")
        return cls(
            **ids,
            **fields,
            segments=segments,
            mapping=mapping,
            phone_region=region,
            limits=limits,
            schedule=schedule,
            enabled=enabled,
            allow_flows=allow_flows,
        )
