"""The look at the queue of the wake-ups, on a real Azurite."""

import re
import uuid

import pytest
from azure.storage.queue.aio import QueueClient

from shared.adapters.azure.identity import Identities
from shared.adapters.azure.queue_probe import QueueProbe
from shared.adapters.azure.queues import Queues
from shared.domain.errors import ConfigurationError, CredentialsRefused, Unavailable
from tests.adapters.azure.network import closed_port


def probe_of(storage: str, name: str) -> QueueProbe:
    return QueueProbe(Queues(storage, None, Identities(), None), name)


async def test_a_queue_that_is_there_is_well_and_one_that_is_not_is_told_of(azurite: str) -> None:
    name = f"q-{uuid.uuid4().hex}"
    with pytest.raises(ConfigurationError, match=f"Could not read queue '{name}': it does not exist"):
        await probe_of(azurite, name)()
    async with QueueClient.from_connection_string(azurite, name) as client:
        await client.create_queue()
    await probe_of(azurite, name)()


async def test_whoever_is_not_let_in_hears_which_role_is_missing(azurite: str) -> None:
    forged = re.sub("AccountKey=[^;]+", "AccountKey=bm8ga2V5", azurite)
    with pytest.raises(CredentialsRefused, match="the role 'Storage Queue Data Contributor'"):
        await probe_of(forged, "wake-ups")()


async def test_a_storage_that_is_not_there_did_not_answer() -> None:
    nowhere = (
        "DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=bm8ga2V5;"
        f"QueueEndpoint=http://127.0.0.1:{closed_port()}/acme;"
    )
    with pytest.raises(Unavailable, match="did not answer"):
        await probe_of(nowhere, "wake-ups")()
