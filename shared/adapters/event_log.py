"""Events as log messages, which is how they reach the monitoring (docs/decisions/0005-events-are-log-messages.md)."""

import logging

from shared.domain.events import Event

logger = logging.getLogger("shared.events")


class EventLog:
    """The `EventListener` port over Python's logging: one message an event, a line of JSON."""

    def tell(self, event: Event) -> None:
        """Log *event*."""
        logger.info("%s", event)
