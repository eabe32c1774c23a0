"""Compares the documents of a run and the members of a list with the expected rows; no I/O."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from local.chaos.expected import Expected, Place

Line = Mapping[str, Any]
"""A line of ``rejections.ndjson`` or ``unconfirmed.ndjson``."""


class ProblemKind(StrEnum):
    """The kinds of problems of a row, a run or the whole test."""

    LOST = "rows lost"
    """A row has no outcome, or its run counts it as accepted and the list does not have it."""
    INVENTED = "rows invented"
    """The list has a profile, or the run a rejection, that belongs to no row."""
    ALTERED = "rows altered"
    """A profile on the list has other attributes than its row."""
    REJECTED_TWICE = "rejections twice"
    COUNTED = "tallies wrong"
    REPEATED = "repeats unexplained"
    ENDED = "runs ended otherwise"
    """A run has not ended, or not as it must: `partial`, `cancelled` if somebody asked for that, or refused."""
    AT_ONCE = "runs at once"
    """A double click started two runs, or a run of an export began before the one before had ended."""
    TOO_HARMLESS = "kills too harmless"
    """Too few kills hit a leg at work, so the test proves little."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; *where* names a run, a file and a row, never a person."""

    kind: ProblemKind
    where: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """The documents of a run that has ended; *done* is what a cancelled run has done, None stands for all rows."""

    run: Mapping[str, Any]
    rejections: Sequence[Line] = field(repr=False)
    unconfirmed: Sequence[Line] = field(repr=False)
    done: Expected | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Return the run's name: export id and run id."""
        return f"{self.run['export_id']}/{self.run['id']}"

    def leaves_open(self, email: str, place: Place) -> bool:
        """Return whether the run does not say that it brought the row with *email* to the list."""
        return (self.done is not None and email not in self.done.good) or self.is_unconfirmed(place)

    def is_unconfirmed(self, place: Place) -> bool:
        """Return whether the row is in a batch that the run reports as unconfirmed."""
        return any(_covers(line["rows"], place) for line in self.unconfirmed)


def check_run(expected: Expected, result: RunResult) -> Iterator[Problem]:
    """Yield the problems of a run's ending, rejections and tally; the run's segment has bad rows.

    *expected* is about the rows that the run has done: for a run that was cancelled, the first rows alone.
    """
    if result.run["status"] not in ("partial", "cancelled"):
        error = result.run["error"] or {}
        yield Problem(ProblemKind.ENDED, f"{result.name} {result.run['status']}: {error.get('detail')}")
        return
    yield from _check_named(expected, result)
    yield from _check_late(expected, result)
    yield from _check_tally(expected, result)


def check_refused(refusal: str, result: RunResult) -> Iterator[Problem]:
    """Yield the problems of a run that must fail with the sentence *refusal*, unless it was cancelled before."""
    error = result.run["error"] or {}
    if result.run["status"] != "cancelled" and (result.run["status"], error.get("code")) != ("failed", refusal):
        yield Problem(ProblemKind.ENDED, f"{result.name} {result.run['status']}: {error.get('detail')}")
    if any(result.run["tally"].values()) or result.rejections or result.unconfirmed:
        yield Problem(ProblemKind.INVENTED, f"{result.name}: outcomes of rows that nobody could read")


def check_order(results: Sequence[RunResult]) -> Iterator[Problem]:
    """Yield each run of an export that began before the run before it had ended."""
    began = sorted((each for each in results if each.run["started_at"]), key=lambda each: str(each.run["started_at"]))
    for before, after in pairwise(began):
        if after.run["started_at"] < before.run["ended_at"]:
            yield Problem(ProblemKind.AT_ONCE, f"{after.name} began before {before.run['id']} had ended")


