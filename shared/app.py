"""The product, wired up, as the triggers and the management API see it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from shared.control.check_health import Probe
from shared.control.same_question import SameQuestions
from shared.pipeline.resources import Resources
from shared.ports import Clock, Secrets
from shared.ports.poison import PoisonQueue
from shared.settings import Settings
from shared.store.store import Store


@dataclass(frozen=True, slots=True)
class App:
    """The product, wired up; the triggers and the management API work with nothing else.

    *probes* ask those whom the app needs, by name, whether they answer. *questions* are lists that are put together.
    """

    resources: Resources
    secrets: Secrets
    settings: Settings
    poison: PoisonQueue
    _closing: AsyncExitStack
    probes: Mapping[str, Probe] = field(default_factory=dict)
    questions: SameQuestions = field(default_factory=SameQuestions)

    @property
    def store(self) -> Store:
        """Return the documents of the app."""
        return self.resources.store

    @property
    def clock(self) -> Clock:
        """Return the clock of the app."""
        return self.resources.clock

    async def close(self) -> None:
        """Close all network connections. Tests and tools call this method; the Functions host does not."""
        await self._closing.aclose()
