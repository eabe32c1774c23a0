"""The entity of one segment in a model: its columns, the files that it names, and how each file is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.domain.config.reading import MAX_COLUMNS, Reading
from shared.domain.dialects.file_model import FileModel
from shared.domain.errors import ConfigurationError
from shared.domain.rows.dialect import ColumnType
from shared.domain.rows.text_encodings import UTF_8, codec_of
from shared.domain.sources.level import Asking
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.models import model_sentences as sentences
from shared.domain.sources.models.model_file import A_TURN, Entity


@dataclass(frozen=True, slots=True)
class SourceModel:
    """What a model says of one segment; *usual* is what it says of files that it does not name."""

    file: str
    written: datetime
    usual: FileModel
    partitions: Mapping[str, FileModel]

    def of(self, blob: str) -> FileModel:
        """Return what the model says of the file *blob*."""
        return self.partitions.get(blob, self.usual)

    def files_below(self, prefix: str) -> list[str]:
        """Return the names of the files that the model names directly below *prefix*."""
        files = (blob[len(prefix) :] for blob in self.partitions if blob.startswith(prefix))
        return [file for file in files if "/" not in file]


def source_model(entity: Entity, blob: ListedBlob) -> Asking[SourceModel]:
    """Return what *entity* of the model *blob* says; raises `ConfigurationError` for what cannot be used."""
    name, kind = entity.name, entity.document.get("$type", "LocalEntity")
    if kind != "LocalEntity":
        raise ConfigurationError(sentences.unknown_type(blob.name, name, kind))
    columns, types = _columns(entity.document, name, blob.name)
    plain = FileModel(blob.name, columns, types)
    found: dict[str, FileModel] = {}
    known: dict[str, FileModel] = {}
    for number, (partition, at) in enumerate(zip(entity.partitions, entity.places, strict=True), 1):
        if at is None:
            raise ConfigurationError(sentences.outside(blob.name, name, number))
        settings = partition.get("fileFormatSettings")
        key = repr(settings)
        if key not in known:
            known[key] = _settled(plain, settings, name)
        found[at] = known[key]
        if not number % A_TURN:
            yield None
    usual = next(iter(known.values()), plain) if len(known) == 1 else plain
    return SourceModel(blob.name, blob.modified, usual, found)


def _columns(entity: Mapping[str, Any], name: str, file: str) -> tuple[tuple[str, ...], tuple[ColumnType, ...]]:
    attributes = entity.get("attributes")
    listed = attributes if isinstance(attributes, list) else []
    names = [each.get("name") if isinstance(each, dict) else None for each in listed]
    is_good = all(isinstance(each, str) and each.strip() for each in names)
    if not names or not is_good or len({*names}) < len(names) or len(names) > MAX_COLUMNS:
        raise ConfigurationError(sentences.unusable_columns(file, name))
    types = (_TYPES.get(str(each.get("dataType", "")).lower(), "text") for each in listed)
    return tuple(str(each).strip() for each in names), tuple(types)


def _settled(plain: FileModel, settings: Any, entity: str) -> FileModel:
    """Return *plain* with the *settings* of a partition."""
    if settings is None:
        return plain
    if not isinstance(settings, dict):
        raise ConfigurationError(sentences.unreadable(plain.file))
    kind = settings.get("$type", _CSV)
    if kind != _CSV:
        raise ConfigurationError(sentences.unknown_type(plain.file, entity, kind))
    codec = codec_of(str(settings.get("encoding") or UTF_8))
    if codec is None:
        raise ConfigurationError(sentences.unusable_setting(plain.file, entity, "encoding"))
    delimiter = settings.get("delimiter") or ","
    try:
        Reading.model_validate({"delimiter": delimiter})
    except ValueError:
        raise ConfigurationError(sentences.unusable_setting(plain.file, entity, "delimiter")) from None
    has_header = settings.get("columnHeaders") in (True, "true", "True")
    return replace(plain, has_header=has_header, delimiter=delimiter, encoding=codec)


_CSV = "CsvFormatSettings"
_TYPES: dict[str, ColumnType] = {
    **dict.fromkeys(("int64", "int32", "int16", "integer"), "integer"),
    **dict.fromkeys(("double", "decimal", "float"), "number"),
    "boolean": "boolean",
    **dict.fromkeys(("datetime", "datetimeoffset"), "datetime"),
}
