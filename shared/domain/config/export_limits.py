"""The limits of an export, which stop a run before it does harm."""

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, PlainValidator

from shared.domain.config.document_model import Model
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import NULL_IS_DEFAULT, Described, whole_of
from shared.domain.sentences import Sentence, say

JUDGED_FROM_ROWS = 10_000


def _share(value: Any) -> float:
    """Return *value*, a share, as somebody wrote it: 1 does not become 1.0, so the document does not change."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise wrong(say("not_a_number", "must be a number from {least} to {most}", least=0, most=1))


def _as_written(share: float) -> Any:
    return share


def _rows(value: Any) -> int:
    return whole_of(value, 1, None, or_null=True)


class Limits(Model):
    """The limits of an export; *max_rows* of None is no limit."""

    max_rejected_share: Annotated[
        float,
        PlainValidator(_share, json_schema_input_type=float),
        PlainSerializer(_as_written),
        Described(type="number", minimum=0, maximum=1),
        NULL_IS_DEFAULT,
    ] = 0.5
    max_rows: Annotated[int, BeforeValidator(_rows), Described(minimum=1)] | None = None

    def breach(self, *, read: int, rejected: int) -> Sentence | None:
        """Return why a run must stop after *read* rows of which *rejected* were rejected, or None.

        The share counts only from 10,000 rows on: a few bad rows at the beginning say little about the others.
        """
        if self.max_rows is not None and read > self.max_rows:
            return say(
                "too_many_rows", "the segments have more than max_rows = {max_rows:,} rows", max_rows=self.max_rows
            )
        if read >= JUDGED_FROM_ROWS and rejected > self.max_rejected_share * read:
            text = (
                "{rejected:,} of the first {read:,} rows were rejected, "
                "more than max_rejected_share = {max_rejected_share:g} allows"
            )
            share = self.max_rejected_share
            return say("too_many_rejected", text, rejected=rejected, read=read, max_rejected_share=share)
        return None

    def document(self) -> dict[str, Any]:
        """Return the limits as they stand in an export."""
        return self.model_dump()
