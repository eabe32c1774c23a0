"""``python -m local documents``: saves the connections and exports of an installation, or loads them into another."""

import argparse
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from azure.identity.aio import AzureCliCredential
from azure.storage.blob.aio import BlobServiceClient

from local.deployment.carried import load, save
from local.host.settings import STORAGE, read_settings
from local.processes import LocalProblem
from local.upload import connection_string
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.domain.errors import ExportError
from shared.settings import Settings

SOME_STAYED = 1
"""The exit code where a document was there already, and is another one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("action", choices=["save", "load"], help="save writes the folder, load reads it")
    parser.add_argument("folder", type=Path, help="a file for each connection and each export")
    parser.add_argument(
        "--account",
        metavar="NAME",
        help="the storage account of the documents in Azure, as whoever is signed in with 'az login'; "
        "without, the storage that the app's settings name",
    )
    parser.add_argument(
        "--disabled", action="store_true", help="with load: no export starts by its schedule until it is enabled"
    )


async def run(arguments: argparse.Namespace) -> int:
    """Save or load; raises `LocalProblem` where storage or a document cannot be used."""
    if arguments.disabled and arguments.action == "save":
        raise LocalProblem("--disabled is for load: what is saved is saved as it is.")
    try:
        async with _documents(arguments.account) as documents:
            if arguments.action == "save":
                return _told_of_saved(await save(documents, arguments.folder), arguments.folder)
            loaded = await load(documents, arguments.folder, disabled=arguments.disabled)
    except (ExportError, ValueError) as error:
        raise LocalProblem(f"The documents cannot be reached. {error}") from error
    for text, paths in (("written", loaded.written), ("there already", loaded.there_already)):
        print("".join(f"{path}: {text}\n" for path in paths), end="")
    print("".join(f"{path}: another one is there, which stays\n" for path in loaded.kept_as_they_are), end="")
    if loaded.secrets:
        print(f"Keys that the vault must have: {', '.join(loaded.secrets)}")
    return SOME_STAYED if loaded.kept_as_they_are else 0


def _told_of_saved(paths: list[str], folder: Path) -> int:
    print("".join(f"{folder / path}\n" for path in paths) or "There is no connection and no export.\n", end="")
    return 0


@asynccontextmanager
async def _documents(account: str | None) -> AsyncIterator[BlobDocuments]:
    """Open the documents in *account*, or in the storage that the settings name."""
    values = read_settings(Path.cwd(), os.environ).values
    container = values.get("EXPORTS_CONTAINER") or Settings.exports_container
    if account is None:
        text = await connection_string(values, STORAGE, "name its account with --account")
        async with BlobServiceClient.from_connection_string(text, **STORAGE_OPTIONS) as storage:
            yield BlobDocuments(storage, container)
        return
    address = f"https://{account}.blob.core.windows.net"
    async with (
        AzureCliCredential(process_timeout=60) as identity,
        BlobServiceClient(address, identity, **STORAGE_OPTIONS) as storage,
    ):
        yield BlobDocuments(storage, container)
