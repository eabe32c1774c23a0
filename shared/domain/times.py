"""Times as documents have them: texts in UTC."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """Return *moment* as documents have it: UTC, ISO 8601 with ``Z``, whole milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_time(text: str) -> datetime:
    """Read back what `utc_text` wrote; raises `ValueError` for a text that is no time, or a time without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("The time says no zone.")
    return moment
