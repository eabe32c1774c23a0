"""What ``make demo ARGS=--stay`` leaves in the browser: the run of the demonstration, with the numbers that it has."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from local.demo.options import SEGMENT, sample_options
from local.demo.system import EXPORT_ID, SECRET_NAME, export_document
from shared.domain.runs.life.run_life import Sample
from shared.domain.runs.run import Checkpoint, Jobs, Reasons, Run, RunStatus, Source, Tally
from shared.domain.times import utc_text
from shared.store.paths import LAST_TICK, export_path, index_path, run_path

RUN = "20261123t072900z-0001"
ROWS, DUPLICATES = 100_000, 1_022
REASONS = {"email_invalid": 718, "email_missing": 166, "invalid": 83}


def documents(real: datetime) -> Iterator[tuple[str, list[Any]]]:
    """Yield the path and the lines of what the app keeps; the run ended shortly before the *real* time."""
    demo, run = sample_options(ROWS), _run(real - timedelta(seconds=20))
    yield LAST_TICK, [{"schema": 1, "at": utc_text(real)}]
    consent = {"accepted": True, "accepted_by": "demo", "accepted_at": None, "text": "2026-11"}
    connection = {"schema": 1, "id": "demo", "display_name": "Demo", "secret_name": SECRET_NAME, "consent": consent}
    yield "connections/demo.json", [connection]
    yield "list-names/demo.json", [{"schema": 1, "names": {demo.list_id: "Demo list"}}]
    yield export_path(EXPORT_ID), [export_document(demo)]
    yield run_path(EXPORT_ID, RUN), [run.document()]
    yield index_path(EXPORT_ID, RUN), [{"schema": 1, "export_id": EXPORT_ID, "run_id": RUN}]


def _run(ended: datetime) -> Run:
    started = ended - timedelta(seconds=10)
    rejected = sum(REASONS.values())
    samples = tuple(Sample(started + timedelta(seconds=n), ROWS * n // 6, 0, 5 * n) for n in range(7))
    return Run(
        RUN,
        EXPORT_ID,
        "http",
        started,
        requested_by="A caller with a function key",
        status=RunStatus.PARTIAL,
        started_at=started,
        ended_at=ended,
        legs=1,
        source=Source(1, 28_900_000, 28_900_000, files=(f"{SEGMENT}/rows.ndjson",)),
        checkpoint=Checkpoint(ROWS, 10),
        tally=Tally(ROWS, ROWS - DUPLICATES - rejected, duplicates=DUPLICATES, rejected=rejected),
        reasons=Reasons(REASONS),
        jobs=Jobs(10, 10),
        requests=36,
        samples=samples,
    )
