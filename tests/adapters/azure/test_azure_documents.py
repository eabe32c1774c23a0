"""Of documents in blob storage: what only a real storage can show."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure import appended_lines
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


async def _folders(documents: Documents) -> None:
    async for _ in documents.folders("a/"):
        pass


async def _lines(documents: Documents) -> list[bytes]:
    return [line async for line in documents.read_lines("a.ndjson")]


CALLS: dict[str, Callable[[BlobDocuments], Awaitable[Any]]] = {
    "get": lambda documents: documents.get("a.json"),
    "insert": lambda documents: documents.insert("a.json", {}),
    "replace": lambda documents: documents.replace("a.json", {}, etag='"1"'),
    "delete": lambda documents: documents.delete("a.json"),
    "delete_version": lambda documents: documents.delete("a.json", etag='"1"'),
    "names": _names,
    "folders": _folders,
    "append_line": lambda documents: documents.append_line("a.ndjson", b"1"),
    "write_lines": lambda documents: documents.write_lines("a.ndjson", _each([b"1"])),
    "write_many_lines": lambda documents: documents.write_lines("a.ndjson", _each([b"1" * 2_000_000])),
    "read_lines": _lines,
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


class FullBlobs(LossyTransport):
    """Answers as storage does when a line is to be added to a blob that is *full*; mutable."""

    def __init__(self, full: set[str]) -> None:
        super().__init__(_appends, losses=0)
        self.full = full

    async def send(self, request: Any, **config: Any) -> Any:
        if _appends(request) and urlsplit(request.url).path.rpartition("/")[2] in self.full:
            error = ResourceExistsError("The committed block count cannot exceed the maximum limit of 50,000 blocks.")
            error.error_code = "BlockCountExceedsLimit"  # type: ignore[attr-defined]  # the client sets it so as well
            raise error
        return await super().send(request, **config)


def _appends(request: Any) -> bool:
    return "comp=appendblock" in request.url


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


async def test_a_deletion_whose_answer_was_lost_is_done(azurite: str) -> None:
    transport = LossyTransport(method_is("DELETE"), losses=0)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        etag = await documents.insert("a.json", {})
        transport.losses = 1
        await documents.delete("a.json", etag=etag)
        assert transport.losses == 0
        assert await documents.get("a.json") is None


async def test_what_somebody_wrote_after_a_deletion_whose_answer_was_lost_stays(azurite: str) -> None:
    async with container(azurite) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        etag = await documents.insert("a.json", {"by": "us"})
        await documents.delete("a.json")
        await documents.insert("a.json", {"by": "them"})
        with pytest.raises(Conflict, match=r"'a\.json'"):
            await documents.delete("a.json", etag=etag)
        there = await documents.get("a.json")
    assert there is not None
    assert there.value == {"by": "them"}


async def test_folders_are_listed_without_what_is_in_them(azurite: str) -> None:
    listings: list[str] = []

    def note(response: Any) -> None:
        if "comp=list" in response.http_request.url:
            listings.append(response.http_response.text())

    async with container(azurite, raw_response_hook=note) as (service, made):
        for name in ("runs/vip/a/run.json", "runs/vip/a/parts/1-1.ndjson", "runs/vip/b/run.json"):
            await made.upload_blob(name, b"{}")
        documents = BlobDocuments(service, made.container_name)
        assert [name async for name in documents.folders("runs/vip/")] == ["a", "b"]
    assert len(listings) == 1
    assert "ndjson" not in listings[0]


async def test_a_line_whose_answer_was_lost_is_there_once_or_twice(azurite: str) -> None:
    transport = LossyTransport(_appends, losses=0)
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        await documents.append_line("a.ndjson", b"1")
        transport.losses = 1
        await documents.append_line("a.ndjson", b"2")
        assert transport.losses == 0
        assert set(await _lines(documents)) == {b"1", b"2"}


async def test_lines_go_on_in_another_blob_when_one_is_full_and_are_read_as_one(azurite: str) -> None:
    transport = FullBlobs(set())
    async with container(azurite, transport=transport) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        for number, full in enumerate(("", "a.ndjson", "", "a.ndjson.2")):
            transport.full |= {full}
            await documents.append_line("a.ndjson", b"%d" % number)
        assert await _lines(documents) == [b"0", b"1", b"2", b"3"]
        names = [name async for name in documents.names("")]
    assert names == ["a.ndjson", "a.ndjson.2", "a.ndjson.3"]


async def test_lines_beyond_all_blobs_are_refused(azurite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appended_lines, "MOST_BLOBS", 2)
    async with container(azurite, transport=FullBlobs({"a.ndjson", "a.ndjson.2"})) as (service, made):
        with pytest.raises(ConfigurationError, match=r"'a\.ndjson' in container .* is full"):
            await BlobDocuments(service, made.container_name).append_line("a.ndjson", b"1")


async def test_lines_that_are_added_while_others_are_read_do_no_harm(azurite: str) -> None:
    async with container(azurite, max_single_get_size=100, max_chunk_get_size=100) as (service, made):
        documents = BlobDocuments(service, made.container_name)
        for number in range(5):
            await documents.append_line("a.ndjson", bytes([65 + number]) * 90)
        lines = documents.read_lines("a.ndjson")
        read = [await anext(aiter(lines))]
        await documents.append_line("a.ndjson", b"z" * 90)
        read += [line async for line in lines]
        assert read == [bytes([65 + number]) * 90 for number in range(5)]
        assert len(await _lines(documents)) == 6


async def test_an_empty_blob_for_lines_has_none(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.get_blob_client("a.ndjson").create_append_blob()
        assert await _lines(BlobDocuments(service, made.container_name)) == []


async def test_the_environment_names_no_proxy_for_storage(azurite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    async with container(azurite) as (service, made):
        assert await BlobDocuments(service, made.container_name).get("a.json") is None
