"""Idempotency keys: a request that is sent again under the same key has the same answer and does nothing more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.control_errors import KeyReused
from shared.domain.errors import Damaged
from shared.domain.identifiers import is_id
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.ports import Documents
from shared.store.paths import digest, idempotency_path

ALL_EXPORTS = "_all"
"""The scope of the keys of requests about every export; the id of no export begins with an underscore."""


class IdempotencyKeys:
    """What was decided under each idempotency key; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def find(self, scope: str, key: str, request: bytes) -> dict[str, Any] | None:
        """Return what was decided under *key*, or None.

        Raises `KeyReused` when *request* was another one, `Damaged`.
        """
        path = idempotency_path(scope, key)
        document = await self._documents.get(path)
        if document is None:
            return None
        if document.value.get("request") != digest(request):
            text = "This Idempotency-Key was used for another request; take a new one for each request."
            raise KeyReused(say("idempotency_key_reused", text))
        decided = document.value.get("decided")
        if isinstance(decided, dict) and all(isinstance(value, str) and is_id(value) for value in decided.values()):
            return decided
        text = "'{path}' does not say what was decided; delete it."
        raise Damaged(say("idempotency_note_damaged", text, path=path))

    async def claim(
        self, scope: str, key: str, request: bytes, decided: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """Write down what is decided under *key*, unless another request was first; return what is decided now.

        Raises `KeyReused` and `Damaged` as `find` does.
        """
        document = {
            "schema": 1,
            "request": digest(request),
            "decided": dict(decided),
            "created_at": utc_text(now),
        }
        if await self._documents.insert(idempotency_path(scope, key), document) is None:
            return await self.find(scope, key, request) or dict(decided)
        return dict(decided)
