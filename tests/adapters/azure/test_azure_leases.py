"""Of blob leases: what only a real storage, or none, can show."""

from typing import Any
from uuid import uuid4

import pytest
from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient

from shared.adapters.azure.leases import RENEWAL_SECONDS, BlobLease, BlobLeases
from shared.domain.errors import ConfigurationError, CredentialsRefused, Retryable, Unavailable
from shared.pipeline.watching import lease_hold as hold_lease
from tests.adapters.azure.network import LossyTransport, all_words, answering, closed_port, method_is, silence
from tests.contracts.azure_storage import FAST_OPTIONS, container

KEY = "Zm9yZ2VkIGtleSwgd2hpY2ggbm9ib2R5IG1heSBzZWU="
NAME = "runs/vip/1"


def _service(port: int, **options: Any) -> BlobServiceClient:
    text = f"AccountName=acme;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:{port}/acme"
    return BlobServiceClient.from_connection_string(text, **{**FAST_OPTIONS, **options})


def _lease(service: BlobServiceClient, seconds: float = 10) -> BlobLease:
    """Return a lease as if it had been taken."""
    blob = service.get_blob_client("exports", f"leases/{NAME}")
    return BlobLease(BlobLeaseClient(blob, lease_id=str(uuid4())), NAME, seconds)


async def test_a_renewal_that_nobody_answers_is_given_up_in_its_time() -> None:
    async with silence() as port, _service(port) as service:
        with pytest.raises(Unavailable, match=r"lease 'runs/vip/1' could not be renewed within 0\.05 s"):
            await _lease(service, 0.05).renew()


async def test_letting_go_of_a_lease_does_not_wait_for_a_storage_that_keeps_silent() -> None:
    async with silence() as port, _service(port) as service:
        await _lease(service, 0.05).release()


async def test_a_renewal_is_tried_once_as_its_holder_decides_when_to_try_again() -> None:
    sent = LossyTransport(method_is("PUT"), losses=100)
    async with answering(200) as port, _service(port, transport=sent, retry_total=4) as service:
        with pytest.raises(Unavailable, match="did not answer"):
            await _lease(service).renew()
        assert sent.losses == 99
        await _lease(service).release()
        assert sent.losses == 98


def test_a_renewal_has_the_time_that_the_holder_of_a_lease_counts_with() -> None:
    assert RENEWAL_SECONDS == hold_lease.RENEWAL_SECONDS == 5


async def test_a_lease_taken_from_a_container_gives_up_a_renewal_in_its_time(azurite: str) -> None:
    async with container(azurite) as (service, made):
        lease = await BlobLeases(service, made.container_name, renewal_seconds=0).take(NAME)
        assert lease is not None
        with pytest.raises(Unavailable, match="could not be renewed within 0 s"):
            await lease.renew()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_storage_that_cannot_now_leaves_it_open_whether_the_lease_is_held(status: int) -> None:
    async with answering(status) as port, _service(port) as service:
        with pytest.raises(Retryable):
            await _lease(service).renew()


async def test_a_lease_whose_answer_was_lost_is_still_ours(azurite: str) -> None:
    transport = LossyTransport(lambda request: "comp=lease" in request.url)
    async with container(azurite, transport=transport) as (service, made):
        leases = BlobLeases(service, made.container_name)
        lease = await leases.take(NAME)
        assert transport.losses == 0
        assert lease is not None
        assert await lease.renew()
        assert await leases.take(NAME) is None


async def test_a_renewal_whose_answer_was_lost_is_not_known_and_does_no_harm(azurite: str) -> None:
    transport = LossyTransport(lambda request: "comp=lease" in request.url, losses=0)
    async with container(azurite, transport=transport) as (service, made):
        lease = await BlobLeases(service, made.container_name).take(NAME)
        assert lease is not None
        transport.losses = 1
        with pytest.raises(Unavailable):
            await lease.renew()
        assert await lease.renew()


async def test_a_container_that_is_missing_is_named(azurite: str) -> None:
    async with BlobServiceClient.from_connection_string(azurite, **FAST_OPTIONS) as service:
        leases = BlobLeases(service, "never-made")
        with pytest.raises(ConfigurationError, match="the container does not exist"):
            await leases.take(NAME)


async def test_a_storage_that_is_not_there_is_unavailable() -> None:
    async with _service(closed_port()) as service:
        leases = BlobLeases(service, "exports")
        for call in (leases.take(NAME), leases.forget(NAME), _lease(service).renew()):
            with pytest.raises(Unavailable) as raised:
                await call
            assert KEY not in all_words(raised.value)
        await _lease(service).release()


async def test_a_wrong_key_is_refused_and_never_shown(azurite: str) -> None:
    right = dict(part.split("=", 1) for part in azurite.rstrip(";").split(";"))["AccountKey"]
    async with BlobServiceClient.from_connection_string(azurite.replace(right, KEY), **FAST_OPTIONS) as service:
        with pytest.raises(CredentialsRefused, match="Storage Blob Data Contributor") as raised:
            await BlobLeases(service, "exports").take(NAME)
    assert KEY not in all_words(raised.value)
