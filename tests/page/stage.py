"""The app with its page, on loopback: hosts and storage are processes, Klaviyo and the vault run in a thread."""

import asyncio
import os
import sys
import threading
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson
from azure.storage.blob.aio import BlobLeaseClient, BlobServiceClient

from local.azurite import azurite
from local.clock import SystemClock
from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from local.processes import child
from local.vault import Vault, vault
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.domain.runs.rejection import Rejection
from shared.domain.runs.run import Reasons, Run
from shared.domain.sentences import say
from shared.domain.times import utc_text
from shared.store.paths import LAST_TICK, index_path, run_path
from tests.builders import connection_document, ended_run, export_document, ndjson, people
from tests.fakes.sink import SECRET

KEY, NARROW_KEY = "pk_simulator", "pk_narrow"
MISSING_SCOPE = "profiles:read"
LIST, LIST_NAME = "Y6nRLr", "VIP newsletter"
WATCHED_LIST, WATCHED_NAME, FLOW_NAME = "WaTcHd", "Welcome list", "Welcome series"
SEGMENT = "vip"
RUN = "20261101t060000z-0001"
HELD = 50.0
"""Seconds of an answer of Klaviyo that waits until it is let go; the app would wait for longer."""
_NO_SIGN = say("email_no_sign", "The e-mail address has no @ sign.")
_QUICK = {"limits": False, "job_seconds": 0.2}
_SECONDS = 60.0
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Site:
    """A host with its own containers; *key* opens it where it asks for keys."""

    url: str
    key: str
    service: BlobServiceClient
    exports: str
    segments: str

    @property
    def page(self) -> str:
        return f"{self.url}/api/ui/"

    async def clear(self) -> None:
        """Remove everything that is stored."""
        for name in (self.exports, self.segments):
            container = self.service.get_container_client(name)
            async for blob in container.list_blobs():
                client = container.get_blob_client(blob.name)
                if blob.lease.state == "leased":  # a test that failed leaves a run at work
                    await BlobLeaseClient(client).break_lease(lease_break_period=0)
                await client.delete_blob()

    async def put(self, path: str, document: Mapping[str, Any]) -> None:
        """Write *document* as the app keeps it."""
        await self._write(self.exports, path, orjson.dumps(document))

    async def put_segment(self, name: str, rows: Iterable[Any]) -> None:
        """Write *rows* as the only file of the segment *name*."""
        await self._write(self.segments, f"{name}/1.ndjson", ndjson(rows))

    async def _write(self, container: str, path: str, body: bytes) -> None:
        await self.service.get_container_client(container).upload_blob(path, body, overwrite=True)


