"""Leases as blob leases: Azure keeps them, and ends them when nobody renews."""

import asyncio
import contextlib
import uuid

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient

from shared.adapters.azure.translation import error_code, lacks_container, storage_errors
from shared.domain.errors import ExportError, Unavailable
from shared.ports import LEASE_SECONDS

RENEWAL_SECONDS = 5
_HELD = ("LeaseAlreadyPresent", "LeaseIsBreakingAndCannotBeAcquired")
_TAKEN = ("leased", "breaking")
_LOST = (
    "BlobNotFound",
    "LeaseAlreadyPresent",
    "LeaseIdMismatchWithLeaseOperation",
    "LeaseIsBrokenAndCannotBeRenewed",
    "LeaseLost",
    "LeaseNotPresentWithLeaseOperation",
)


class BlobLeases:
    """The `Leases` port over empty blobs ``leases/…`` of a container, which must exist.

    A renewal is tried once and has *renewal_seconds*: whoever holds the lease decides when to try again.
    """

    def __init__(self, service: BlobServiceClient, container: str, *, renewal_seconds: float = RENEWAL_SECONDS) -> None:
        self._container = service.get_container_client(container)
        self._renewal_seconds = renewal_seconds

    async def take(self, name: str) -> "BlobLease | None":
        """Return the lease *name*, or None while somebody else has it."""
        blob = self._container.get_blob_client(f"leases/{name}")
        # The id is ours from the start, so that a repeated request is no stranger's.
        client = BlobLeaseClient(blob, lease_id=str(uuid.uuid4()))
        with storage_errors(f"lease '{name}'"):
            for _ in range(2):
                try:
                    await client.acquire(lease_duration=LEASE_SECONDS)
                except ResourceNotFoundError as error:
                    if lacks_container(error):
                        raise
                    with contextlib.suppress(ResourceExistsError):
                        await blob.upload_blob(b"", overwrite=False)
                except HttpResponseError as error:
                    if error_code(error) in _HELD:
                        return None
                    raise
                else:
                    return BlobLease(client, name, self._renewal_seconds)
        raise Unavailable(f"The blob of lease '{name}' was deleted again and again.")

    async def is_free(self, name: str) -> bool:
        """Tell whether nobody has the lease *name* right now."""
        with storage_errors(f"look at the lease '{name}'"):
            try:
                found = await self._container.get_blob_client(f"leases/{name}").get_blob_properties()
            except ResourceNotFoundError as error:
                if lacks_container(error):
                    raise
                return True
        return found.lease.state not in _TAKEN

    async def forget(self, name: str) -> None:
        """Clear away the blob of the lease *name*, unless somebody has it."""
        with storage_errors(f"clear away the lease '{name}'"):
            try:
                await self._container.delete_blob(f"leases/{name}")
            except HttpResponseError as error:
                if error_code(error) not in ("BlobNotFound", "LeaseIdMissing"):
                    raise


class BlobLease:
    """One lease that was taken."""

    def __init__(self, client: BlobLeaseClient, name: str, renewal_seconds: float) -> None:
        self._client = client
        self._name = name
        self._seconds = renewal_seconds
        self._is_over = False

    async def renew(self) -> bool:
        """Hold it for another minute; return False when it is lost."""
        if self._is_over:
            return False
        try:
            async with asyncio.timeout(self._seconds):
                with storage_errors(f"renew the lease '{self._name}'"):
                    return await self._renewed()
        except TimeoutError as error:
            raise Unavailable(f"The lease '{self._name}' could not be renewed within {self._seconds:g} s.") from error

    async def release(self) -> None:
        """Let go of it."""
        if self._is_over:
            return
        self._is_over = True
        with contextlib.suppress(ExportError, TimeoutError):
            async with asyncio.timeout(self._seconds):
                with storage_errors(f"release the lease '{self._name}'"):
                    await self._client.release(retry_total=0)

    async def _renewed(self) -> bool:
        try:
            await self._client.renew(retry_total=0)
        except HttpResponseError as error:
            if error_code(error) in _LOST:
                return False
            raise
        return True
