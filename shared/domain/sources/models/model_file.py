"""Reads a ``model.json``, as far as that is one of the Common Data Model; bounded in size, parts and depth."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.sources.level import Asking, bytes_of
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models import model_sentences as sentences
from shared.domain.sources.models.json_pieces import read_in_pieces

MODEL = "model.json"
MAX_BYTES = 16 * 1024 * 1024
MAX_PARTS = 400_000
"""So many lists, objects and members a model may have: more would take much memory, and hold the loop for too long."""

Entity = Mapping[str, Any]


def entities_of(blob: ListedBlob) -> Asking[Sequence[Entity] | None]:
    """Return the entities of the model *blob*, None where the file is something else; raises `ConfigurationError`.

    Any file may be called ``model.json``; one that never says "entities" is no model.
    """
    if blob.size > MAX_BYTES:
        raise ConfigurationError(sentences.too_large(blob.name, MAX_BYTES))
    body = yield from bytes_of(blob)
    if b'"entities"' not in body:
        return None
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise ConfigurationError(sentences.too_large(blob.name, MAX_BYTES))
    yield None
    try:
        document = yield from read_in_pieces(body.decode("utf-8-sig"))
    except ValueError:
        document = None
    entities = document.get("entities") if isinstance(document, dict) else None
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise ConfigurationError(sentences.unreadable(blob.name))
    return entities
