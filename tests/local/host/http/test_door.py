"""What the host refuses before a function hears of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import azure.functions as func
import pytest

from local.host.host import running_host
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside

SETTINGS = HostSettings(values={})


@asynccontextmanager
async def host_of(heard: list[bytes]) -> AsyncIterator[str]:
    """Yield the address of a host whose one function, ``POST /api/ask``, notes the bodies that it gets in *heard*."""
    app = func.FunctionApp()

    @app.route("ask", methods=["POST"])
    async def ask(req: func.HttpRequest) -> str:
        heard.append(req.get_body())
        return "x"

    async with running_host(WorkerInside(app), SETTINGS, "") as host:
        yield host.url


async def problem(answer: aiohttp.ClientResponse, status: int) -> dict[str, Any]:
    """Return the problem document of *answer*."""
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    document = json.loads(await answer.read())
    assert document["status"] == status
    assert document["type"].startswith("urn:segment-export:problem:")
    assert document["title"]
    assert document["detail"]
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("name", ["evil.example", "evil.example:7071", "localhost.evil.example", "10.0.0.1", "[::", ""])
async def test_a_name_that_is_not_of_this_machine_is_refused_for_every_address(name: str) -> None:
    heard: list[bytes] = []
    async with host_of(heard) as url, aiohttp.ClientSession() as session:
        headers = {"Host": name, "Sec-Fetch-Site": "same-origin"}
        for address in ("/api/ask", "/admin/functions/ask", "/nothing"):
            refused = await problem(await session.post(f"{url}{address}", headers=headers), 403)
            assert refused["code"] == "foreign_host"
    assert heard == []


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:7071", "127.0.0.1:1", "[::1]:7071", "127.8.8.8"])
async def test_every_name_of_this_machine_is_let_in(name: str) -> None:
    async with host_of([]) as url, aiohttp.ClientSession() as session:
        assert (await session.post(f"{url}/api/ask", headers={"Host": name})).status == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_a_page_of_another_site_calls_no_function_by_hand(headers: dict[str, str]) -> None:
    heard: list[bytes] = []
    async with host_of(heard) as url, aiohttp.ClientSession() as session:
        by_hand = f"{url}/admin/functions/ask"
        refused = await problem(await session.post(by_hand, data=b'{"input": ""}', headers=headers), 403)
        assert refused["code"] == "foreign_origin"
    assert heard == []
