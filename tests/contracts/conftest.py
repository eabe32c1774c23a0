"""A Klaviyo account and documents, each as a fake and as the real thing."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.ports import Documents, Sink
from tests.contracts.azure_storage import container
from tests.contracts.klaviyo_accounts import JOB_SECONDS, SECRET, MemoryAccount, Place, SimulatedAccount
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
from tests.fakes.secrets import MemorySecrets


@pytest.fixture(params=["memory", "klaviyo"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    if request.param == "memory":
        yield MemoryAccount()
        return
    clock = FakeClock()
    simulator = Simulator(clock=clock)
    secrets = MemorySecrets({SECRET: "pk_simulator"})
    async with serving(simulator) as base_url, aiohttp.ClientSession() as session:
        sinks = KlaviyoSinks(session, base_url, secrets, clock=clock, draw=lambda: 0.5)
        simulator.change({"job_seconds": JOB_SECONDS, "phone_numbers": "refused"})
        yield SimulatedAccount(simulator, sinks, clock)


@pytest.fixture
def sink(place: Place) -> Sink:
    return place.sinks(SECRET)


@pytest.fixture(params=["memory", "azure"])
def connection_string(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("azurite") if request.param == "azure" else None


@pytest.fixture
async def documents(connection_string: str | None) -> AsyncIterator[Documents]:
    if connection_string is None:
        yield MemoryDocuments()
        return
    async with container(connection_string) as (service, made):
        yield BlobDocuments(service, made.container_name, page_names=3)
