"""What is told about models: each sentence names the file of the model."""

from collections.abc import Sequence

from shared.domain.sentences import Sentence, say

SHOWN = 60
"""So many characters of a word in a model are shown."""


def too_large(file: str, limit: int) -> Sentence:
    """Say that the model has more bytes than are read."""
    text = (
        "Model '{file}' has more than {limit:,} bytes, or too many parts: remove partitions of files that are gone, "
        "or rename it if it is no model."
    )
    return say("model_too_large", text, file=file, limit=limit)


def unreadable(file: str) -> Sentence:
    """Say that the model is no JSON, or is built in another way."""
    text = (
        "Model '{file}' cannot be read: it is not JSON, is nested too deeply, or lacks what the Common Data Model "
        "demands. Write it anew, or rename it if it is no model."
    )
    return say("model_unreadable", text, file=file)


def unknown_type(file: str, entity: str, kind: object) -> Sentence:
    """Say that the entity of a segment, or the settings of its files, are of a kind that is not known."""
    text = (
        "Model '{file}' says '{kind}' as the $type of entity '{entity}' or of its files; only LocalEntity with "
        "CsvFormatSettings is read. Write the segment as CSV."
    )
    return say("model_type_unknown", text, file=file, entity=entity[:SHOWN], kind=str(kind)[:SHOWN])


def unusable_setting(file: str, entity: str, setting: str) -> Sentence:
    """Say that a setting of the files of an entity has a value with which no file can be read."""
    text = (
        "Model '{file}' gives the files of entity '{entity}' a {setting} in which they cannot be read. Correct it, or "
        "say what is right in reading of the export."
    )
    return say("model_setting_unusable", text, file=file, entity=entity[:SHOWN], setting=setting)


def unusable_columns(file: str, entity: str) -> Sentence:
    """Say that the attributes of an entity do not name its columns."""
    text = (
        "Model '{file}' does not name the columns of entity '{entity}': each of its attributes needs a name, no name "
        "may stand there twice, and there may be at most 2,000."
    )
    return say("model_columns_unusable", text, file=file, entity=entity[:SHOWN])


def outside(file: str, entity: str, number: int) -> Sentence:
    """Say that a partition, by its *number* from 1 on, lies nowhere in a container."""
    text = (
        "Model '{file}' names a location outside of the container for partition {number:,} of entity '{entity}'; a "
        "location is the full address of a file."
    )
    return say("model_location_outside", text, file=file, entity=entity[:SHOWN], number=number)


def several_entities(file: str, segment: str) -> Sentence:
    """Say that files of several entities lie in the folder of one segment."""
    text = (
        "Model '{file}' names several entities whose files lie in the folder of segment '{segment}', so the columns of "
        "its files are not known. Give each entity a folder of its own."
    )
    return say("model_entities_several", text, file=file, segment=segment)


def files_not_there(file: str, segment: str, missing: Sequence[str]) -> Sentence:
    """Say that the model names files in the folder of a flat segment that are not there; *missing* are their names."""
    text = (
        "Model '{file}' names {count:,} files in the folder of segment '{segment}' that are not there, such as "
        "'{missing}', so rows may be missing. Let the segment and its model be written anew."
    )
    return say("model_files_missing", text, file=file, segment=segment, count=len(missing), missing=missing[0][:SHOWN])
