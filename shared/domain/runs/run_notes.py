"""What was noted about the values and lines of a run, as the document of the run stores it."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.config.field_types import Count
from shared.domain.profiles.note_reasons import Effect, reason_of
from shared.domain.profiles.value_notes import Noted, Place, ValueNotes


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


def _run_note(name: str, reason: str, noted: Noted) -> RunNote:
    return RunNote(name, reason, reason_of(reason, of_a_row=not name).effect, noted.count, tuple(noted.places))
