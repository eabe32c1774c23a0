"""The functions host over storage, vault and a Klaviyo that is simulated, with something of everything in it."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from azure.storage.blob.aio import BlobServiceClient

from local.processes import child
from local.vault import Vault, vault
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.runs.run import Run, RunStatus, Source
from shared.domain.sentences import quoted
from shared.domain.times import utc_text
from tests.builders import connection_document, ended_run, export_document, ndjson, people
from tests.fakes.sink import SECRET

KEY = "pk_simulator"
EXPORTS, SEGMENTS, QUEUE = "described-exports", "described-segments", "described-queue"
CONNECTION, UNUSED_CONNECTION, EXPORT, ENDED_RUN, RUNNING_RUN = "acme", "lonely", "vip", "20261101t060000z-0001", "r"
_BLOB = "vip/1.ndjson"
_COPY = "exports/copy.json"
ADDRESSES: Mapping[tuple[str, str], str] = {
    **{(method, "connection_id"): CONNECTION for method in ("get", "put", "post")},
    ("delete", "connection_id"): UNUSED_CONNECTION,
    **{(method, "export_id"): EXPORT for method in ("get", "put", "post", "delete")},
    ("get", "run_id"): ENDED_RUN,
    **{(method, "run_id"): RUNNING_RUN for method in ("delete", "post")},
}
"""What is there to be asked about, by the method of the call and the name in its address."""
CHANGING = (
    "put_connection",
    "delete_connection",
    "put_export",
    "delete_export",
    "duplicate_export",
    "cancel_run",
    "wake_run",
)
"""What is there has to be written anew before these."""


@dataclass(frozen=True)
class Grounds:
    """What was started; *log* grows with every line that the host writes."""

    url: str
    storage: BlobServiceClient
    vault: Vault
    log: list[str] = field(default_factory=list)

    async def seed(self) -> None:
        """Write what is there from the start over whatever became of it."""
        container = self.storage.get_container_client(EXPORTS)
        for path, body in _seeds().items():
            await container.upload_blob(path, body, overwrite=True)
        async for name in container.list_blob_names(name_starts_with=_COPY):
            await container.delete_blob(name)
        self.vault.set(SECRET, KEY)

    async def stored(self) -> bytes:
        """Return everything that the app has written, one behind the other."""
        container = self.storage.get_container_client(EXPORTS)
        names = [name async for name in container.list_blob_names()]
        return b"\n".join([await (await container.download_blob(name)).readall() for name in names])


@asynccontextmanager
async def grounds(storage: str) -> AsyncIterator[Grounds]:
    """Start everything on *storage*, a connection string, and stop it when the block ends."""
    log: list[str] = []
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(BlobServiceClient.from_connection_string(storage, **STORAGE_OPTIONS))
        opened = await stack.enter_async_context(vault())
        simulator = await stack.enter_async_context(
            child("The Klaviyo simulator", _python("klaviyo", "--port", "0", "--no-limits"))
        )
        settings = {
            "AzureWebJobsStorage": storage,
            "KLAVIYO_BASE_URL": (await simulator.wait_for_line(r"^(http://\S+)$"))[1],
            "EXPORTS_CONTAINER": EXPORTS,
            "SEGMENTS_CONTAINER": SEGMENTS,
            "QUEUE_NAME": QUEUE,
            "TICK_SCHEDULE": "0 0 0 1 1 *",
            **opened.environment(),
        }
        segments = await service.create_container(SEGMENTS)
        await segments.upload_blob(_BLOB, ndjson(people(3)))
        await service.create_container(EXPORTS)
        host = await stack.enter_async_context(
            child(
                "The functions host",
                _python("host", "--port", "0"),
                environment={**os.environ, **settings},
                forward=log.append,
            )
        )
        url = (await host.wait_for_line(r"^Ready at (http://[^,\s]+)"))[1]
        there = Grounds(url, service, opened, log)
        await there.seed()
        yield there


def _connection_wish(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* so that it can be followed: over a secret that is there, with the whole of a consent."""
    key = {} if body.get("api_key") is None else {"api_key": KEY}
    consent = {"accepted": True, "accepted_by": "Dana", "text": "2026-11"}
    kept = {name: value for name, value in body.items() if name not in ("id", "api_key", "account_id")}
    return {**kept, **key, "secret_name": SECRET, "consent": body.get("consent") and consent}


def _export_wish(body: dict[str, Any]) -> dict[str, Any]:
    """Return *body* so that it can be followed: over a connection and segments that are there, at times that are."""
    kept = {name: value for name, value in body.items() if name not in ("id", "schedule", "phone_region")}
    needed = ("display_name", "connection_id", "segments", "mapping")
    return {**kept, **{name: export_document()[name] for name in needed}}


BODIES: Mapping[str, Callable[[Any], Any]] = {
    "put_connection": _connection_wish,
    "put_export": _export_wish,
    "duplicate_export": lambda body: {**body, "id": "copy", "display_name": "A copy"},
    "preview_export": lambda _body: {"limit": 2},
    "make_list": lambda body: {**body, "name": "Made here"},
}
"""What makes a body that is well-formed one that can be followed as well, by the name of the call."""


def _seeds() -> dict[str, bytes]:
    """Return what is there from the start, by path."""
    now = datetime.now(UTC)
    ended = ended_run(ENDED_RUN, EXPORT, "schedule", now - timedelta(hours=23))
    running = Run(
        RUNNING_RUN,
        EXPORT,
        "http",
        now,
        status=RunStatus.EXPORTING,
        started_at=now,
        heartbeat_at=now,
        legs=1,
        source=Source(1, 100, 50),
    )
    refused = Rejection(_BLOB, 2, "email_invalid", quoted("It is no e-mail address."), fields={"email": "nobody"})
    lost = Receipt(None, None, 1, (Span(_BLOB, 3, 3),))
    documents: Mapping[str, Any] = {
        f"connections/{CONNECTION}.json": connection_document(account_id=None, shared_with="contributors"),
        f"connections/{UNUSED_CONNECTION}.json": connection_document(id=UNUSED_CONNECTION, account_id=None),
        f"exports/{EXPORT}.json": export_document(),
        **{f"runs/{EXPORT}/{run.id}/run.json": run.document() for run in (ended, running)},
        f"runs/{EXPORT}/{ENDED_RUN}/rejections.ndjson": refused.document(),
        f"runs/{EXPORT}/{ENDED_RUN}/unconfirmed.ndjson": lost.document(),
        "tick.json": {"schema": 1, "at": utc_text(now)},  # the timer stands still
    }
    return {path: orjson.dumps(document) + b"\n" for path, document in documents.items()}


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "local", *words)
