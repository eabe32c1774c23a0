"""Keys in memory."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from shared.domain.config.api_key import SECRET_PREFIX, is_key_name, key_problem
from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused
from shared.domain.identifiers import secret_name_problem
from tests.fakes.faults import Faults


class MemorySecrets:
    """The `Secrets` port in memory; mutable. *values* is the source; what was read from it once is kept, as of a vault.

    Nobody may write while *read_only*; the names in *deleted* can be recovered, and cannot be written until then.
    What shall go wrong, and what was called, is in *faults*; a call with *fresh* counts as ``get_fresh``.
    """

    def __init__(self, values: Mapping[str, str] | None = None, *, prefix: str = SECRET_PREFIX) -> None:
        self.faults = Faults()
        self.values = dict(values or {})
        self.expiry: dict[str, datetime] = {}
        self.read_only = False
        self.deleted: set[str] = set()
        self._prefix = prefix
        self._kept: dict[str, str] = {}

    async def get(self, name: str, *, fresh: bool = False) -> str:
        call = "get_fresh" if fresh else "get"
        await asyncio.sleep(0)
        await self.faults.before(call, name)
        if fresh or name not in self._kept:
            value = self.values.get(name, "").strip()
            if key_problem(value) or not is_key_name(name, self._prefix):
                raise CredentialsRefused(f"Secret '{name}' cannot be used.", public=CONNECTION_TROUBLE)
            self._kept[name] = value
        await self.faults.after(call, name)
        return self._kept[name]

    async def expires(self, name: str) -> datetime | None:
        await self.get(name)
        return self.expiry.get(name)

    async def put(self, name: str, value: str) -> None:
        if problem := secret_name_problem(name):
            raise ConfigurationError(f"The name of a secret {problem}.")
        if not is_key_name(name, self._prefix):
            raise ConfigurationError(f"The app writes no secret '{name}'.")
        if not value.strip():
            raise ConfigurationError(f"The value for secret '{name}' is empty.")
        await asyncio.sleep(0)
        await self.faults.before("put", name)
        if self.read_only:
            raise CredentialsRefused(f"The app may not write secret '{name}'; it lacks 'Key Vault Secrets Officer'.")
        if name in self.deleted:
            raise ConfigurationError(f"Secret '{name}' was deleted and can be recovered.")
        self.values[name] = value.strip()
        self._kept.pop(name, None)
        await self.faults.after("put", name)
