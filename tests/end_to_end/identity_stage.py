"""The app as it is deployed, on loopback: its settings are the Bicep's, and no key opens anything for it.

Real are the app, the clients, TLS and the tokens' way; stand-ins are the identity's endpoint, the vault, the storage
(which checks a token's times, issuer and audience, but knows no roles) and Klaviyo.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import trustme
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import Azurite, Https, azurite
from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.calls import Answer, PendingCall
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from local.processes import Child, child
from local.vault import Vault, vault
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from tests.builders import ndjson
from tests.infra.deployed_settings import deployed_settings
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.sources import ROOT

IDENTITY = "11111111-2222-3333-4444-555555555555"
APP_ACCOUNT, SEGMENTS_ACCOUNT = "stapp", "stsegments"
ENDED = ("succeeded", "partial", "failed", "cancelled")
SECONDS = 60
"""How long anything may take before the test gives up."""

IN_AZURE = {
    "clientId": IDENTITY,
    "primaryEndpoints.blob": "https://stapp.blob.core.windows.net/",
    "primaryEndpoints.queue": "https://stapp.queue.core.windows.net/",
    "primaryEndpoints.table": "https://stapp.table.core.windows.net/",
    "ConnectionString": "IngestionEndpoint=https://region.in.example.com/",
    "suffixes.storage": "core.windows.net",
    "vaultUri": "https://kv.vault.azure.net/",
}
"""What only a deployment knows, by its property."""
ELSEWHERE = {
    "AzureWebJobsStorage__blobServiceUri": "the address of Azurite",
    "AzureWebJobsStorage__queueServiceUri": "the address of Azurite",
    "AzureWebJobsStorage__tableServiceUri": "the address of Azurite",
    "SEGMENTS_ACCOUNT__blobServiceUri": "the address of Azurite, with the account in its path: no name leads there",
    "KEY_VAULT_URL": "the address of the stand-in",
    "APPLICATIONINSIGHTS_CONNECTION_STRING": "nobody listens there, and the local host sends nothing",
}
"""Settings of the deployment that have another value here, and why."""
BESIDE = {
    "KLAVIYO_BASE_URL": "nothing that is tried here may reach Klaviyo; the deployment leaves it out",
}
"""Settings that the deployment does not write."""
BY_PLATFORM = {
    "WEBSITE_SITE_NAME": "App Service, to every app",
    "IDENTITY_ENDPOINT": "App Service, to an app that has an identity",
    "IDENTITY_HEADER": "App Service, to an app that has an identity",
    "SSL_CERT_FILE": "the certificates that are trusted: OpenSSL reads it, and so do aiohttp and every Azure client",
    "PATH": "the machine",
    "PYTHONPATH": "where the app lies",
}
"""Variables that are no settings, and who gives them."""


class RotatedKlaviyo(Simulator):
    """Klaviyo, where *rotate* happens once, in the moment in which it has accepted an import."""

    rotate: Callable[[], None] | None = None

    def answer(self, visit: PendingCall, body: bytes = b"", prepared: Any = None) -> Answer:
        given = super().answer(visit, body, prepared)
        if self.rotate and visit.name == "bulk_import_profiles" and given.status == 202:
            rotate, self.rotate = self.rotate, None
            rotate()
        return given

    def refused(self) -> int:
        """Return how many requests came with a key that is not known any more."""
        return sum(outcomes["401"] for outcomes in self.stats.requests.values())


@dataclass
class World:
    """What stands around the app, and the app once it was started; mutable."""

    vault: Vault
    storage: Azurite
    klaviyo: RotatedKlaviyo
    klaviyo_url: str
    folder: Path
    http: aiohttp.ClientSession
    documents: BlobDocuments
    segments: BlobServiceClient
    app_url: str = ""
    app: Child | None = field(default=None, repr=False)

    def settings(self) -> dict[str, str]:
        """Return the settings of the app: the Bicep's, but for those of `ELSEWHERE` and `BESIDE`."""
        known = {
            **IN_AZURE,
            "primaryEndpoints.blob": f"{self.storage.url_of(APP_ACCOUNT, 'Blob')}/",
            "primaryEndpoints.queue": f"{self.storage.url_of(APP_ACCOUNT, 'Queue')}/",
            "primaryEndpoints.table": f"{self.storage.url_of(APP_ACCOUNT, 'Table')}/",
            "ConnectionString": "IngestionEndpoint=https://127.0.0.1:1/",
            "vaultUri": f"{self.vault.url}/",
        }
        return {
            **deployed_settings(kept("default"), known),
            "SEGMENTS_ACCOUNT__blobServiceUri": self.storage.url_of(SEGMENTS_ACCOUNT, "Blob"),
            "KLAVIYO_BASE_URL": self.klaviyo_url,
        }

    def environment(self) -> dict[str, str]:
        """Return all that the process of the app finds."""
        return {
            **self.settings(),
            "WEBSITE_SITE_NAME": "func-export",
            **self.vault.identity.environment(),
            "SSL_CERT_FILE": str(self.vault.ca_file),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
        }

    @asynccontextmanager
    async def app_process(self, **changes: str) -> AsyncIterator[Child]:
        """Run the app while the block runs, with *changes* to its settings."""
        words = (sys.executable, "-m", "local", "host", "--port", "0")
        environment = {**self.environment(), **changes}
        async with child("The functions host", words, environment=environment, folder=self.folder, grace=1) as process:
            yield process

    async def add_export(self, name: str, rows: int) -> None:
        """Configure the export *name*: its segment, connection, secret, key, account and list are its own."""
        self.put_key(name, f"pk_{name}")
        people = ({"EMail": f"{name}{number}@example.com"} for number in range(rows))
        await self.segments.get_blob_client("segments", f"{name}/1.ndjson").upload_blob(ndjson(people))
        await self.documents.insert(f"connections/{name}.json", _connection(name))
        await self.documents.insert(f"exports/{name}.json", _export(name))

    def put_key(self, name: str, key: str) -> None:
        """Put *key* into the vault for the export *name*, and let Klaviyo know no other one."""
        self.vault.set(secret_of(name), key)
        self.account(name).replace_keys({key: ALL_SCOPES})

    def account(self, name: str) -> Account:
        """Return the account at Klaviyo of the export *name*."""
        [account] = [each for each in self.klaviyo.accounts if each.id == _account_id(name)]
        return account

    async def start(self, name: str, url: str = "") -> str:
        """Request a run of the export *name*, of the app or the one at *url*; return its address."""
        async with self.http.post(f"{url or self.app_url}/api/exports/{name}/runs") as response:
            assert response.status == 202, await response.text()
            return (url or self.app_url) + response.headers["Location"]

    async def go_on(self, address: str) -> dict[str, Any]:
        """Wake the waiting run at *address*, as the tick does when its time has come, and return it when it has ended.

        The leg that has just let it wait may not have let go of it, so one wake-up is not enough.
        """
        waiting = await self.until(address, lambda run: run["waiting"])
        message = orjson.dumps({"export_id": waiting["export_id"], "run_id": waiting["id"]}).decode()

        async def wake(run: Mapping[str, Any]) -> None:
            if run["legs"] == waiting["legs"]:
                wake_up = orjson.dumps({"input": message})
                async with self.http.post(f"{self.app_url}/admin/functions/export_segment", data=wake_up) as response:
                    response.raise_for_status()

        return await self.until(address, lambda run: run["status"] in ENDED, meanwhile=wake)

    async def ended(self, address: str) -> dict[str, Any]:
        """Return the run at *address* when it has ended."""
        return await self.until(address, lambda run: run["status"] in ENDED)

    async def until(
        self,
        address: str,
        is_so: Callable[[dict[str, Any]], Any],
        *,
        meanwhile: Callable[[Mapping[str, Any]], Awaitable[None]] | None = None,
    ) -> dict[str, Any]:
        """Return the run at *address* as soon as *is_so*; *meanwhile* is done each time when it is not."""
        run: dict[str, Any] = {}
        try:
            async with asyncio.timeout(SECONDS):
                while True:
                    async with self.http.get(address) as response:
                        run = await response.json()
                    if is_so(run):
                        return run
                    if meanwhile:
                        await meanwhile(run)
                    await asyncio.sleep(0.1)
        except TimeoutError:
            said = "\n".join(self.app.lines) if self.app else ""
            raise AssertionError(f"It did not come to that: {run}\n{said}") from None


