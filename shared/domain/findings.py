"""What was found out about an export: a sentence, and the field of the export that it is about."""

from dataclasses import dataclass
from typing import Self

from shared.domain.sentences import Notice, Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """A notice about an export; *pointer* is the JSON pointer of the field that it is about, None for no single field.

    Example: that a list is not there is about ``/list_id``.
    """

    notice: Notice
    pointer: str | None = None

    @classmethod
    def of(cls, sentence: Sentence, pointer: str | None = None) -> Self:
        """Return the finding whose *sentence* everybody may read."""
        return cls(Notice.for_everybody(sentence), pointer)
