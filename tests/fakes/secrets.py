"""Keys in memory."""

import asyncio
from collections.abc import Mapping

from shared.domain.errors import CredentialsRefused
from tests.fakes.faults import Faults


class MemorySecrets:
    """The `Secrets` port in memory; mutable. *values* is the source; what was read from it once is kept, as of a vault.

    What shall go wrong, and what was called, is in *faults*; a call with *fresh* counts as ``get_fresh``.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.faults = Faults()
        self.values = dict(values or {})
        self._kept: dict[str, str] = {}

    async def get(self, name: str, *, fresh: bool = False) -> str:
        call = "get_fresh" if fresh else "get"
        await asyncio.sleep(0)
        await self.faults.before(call, name)
        if fresh or name not in self._kept:
            value = self.values.get(name, "").strip()
            if not value:
                raise CredentialsRefused(f"There is no secret '{name}', or it is empty.")
            self._kept[name] = value
        await self.faults.after(call, name)
        return self._kept[name]
