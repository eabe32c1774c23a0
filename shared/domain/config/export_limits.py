"""The limits of an export, which stop a run before it does harm."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, ValidationInfo

from shared.domain.config.document_model import Model
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import MOST, NULL_IS_DEFAULT, Described, whole_of
from shared.domain.sentences import Sentence, say

MOST_HOURS = 87_840
"""Ten years."""
JUDGED_FROM_ROWS = 10_000
"""The share of rejected rows is judged from so many rows on, or at the end of a smaller source."""


def _share(value: Any) -> float:
    """Return *value*, a share, as somebody wrote it: 1 does not become 1.0, so the document does not change."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise wrong(say("not_a_number", "must be a number from {least} to {most}", least=0, most=1))


def _as_written(share: float) -> Any:
    return share


def _min_rows(value: Any) -> int:
    return whole_of(value, 0, MOST)


def _max_age(value: Any) -> float | None:
    """Return *value*, hours, as somebody wrote it."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST_HOURS):
        return value
    raise wrong(say("not_a_number", "must be a number from {least} to {most}", least=1, most=MOST_HOURS))


def _max_rows(value: Any, info: ValidationInfo) -> int:
    rows = whole_of(value, 1, None, or_null=True)
    if info.context and rows < info.data.get("min_rows", 0):
        raise wrong(say("less_than_min_rows", "must not be less than min_rows"))
    return rows


class Limits(Model):
    """The limits of an export; *min_rows* of 0, *max_rows* and *max_age_hours* of None are no limits."""

    max_rejected_share: Annotated[
        float,
        PlainValidator(_share, json_schema_input_type=float),
        PlainSerializer(_as_written),
        Described(type="number", minimum=0, maximum=1),
        NULL_IS_DEFAULT,
    ] = 0.5
    min_rows: Annotated[int, BeforeValidator(_min_rows), Described(minimum=0), NULL_IS_DEFAULT] = Field(
        default=0, exclude_if=lambda rows: not rows
    )
    max_rows: Annotated[int, BeforeValidator(_max_rows), Described(minimum=1)] | None = None
    max_age_hours: Annotated[
        float | None,
        PlainValidator(_max_age, json_schema_input_type=float | None),
        PlainSerializer(_as_written),
        Described(type=["number", "null"], exclusiveMinimum=0, maximum=MOST_HOURS),
    ] = Field(default=None, exclude_if=lambda hours: hours is None)

    def too_many(self, read: int) -> Sentence | None:
        """Return why a run must stop after *read* rows, or None."""
        if self.max_rows is None or read <= self.max_rows:
            return None
        return say("too_many_rows", "the segments have more than max_rows = {max_rows:,} rows", max_rows=self.max_rows)

    def too_few(self, read: int) -> Sentence | None:
        """Return why a run must not succeed whose source has *read* rows in all, or None."""
        if read >= self.min_rows:
            return None
        text = "the segments have {rows:,} {rows:row|rows}, fewer than min_rows = {min_rows:,}"
        return say("too_few_rows", text, rows=read, min_rows=self.min_rows)

    def too_old(self, segment: str, age: timedelta) -> Sentence | None:
        """Return why a run must not begin that would read *segment*, last written *age* ago, or None."""
        if self.max_age_hours is None or age <= timedelta(hours=self.max_age_hours):
            return None
        text = (
            "segment '{segment}' was written {hours:,.1f} hours ago, longer than max_age_hours = {max_age_hours:g} "
            "allows: look why nothing new has come"
        )
        hours = age / timedelta(hours=1)
        return say("source_too_old", text, segment=segment, hours=hours, max_age_hours=self.max_age_hours)

    def too_many_rejected(self, read: int, rejected: int) -> Sentence | None:
        """Return why a run must stop after *read* rows of which *rejected* were rejected, or None."""
        if rejected <= self.max_rejected_share * read:
            return None
        text = (
            "{rejected:,} of the first {read:,} {read:row|rows} {rejected:was|were} rejected, "
            "more than max_rejected_share = {max_rejected_share:g} allows"
        )
        share = self.max_rejected_share
        return say("too_many_rejected", text, rejected=rejected, read=read, max_rejected_share=share)

    def document(self) -> dict[str, Any]:
        """Return the limits as they stand in an export."""
        return self.model_dump()
