"""What becomes of a row before anything is sent: it is a profile, is not sent, or is refused."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, final

from shared.domain.sentences import Sentence

Profile = bytes
"""A profile that is to be sent, as it stands in a request."""


class Unsent(Enum):
    """Why a good row is not sent."""

    DUPLICATE = "its e-mail address came before"
    UNCHANGED = "Klaviyo has the profile like that already"
    """Kept for later: the tally of a run counts such rows, and no code makes one yet."""


@final
@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is rejected: a stable word, a sentence, and the mapped fields of the row, shortened."""

    reason: str
    told: Sentence
    fields: dict[str, Any]


Outcome = Profile | Unsent | Refusal