@asynccontextmanager
async def world(folder: Path, names: tuple[str, ...]) -> AsyncIterator[World]:
    """Start everything but the app; Klaviyo has an account for each of *names*. Raises `LocalProblem`."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    https = Https(folder / "certificate.pem", folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(https.certificate)
    certificate.private_key_pem.write_to_path(https.key)
    for name in ("function_app.py", "host.json"):  # no settings of whoever works here lie beside them
        shutil.copy(ROOT / name, folder)
    klaviyo = RotatedKlaviyo(
        [Account(_account_id(name), keys={}, lists=[ProfileList(name, name)]) for name in names],
        behaviour=Behaviour(limits=False, job_seconds=0.2),
    )
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(vault(authority=authority))
        opened.identity.client_id = IDENTITY
        storage = await stack.enter_async_context(azurite(accounts=(APP_ACCOUNT, SEGMENTS_ACCOUNT), https=https))
        klaviyo_url = await stack.enter_async_context(serving(klaviyo))
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)))
        # What the deployment makes, and what writes segments; both have the accounts' keys here, the app has none.
        options = {**STORAGE_OPTIONS, "connection_verify": str(opened.ca_file)}
        services = []
        for account, container in ((APP_ACCOUNT, "exports"), (SEGMENTS_ACCOUNT, "segments")):
            service = BlobServiceClient.from_connection_string(storage.connection_string_of(account), **options)
            services.append(await stack.enter_async_context(service))
            await service.create_container(container)
        documents = BlobDocuments(services[0], "exports")
        yield World(opened, storage, klaviyo, klaviyo_url, folder, http, documents, services[1])


@asynccontextmanager
async def started(folder: Path, names: tuple[str, ...]) -> AsyncIterator[World]:
    """Start everything, and the app."""
    async with world(folder, names) as around, around.app_process() as process:
        around.app = process
        around.app_url = await url_of(process)
        yield around


def _account_id(name: str) -> str:
    return f"Acc{name.title()}"


async def url_of(process: Child) -> str:
    """Return the address of the app in *process*, when it is ready."""
    return (await process.wait_for_line(r"^Ready at (http://[^,\s]+)", seconds=SECONDS))[1]


def secret_of(name: str) -> str:
    """Return the name of the secret that holds the key for the export *name*."""
    return f"klaviyo-{name}"


def _connection(name: str) -> dict[str, Any]:
    consent = {"accepted": True, "accepted_by": "dana", "accepted_at": "2026-11-23T10:00:00Z", "text": "2026-11"}
    return {
        "schema": 1,
        "id": name,
        "display_name": name.title(),
        "secret_name": secret_of(name),
        "account_id": None,
        "shared_with": "administrators",
        "consent": consent,
    }


def _export(name: str) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": name,
        "display_name": name,
        "connection_id": name,
        "list_id": name,
        "segments": [name],
        "mapping": {"email": "EMail"},
        "enabled": True,
    }
