"""The port `Leases` over Azure's blob leases, which end by themselves when no process renews them."""

import asyncio
import contextlib
import uuid

from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient

from shared.adapters.azure.storage_errors import error_code, lacks_container, storage_errors
from shared.domain.errors import ExportError, Unavailable
from shared.domain.sentences import say
from shared.ports import LEASE_SECONDS

RENEWAL_SECONDS = 5
"""How long one renewal, or one release, may take."""
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

    A renewal is tried once and has *renewal_seconds*: the holder of the lease decides when to try again.
    """

    def __init__(self, service: BlobServiceClient, container: str, *, renewal_seconds: float = RENEWAL_SECONDS) -> None:
        self._container = service.get_container_client(container)
        self._renewal_seconds = renewal_seconds

    async def take(self, name: str) -> "BlobLease | None":
        """Take the lease *name* and return it, or None while somebody else has it; raises as `storage_errors`."""
        blob = self._container.get_blob_client(f"leases/{name}")
        # We choose the id, so that a request that the client repeats is known as ours.
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
        raise Unavailable(
            say("lease_deleted_again", "The blob of lease '{name}' was deleted again and again.", name=name)
        )

    async def is_free(self, name: str) -> bool:
        """Tell whether nobody has the lease *name* right now; raises as `storage_errors`."""
        with storage_errors(f"look at the lease '{name}'"):
            try:
                found = await self._container.get_blob_client(f"leases/{name}").get_blob_properties()
            except ResourceNotFoundError as error:
                if lacks_container(error):
                    raise
                return True
        return found.lease.state not in _TAKEN

    async def forget(self, name: str) -> None:
        """Delete the blob of the lease *name*, unless somebody has the lease; raises as `storage_errors`."""
        with storage_errors(f"clear away the lease '{name}'"):
            try:
                await self._container.delete_blob(f"leases/{name}")
            except HttpResponseError as error:
                if error_code(error) not in ("BlobNotFound", "LeaseIdMissing"):
                    raise


class BlobLease:
    """A lease that this process has taken; mutable."""

    def __init__(self, client: BlobLeaseClient, name: str, renewal_seconds: float) -> None:
        self._client = client
        self._name = name
        self._seconds = renewal_seconds
        self._is_over = False

    async def renew(self) -> bool:
        """Hold the lease for another `LEASE_SECONDS`; return False when it is lost.

        Raises `Unavailable` after the timeout.
        """
        if self._is_over:
            return False
        try:
            async with asyncio.timeout(self._seconds):
                with storage_errors(f"renew the lease '{self._name}'"):
                    return await self._renewed()
        except TimeoutError as error:
            raise Unavailable(
                say(
                    "lease_not_renewed",
                    "The lease '{name}' could not be renewed within {seconds:g} s.",
                    name=self._name,
                    seconds=self._seconds,
                )
            ) from error

    async def release(self) -> None:
        """Let go of the lease; errors are ignored, as the lease runs out by itself. This may be tried again."""
        self._is_over = True
        if not self._client.id:  # the client forgets it once it has let go
            return
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
