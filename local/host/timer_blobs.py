"""What the instances of an app know together about a timer, in the container that Azure's host uses too."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.identity.aio import ManagedIdentityCredential
from azure.storage.blob.aio import BlobClient, BlobLeaseClient, BlobServiceClient

from local.host.settings import STORAGE, HostSettings
from local.host.storage_queues import QUICK_RETRIES, is_by_identity
from shared.ports import Clock

HOSTS_CONTAINER = "azure-webjobs-hosts"
LEASE_SECONDS = 15
"""How long a dead instance still has the timer; as in Azure's host."""


class HostBlobs:
    """The storage of the host's own notes; *storage* is a connection string, empty for the app's identity."""

    def __init__(self, settings: HostSettings, storage: str, host_id: str) -> None:
        self._host_id = host_id
        self._identity: ManagedIdentityCredential | None = None
        if is_by_identity(settings.values, STORAGE):
            url, client_id = (
                settings.value(f"{STORAGE}__{name}", needed_by="the timer") for name in ("blobServiceUri", "clientId")
            )
            self._identity = ManagedIdentityCredential(client_id=client_id, **QUICK_RETRIES)
            self._service = BlobServiceClient(url, credential=self._identity, **QUICK_RETRIES)
        else:
            self._service = BlobServiceClient.from_connection_string(storage, **QUICK_RETRIES)

    async def open(self) -> None:
        """Make the container if it is missing."""
        with suppress(ResourceExistsError):
            await self._service.create_container(HOSTS_CONTAINER)

    def timer(self, function: str, clock: Clock) -> "BlobTimerRecord":
        """Return the record of the timer of *function*."""
        name = f"Host.Functions.{function}"
        lock = self._service.get_blob_client(HOSTS_CONTAINER, f"locks/{self._host_id}/{name}.Listener")
        status = self._service.get_blob_client(HOSTS_CONTAINER, f"timers/{self._host_id}/{name}/status")
        return BlobTimerRecord(lock, status, clock)

    async def close(self) -> None:
        """Close all connections."""
        await self._service.close()
        if self._identity:
            await self._identity.close()


class BlobTimerRecord:
    """A lease on one blob says who has the timer, another blob when its next call is due. Mutable."""

    def __init__(self, lock: BlobClient, status: BlobClient, clock: Clock) -> None:
        self._lock = lock
        self._status = status
        self._clock = clock
        self._lease: BlobLeaseClient | None = None

    async def take(self) -> bool:
        """Take the timer; see `TimerRecord`."""
        lease = BlobLeaseClient(self._lock)
        try:
            with suppress(ResourceExistsError):
                await self._lock.upload_blob(b"", overwrite=False)
            await lease.acquire(lease_duration=LEASE_SECONDS)
        except AzureError:
            return False
        self._lease = lease
        return True

    async def keep(self) -> None:
        """Renew the lease until that fails; see `TimerRecord`."""
        renewed = self._clock.monotonic()
        while self._lease:
            await self._clock.sleep(LEASE_SECONDS / 2)
            begun = self._clock.monotonic()
            try:
                await self._lease.renew()
                renewed = begun
            except HttpResponseError:
                return
            except AzureError:
                if self._clock.monotonic() - renewed >= LEASE_SECONDS:
                    return

    async def release(self) -> None:
        """End the lease; see `TimerRecord`."""
        if self._lease:
            with suppress(AzureError):
                await self._lease.release()
        self._lease = None

    async def due(self) -> datetime | None:
        """Read the status; see `TimerRecord`."""
        try:
            status: dict[str, Any] = json.loads(await (await self._status.download_blob()).readall())
            return datetime.fromisoformat(status["Next"])
        except (ResourceNotFoundError, ValueError, KeyError):
            return None

    async def note(self, last: datetime | None, due: datetime) -> None:
        """Write the status; see `TimerRecord`."""
        status = {"Last": last and last.isoformat(), "Next": due.isoformat()}
        with suppress(AzureError):
            await self._status.upload_blob(json.dumps(status).encode(), overwrite=True)
