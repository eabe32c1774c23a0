"""Reads what Klaviyo says about import jobs and about the rows that they refused."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from shared.adapters.klaviyo.client.json_api import attributes, error_code, error_detail, resource, unexpected
from shared.domain.runs.receipt import ImportFault, JobReport


class NewJob(NamedTuple):
    """The job that Klaviyo made of an import; *created_at* is a time in ISO 8601, None where Klaviyo gives none."""

    job_id: str
    created_at: str | None


def read_new_job(body: bytes) -> NewJob:
    """Return the job in the answer to an import; raises `ContractBroken` when the answer does not name one."""
    job = resource(body)
    try:
        created_at = _time(attributes(job)["created_at"]).isoformat()
    except (KeyError, TypeError, ValueError):
        created_at = None  # the id alone proves that Klaviyo took the profiles
    return NewJob(job["id"], created_at)


def read_job_report(item: dict[str, Any]) -> JobReport:
    """Return what the resource *item* says of an import job; raises `ContractBroken`."""
    found = attributes(item)
    with suppress(KeyError, TypeError, ValueError):  # these repeat what Klaviyo wrote, so no error is chained to them
        return JobReport(
            job_id=_text(item["id"]),
            status=_text(found["status"]),
            created_at=_time(found["created_at"]),
            completed=int(found.get("completed_count") or 0),
            failed=int(found.get("failed_count") or 0),
            total=int(found.get("total_count") or 0),
        )
    raise unexpected("an import job")


def read_import_fault(item: dict[str, Any]) -> ImportFault:
    """Return the row that the resource *item*, an ``import-error``, is about.

    Klaviyo gives the profile as ``original_payload``: with ``attributes`` around its fields, without, or not at all.
    """
    found = attributes(item)
    payload = found.get("original_payload")
    fields = payload.get("attributes", payload) if isinstance(payload, dict) else {}
    return ImportFault(
        reason=error_code(found),
        detail=error_detail(found),
        fields=fields if isinstance(fields, dict) else {},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
