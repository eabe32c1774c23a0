"""Idempotency keys: a request that is sent again under the same key does nothing more, and has the same answer."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from shared.domain.errors import Damaged, ExportError
from shared.domain.identifiers import is_id
from shared.domain.runs.run import utc_text
from shared.ports import Clock, Documents

ALL = "_all"
"""The scope of keys for requests about every export; no id begins so."""


class KeyReused(ExportError):
    """The same key came with another request."""

    reason = "idempotency_key_reused"


class IdempotencyKeys:
    """What was decided for each key, as documents ``idempotency/{scope}/{digest of the key}.json``."""

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def find(self, scope: str, key: str, request: bytes) -> dict[str, Any] | None:
        """Return what was decided for *key*, or None; raises `KeyReused` when it was another *request*."""
        document = await self._documents.get(_path(scope, key))
        if document is None:
            return None
        if document.value.get("request") != _digest(request):
            raise KeyReused("This Idempotency-Key was used for another request; take a new one for each request.")
        decided = document.value.get("decided")
        if isinstance(decided, dict) and all(isinstance(value, str) and is_id(value) for value in decided.values()):
            return decided
        raise Damaged(f"'{_path(scope, key)}' does not say what was decided; delete it.")

    async def claim(self, scope: str, key: str, request: bytes, decided: Mapping[str, Any]) -> dict[str, Any]:
        """Write down what is decided for *key*, unless somebody was first; return what counts, as `find` does."""
        document = {
            "schema": 1,
            "request": _digest(request),
            "decided": dict(decided),
            "created_at": utc_text(self._clock.now()),
        }
        if await self._documents.insert(_path(scope, key), document) is None:
            return await self.find(scope, key, request) or dict(decided)
        return dict(decided)


def keys_folder(scope: str) -> str:
    """Return where the keys of requests about one export lie, or those about all."""
    return f"idempotency/{scope}/"


def _path(scope: str, key: str) -> str:
    return f"{keys_folder(scope)}{_digest(key.encode())}.json"


def _digest(text: bytes) -> str:
    return sha256(text).hexdigest()
