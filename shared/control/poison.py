"""What lies in the poison queue: the tick tells the monitoring of it, and an administrator clears it."""

import logging

from shared.domain.errors import ExportError, Unavailable
from shared.domain.events import PoisonFound, seconds_between
from shared.domain.sentences import Sentence, say
from shared.domain.times import utc_text
from shared.pipeline.watching.time_limit import in_time
from shared.ports import Clock, EventListener
from shared.ports.poison import Poison, PoisonQueue
from shared.store.audit_trail import Author
from shared.store.store import Store

logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
"""So long the messages of a tick wait at most for the look into the poison queue."""


async def report_poison(queue: PoisonQueue, events: EventListener, clock: Clock) -> None:
    """Tell how many messages lie in the poison queue, if any do; a look that fails is logged and holds nothing up."""
    try:
        found = await in_time(LOOK_SECONDS, clock, queue.look(), late=lambda: Unavailable(_SILENT))
    except ExportError as error:
        logger.warning("The poison queue could not be looked into: %s", error)
        return
    if found is not None:
        events.tell(PoisonFound(queue.name, found.messages, seconds_between(found.since, clock.now())))


async def clear_poison(queue: PoisonQueue, *, author: Author, store: Store) -> int:
    """Delete what lies in the poison queue, noted in the audit trail; return how many messages there were, about.

    Nothing is noted where nothing lies there. Raises `ExportError`.
    """
    found = await queue.look()
    if found is None:
        return 0
    before = {"messages": found.messages, "since": utc_text(found.since)}
    await store.audit.note(author, "queue.cleared", f"queues/{queue.name}", before=before)
    await queue.clear()
    return found.messages


def poison_note(name: str, found: Poison) -> Sentence:
    """Return the sentence that says what lies in the poison queue *name*, and what to do."""
    return say("poison", _TOLD, queue=name, count=found.messages, since=utc_text(found.since))


_SILENT = f"it did not answer within {LOOK_SECONDS:g} seconds."
_TOLD = (
    "{count:,} {count:message lies|messages lie} in queue '{queue}' since {since}, because nobody could work on "
    "{count:it|them}. {count:It holds|They hold} nothing up; look why {count:it is|they are} there, and clear the "
    "queue with DELETE /api/poison."
)
