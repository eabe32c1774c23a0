"""Finds the model of a segment: in its folder, or in one above it, to the top of the container."""

from shared.domain.errors import ConfigurationError
from shared.domain.sources.level import Asking, Level, level_below
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models import model_sentences as sentences
from shared.domain.sources.models.model_file import MODEL, Entities, Entity, entities_of
from shared.domain.sources.models.source_model import SourceModel, source_model


def model_in(segment: str, level: Level) -> Asking[SourceModel | None]:
    """Return the model in the folder *level*, if it is one of *segment*; raises `ConfigurationError`."""
    blob = level.named(MODEL)
    return (yield from _model_of(segment, blob)) if blob is not None and not blob.is_folder else None


def model_above(segment: str) -> Asking[SourceModel | None]:
    """Return the nearest model above the folder of *segment* that is one of the segment, or None; raises as above."""
    steps = segment.split("/")
    for depth in range(len(steps) - 1, -1, -1):
        name = "/".join([*steps[:depth], MODEL])
        level = yield from level_below(name)
        for blob in level.blobs:
            if blob.name == name and (found := (yield from _model_of(segment, blob))) is not None:
                return found
    return None


def _model_of(segment: str, blob: ListedBlob) -> Asking[SourceModel | None]:
    entities = yield from entities_of(blob)
    entity = None if entities is None else _entity_of(segment, entities, blob)
    return None if entity is None else (yield from source_model(entity, blob))


def _entity_of(segment: str, entities: Entities, blob: ListedBlob) -> Entity | None:
    """Return the entity whose files lie in the folder of *segment*, or else the one that has its name."""
    found = entities.with_files_below(f"{segment}/")
    if len(found) > 1:
        raise ConfigurationError(sentences.several_entities(blob.name, segment))
    return found[0] if found else entities.named(segment.rpartition("/")[2])
