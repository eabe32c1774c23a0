"""``python -m local upload``: uploads a file of rows into a segment."""

import argparse
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import USUAL_PORT, emulator_at
from local.host.settings import EMULATOR, STORAGE, read_settings
from local.processes import LocalProblem
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.domain.identifiers import segment_problem
from shared.settings import Settings

_SEGMENTS = "SEGMENTS_STORAGE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", type=Path, help="the file, such as customers.csv")
    parser.add_argument("name", help="segment and file name, such as vip/customers.csv; an existing file is replaced")


async def run(arguments: argparse.Namespace) -> int:
    """Upload the file; raises `LocalProblem` when a name, the file or the storage cannot be used."""
    segment, _, file_name = arguments.name.rpartition("/")
    if not segment or not file_name:
        raise LocalProblem(f"'{arguments.name}' must name a segment and a file, for example vip/{arguments.file.name}.")
    if problem := segment_problem(segment):
        raise LocalProblem(f"The name of segment '{segment}' {problem}.")
    values = read_settings(Path.cwd(), os.environ).values
    container = values.get("SEGMENTS_CONTAINER") or Settings.segments_container
    instead = "upload the rows with 'az storage blob upload'"
    address = await connection_string(values, values.get(_SEGMENTS) or STORAGE, instead)
    try:
        with arguments.file.open("rb") as rows:
            async with BlobServiceClient.from_connection_string(address, **STORAGE_OPTIONS) as storage:
                await _put(storage, container, arguments.name, rows)
    except OSError as error:
        raise LocalProblem(f"{arguments.file} cannot be read: {error.strerror}.") from error
    except (AzureError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise LocalProblem(f"{arguments.file} could not be uploaded to container '{container}': {reason}") from error
    print(f"Uploaded {file_name} to segment '{segment}' in container '{container}'.")
    return 0


async def connection_string(values: Mapping[str, str], name: str, instead: str) -> str:
    """Return the connection string of the storage that the setting *name* leads to; raises `LocalProblem`.

    *instead* says what to do where the setting has an identity in place of a connection string.
    """
    configured = values.get(name, "")
    if configured and configured != EMULATOR:
        return configured
    if any(setting.startswith(f"{name}__") for setting in values):
        raise LocalProblem(f"{name} leads to its storage by an identity: {instead}.")
    if running := await emulator_at(USUAL_PORT):
        return running
    raise LocalProblem(
        f"No storage emulator listens at port {USUAL_PORT}: start 'python -m local host' or 'python -m local storage' "
        "in another terminal."
    )


async def _put(storage: BlobServiceClient, container: str, name: str, rows: BinaryIO) -> None:
    client = storage.get_container_client(container)
    with suppress(ResourceExistsError):
        await client.create_container()
    await client.upload_blob(name, rows, overwrite=True)
