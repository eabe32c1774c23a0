"""The poison queue: where the Functions host puts messages that could not be worked on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Poison:
    """What lies in the poison queue: about how many *messages*, and since when the first of them lies there."""

    messages: int
    since: datetime


class PoisonQueue(Protocol):
    """The poison queue of the wake-ups."""

    @property
    def name(self) -> str:
        """Return the name of the queue."""
        ...

    async def look(self) -> Poison | None:
        """Return what lies in the queue; None where it is empty or was never made. Raises `ExportError`."""
        ...

    async def clear(self) -> None:
        """Delete all messages of the queue. Raises `ExportError`."""
        ...
