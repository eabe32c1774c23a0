"""What the host refuses before a function hears of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import azure.functions as func
import pytest

from local.host.host import running_host
from local.host.settings import HostSettings
from shared.api.http.request import MAX_BODY_BYTES

SETTINGS = HostSettings(values={})


@asynccontextmanager
async def host_of(heard: list[bytes]) -> AsyncIterator[str]:
    """Yield the address of a host whose one function, ``POST /api/ask``, notes the bodies that it gets in *heard*."""
    app = func.FunctionApp()

    @app.route("ask", methods=["POST"])
    async def ask(req: func.HttpRequest) -> str:
        heard.append(req.get_body())
        return "x"

    async with running_host(app, SETTINGS, "") as host:
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


async def test_addresses_and_methods_that_no_function_has_are_problems() -> None:
    async with host_of([]) as url, aiohttp.ClientSession() as session:
        unknown = await problem(await session.get(f"{url}/api/nothing"), 404)
        assert (unknown["code"], unknown["detail"]) == ("no_such_address", "There is nothing at /api/nothing.")
        answer = await session.put(f"{url}/api/ask")
        wrong = await problem(answer, 405)
        assert answer.headers["Allow"] == "POST"
        assert (wrong["code"], wrong["detail"]) == (
            "method_not_allowed",
            "/api/ask does not take this method; it takes POST.",
        )


async def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    heard: list[bytes] = []
    async with host_of(heard) as url, aiohttp.ClientSession() as session:
        assert (await session.post(f"{url}/api/ask", data=bytes(MAX_BODY_BYTES))).status == 200
        await problem(await session.post(f"{url}/api/ask", data=bytes(MAX_BODY_BYTES + 1)), 413)
        await problem(await session.post(f"{url}/admin/functions/ask", data=bytes(MAX_BODY_BYTES + 1)), 413)
    assert [len(body) for body in heard] == [MAX_BODY_BYTES]


@pytest.mark.parametrize(
    ("length", "sent"),
    [
        ("Content-Length: 90000000", b""),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (MAX_BODY_BYTES + 1, bytes(MAX_BODY_BYTES + 1))),
    ],
)
async def test_a_body_that_is_too_large_is_refused_before_it_has_come(length: str, sent: bytes) -> None:
    heard: list[bytes] = []
    async with host_of(heard) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        writer.write(f"POST /api/ask HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode() + sent)
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")  # of the body, no more has been sent than this
        writer.close()
    assert heard == []


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
