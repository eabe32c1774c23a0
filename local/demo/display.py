"""The text that the demonstration shows: the progress of a run as a line, its result as a table; no I/O."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SHOWN_REASONS = 8
OUTCOMES = ("accepted", "unchanged", "duplicates", "rejected", "unconfirmed")


def progress_line(run: Mapping[str, Any], now: datetime) -> str:
    """Return one line with the progress of *run*, a run document, at *now*."""
    read, jobs = run["tally"]["read"], run["jobs"]
    seconds = _export_seconds(run, now)
    parts = [
        f"{run['status']:<10}",
        f"{read:>11,} rows",
        f"{read / seconds if seconds else 0:>9,.0f} rows/s",
        f"{run['checkpoint']['batches']:>5,} batches",
        f"{jobs['ended']:,}/{jobs['submitted']:,} jobs",
    ]
    done, size = read, run["source"].get("rows")
    if size is None:
        done, size = run["source"]["bytes_read"], run["source"]["bytes"]
    if run["status"] == "exporting" and done:
        parts.append(f"about {(size - done) / done * seconds:,.0f} s left to read")
    if run["waiting"]:
        parts.append(f"waits: {run['waiting']['reason']}")
    return "  ".join(parts)


def segment_line(segment: Mapping[str, Any]) -> str:
    """Return what the app found in the folder of *segment*, an answer of `GET /segments`."""
    state = f", of which {segment['state']} is read" if segment["state"] else ""
    columns = ", ".join(f"{name} ({kind})" for name, kind in segment["types"].items()) or ", ".join(segment["columns"])
    return f"Segment {segment['name']}: {segment['layout']}{state}. Columns: {columns}."


def _export_seconds(run: Mapping[str, Any], now: datetime) -> float:
    """Return for how many seconds the run has exported, or had exported when it began to settle."""
    if not run["started_at"]:
        return 0.0
    until = datetime.fromisoformat(run["settling_since"]) if run["settling_since"] else now
    return max(0.0, (until - datetime.fromisoformat(run["started_at"])).total_seconds())


@dataclass(slots=True)
class Rejected:
    """Counts of the rejected rows by reason, with the place of one such row as an example. Mutable."""

    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, rejection: Mapping[str, Any]) -> None:
        """Count one rejected row."""
        key = (rejection["refused_by"], rejection["reason"])
        self.reasons[key] += 1
        self.examples.setdefault(key, _place(rejection))


@dataclass(frozen=True, slots=True)
class ListState:
    """The list after the run: the number of profiles, and a few of them."""

    profiles: int
    some: tuple[Mapping[str, Any], ...]


def summary(
    run: Mapping[str, Any], rejected: Rejected, *, seconds: float, requests: int, state: ListState | None
) -> Iterator[str]:
    """Yield the lines of the result.

    *seconds* is the duration of the run, *requests* the number of import requests.
    """
    tally = run["tally"]
    yield ""
    yield f"Run {run['id']} of export {run['export_id']}: {run['status']}"
    if run["error"]:
        yield f"  {run['error']['detail']}"
    yield f"  rows read      {tally['read']:>12,}"
    for outcome in OUTCOMES:
        yield f"  {outcome:<14} {tally[outcome]:>12,}"
    yield from (f"  warning: {warning['detail']}" for warning in run["warnings"])
    yield f"  {seconds:,.1f} seconds, {requests:,} import requests, {run['jobs']['submitted']:,} jobs"
    yield from _reasons(rejected)
    if state:
        yield from _list(state)


def is_balanced(tally: Mapping[str, int]) -> bool:
    """Return whether every row that was read has an outcome."""
    return tally["read"] == sum(tally[outcome] for outcome in OUTCOMES)


def _reasons(rejected: Rejected) -> Iterable[str]:
    if rejected.reasons:
        yield ""
        yield "Rejected rows:"
    for (refused_by, reason), count in rejected.reasons.most_common(SHOWN_REASONS):
        who = "Klaviyo" if refused_by == "klaviyo" else "export"
        yield f"  {count:>8,}  {reason:<22} by {who:<8} such as {rejected.examples[(refused_by, reason)]}"
    if len(rejected.reasons) > SHOWN_REASONS:
        yield f"  … and {len(rejected.reasons) - SHOWN_REASONS} more reasons"


def _list(state: ListState) -> Iterable[str]:
    yield ""
    yield f"The list has {state.profiles:,} profiles" + (", such as:" if state.some else ".")
    for profile in state.some:
        yield f"  {profile.get('email')}  {profile.get('first_name', '')} {profile.get('last_name', '')}".rstrip()


def _place(rejection: Mapping[str, Any]) -> str:
    if rejection["row"] is not None:
        return f"{rejection['blob']} row {rejection['row']:,}"
    blob, first, last = rejection["rows"][0]
    return f"one of {blob} rows {first:,} to {last:,}"
