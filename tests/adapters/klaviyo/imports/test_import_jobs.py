"""What Klaviyo says about its import jobs is read as far as it goes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.klaviyo.import_jobs import read_import_fault, read_job_report
from shared.domain.errors import ContractBroken
from shared.domain.runs.receipt import ImportFault, JobReport


def _job(**attributes: Any) -> dict[str, Any]:
    found = {"status": "complete", "created_at": "2026-11-23T06:00:00+00:00", "completed_count": 9, "failed_count": 1}
    return {"type": "profile-bulk-import-job", "id": "job-1", "attributes": {**found, **attributes}}


def test_a_job_is_read() -> None:
    created = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert read_job_report(_job()) == JobReport("job-1", "complete", created, 9, 1)


@pytest.mark.parametrize("status", ["queued", "processing", "cancelled", "reconciling", "on fire"])
def test_a_job_may_have_a_status_that_nobody_knows(status: str) -> None:
    assert read_job_report(_job(status=status)).status == status


def test_a_job_that_counts_nothing_yet_counts_none() -> None:
    report = read_job_report(_job(completed_count=None, failed_count=None))
    assert (report.completed, report.failed) == (0, 0)


@pytest.mark.parametrize("time", ["2026-11-23T06:00:00Z", "2026-11-23T06:00:00.000000+00:00", "2026-11-23T06:00:00"])
def test_times_are_utc_unless_they_say_otherwise(time: str) -> None:
    assert read_job_report(_job(created_at=time)).created_at == datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "job-1"},
        {"id": "job-1", "attributes": []},
        {**_job(), "id": 7},
        {**_job(), "id": None},
        _job(status=None),
        _job(status=7),
        _job(created_at=None),
        _job(created_at="yesterday"),
        _job(failed_count="many"),
        _job(failed_count=[1]),
    ],
)
def test_a_job_of_another_shape_breaks_the_contract(item: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken, match="not an import job"):
        read_job_report(item)


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        (
            {"code": "invalid", "detail": "No.", "original_payload": {"type": "profile", "attributes": {"email": "x"}}},
            ImportFault("invalid", "No.", {"email": "x"}),
        ),
        ({"detail": "No.", "original_payload": {"email": "x"}}, ImportFault("invalid", "No.", {"email": "x"})),
        ({"title": "No.", "original_payload": None}, ImportFault("invalid", "No.", {})),
        ({"title": "No.", "original_payload": "x@example.com"}, ImportFault("invalid", "No.", {})),
        ({"title": "No.", "original_payload": {"attributes": None}}, ImportFault("invalid", "No.", {})),
        ({"code": "late", "title": "No."}, ImportFault("late", "No.", {})),
        ({}, ImportFault("invalid", "", {})),
    ],
)
def test_an_import_error_is_read_as_far_as_it_goes(attributes: dict[str, Any], fault: ImportFault) -> None:
    assert read_import_fault({"type": "import-error", "id": "1", "attributes": attributes}) == fault
