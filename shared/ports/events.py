"""Who hears of events."""

from typing import Protocol

from shared.domain.events import Event


class EventListener(Protocol):
    """Hears each event of the app once; must not raise and must not wait."""

    def tell(self, event: Event) -> None:
        """Take note of *event*."""
        ...
