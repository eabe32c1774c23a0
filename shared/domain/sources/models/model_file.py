"""Reads a ``model.json``, as far as that is one of the Common Data Model; bounded in size, parts and depth."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.domain.errors import ConfigurationError
from shared.domain.sources.level import Asking, OnceOf, bytes_of
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models import model_sentences as sentences
from shared.domain.sources.models.json_pieces import read_in_pieces
from shared.domain.sources.models.locations import Outside, blob_at

MODEL = "model.json"
MAX_BYTES = 16 * 1024 * 1024
MAX_PARTS = 400_000
"""So many lists, objects and members a model may have: more would take much memory, and hold the loop for too long."""

A_TURN = 1_000
"""After so many partitions all other tasks may run."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as the model writes it, its *partitions*, and the *places* of their files below the container.

    The place of a partition that lies outside of the container is None.
    """

    document: Mapping[str, Any]
    partitions: Sequence[Mapping[str, Any]]
    places: Sequence[str | None]

    @property
    def name(self) -> str:
        """Return the name of the entity."""
        return str(self.document.get("name", ""))


class Entities:
    """The entities of a model, which many segments look through."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self._named = {entity.name: entity for entity in reversed(entities)}
        places = ((place, number) for number, entity in enumerate(entities) for place in entity.places if place)
        self._places = sorted(places)

    def named(self, name: str) -> Entity | None:
        """Return the first entity with this name, or None."""
        return self._named.get(name)

    def with_files_below(self, prefix: str) -> list[Entity]:
        """Return the entities that have files below *prefix*: none, one, or two of them where there are more."""
        found = dict[int, None]()
        at = bisect_left(self._places, (prefix, 0))
        while len(found) <= 1 and at < len(self._places) and self._places[at][0].startswith(prefix):
            found[self._places[at][1]] = None
            at += 1
        return [self._entities[number] for number in found]


def entities_of(blob: ListedBlob) -> Asking[Entities | None]:
    """Return the entities of the model *blob*, None where the file is something else; raises `ConfigurationError`.

    Any file may be called ``model.json``; one that never says "entities" is no model.
    A model lies above many segments, and is read once for all of them.
    """
    found: Entities | None = yield OnceOf(blob, lambda: _entities(blob))
    return found


def _entities(blob: ListedBlob) -> Asking[Entities | None]:
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
    found = list[Entity]()
    for entity in entities:
        found.append((yield from _entity(entity)))
    return Entities(found)


def _entity(document: Mapping[str, Any]) -> Asking[Entity]:
    listed = document.get("partitions")
    partitions = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    places = list[str | None]()
    for number, partition in enumerate(partitions, 1):
        try:
            places.append(blob_at(str(partition.get("location", ""))))
        except Outside:
            places.append(None)
        if not number % A_TURN:
            yield None
    return Entity(document, partitions, places)
