"""A poison queue in memory."""

import asyncio
from dataclasses import replace

from shared.ports.poison import Poison
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Faults


class MemoryPoison:
    """The `PoisonQueue` port in memory; mutable. What shall go wrong, and what was called, is in *faults*."""

    name = "wake-ups-poison"

    def __init__(self, clock: FakeClock) -> None:
        self.faults = Faults()
        self._clock = clock
        self._lying: Poison | None = None

    def put(self) -> None:
        """Put a message aside, as the Functions host does."""
        before = self._lying
        self._lying = replace(before, messages=before.messages + 1) if before else Poison(1, self._clock.now())

    async def look(self) -> Poison | None:
        await asyncio.sleep(0)
        await self.faults.before("look", self.name)
        return self._lying

    async def clear(self) -> None:
        await asyncio.sleep(0)
        await self.faults.before("clear", self.name)
        self._lying = None
