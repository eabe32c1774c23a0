"""Two functions hosts as processes over one storage: the gate lets the right requests in, however many come at once.

Klaviyo does not answer here, so that no run ends while the requests come.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from shared.adapters.azure.documents import BlobDocuments
from tests.builders import connection_document, export_document
from tests.end_to_end.two_hosts import seeded, started

AT_ONCE = 50
EXPORTS, SEGMENTS, QUEUE = "at-once-exports", "at-once-segments", "at-once-queue"
NOBODY = "http://127.0.0.1:9"
"""Nothing listens there."""


@dataclass(frozen=True)
class Hosts:
    """Two hosts, and what they store."""

    urls: tuple[str, ...]
    http: aiohttp.ClientSession
    documents: BlobDocuments

    async def add_export(self, export_id: str) -> str:
        """Write an export; return its id."""
        await self.documents.insert(f"exports/{export_id}.json", export_document(id=export_id))
        return export_id

    async def post(self, path: str, times: int = AT_ONCE, **headers: str) -> list[tuple[int, Any]]:
        """Send the same request to both hosts in turn, so many *times* at once; return statuses and answers."""

        async def one(number: int) -> tuple[int, Any]:
            url = f"{self.urls[number % len(self.urls)]}/api/{path}"
            async with self.http.post(url, headers=headers) as response:
                return response.status, await response.json(content_type=None)

        return await asyncio.gather(*map(one, range(times)))

    async def runs(self, export_id: str) -> list[str]:
        """Return the ids of the runs that are stored, in order."""
        return [run_id async for run_id in self.documents.folders(f"runs/{export_id}/")]

    async def placed(self, export_id: str) -> list[str]:
        """Return the ids of the runs at the gate, the one at work first."""
        gate = await self.documents.get(f"active/{export_id}.json")
        assert gate is not None
        return [each["run_id"] for each in gate.value["requests"]]


@pytest.fixture
async def hosts(azurite: str) -> AsyncIterator[Hosts]:
    settings = {
        "AzureWebJobsStorage": azurite,
        "KLAVIYO_BASE_URL": NOBODY,
        "EXPORTS_CONTAINER": EXPORTS,
        "SEGMENTS_CONTAINER": SEGMENTS,
        "QUEUE_NAME": QUEUE,
        "TICK_SCHEDULE": "0 0 0 1 1 *",
        "SECRET_KLAVIYO_ACME": "pk_nobody",
    }
    async with AsyncExitStack() as stack:
        documents = await seeded(azurite, stack, exports=EXPORTS, segments=SEGMENTS, connection=connection_document())
        both = await started(settings, stack)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)))
        yield Hosts(tuple(host.url for host in both), http, documents)


async def test_two_hosts_let_in_what_may_come_in_however_many_requests_come_at_once(hosts: Hosts) -> None:
    await _one_of_fifty_starts(hosts, await hosts.add_export("one"))
    await _eleven_of_fifty_that_may_wait_have_a_place(hosts, await hosts.add_export("queue"))
    await _one_key_names_one_run(hosts, await hosts.add_export("key"))
    await hosts.add_export("all")
    await _one_key_for_all_names_the_same_runs(hosts)


async def _one_of_fifty_starts(hosts: Hosts, export_id: str) -> None:
    answers = await hosts.post(f"exports/{export_id}/runs")
    (started,) = [answer for status, answer in answers if status == 202]
    refused = [answer for status, answer in answers if status == 409]
    assert len(refused) == AT_ONCE - 1, {status for status, _ in answers}
    assert {each["run"] for each in refused} == {started["self"]}
    assert await hosts.runs(export_id) == await hosts.placed(export_id) == [started["id"]]


async def _eleven_of_fifty_that_may_wait_have_a_place(hosts: Hosts, export_id: str) -> None:
    answers = await hosts.post(f"exports/{export_id}/runs?queue=true")
    started = [answer["id"] for status, answer in answers if status == 202]
    refused = [answer for status, answer in answers if status == 409]
    order = await hosts.placed(export_id)
    assert sorted(started) == sorted(order) == await hosts.runs(export_id)
    assert (len(started), len(refused)) == (11, AT_ONCE - 11)
    assert {each["run"] for each in refused} == {f"/api/exports/{export_id}/runs/{order[0]}"}


async def _one_key_names_one_run(hosts: Hosts, export_id: str) -> None:
    answers = await hosts.post(f"exports/{export_id}/runs", 20, **{"Idempotency-Key": "monday"})
    assert {status for status, _ in answers} == {202}
    assert [answer["id"] for _, answer in answers] == 20 * await hosts.runs(export_id)


async def _one_key_for_all_names_the_same_runs(hosts: Hosts) -> None:
    answers = await hosts.post("runs", 10, **{"Idempotency-Key": "monday"})
    assert {status for status, _ in answers} == {202}
    named = [[run["id"] for run in answer["runs"]] for _, answer in answers]
    assert named == 10 * [await hosts.runs("all")]
    assert {tuple(each["export_id"] for each in answer["skipped"]) for _, answer in answers} == {
        ("key", "one", "queue")
    }
