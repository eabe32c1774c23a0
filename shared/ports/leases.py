"""Who may work on what."""

from typing import Protocol

LEASE_SECONDS = 60
"""How long a lease holds after it was taken or renewed; the longest that Azure has with an end."""


class Lease(Protocol):
    """The exclusive right to a name, until it is released or runs out."""

    async def renew(self) -> bool:
        """Hold it for another minute from now; return False when it is lost. Gives up within about five seconds.

        Raises `Retryable` when it is not known.
        """
        ...

    async def release(self) -> None:
        """Let go of it; what goes wrong is of no matter, as it runs out by itself."""
        ...


class Leases(Protocol):
    """Who may work on what, among all processes."""

    async def take(self, name: str) -> Lease | None:
        """Return the lease *name*, or None while somebody else has it; raises `Retryable`."""
        ...

    async def is_free(self, name: str) -> bool:
        """Tell whether nobody has the lease *name* right now; raises `Retryable`."""
        ...

    async def forget(self, name: str) -> None:
        """Clear away what keeps the lease *name*, which nobody has and nobody will want again; raises `Retryable`."""
        ...
