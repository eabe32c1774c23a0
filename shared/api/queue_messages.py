"""Queue messages as the bindings of Azure Functions have them: JSON."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import orjson

from shared.domain.errors import Retryable
from shared.domain.identifiers import is_id
from shared.domain.runs.wake_up import WakeUp

logger = logging.getLogger(__name__)


class Output(Protocol):
    """A queue output binding."""

    def set(self, val: list[str]) -> None:
        """Send each of *val* as a message, once the function has returned."""
        ...


def bodies(wake_ups: list[WakeUp]) -> list[str]:
    """Return the bodies of the messages for *wake_ups*."""
    return [orjson.dumps(wake_up.document()).decode() for wake_up in wake_ups]


def wake_up(body: bytes) -> WakeUp | None:
    """Read the *body* of a message; a body that is no wake-up is logged and dropped: a retry would not mend it."""
    try:
        document = orjson.loads(body)
        export_id, run_id = document["export_id"], document["run_id"]
        if is_id(export_id) and is_id(run_id):
            return WakeUp(export_id, run_id)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        pass
    logger.error("A queue message of %d bytes is no wake-up and was dropped.", len(body))
    return None


@contextmanager
def left_to_the_tick(wake_up: WakeUp) -> Iterator[None]:
    """Give the message of *wake_up* up where the storage does not answer in the block, as when the app is opened.

    The tick wakes the run within a minute of the first answer. The queue would try the same message every two minutes,
    and put it aside after five such tries.
    """
    try:
        yield
    except Retryable as error:
        logger.warning("Run %s of export %s is left to the tick: %s", wake_up.run_id, wake_up.export_id, error)
