"""Of documents in blob storage: what only a real storage can show."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import pytest
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure.documents import BlobDocuments
from shared.domain.errors import ConfigurationError, Conflict, CredentialsRefused, Unavailable
from shared.ports import Documents
from tests.adapters.azure.network import LossyTransport, all_words, closed_port, method_is, silence
from tests.contracts.azure_storage import FAST_OPTIONS, container

KEY = "Zm9yZ2VkIGtleSwgd2hpY2ggbm9ib2R5IG1heSBzZWU="


async def _each(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line


async def _names(documents: Documents) -> None:
    async for _ in documents.names("a/"):
        pass


async def _lines(documents: Documents) -> list[bytes]:
    return [line async for line in documents.read_lines("a.ndjson")]


CALLS: dict[str, Callable[[BlobDocuments], Awaitable[Any]]] = {
    "get": lambda documents: documents.get("a.json"),
    "insert": lambda documents: documents.insert("a.json", {}),
    "replace": lambda documents: documents.replace("a.json", {}, etag='"1"'),
    "delete": lambda documents: documents.delete("a.json"),
    "names": _names,
    "write_lines": lambda documents: documents.write_lines("a.ndjson", _each([b"1"])),
    "write_many_lines": lambda documents: documents.write_lines("a.ndjson", _each([b"1" * 2_000_000])),
    "read_lines": _lines,
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def _service(port: int, **options: Any) -> BlobServiceClient:
    text = f"AccountName=acme;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:{port}/acme"
    return BlobServiceClient.from_connection_string(text, **{**FAST_OPTIONS, **options})


@every_call
async def test_a_missing_container_is_named(azurite: str, call: Callable[[BlobDocuments], Awaitable[Any]]) -> None:
    async with BlobServiceClient.from_connection_string(azurite, **FAST_OPTIONS) as service:
        with pytest.raises(ConfigurationError, match=r"in container 'never-made': the container does not exist"):
            await call(BlobDocuments(service, "never-made"))


@every_call
async def test_a_storage_that_is_not_there_is_unavailable(call: Callable[[BlobDocuments], Awaitable[Any]]) -> None:
    async with _service(closed_port()) as service:
        with pytest.raises(Unavailable, match=r"did not answer when asked to (read|write|list|delete) 'a") as raised:
            await call(BlobDocuments(service, "exports"))
    assert KEY not in all_words(raised.value)


@every_call
async def test_a_storage_that_keeps_silent_is_unavailable(call: Callable[[BlobDocuments], Awaitable[Any]]) -> None:
    async with silence() as port, _service(port, read_timeout=0.01, retry_total=0) as service:
        with pytest.raises(Unavailable, match="did not answer"):
            await call(BlobDocuments(service, "exports"))


@every_call
async def test_a_wrong_key_is_refused_and_never_shown(
    azurite: str, call: Callable[[BlobDocuments], Awaitable[Any]], caplog: pytest.LogCaptureFixture
) -> None:
    right = dict(part.split("=", 1) for part in azurite.rstrip(";").split(";"))["AccountKey"]
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="azure")  # which the app keeps quiet once it was started
    async with BlobServiceClient.from_connection_string(azurite.replace(right, KEY), **FAST_OPTIONS) as service:
        with pytest.raises(CredentialsRefused, match="Storage Blob Data Contributor") as raised:
            await call(BlobDocuments(service, "exports"))
    assert KEY not in all_words(raised.value) + caplog.text


async def test_an_insert_whose_answer_was_lost_is_still_ours(azurite: str) -> None:
    transport = LossyTransport(method_is("PUT"), losses=0)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        transport.losses = 1
        etag = await documents.insert("a.json", {"by": "us"})
        there = await documents.get("a.json")
    assert transport.losses == 0
    assert there is not None
    assert etag == there.etag


async def test_an_insert_after_somebody_elses_is_theirs_even_when_an_answer_was_lost(azurite: str) -> None:
    transport = LossyTransport(method_is("PUT"), losses=0)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        await documents.insert("a.json", {"same": True})
        transport.losses = 1
        assert await documents.insert("a.json", {"same": True}) is None
    assert transport.losses == 0


async def test_a_replacement_whose_answer_was_lost_is_still_ours(azurite: str) -> None:
    transport = LossyTransport(method_is("PUT"), losses=0)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        first = await documents.insert("a.json", {"step": 1})
        assert first is not None
        transport.losses = 1
        second = await documents.replace("a.json", {"step": 2}, etag=first)
        there = await documents.get("a.json")
    assert transport.losses == 0
    assert there is not None
    assert (there.value, there.etag) == ({"step": 2}, second)


async def test_lines_whose_commit_lost_its_answer_are_written(azurite: str) -> None:
    transport = LossyTransport(lambda request: "comp=blocklist" in request.url)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name, block_bytes=10)
        await documents.write_lines("a.ndjson", _each([b"12345678", b"12345678", b"1"]))
        assert await _lines(documents) == [b"12345678", b"12345678", b"1"]
    assert transport.losses == 0


async def test_a_network_that_stays_lossy_is_unavailable(azurite: str) -> None:
    transport = LossyTransport(method_is("PUT"), losses=0)
    async with container(azurite, transport=transport) as (service, made):
        transport.losses = FAST_OPTIONS["retry_total"] + 1
        with pytest.raises(Unavailable, match=r"did not answer when asked to write 'a\.json'"):
            await BlobDocuments(service, made.container_name).insert("a.json", {})
    assert transport.losses == 0


async def test_two_who_write_the_same_lines_at_once_never_mix(azurite: str) -> None:
    async with container(azurite) as (service, made):
        documents = BlobDocuments(service, made.container_name, block_bytes=10)

        async def ours() -> AsyncIterator[bytes]:
            yield b"our first line"
            yield b"our second line"
            await documents.write_lines("a.ndjson", _each([b"their first line", b"their second line"]))
            yield b"our third line"

        with pytest.raises(Conflict, match=r"'a\.ndjson'"):
            await documents.write_lines("a.ndjson", ours())
        assert await _lines(documents) == [b"their first line", b"their second line"]


async def test_lines_that_are_written_anew_while_they_are_read_are_a_conflict(azurite: str) -> None:
    async with container(azurite, max_single_get_size=100, max_chunk_get_size=100) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        await documents.write_lines("a.ndjson", _each([b"x" * 90] * 5))
        lines = documents.read_lines("a.ndjson")
        await anext(aiter(lines))
        await documents.write_lines("a.ndjson", _each([b"y" * 90] * 5))
        with pytest.raises(Conflict, match=r"read 'a\.ndjson'"):
            [line async for line in lines]


async def test_a_last_line_without_an_end_is_read_as_well(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.upload_blob("a.ndjson", b"1\n\n2")
        assert await _lines(BlobDocuments(service, made.container_name)) == [b"1", b"", b"2"]
