"""The runs of an export over three months, for the picture of its past."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.identifiers import run_id_at
from shared.domain.runs.run import Checkpoint, Ending, Jobs, Reasons, Run, RunStatus, Source, Tally
from shared.domain.sentences import say

DAYS = 88
FIRST_ROWS, ROWS_A_DAY = 960, 3
BROKEN_DAYS = range(36, 39)
"""So many days ago the segment was written with broken addresses."""
FAILED_DAY = 17


def past_runs(export_id: str, newest: datetime) -> Iterator[Run]:
    """Yield a run for each day before *newest*: the segment grows, is broken for some days, and fails once."""
    for days in range(1, DAYS):
        at = newest - timedelta(days=days)
        if days == FAILED_DAY:
            yield _failed(export_id, at)
            continue
        read = FIRST_ROWS + ROWS_A_DAY * (DAYS - days) - (days * 37) % 50
        rejected = read // 4 if days in BROKEN_DAYS else days % 4 * 3
        yield _ended(export_id, at, read, rejected, seconds=16 + days * 7 % 11)


def _ended(export_id: str, at: datetime, read: int, rejected: int, *, seconds: int) -> Run:
    duplicates = read // 40
    return Run(
        run_id_at(at, "0006"),
        export_id,
        "schedule",
        at,
        status=RunStatus.PARTIAL if rejected else RunStatus.SUCCEEDED,
        started_at=at + timedelta(seconds=2),
        ended_at=at + timedelta(seconds=2 + seconds),
        legs=1,
        source=Source(1, 280 * read, 280 * read),
        checkpoint=Checkpoint(read, 1),
        tally=Tally(read, read - duplicates - rejected, duplicates=duplicates, rejected=rejected),
        reasons=Reasons({"email_invalid": rejected} if rejected else {}),
        jobs=Jobs(1, 1),
        requests=6,
    )


def _failed(export_id: str, at: datetime) -> Run:
    told = say("segment_missing", "Segment '{segment}' does not exist.", segment="vip")
    return Run(
        run_id_at(at, "0006"),
        export_id,
        "schedule",
        at,
        status=RunStatus.FAILED,
        started_at=at + timedelta(seconds=2),
        ended_at=at + timedelta(seconds=4),
        legs=1,
        ending=Ending(RunStatus.FAILED, "configuration", told.detail, told.code, told.params),
    )
