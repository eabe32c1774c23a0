"""The composition root: settings become adapters, adapters become the product. Only this module knows all adapters.

This module loads the libraries of Azure, which take longer to load than everything else.
So other modules import this one when they need it, and not at their top.
"""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime
from typing import TypeVar

import aiohttp
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure.client_options import STORAGE_OPTIONS, VAULT_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.identity import Identities
from shared.adapters.azure.leases import BlobLeases
from shared.adapters.azure.poison_queue import AzurePoisonQueue
from shared.adapters.azure.queue_probe import QueueProbe
from shared.adapters.azure.queues import Queues
from shared.adapters.azure.secrets import KeyVaultSecrets, SettingsSecrets
from shared.adapters.azure.segments import BlobSegments
from shared.adapters.azure.storage_errors import error_code, storage_errors
from shared.adapters.event_log import EventLog
from shared.adapters.klaviyo.klaviyo_sink import KlaviyoSinks
from shared.app import App
from shared.domain.identifiers import new_run_id
from shared.domain.sources.source_rules import SourceRules
from shared.pipeline.resources import LegLimits, Resources
from shared.ports import EventListener, Segments
from shared.ports.heard import VAULT, heard
from shared.settings import Settings, StorageAccount
from shared.store.store import Store

_T = TypeVar("_T")


class SystemClock:
    """The `Clock` port over the machine's clock."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since some fixed moment; they never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*; 0 lets other tasks run."""
        await asyncio.sleep(seconds)

    async def beside(self, event: Future[_T]) -> _T:
        """Wait for *event*, which a thread beside the event loop brings about soon."""
        return await asyncio.wrap_future(event)


def quiet_azure_logs() -> None:
    """Keep the Azure libraries from logging a block of lines for every request."""
    logging.getLogger("azure").setLevel(logging.WARNING)


async def open_app(environment: Mapping[str, str] | None = None) -> App:
    """Wire up the product from *environment*; without one, from the environment of the process.

    Raises `ConfigurationError`, which names the setting that cannot be used.
    """
    quiet_azure_logs()
    settings = Settings.from_environment(environment)
    clock = SystemClock()
    async with AsyncExitStack() as opened:
        identities = Identities()
        opened.push_async_callback(identities.close)
        session = await opened.enter_async_context(aiohttp.ClientSession())
        storage = _service(settings.storage, identities, opened)
        segments = _service(settings.segments_storage, identities, opened)
        documents = BlobDocuments(storage, settings.exports_container)
        events = EventLog()
        vault = _secrets(settings, identities, opened, events)
        keys = heard(vault, VAULT)
        queues = Queues(settings.storage.connection_string, settings.queue_url, identities, settings.storage.client_id)
        poison = AzurePoisonQueue(queues, of=settings.queue_name)
        opened.push_async_callback(poison.close)
        await _ensure_container(storage, settings.exports_container)
        closing = opened.pop_all()
    resources = Resources(
        store=Store(documents, clock, new_id=lambda: secrets.token_hex(8)),
        segments=BlobSegments(segments, settings.segments_container),
        sinks=KlaviyoSinks(session, settings.klaviyo_base_url, keys, clock=clock, draw=random.random),
        leases=BlobLeases(storage, settings.exports_container),
        clock=clock,
        events=events,
        limits=LegLimits(settings.leg_budget_seconds, settings.requests_in_flight, settings.settle_limit),
        new_run_id=lambda now: new_run_id(now, secrets.token_hex(2)),
        source_rules=SourceRules(settings.quiet, settings.max_lateness),
    )
    return App(
        resources,
        keys,
        settings,
        poison,
        closing,
        probes={
            "segments": lambda: _look_at(BlobSegments(segments, settings.segments_container, page_names=1)),
            "queue": QueueProbe(queues, settings.queue_name),
            "vault": vault.probe,
        },
    )


async def _look_at(segments: Segments) -> None:
    async with aclosing(segments.listed()) as listed:
        async for _ in listed:
            return


def _service(account: StorageAccount, identities: Identities, closing: AsyncExitStack) -> BlobServiceClient:
    if account.connection_string:
        service = BlobServiceClient.from_connection_string(account.connection_string, **STORAGE_OPTIONS)
    else:
        identity = identities.of(account.client_id)
        service = BlobServiceClient(str(account.blob_url), credential=identity, **STORAGE_OPTIONS)
    closing.push_async_callback(service.close)
    return service


async def _ensure_container(service: BlobServiceClient, name: str) -> None:
    """Make the app's own container if it is missing. The customer makes the container of the segments."""
    with storage_errors(f"create container '{name}'"):
        try:
            await service.create_container(name)
        except ResourceExistsError as error:
            if error_code(error) != "ContainerAlreadyExists":  # for example ContainerBeingDeleted
                raise


def _secrets(
    settings: Settings, identities: Identities, closing: AsyncExitStack, events: EventListener
) -> KeyVaultSecrets | SettingsSecrets:
    if settings.key_vault_url is None:
        return SettingsSecrets(settings.secrets, prefix=settings.secret_prefix)
    from azure.keyvault.secrets.aio import SecretClient  # noqa: PLC0415 - not needed on a laptop

    client = SecretClient(settings.key_vault_url, identities.of(settings.identity_client_id), **VAULT_OPTIONS)
    closing.push_async_callback(client.close)
    return KeyVaultSecrets(client, events=events, prefix=settings.secret_prefix)
