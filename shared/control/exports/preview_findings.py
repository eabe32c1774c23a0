"""What a preview says of an export: each sentence with the field of the export that it is about."""

from collections.abc import Iterator

from shared.control.exports.preview_rows import PreviewedRows
from shared.domain.config.export import Export
from shared.domain.config.field_problems import pointer
from shared.domain.config.mapping import Mapping
from shared.domain.findings import Finding
from shared.domain.profiles.note_sentences import warn_of_notes
from shared.domain.runs.estimate import Estimate
from shared.domain.sentences import Notice, Sentence, say

_OF_READING = {
    "no_header": "header",
    "not_utf8": "encoding",
    "not_in_encoding": "encoding",
    "looks_like_utf8": "encoding",
    "too_few_columns": "columns",
}
"""The codes of sentences about files that a field of ``reading`` can cure."""
_OF_EMAIL = ("email_column_missing", "email_column_spelt_otherwise")


def about_segment(export: Export, segment: str, notice: Notice) -> Finding:
    """Return the finding for a sentence about *segment* or a file of it."""
    code, params = notice.sentence.code, notice.sentence.params
    if code in _OF_READING:
        return Finding(notice, f"/reading/{_OF_READING[code]}")
    if code in _OF_EMAIL:
        return Finding(notice, "/mapping/email")
    if code.startswith("column_") and (place := _place_of_column(export.mapping, params.get("column"))) is not None:
        return Finding(notice, place)
    return Finding(notice, f"/segments/{export.segments.index(segment)}")


def about_values(rows: PreviewedRows) -> Iterator[Finding]:
    """Yield a finding for each field and reason that the rows have notes of."""
    for sentence in warn_of_notes(rows.notes, rows.rows):
        name = sentence.params.get("field")
        yield Finding.of(sentence, pointer(("mapping", *str(name).split(".", 1))) if name else None)


def limits_passed(export: Export, estimate: Estimate, rows: PreviewedRows) -> Iterator[Finding]:
    """Yield a finding for each limit that would fail a run, as far as the sample tells."""
    limits = export.limits
    if estimate.rows is not None and limits.max_rows is not None and estimate.rows > limits.max_rows:
        text = "The segments have about {rows:,} {rows:row|rows}; max_rows = {max_rows:,} stops the run."
        said = say("more_than_max_rows", text, rows=estimate.rows, max_rows=limits.max_rows)
        yield Finding.of(said, "/limits/max_rows")
    if estimate.rows is not None and estimate.rows < limits.min_rows:
        text = "The segments have about {rows:,} {rows:row|rows}; min_rows = {min_rows:,} fails the run."
        said = say("fewer_than_min_rows", text, rows=estimate.rows, min_rows=limits.min_rows)
        yield Finding.of(said, "/limits/min_rows")
    if rows.rejected > limits.max_rejected_share * rows.rows:
        yield Finding.of(_too_many_rejected(rows, limits.max_rejected_share), "/limits/max_rejected_share")
    elif estimate.is_exact and rows.rows and not rows.profiles:
        text = "{rows:The only row cannot|None of the rows can} be sent, so the run fails."
        yield Finding.of(say("nothing_to_send", text, rows=rows.rows))


def _too_many_rejected(rows: PreviewedRows, share: float) -> Sentence:
    text = (
        "{rejected:,} of the first {rows:,} {rows:row|rows} would be rejected, more than max_rejected_share = "
        "{share:g} allows; that stops the run."
    )
    return say("more_than_max_rejected_share", text, rejected=rows.rejected, rows=rows.rows, share=share)


def _place_of_column(mapping: Mapping, column: object) -> str | None:
    """Return the JSON pointer of the entry that names *column*, or None."""
    if column == mapping.email:
        return "/mapping/email"
    groups = (
        (("mapping",), mapping.texts()),
        (("mapping", "location"), mapping.location.entries()),
        (("mapping", "properties"), mapping.properties),
    )
    named = ((*steps, name) for steps, entries in groups for name, entry in entries.items() if entry.column == column)
    return next(map(pointer, named), None)
