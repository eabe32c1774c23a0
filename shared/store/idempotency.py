"""Idempotency keys: a request that is sent again under the same key has the same answer and does nothing more."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.config.field_types import Identifier, Moment
from shared.domain.config.stored_documents import damage_at, read_stored, stored
from shared.domain.control_errors import KeyReused, RunActive
from shared.domain.errors import Conflict, Damaged
from shared.domain.sentences import Sentence, Value, say
from shared.ports import Documents
from shared.store.paths import digest, idempotency_path

ALL_EXPORTS = "_all"
"""The scope of the keys of requests about every export; the id of no export begins with an underscore."""

TRIES = 3
"""How often a note is read again when an equal request writes it at the same time; the second read finds it written."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no run of an export started: run *run_id* is in the way, or a document is damaged."""

    code: str
    detail: str
    params: Mapping[str, Value] = field(default_factory=dict)
    run_id: Identifier | None = None

    @classmethod
    def of(cls, error: RunActive | Damaged) -> "Refusal":
        """Return the refusal that *error* stands for."""
        run_id = error.run_id if isinstance(error, RunActive) else None
        return cls(error.sentence.code, error.sentence.detail, error.sentence.params, run_id)

    def error(self) -> RunActive | Damaged:
        """Return the error that the refusal stands for."""
        sentence = Sentence(self.code, self.params, self.detail)
        return Damaged(sentence) if self.run_id is None else RunActive(sentence, self.run_id)


@dataclass(frozen=True, slots=True)
class KeyNote:
    """What was decided under a key for the *request* of that digest: which run ids.

    *refused* are the exports whose runs did not start, by export id; None until every gate has answered.
    """

    request: str
    decided: Mapping[str, Identifier]
    created_at: Moment | None = None
    refused: Mapping[str, Refusal] | None = None


class IdempotencyKeys:
    """What was decided under each idempotency key; every method raises `Unavailable`."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def find(self, scope: str, key: str, request: bytes) -> KeyNote | None:
        """Return what was decided under *key*, or None.

        Raises `KeyReused` when *request* was another one, `Damaged`.
        """
        found = await self._read(idempotency_path(scope, key), request)
        return found[0] if found else None

    async def claim(self, scope: str, key: str, request: bytes, decided: Mapping[str, str], now: datetime) -> KeyNote:
        """Write down what is decided under *key*, unless another request was first; return what is decided now.

        Raises `KeyReused` and `Damaged` as `find` does.
        """
        note = KeyNote(digest(request), dict(decided), now)
        if await self._documents.insert(idempotency_path(scope, key), _document(note)) is None:
            return await self.find(scope, key, request) or note
        return note

    async def conclude(
        self, scope: str, key: str, request: bytes, refused: Mapping[str, Refusal]
    ) -> Mapping[str, Refusal]:
        """Write down which exports were *refused*, unless an equal request was first; return which ones are now.

        Raises `KeyReused` and `Damaged` as `find` does.
        """
        path = idempotency_path(scope, key)
        for _ in range(TRIES):
            found = await self._read(path, request)
            if found is None:
                return refused  # the key was cleared away just now
            note, etag = found
            if note.refused is not None:
                return note.refused
            with suppress(Conflict):
                await self._documents.replace(path, _document(replace(note, refused=refused)), etag=etag)
                return refused
        return refused

    async def _read(self, path: str, request: bytes) -> tuple[KeyNote, str] | None:
        document = await self._documents.get(path)
        if document is None:
            return None
        with damage_at(path):
            note = read_stored(KeyNote, document.value)
        if note.request != digest(request):
            text = "This Idempotency-Key was used for another request; take a new one for each request."
            raise KeyReused(say("idempotency_key_reused", text))
        return note, document.etag


def _document(note: KeyNote) -> dict[str, object]:
    return {"schema": 1, **stored(note)}