def check_list(expected: Expected, members: Mapping[str, int], results: Sequence[RunResult]) -> Iterator[Problem]:
    """Yield the problems of a list after all runs of its export; *members*: address → hash of the attributes."""
    name = results[0].run["export_id"]
    for email, (place, expected_hash) in expected.good.items():
        found = members.get(email)
        if found is None and not all(result.leaves_open(email, place) for result in results):
            yield Problem(ProblemKind.LOST, f"{name}, {_text(place)}: not on the list")
        elif found is not None and found != expected_hash:
            yield Problem(ProblemKind.ALTERED, f"{name}, {_text(place)}")
    for email in members.keys() - expected.good.keys():
        refused = expected.late.get(email)
        what = f"{_text(refused)}, which Klaviyo refuses" if refused else "a profile of no row of the segment"
        yield Problem(ProblemKind.INVENTED, f"{name}: {what}")


def _check_named(expected: Expected, result: RunResult) -> Iterator[Problem]:
    """Check the rejections that name their row: those of the export, and Klaviyo's immediate ones."""
    for refused_by, places in (("export", expected.bad), ("klaviyo", expected.refused)):
        found = Counter(
            (line["blob"], line["row"])
            for line in result.rejections
            if line["refused_by"] == refused_by and line["row"] is not None
        )
        yield from _compare(result, places, found)


def _check_late(expected: Expected, result: RunResult) -> Iterator[Problem]:
    """Check the rejections of import jobs.

    Such a rejection names the profile, or the rows of its batch when Klaviyo names no profile.
    """
    late = [line for line in result.rejections if line["refused_by"] == "klaviyo" and line["row"] is None]
    emails = [str(line["fields"].get("email") or "").lower() for line in late]
    found = Counter(expected.late.get(email, ("a profile that was not refused", 0)) for email in emails if email)
    nameless = [line["rows"] for line, email in zip(late, emails, strict=True) if not email]
    for place in sorted(expected.late.values()):
        if place in found:
            continue
        spans = next((spans for spans in nameless if _covers(spans, place)), None)
        if spans is not None:
            nameless.remove(spans)
            found[place] += 1
    yield from _compare(result, {place for place in expected.late.values() if not result.is_unconfirmed(place)}, found)
    for spans in nameless:
        yield Problem(ProblemKind.INVENTED, f"{result.name}: a rejection without a name within {spans}")


def _compare(result: RunResult, places: Iterable[Place], found: "Counter[Place]") -> Iterator[Problem]:
    expected = set(places)
    for place in sorted(expected - found.keys()):
        yield Problem(ProblemKind.LOST, f"{result.name}, {_text(place)}: no rejection")
    for place in sorted(found.keys() - expected):
        yield Problem(ProblemKind.INVENTED, f"{result.name}, {_text(place)}: a rejection")
    for place, times in sorted(found.items()):
        if times > 1:
            yield Problem(ProblemKind.REJECTED_TWICE, f"{result.name}, {_text(place)}: {times} times")


def _check_tally(expected: Expected, result: RunResult) -> Iterator[Problem]:
    """Check the counts; `unconfirmed` must equal the number of profiles of the unconfirmed batches."""
    unconfirmed = 0
    for line in result.unconfirmed:
        taken = expected.taken_within(line["rows"])
        unconfirmed += taken
        if line["profiles"] != taken:
            yield Problem(
                ProblemKind.COUNTED, f"{result.name}: {line['profiles']} unconfirmed within {line['rows']}: {taken}"
            )
    rejected = len(result.rejections)
    tally = {
        "read": expected.rows,
        "accepted": expected.rows - expected.duplicates - rejected - unconfirmed,
        "unchanged": 0,
        "duplicates": expected.duplicates,
        "rejected": rejected,
        "unconfirmed": unconfirmed,
    }
    for name, count in tally.items():
        if result.run["tally"][name] != count:
            yield Problem(ProblemKind.COUNTED, f"{result.name}: {name} {result.run['tally'][name]:,}, not {count:,}")
    left_out = result.run["left_out"].get("phone_number", 0)
    if left_out != expected.phones_left_out:
        yield Problem(
            ProblemKind.COUNTED, f"{result.name}: {left_out:,} phone numbers left out, not {expected.phones_left_out:,}"
        )


def _covers(spans: Iterable[Sequence[Any]], place: Place) -> bool:
    return any(file == place[0] and first <= place[1] <= last for file, first, last in spans)


def _text(place: Place) -> str:
    return f"{place[0]} row {place[1]:,}"
