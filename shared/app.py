"""The product, wired up, as the triggers and the management API see it."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from shared.pipeline.resources import Workplace
from shared.ports import Clock, Secrets
from shared.settings import Settings
from shared.store.audit_trail import AuditTrail
from shared.store.runs import Runs


@dataclass(frozen=True, slots=True)
class App:
    """The product, wired up; the triggers and the management API work with nothing else."""

    place: Workplace
    runs: Runs
    audit: AuditTrail
    secrets: Secrets
    settings: Settings
    _closing: AsyncExitStack

    @property
    def clock(self) -> Clock:
        """Return the clock that everything goes by."""
        return self.place.clock

    async def close(self) -> None:
        """Close every connection; Azure never asks for it, tests and tools do."""
        await self._closing.aclose()
