"""Leases: the exclusive right to work on something, for half a minute at a time."""

from typing import Protocol

LEASE_SECONDS = 30
"""How long a lease holds after it was taken or renewed: so long at most a dead leg keeps the next one out."""


class Lease(Protocol):
    """The exclusive right to a name, until it is released or runs out."""

    async def renew(self) -> bool:
        """Hold the lease for another `LEASE_SECONDS` from now; return False when it is lost.

        Takes about five seconds at most.
        Raises `Retryable` when storage does not answer: then the lease may be held or lost.
        """
        ...

    async def release(self) -> None:
        """Release the lease. Errors are ignored, because a lease that nobody renews runs out by itself."""
        ...


class Leases(Protocol):
    """Leases by name, the same for all processes."""

    async def take(self, name: str) -> Lease | None:
        """Take the lease *name* and return it, or None while somebody else has it; raises `Retryable`."""
        ...

    async def is_free(self, name: str) -> bool:
        """Tell whether nobody has the lease *name* right now; raises `Retryable`."""
        ...

    async def forget(self, name: str) -> None:
        """Remove what storage keeps for the lease *name*, once no process needs the lease; raises `Retryable`.

        A lease that somebody has is left as it is.
        """
        ...
