"""The connections and exports of an installation as files of a folder, and their way into another installation."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.processes import LocalProblem
from shared.domain.config.connection import Connection
from shared.domain.config.export import Export
from shared.domain.errors import ConfigurationError
from shared.ports import Documents
from shared.store.paths import CONNECTIONS, EXPORTS

Reader = Callable[[Any], Connection | Export]
FOLDERS: Mapping[str, Reader] = {CONNECTIONS: Connection.from_document, EXPORTS: Export.from_document}
"""What is carried over, and how each kind of document is read.

Runs, their rejections, the audit trail and all notes of the app stay where they are.
"""


@dataclass(frozen=True)
class Loaded:
    """What became of the documents of a folder, by their paths; *secrets* are the names of the keys they need."""

    written: tuple[str, ...]
    there_already: tuple[str, ...]
    kept_as_they_are: tuple[str, ...]
    secrets: tuple[str, ...]


async def save(documents: Documents, folder: Path) -> list[str]:
    """Write every connection and export of *documents* into *folder*, a file each; return their paths.

    Raises `LocalProblem` where the folder has documents already, or where one of the storage cannot be read.
    """
    if any((folder / name).exists() for name in FOLDERS):
        raise LocalProblem(f"{folder} has documents already: name another folder.")
    found: dict[str, Mapping[str, Any]] = {}
    for kind, read in FOLDERS.items():
        async for path in documents.names(kind):
            document = await documents.get(path)
            if document is not None:
                _readable(read, document.value, path)
                found[path] = document.value
    for path, value in found.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return sorted(found)


async def load(documents: Documents, folder: Path, *, disabled: bool) -> Loaded:
    """Write the documents of *folder* into *documents*; one that is there already stays as it is.

    With *disabled*, no export is started by its schedule until somebody enables it.
    Nothing is written where a document cannot be used: raises `LocalProblem`.
    """
    values = read_folder(folder)
    if disabled:
        values = {
            path: {**value, "enabled": False} if path.startswith(EXPORTS) else value for path, value in values.items()
        }
    await _check_connections(documents, values)
    written: list[str] = []
    same: list[str] = []
    other: list[str] = []
    for path, value in values.items():
        if await documents.insert(path, value) is not None:
            written.append(path)
            continue
        there = await documents.get(path)
        (same if there is not None and there.value == value else other).append(path)
    secrets = {value["secret_name"] for path, value in values.items() if path.startswith(CONNECTIONS)}
    return Loaded(tuple(written), tuple(same), tuple(other), tuple(sorted(secrets)))


def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the documents of *folder* by their paths, connections first; raises `LocalProblem` for what is none."""
    found: dict[str, dict[str, Any]] = {}
    for kind, read in FOLDERS.items():
        for file in sorted((folder / kind).glob("*.json")):
            path = f"{kind}{file.name}"
            try:
                value = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise LocalProblem(f"{folder / path} is no JSON file that can be read.") from error
            if _readable(read, value, path).id != file.stem:
                raise LocalProblem(f"{folder / path} must be named after the id in it.")
            found[path] = value
    if not found:
        raise LocalProblem(f"There is no document in {folder}: 'python -m local documents save {folder}' writes them.")
    return found


def _readable(read: Reader, value: Any, path: str) -> Connection | Export:
    try:
        return read(value)
    except ConfigurationError as error:
        raise LocalProblem(f"{path} cannot be carried over. {error}") from error


async def _check_connections(documents: Documents, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise `LocalProblem` where an export names a connection that is neither carried over nor there."""
    for path, value in values.items():
        if path.startswith(EXPORTS) and (named := value.get("connection_id")) is not None:
            connection = f"{CONNECTIONS}{named}.json"
            if connection not in values and await documents.get(connection) is None:
                raise LocalProblem(f"{path} names the connection '{named}', which is neither in the folder nor there.")
