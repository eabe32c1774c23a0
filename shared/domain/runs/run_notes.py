"""What was noted about the values and lines of a run, as the document of the run stores it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.config.field_types import Count
from shared.domain.profiles.note_reasons import LEFT_OUT, Effect, reason_of
from shared.domain.profiles.value_notes import Noted, Place, ValueNotes

OLDER = "cannot_be_sent"
"""The reason of values that a release without notes left out."""


@dataclass(frozen=True, slots=True)
class RunNote:
    """How many values of *field* were noted for *reason*, and what became of them.

    *field* is empty for what is noted about whole rows. *places* are the first few rows.
    """

    field: str
    reason: str
    effect: Effect
    count: Count
    places: tuple[Place, ...] = ()


def with_notes(before: Iterable[RunNote], more: ValueNotes) -> tuple[RunNote, ...]:
    """Return the notes *before* with *more* added."""
    together = counted(before)
    together.update(more)
    return tuple(_run_note(name, reason, noted) for (name, reason), noted in together.noted.items())


def counted(notes: Iterable[RunNote]) -> ValueNotes:
    """Return *notes* as counts to which more can be added."""
    return ValueNotes({(each.field, each.reason): Noted(each.count, [*each.places]) for each in notes})


def left_out_by_reason(notes: Iterable[RunNote], left_out: Mapping[str, int]) -> Counter[str]:
    """Return how many values were left out, by reason; together as many as *left_out* counts by field.

    A release without notes may have counted more: the reason of those values is ``cannot_be_sent``.
    """
    counts = Counter[str]()
    for note in notes:
        if note.field and note.effect == LEFT_OUT:
            counts[note.reason] += note.count
    if (older := sum(left_out.values()) - counts.total()) > 0:
        counts[OLDER] += older
    return counts


def _run_note(name: str, reason: str, noted: Noted) -> RunNote:
    return RunNote(name, reason, reason_of(reason, of_a_row=not name).effect, noted.count, tuple(noted.places))
