"""Of segments in blob storage: what only a real storage can show."""

import asyncio
import gzip
from contextlib import aclosing
from typing import Any

import pytest
from azure.storage.blob import ContentSettings, StandardBlobTier
from azure.storage.blob.aio import BlobServiceClient

from shared.adapters.azure.segments import BlobSegments
from shared.domain.errors import ConfigurationError, CredentialsRefused, Unavailable
from shared.domain.runs.plan import SegmentBlob
from shared.pipeline.reading.few_at_once import AT_ONCE
from shared.pipeline.reading.segment_files import list_files
from shared.pipeline.reading.segment_folders import list_folders
from tests.adapters.azure.network import LossyTransport, answering, closed_port
from tests.contracts.azure_storage import FAST_OPTIONS, container

ROWS = SegmentBlob("vip/rows.csv", 10, '"1"')
BODY = bytes(number % 251 for number in range(10_000))


class Ranges:
    """Notes which ranges of blobs were asked for, and under which condition; a hook of the client."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.conditions: set[str] = set()
        self._changed = asyncio.Event()

    def __call__(self, response: Any) -> None:
        headers = response.http_request.headers
        if response.http_request.method == "GET" and "x-ms-range" in headers:
            self.asked.append(headers["x-ms-range"])
            self.conditions.add(headers["If-Match"])
            self._changed.set()

    async def reach(self, number: int) -> None:
        while len(self.asked) < number:
            self._changed.clear()
            await self._changed.wait()


async def test_the_first_range_is_small_and_the_others_are_not(azurite: str) -> None:
    ranges = Ranges()
    async with container(azurite, raw_response_hook=ranges) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=5000)
        [blob] = (await list_files("vip", segments)).data
        pieces = [piece async for piece in segments.read(blob)]
    assert b"".join(pieces) == BODY
    assert sorted(ranges.asked) == ["bytes=0-99", "bytes=100-5099", "bytes=5100-9999"]


async def test_a_look_at_the_first_rows_reads_nothing_beyond(azurite: str) -> None:
    ranges = Ranges()
    async with container(azurite, raw_response_hook=ranges) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        before = asyncio.all_tasks()
        reading = segments.read(blob)
        assert await anext(reading) == BODY[:100]
        assert asyncio.all_tasks() == before
        await reading.aclose()
    assert ranges.asked == ["bytes=0-99"]


async def test_two_ranges_and_no_more_are_read_ahead(azurite: str) -> None:
    ranges = Ranges()
    async with container(azurite, raw_response_hook=ranges) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        before = asyncio.all_tasks()
        reading = segments.read(blob)
        await anext(reading)
        await anext(reading)
        await ranges.reach(4)
        if running := asyncio.all_tasks() - before:
            await asyncio.wait(running)
        assert sorted(ranges.asked) == ["bytes=0-99", "bytes=100-1099", "bytes=1100-2099", "bytes=2100-3099"]
        await reading.aclose()


async def test_every_range_is_asked_for_in_the_version_that_was_listed_with_its_tag_in_quotes(azurite: str) -> None:
    ranges = Ranges()
    async with container(azurite, raw_response_hook=ranges) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        there = await made.get_blob_client("vip/rows.csv").get_blob_properties()
        assert [piece async for piece in segments.read(blob)]
    assert ranges.conditions == {blob.etag} == {there.etag}
    assert blob.etag.startswith('"')


async def test_the_marker_of_a_folder_is_no_data(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        for folder in ("vip/", "vip/empty", "vip/deep/er"):
            await made.upload_blob(folder, b"", metadata={"hdi_isfolder": "true"})
        segments = BlobSegments(service, made.container_name)
        assert [blob.name for blob in (await list_files("vip", segments)).data] == ["vip/rows.csv"]
        [found] = [each async for each in list_folders(segments)]
    assert (found.name, found.folder.files, found.folder.has_subfolders) == ("vip", 1, False)


async def test_folders_are_there_before_the_listing_has_ended(azurite: str) -> None:
    pages: list[str] = []

    def note(request: Any) -> None:
        if "comp=list" in request.http_request.url:
            pages.append(request.http_request.url)

    async with container(azurite, raw_request_hook=note) as (service, made):
        for number in range(20):
            await made.upload_blob(f"segment-{number:02}/rows.csv", BODY)
        folders = list_folders(BlobSegments(service, made.container_name))
        assert (await anext(folders)).name == "segment-00"
        assert len(pages) == 1 + AT_ONCE + 1  # with one look for a model
        assert [folder.name async for folder in folders] == [f"segment-{number:02}" for number in range(1, 20)]
    assert len(pages) == 1 + 20 + 1


async def test_a_level_of_several_pages_is_listed_whole(azurite: str) -> None:
    async with container(azurite) as (service, made):
        for name in ("vip/1.csv", "vip/2.csv", "vip/a/1.csv", "vip/b/1.csv", "vip/b/2.csv"):
            await made.upload_blob(name, BODY)
        level = await BlobSegments(service, made.container_name, page_names=1).level("vip/")
    assert ([blob.file for blob in level.blobs], level.folders) == (["1.csv", "2.csv"], ("a", "b"))


async def test_the_time_of_a_folder_is_that_of_its_newest_file(azurite: str) -> None:
    async with container(azurite) as (service, made):
        for name in ("vip/a.csv", "vip/b.csv"):
            await made.upload_blob(name, BODY)
        newest = await made.get_blob_client("vip/b.csv").get_blob_properties()
        [folder] = [folder async for folder in list_folders(BlobSegments(service, made.container_name))]
    assert folder.folder.last_modified == newest.last_modified


async def test_a_missing_container_is_named_when_listing_and_when_reading(azurite: str) -> None:
    async with BlobServiceClient.from_connection_string(azurite, **FAST_OPTIONS) as service:
        segments = BlobSegments(service, "never-made")
        with pytest.raises(ConfigurationError, match="segment 'vip' in container 'never-made': the container does not"):
            await list_files("vip", segments)
        with pytest.raises(ConfigurationError, match="list the segments in container 'never-made': the container does"):
            [folder async for folder in list_folders(segments)]
        for size in (0, 10):
            with pytest.raises(ConfigurationError, match="in container 'never-made'"):
                [piece async for piece in segments.read(SegmentBlob("vip/rows.csv", size, '"1"'))]


async def test_a_storage_that_is_not_there_is_unavailable() -> None:
    text = f"AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{closed_port()}/acme"
    async with BlobServiceClient.from_connection_string(text, **FAST_OPTIONS) as service:
        segments = BlobSegments(service, "segments")
        with pytest.raises(Unavailable, match="list segment 'vip'"):
            await list_files("vip", segments)
        with pytest.raises(Unavailable, match="list the segments"):
            [folder async for folder in list_folders(segments)]
        with pytest.raises(Unavailable, match=r"read 'vip/rows\.csv'"):
            [piece async for piece in segments.read(SegmentBlob("vip/rows.csv", 10, '"1"'))]


async def test_a_wrong_key_is_refused(azurite: str) -> None:
    right = dict(part.split("=", 1) for part in azurite.rstrip(";").split(";"))["AccountKey"]
    async with BlobServiceClient.from_connection_string(azurite.replace(right, "a2V5"), **FAST_OPTIONS) as service:
        with pytest.raises(CredentialsRefused, match="list segment 'vip'"):
            await list_files("vip", BlobSegments(service, "segments"))


async def test_a_failure_while_reading_ahead_reaches_whoever_asks_for_the_next_piece(azurite: str) -> None:
    transport = LossyTransport(lambda request: request.headers.get("x-ms-range") == "bytes=1100-2099", losses=99)
    async with container(azurite, transport=transport) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        reading = segments.read(blob)
        assert await anext(reading) + await anext(reading) == BODY[:1100]
        with pytest.raises(Unavailable, match=r"read 'vip/rows\.csv'"):
            await anext(reading)


async def test_a_range_whose_answer_was_lost_is_asked_for_again(azurite: str) -> None:
    transport = LossyTransport(lambda request: request.headers.get("x-ms-range") == "bytes=100-1099", losses=2)
    async with container(azurite, transport=transport) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        assert b"".join([piece async for piece in segments.read(blob)]) == BODY
    assert transport.losses == 0


async def test_a_reader_that_is_cancelled_takes_its_read_ahead_with_it(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.upload_blob("vip/rows.csv", BODY)
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        [blob] = (await list_files("vip", segments)).data
        before, reads_ahead = asyncio.all_tasks(), asyncio.Event()

        async def read() -> None:
            async with aclosing(segments.read(blob)) as pieces:
                await anext(pieces)
                await anext(pieces)
                reads_ahead.set()
                await asyncio.Event().wait()

        reader = asyncio.create_task(read())
        await reads_ahead.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert asyncio.all_tasks() == before


async def test_an_archived_file_is_named_before_anything_is_read(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.upload_blob("vip/old.csv", b"EMail\n", standard_blob_tier=StandardBlobTier.ARCHIVE)
        segments = BlobSegments(service, made.container_name)
        with pytest.raises(ConfigurationError, match=r"'old\.csv' of segment 'vip' lies in the archive tier") as raised:
            await list_files("vip", segments)
        assert raised.value.sentence.code == "segment_file_archived"


async def test_a_file_that_was_archived_since_it_was_listed_is_named_with_the_cure(azurite: str) -> None:
    async with container(azurite) as (service, made):
        await made.upload_blob("vip/old.csv", b"EMail\n")
        segments = BlobSegments(service, made.container_name)
        (blob,) = (await list_files("vip", segments)).data
        await made.get_blob_client("vip/old.csv").set_standard_blob_tier(StandardBlobTier.ARCHIVE)
        with pytest.raises(ConfigurationError, match=r"'vip/old.csv' .*lies in the archive tier; rehydrate"):
            _ = [piece async for piece in segments.read(blob)]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("size", [1, 100, 5_000])
async def test_bytes_are_read_as_they_lie_whatever_the_property_says_of_their_encoding(
    azurite: str, size: int, packed: bool
) -> None:
    body = gzip.compress(BODY[:size]) if packed else BODY[:size]
    async with container(azurite) as (service, made):
        await made.upload_blob("vip/rows.csv", body, content_settings=ContentSettings(content_encoding="gzip"))
        segments = BlobSegments(service, made.container_name, first_range_bytes=100, range_bytes=1000)
        (blob,) = (await list_files("vip", segments)).data
        assert b"".join([piece async for piece in segments.read(blob)]) == body


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "UnsupportedQueryParameter"),
        (409, "BlobUsesCustomerSpecifiedEncryption"),
        (409, "OperationNotAllowedOnIncompleteBlob"),
        (416, "InvalidRange"),
    ],
)
async def test_an_answer_that_nobody_foresees_is_a_matter_of_the_file(status: int, code: str) -> None:
    async with answering(status, {"x-ms-error-code": code}, method="GET") as port:
        text = f"AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{port}/acme"
        async with BlobServiceClient.from_connection_string(text, **FAST_OPTIONS) as service:
            with pytest.raises(ConfigurationError, match=rf"^File 'vip/rows\.csv' cannot be read\..*{code}") as raised:
                _ = [piece async for piece in BlobSegments(service, "segments").read(ROWS)]
    assert (raised.value.reason, raised.value.sentence.code) == ("configuration", "file_not_given_out")


async def test_a_range_that_is_shorter_than_asked_for_is_tried_again_later() -> None:
    headers = {"Content-Range": "bytes 0-3/10", "ETag": '"1"', "x-ms-blob-type": "BlockBlob"}
    async with answering(206, headers, method="GET", body=b"EMai") as port:
        text = f"AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{port}/acme"
        async with BlobServiceClient.from_connection_string(text, **FAST_OPTIONS) as service:
            with pytest.raises(Unavailable, match=r"'vip/rows\.csv'"):
                _ = [piece async for piece in BlobSegments(service, "segments").read(ROWS)]
