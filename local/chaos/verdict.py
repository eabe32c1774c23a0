"""Compares what a run says, and what a list holds, with the truth, row by row; no I/O."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from local.chaos.truth import Place, Truth

Line = Mapping[str, Any]
"""A line of ``rejections.ndjson`` or ``unconfirmed.ndjson``."""


class Wrong(StrEnum):
    """What can be wrong with a row, or with a run as a whole."""

    LOST = "rows lost"
    """It has no outcome, or its run says that it was accepted and it is not on the list."""
    INVENTED = "rows invented"
    """A profile is on the list, or a rejection stands there, that no row called for."""
    ALTERED = "rows altered"
    """A profile is on the list with other attributes than its row has."""
    REJECTED_TWICE = "rejections twice"
    COUNTED = "tallies wrong"
    REPEATED = "repeats unexplained"
    ENDED = "runs ended otherwise"
    """Not, or not as `partial`, which is how a run of a segment with bad rows ends."""
    TAME = "kills too harmless"
    """Too few of them hit a leg at work, so that all this proves little."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; *where* names a run, a file and a row, never a person."""

    wrong: Wrong
    where: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a run that has ended has left behind."""

    run: Mapping[str, Any]
    rejections: Sequence[Line] = field(repr=False)
    unconfirmed: Sequence[Line] = field(repr=False)

    @property
    def name(self) -> str:
        """Return the run's address."""
        return f"{self.run['export_id']}/{self.run['id']}"

    def leaves_open(self, place: Place) -> bool:
        """Tell whether the run says that it does not know what became of the row."""
        return any(_covers(line["rows"], place) for line in self.unconfirmed)


def judge_run(truth: Truth, story: Story) -> Iterator[Problem]:
    """Yield what is wrong with the ending, the rejections and the tally of a run of a segment with bad rows."""
    if story.run["status"] != "partial":
        error = story.run["error"] or {}
        yield Problem(Wrong.ENDED, f"{story.name} {story.run['status']}: {error.get('detail')}")
        return
    yield from _judge_named(truth, story)
    yield from _judge_late(truth, story)
    yield from _judge_tally(truth, story)


def judge_list(truth: Truth, members: Mapping[str, int], stories: Sequence[Story]) -> Iterator[Problem]:
    """Yield what is wrong with a list after all runs of its export; *members* are prints of attributes by address."""
    name = stories[0].run["export_id"]
    for email, (place, expected) in truth.good.items():
        found = members.get(email)
        if found is None and not all(story.leaves_open(place) for story in stories):
            yield Problem(Wrong.LOST, f"{name}, {_text(place)}: not on the list")
        elif found is not None and found != expected:
            yield Problem(Wrong.ALTERED, f"{name}, {_text(place)}")
    for email in members.keys() - truth.good.keys():
        refused = truth.late.get(email)
        what = f"{_text(refused)}, which Klaviyo refuses" if refused else "a profile of no row of the segment"
        yield Problem(Wrong.INVENTED, f"{name}: {what}")


def _judge_named(truth: Truth, story: Story) -> Iterator[Problem]:
    """Judge the rejections that name their row: ours, and those of Klaviyo that came at once."""
    for refused_by, expected in (("export", truth.bad), ("klaviyo", truth.refused)):
        found = Counter(
            (line["blob"], line["row"])
            for line in story.rejections
            if line["refused_by"] == refused_by and line["row"] is not None
        )
        yield from _compare(story, expected, found)


def _judge_late(truth: Truth, story: Story) -> Iterator[Problem]:
    """Judge the rejections of import jobs: they name the profile, or, where Klaviyo does not, the rows of its batch."""
    late = [line for line in story.rejections if line["refused_by"] == "klaviyo" and line["row"] is None]
    emails = [str(line["fields"].get("email") or "").lower() for line in late]
    found = Counter(truth.late.get(email, ("a profile that was not refused", 0)) for email in emails if email)
    nameless = [line["rows"] for line, email in zip(late, emails, strict=True) if not email]
    for place in sorted(truth.late.values()):
        if place in found:
            continue
        spans = next((spans for spans in nameless if _covers(spans, place)), None)
        if spans is not None:
            nameless.remove(spans)
            found[place] += 1
    yield from _compare(story, {place for place in truth.late.values() if not story.leaves_open(place)}, found)
    for spans in nameless:
        yield Problem(Wrong.INVENTED, f"{story.name}: a rejection without a name within {spans}")


def _compare(story: Story, expected: Iterable[Place], found: "Counter[Place]") -> Iterator[Problem]:
    expected = set(expected)
    for place in sorted(expected - found.keys()):
        yield Problem(Wrong.LOST, f"{story.name}, {_text(place)}: no rejection")
    for place in sorted(found.keys() - expected):
        yield Problem(Wrong.INVENTED, f"{story.name}, {_text(place)}: a rejection")
    for place, times in sorted(found.items()):
        if times > 1:
            yield Problem(Wrong.REJECTED_TWICE, f"{story.name}, {_text(place)}: {times} times")


def _judge_tally(truth: Truth, story: Story) -> Iterator[Problem]:
    """Judge the counts; `unconfirmed` must be just the profiles of the batches that it names."""
    unconfirmed = 0
    for line in story.unconfirmed:
        taken = truth.taken_within(line["rows"])
        unconfirmed += taken
        if line["profiles"] != taken:
            yield Problem(Wrong.COUNTED, f"{story.name}: {line['profiles']} unconfirmed within {line['rows']}: {taken}")
    rejected = len(story.rejections)
    expected = {
        "read": truth.rows,
        "accepted": truth.rows - truth.duplicates - rejected - unconfirmed,
        "unchanged": 0,
        "duplicates": truth.duplicates,
        "rejected": rejected,
        "unconfirmed": unconfirmed,
    }
    for name, count in expected.items():
        if story.run["tally"][name] != count:
            yield Problem(Wrong.COUNTED, f"{story.name}: {name} {story.run['tally'][name]:,}, not {count:,}")
    left_out = story.run["left_out"].get("phone_number", 0)
    if left_out != truth.phones_left_out:
        yield Problem(
            Wrong.COUNTED, f"{story.name}: {left_out:,} phone numbers left out, not {truth.phones_left_out:,}"
        )


def _covers(spans: Iterable[Sequence[Any]], place: Place) -> bool:
    return any(file == place[0] and first <= place[1] <= last for file, first, last in spans)


def _text(place: Place) -> str:
    return f"{place[0]} row {place[1]:,}"
