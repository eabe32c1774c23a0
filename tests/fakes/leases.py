"""Leases in memory, which run out by the fake clock."""

import asyncio
import contextlib

from shared.domain.errors import ExportError
from shared.ports import LEASE_SECONDS, Clock
from tests.fakes.faults import Faults


class MemoryLeases:
    """The `Leases` port in memory; mutable.

    *faults* says what goes wrong, by the calls ``take``, ``is_free``, ``renew``, ``release`` and ``forget`` and the
    lease's name.
    """

    def __init__(self, clock: Clock) -> None:
        self.faults = Faults()
        self._clock = clock
        self._held: dict[str, tuple[MemoryLease, float]] = {}

    async def take(self, name: str) -> "MemoryLease | None":
        await asyncio.sleep(0)
        await self.faults.before("take", name)
        if self.is_held(name):
            return None
        lease = MemoryLease(self, name)
        self._hold(lease)
        await self.faults.after("take", name)
        return lease

    async def is_free(self, name: str) -> bool:
        await asyncio.sleep(0)
        await self.faults.before("is_free", name)
        is_held = self.is_held(name)
        await self.faults.after("is_free", name)
        return not is_held

    async def forget(self, name: str) -> None:
        await asyncio.sleep(0)
        await self.faults.before("forget", name)
        if not self.is_held(name):
            self._held.pop(name, None)
        await self.faults.after("forget", name)

    def is_held(self, name: str) -> bool:
        """Tell whether somebody has the lease."""
        return self.holder(name) is not None

    def holder(self, name: str) -> "MemoryLease | None":
        """Return the lease of whoever has it, or None."""
        lease, until = self._held.get(name, (None, 0.0))
        return lease if until > self._clock.monotonic() else None

    def names(self) -> list[str]:
        """Return the names of leases that were taken and not forgotten or let go of."""
        return sorted(self._held)

    def hand_over(self, name: str) -> "MemoryLease":
        """Give the lease to somebody else, as when it ran out and another one came."""
        lease = MemoryLease(self, name)
        self._hold(lease)
        return lease

    async def renew(self, lease: "MemoryLease") -> bool:
        await asyncio.sleep(0)
        await self.faults.before("renew", lease.name)
        is_ours = self._is_ours(lease)
        if is_ours:
            self._hold(lease)
        await self.faults.after("renew", lease.name)
        return is_ours

    async def release(self, lease: "MemoryLease") -> None:
        await asyncio.sleep(0)
        await self.faults.before("release", lease.name)
        if self._is_ours(lease):
            del self._held[lease.name]
        await self.faults.after("release", lease.name)

    def _is_ours(self, lease: "MemoryLease") -> bool:
        return lease.name in self._held and self._held[lease.name][0] is lease

    def _hold(self, lease: "MemoryLease") -> None:
        self._held[lease.name] = (lease, self._clock.monotonic() + LEASE_SECONDS)


class MemoryLease:
    """One lease that was taken."""

    def __init__(self, leases: MemoryLeases, name: str) -> None:
        self._leases = leases
        self.name = name

    async def renew(self) -> bool:
        return await self._leases.renew(self)

    async def release(self) -> None:
        with contextlib.suppress(ExportError):
            await self._leases.release(self)
