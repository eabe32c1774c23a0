"""How a Klaviyo account was used last, so that the next leg need not find out."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AccountUse:
    """The imports that left for an account lately, as one process knows them.

    *ago* has how many seconds before *at* each import left, of the last minute only, the oldest first.
    *is_alone*: Klaviyo has shown no other program in that minute.
    """

    at: datetime
    ago: tuple[float, ...]
    is_alone: bool
