"""Says what the looks for new data have seen, to those who look at an export that waits for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.config.export import Export
from shared.domain.findings import Finding
from shared.domain.sentences import Sentence, say
from shared.domain.sources.new_data.segment_look import SegmentLook

NEVER_ENDS = timedelta(hours=1)
"""A writer that has not finished after so long is told of: perhaps it never will."""


@dataclass(frozen=True, slots=True)
class SeenData:
    """What the looks have seen of the segments of one export.

    *looked_at* is when the segment was looked at that was not looked at for the longest time; None before the first
    look. *written* is when the newest data was written. *waits_for* says what is not complete yet.
    """

    looked_at: datetime | None = None
    written: datetime | None = None
    waits_for: Sentence | None = None


def seen_data(export: Export, looks: Mapping[str, SegmentLook]) -> SeenData:
    """Return what *looks* have seen of the segments of *export*."""
    found = [looks[name] for name in export.segments if name in looks]
    return SeenData(
        min((look.at for look in found), default=None) if len(found) == len(export.segments) else None,
        max((look.written for look in found if look.written), default=None),
        next((look.told for look in found if look.told and not look.is_problem), None),
    )


def findings_of_looks(export: Export, looks: Mapping[str, SegmentLook], now: datetime) -> Iterator[Finding]:
    """Yield what keeps new data from starting *export*, as the *looks* have seen it; nothing for other exports."""
    if not export.waits_for_data:
        return
    for place, segment in enumerate(export.segments):
        look = looks.get(segment)
        if look is None:
            continue
        if look.is_problem and look.told:
            yield Finding.of(look.told, f"/segments/{place}")
        elif look.unfinished_since and look.told and (since := now - look.unfinished_since) >= NEVER_ENDS:
            hours = since // timedelta(hours=1)
            told = say("writer_never_ends", _NEVER_ENDS, segment=segment, hours=hours, why=str(look.told))
            yield Finding.of(told, f"/segments/{place}")
        if look.written and (too_old := export.limits.too_old(segment, now - look.written)):
            yield Finding.of(too_old, "/limits/max_age_hours")


_NEVER_ENDS = (
    "Segment '{segment}' has had new data that is not complete for {hours:,} {hours:hour|hours}, and new data starts a "
    "run only once it is complete: {why} Look whether its writer ever finishes, or give the export a timetable."
)
