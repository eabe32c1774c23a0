"""Listeners of events."""

from typing import Protocol

from shared.domain.events import Event


class EventListener(Protocol):
    """A listener that is told every event of the app; `tell` must not raise and must not wait."""

    def tell(self, event: Event) -> None:
        """Take note of *event*."""
        ...