class HeldClock(SystemClock):
    """The time of the machine, but for waits of `HELD` seconds: they end when they are let go. Mutable."""

    def __init__(self) -> None:
        self._let_go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds*, or shorter where they are `HELD` and let go."""
        if seconds < HELD:
            await super().sleep(seconds)
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._let_go.wait(), seconds)

    def let_go(self) -> None:
        """End the waits that there are."""
        self._let_go.set()
        self._let_go = asyncio.Event()


@dataclass
class Stage:
    """What was started. Its coroutines run in the loop of its own thread; mutable."""

    loop: asyncio.AbstractEventLoop
    stack: AsyncExitStack
    clock: HeldClock = field(default_factory=HeldClock)
    klaviyo: Simulator = field(default_factory=Simulator)
    vault: Vault = field(default_factory=Vault)
    settings: dict[str, str] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Return what *work* returns."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_SECONDS)

    def site(self, auth: str) -> Site:
        """Return the host that is started with ``--auth`` *auth*, empty."""
        if auth not in self.sites:
            self.sites[auth] = self.run(self._start(auth))
        site = self.sites[auth]
        self.run(site.clear())
        # The timer has worked before anybody comes: without that the app tells that it is not well.
        self.run(site.put(LAST_TICK, {"schema": 1, "at": utc_text(datetime.now(UTC))}))
        return site

    def change_klaviyo(self, **settings: Any) -> None:
        """Change how Klaviyo behaves from now on."""
        self.run(self._change(settings))

    def let_klaviyo_answer(self) -> None:
        """End the waits for answers that are held, and hold none any more."""
        self.run(self._let_go())

    def fresh_klaviyo(self) -> None:
        """Let Klaviyo be as at the start."""
        self.run(self._renew())

    def fill(self, site: Site, *, rows: int = 3, broken: int = 0, **export: Any) -> None:
        """Store a connection, an export with these parts, and its segment of *rows* people and *broken* rows."""
        connection = connection_document(account_id=None, shared_with="contributors")
        document = export_document(**{"list_id": LIST, **export})
        self.vault.set(SECRET, KEY)
        self.run(site.put_segment(SEGMENT, [*people(rows), *({"EMail": "nobody"} for _ in range(broken))]))
        self.run(site.put("connections/acme.json", connection))
        self.run(site.put(f"exports/{document['id']}.json", document))

    def add_run(self, site: Site) -> None:
        """Store a run of the export ``vip`` that has ended, with something of everything."""
        ended = datetime.now(UTC) - timedelta(hours=1)
        run = ended_run(RUN, "vip", "http", ended, reasons=Reasons({"email_invalid": 1}))
        refused = Rejection(f"{SEGMENT}/1.ndjson", 3, "email_invalid", _NO_SIGN, fields={"email": "nobody"})
        self.store_run(site, run)
        unknown = {"job_id": "job1", "created_at": None, "profiles": 1, "rows": [[f"{SEGMENT}/1.ndjson", 2, 2]]}
        self.run(site.put(f"runs/vip/{RUN}/rejections.ndjson", refused.document()))
        self.run(site.put(f"runs/vip/{RUN}/unconfirmed.ndjson", {**unknown, "status": "vanished"}))

    def store_run(self, site: Site, run: Run) -> None:
        """Store *run* as nothing else knows of it: the timer lets it be."""
        entry = {"schema": 1, "export_id": run.export_id, "run_id": run.id}
        self.run(site.put(run_path(run.export_id, run.id), run.document()))
        self.run(site.put(index_path(run.export_id, run.id), entry))

    async def open(self) -> None:
        """Start the storage, the vault and Klaviyo."""
        storage = (await self.stack.enter_async_context(azurite())).connection_string
        self.vault = await self.stack.enter_async_context(vault())
        accounts = [Account(keys=_keys(), lists=_lists())]
        self.klaviyo = Simulator(accounts, behaviour=Behaviour().changed(_QUICK), clock=self.clock)
        self.settings = {
            **os.environ,
            **self.vault.environment(),
            "AzureWebJobsStorage": storage,
            "KLAVIYO_BASE_URL": await self.stack.enter_async_context(serving(self.klaviyo)),
            "ALLOW_KEY_ENTRY": "true",
            "TICK_SCHEDULE": "*/2 * * * * *",  # a waiting run goes on within two seconds
        }

    async def _start(self, auth: str) -> Site:
        names = {"EXPORTS_CONTAINER": f"page-exports-{auth}", "SEGMENTS_CONTAINER": f"page-segments-{auth}"}
        storage = self.settings["AzureWebJobsStorage"]
        service = await self.stack.enter_async_context(
            BlobServiceClient.from_connection_string(storage, **STORAGE_OPTIONS)
        )
        for name in names.values():
            await service.create_container(name)
        words = (sys.executable, "-m", "local", "host", "--port", "0", "--auth", auth)
        environment = {**self.settings, **names, "QUEUE_NAME": f"page-queue-{auth}"}
        host = await self.stack.enter_async_context(
            child("The functions host", words, environment=environment, grace=2)
        )
        url = (await host.wait_for_line(r"^Ready at (http://[^,\s]+)", seconds=_SECONDS))[1]
        key = (await host.wait_for_line(r"^Function key: (\S+)"))[1] if auth == "keys" else ""
        return Site(url, key, service, names["EXPORTS_CONTAINER"], names["SEGMENTS_CONTAINER"])

    async def _change(self, settings: Mapping[str, Any]) -> None:
        self.klaviyo.change({**_QUICK, **settings})

    async def _let_go(self) -> None:
        self.klaviyo.change(_QUICK)
        self.clock.let_go()

    async def _renew(self) -> None:
        self.clock.let_go()
        self.klaviyo.reset()
        self.klaviyo.behaviour = Behaviour().changed(_QUICK)
        self.klaviyo.accounts[0].replace_keys(_keys())


@contextmanager
def stage() -> Iterator[Stage]:
    """Start everything but the hosts in a thread, and stop all when the block ends. Raises `LocalProblem`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = Stage(loop, AsyncExitStack())
    try:
        opened.run(opened.open())
        yield opened
    finally:
        opened.run(opened.stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _keys() -> dict[str, frozenset[str]]:
    return {KEY: ALL_SCOPES, NARROW_KEY: ALL_SCOPES - {MISSING_SCOPE}}


def _lists() -> list[ProfileList]:
    watched = ProfileList(WATCHED_LIST, WATCHED_NAME, flows=(Flow("FlOw01", FLOW_NAME),))
    return [ProfileList(LIST, LIST_NAME), watched]
