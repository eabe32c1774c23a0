"""Sentences about values and rows that were noted: one for each field and reason."""

from collections.abc import Iterator, Mapping

from shared.domain.profiles.note_reasons import CHANGED, LEFT_OUT, SENT, Effect, reason_of
from shared.domain.profiles.value_notes import Noted, ValueNotes
from shared.domain.sentences import Sentence, Value, say

_ORDER = (LEFT_OUT, CHANGED, SENT)
_TOLD: Mapping[Effect, tuple[str, str, str]] = {
    "left_out": (
        "values_left_out",
        "it was left out, and its row went without it",
        "they were left out, and their rows went without them",
    ),
    "changed": ("values_changed", "", ""),
    "sent": ("values_sent_as_they_are", "it was sent as it is", "they were sent as they are"),
}
_FORESEEN: Mapping[Effect, tuple[str, str, str]] = {
    "left_out": (
        "values_to_leave_out",
        "a run leaves it out and sends the row without it",
        "a run leaves them out and sends the rows without them",
    ),
    "changed": ("values_to_change", "", ""),
    "sent": ("values_to_send_as_they_are", "a run sends it as it is", "a run sends them as they are"),
}
"""For each effect: the code of the sentence, and what becomes of one value and of several."""


def tell_of_notes(notes: ValueNotes, left_out: Mapping[str, int]) -> list[Sentence]:
    """Return a sentence for each field and reason that a run has *notes* of.

    *left_out* counts the values that were left out, by field; it counts more than *notes* does where a release without
    notes has worked on the run.
    """
    known = notes.left_out()
    older = {name: count - known[name] for name, count in left_out.items() if count > known[name]}
    rest = ValueNotes({(name, "cannot_be_sent"): Noted(count) for name, count in older.items()})
    return [*_sentences(notes, _TOLD, None), *_sentences(rest, _TOLD, None)]


def warn_of_notes(notes: ValueNotes, rows: int) -> list[Sentence]:
    """Return a sentence for each field and reason that the first *rows* rows have *notes* of."""
    return list(_sentences(notes, _FORESEEN, rows))


def _sentences(notes: ValueNotes, words: Mapping[Effect, tuple[str, str, str]], rows: int | None) -> Iterator[Sentence]:
    of_rows = [(reason, noted) for (name, reason), noted in notes.noted.items() if not name]
    for reason, noted in of_rows:
        yield _about_rows(reason, noted, rows)
    of_values = [(name, reason, noted) for (name, reason), noted in notes.noted.items() if name]
    for name, reason, noted in sorted(of_values, key=lambda each: _ORDER.index(reason_of(each[1]).effect)):
        yield _about_values(name, reason, noted, words, rows)


def _about_rows(reason: str, noted: Noted, rows: int | None) -> Sentence:
    known = reason_of(reason, of_a_row=True)
    text = known.one if noted.count == 1 else known.many
    head = "" if rows is None else "At the beginning of the segments: "
    return _said("rows_noted" if rows is None else "rows_to_note", head + text, known.cure, noted, reason=reason)


def _about_values(
    name: str, reason: str, noted: Noted, words: Mapping[Effect, tuple[str, str, str]], rows: int | None
) -> Sentence:
    known = reason_of(reason)
    code, one, many = words[known.effect]
    single = noted.count == 1
    begins = "{count:,} value of {field} " if single else "{count:,} values of {field} "
    what, becomes = (known.one, one) if single else (known.many, many)
    text = begins + what + (f"; {becomes}." if becomes else ".")
    if rows is None:
        return _said(code, text, known.cure, noted, field=name, reason=reason)
    return _said(
        code, "Of the first {rows:,} {rows:row|rows}: " + text, known.cure, noted, field=name, reason=reason, rows=rows
    )


def _said(code: str, text: str, cure: str, noted: Noted, **params: Value) -> Sentence:
    """Return the sentence *text* with the first place and the cure behind it."""
    if noted.places:
        text += " The first one is in '{file}', row {row:,}."
        params |= {"file": noted.places[0].blob, "row": noted.places[0].row}
    said = say(code, text, count=noted.count, **params)
    return Sentence(said.code, said.params, f"{said.detail} {cure}".rstrip())
