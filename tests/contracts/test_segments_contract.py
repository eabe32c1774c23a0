"""What whoever uses `Segments` may count on, of the fake and of blob storage alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta

import pytest

from shared.domain.errors import ConfigurationError, SourceChanged
from shared.domain.runs.plan import SegmentBlob
from shared.domain.sources.segment_folder import SegmentFolder
from shared.pipeline.reading.segment_files import list_files
from shared.pipeline.reading.segment_folders import list_folders
from tests.contracts.sources.segment_places import PIECE, Place, place_in

BODY = bytes(number % 251 for number in range(7 * PIECE + 1))


@pytest.fixture
async def place(connection_string: str | None) -> AsyncIterator[Place]:
    async with place_in(connection_string) as made:
        yield made


async def _names(place: Place, segment: str) -> list[str]:
    return [blob.name for blob in (await list_files(segment, place.segments)).data]


async def _only(place: Place, segment: str) -> SegmentBlob:
    [blob] = (await list_files(segment, place.segments)).data
    return blob


async def _read(place: Place, blob: SegmentBlob) -> bytes:
    return b"".join([piece async for piece in place.segments.read(blob)])


async def test_a_segment_is_the_data_files_of_its_folder_in_name_order(place: Place) -> None:
    for name in ("part-2.csv", "part-10.ndjson", "part-1.jsonl.gz"):
        await place.put(f"vip/{name}", b"12345")
    await place.put("vip2/other.csv", b"1")
    await place.put("vip.csv", b"1")
    blobs = (await list_files("vip", place.segments)).data
    assert [blob.name for blob in blobs] == ["vip/part-1.jsonl.gz", "vip/part-10.ndjson", "vip/part-2.csv"]
    assert [blob.size for blob in blobs] == [5, 5, 5]


async def test_a_segment_may_lie_deeper(place: Place) -> None:
    await place.put("eu/vip/rows.csv")
    assert await _names(place, "eu/vip") == ["eu/vip/rows.csv"]


async def test_names_with_an_underscore_or_a_dot_in_front_are_left_out(place: Place) -> None:
    for name in ("rows.csv", "_SUCCESS", ".part.crc", "_committed_1", "_temporary/0/rows.csv", ".tmp/rows.csv"):
        await place.put(f"vip/{name}")
    assert await _names(place, "vip") == ["vip/rows.csv"]


async def test_a_sub_folder_of_data_is_refused_by_name(place: Place) -> None:
    await place.put("vip/rows.csv")
    await place.put("vip/2026-11-23/rows.csv")
    with pytest.raises(ConfigurationError, match="'vip' has the sub-folder '2026-11-23'"):
        await list_files("vip", place.segments)


async def test_a_file_of_an_unknown_kind_is_refused_by_name(place: Place) -> None:
    await place.put("vip/rows.csv")
    await place.put("vip/rows.xlsx")
    with pytest.raises(ConfigurationError, match=r"'rows\.xlsx' of segment 'vip'"):
        await list_files("vip", place.segments)


async def test_a_missing_segment_is_named(place: Place) -> None:
    await place.put("vip/rows.csv")
    with pytest.raises(ConfigurationError, match="no segment 'gone'"):
        await list_files("gone", place.segments)


async def test_a_folder_without_data_counts_as_missing(place: Place) -> None:
    await place.put("vip/_SUCCESS")
    with pytest.raises(ConfigurationError, match="no segment 'vip'"):
        await list_files("vip", place.segments)


async def test_an_empty_blob_whose_name_ends_with_a_slash_is_a_folder_and_no_file(place: Place) -> None:
    for name in ("vip/", "vip/rows.csv", "vip/sub/"):
        await place.put(name)
    assert await _names(place, "vip") == ["vip/rows.csv"]
    folders = await _folders(place)
    assert (list(folders), folders["vip"].has_subfolders) == (["vip"], False)


async def test_upper_and_lower_case_of_an_ending_mean_the_same(place: Place) -> None:
    for name in ("vip/A.CSV", "vip/b.ndjson.GZ"):
        await place.put(name, b"12")
    assert await _names(place, "vip") == ["vip/A.CSV", "vip/b.ndjson.GZ"]
    assert (await _folders(place))["vip"].formats == (".csv", ".ndjson.gz")


async def test_the_name_of_a_segment_is_case_sensitive(place: Place) -> None:
    await place.put("Vip/rows.csv")
    with pytest.raises(ConfigurationError, match="no segment 'vip'"):
        await list_files("vip", place.segments)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, len(BODY)])
async def test_a_file_is_read_whole_and_in_small_pieces(place: Place, size: int) -> None:
    await place.put("vip/rows.csv", BODY[:size])
    blob = await _only(place, "vip")
    pieces = [piece async for piece in place.segments.read(blob)]
    assert b"".join(pieces) == BODY[:size]
    assert all(0 < len(piece) <= PIECE for piece in pieces)


async def test_a_file_that_was_written_again_before_it_is_read_is_named(place: Place) -> None:
    await place.put("vip/rows.csv", BODY)
    blob = await _only(place, "vip")
    await place.put("vip/rows.csv", BODY)
    with pytest.raises(SourceChanged, match=r"vip/rows\.csv"):
        await _read(place, blob)


async def test_a_file_that_was_deleted_is_named(place: Place) -> None:
    await place.put("vip/rows.csv", BODY)
    blob = await _only(place, "vip")
    await place.remove("vip/rows.csv")
    with pytest.raises(SourceChanged, match=r"vip/rows\.csv"):
        await _read(place, blob)


async def test_an_empty_file_that_has_rows_by_now_has_changed(place: Place) -> None:
    await place.put("vip/rows.csv")
    blob = await _only(place, "vip")
    await place.put("vip/rows.csv", BODY)
    with pytest.raises(SourceChanged, match=r"vip/rows\.csv"):
        await _read(place, blob)


@pytest.mark.parametrize("pieces", [1, 2, 3])
async def test_a_file_that_changes_while_it_is_read_is_noticed(place: Place, pieces: int) -> None:
    await place.put("vip/rows.csv", BODY)
    read = bytearray()
    async with aclosing(place.segments.read(await _only(place, "vip"))) as reading:
        for _ in range(pieces):
            read += await anext(reading)
        await place.put("vip/rows.csv", BODY[::-1])
        with pytest.raises(SourceChanged, match=r"vip/rows\.csv"):  # noqa: PT012 - what came before is looked at
            async for piece in reading:
                read += piece
    assert bytes(read) == BODY[: len(read)]


@pytest.mark.parametrize("pieces", [1, 2, 8])
async def test_reading_that_is_left_early_leaves_nothing_running(place: Place, pieces: int) -> None:
    await place.put("vip/rows.csv", BODY)
    blob = await _only(place, "vip")
    before = asyncio.all_tasks()
    reading = place.segments.read(blob)
    for _ in range(pieces):
        await anext(reading)
    await reading.aclose()
    assert asyncio.all_tasks() == before


async def test_reading_hands_on_what_its_user_throws(place: Place) -> None:
    await place.put("vip/rows.csv", BODY)
    async with aclosing(place.segments.read(await _only(place, "vip"))) as reading:
        await anext(reading)
        with pytest.raises(ConnectionError, match="the user's own"):
            await reading.athrow(ConnectionError("the user's own"))


@pytest.mark.parametrize(("offset", "length"), [(0, 1), (3, PIECE), (2 * PIECE - 1, 3 * PIECE), (len(BODY) - 5, 5)])
async def test_a_range_of_a_file_is_read(place: Place, offset: int, length: int) -> None:
    await place.put("vip/rows.parquet", BODY)
    blob = await _only(place, "vip")
    assert await place.segments.read_range(blob, offset, length) == BODY[offset : offset + length]


async def test_a_range_of_a_file_that_was_written_again_or_deleted_names_the_file(place: Place) -> None:
    await place.put("vip/rows.parquet", BODY)
    blob = await _only(place, "vip")
    await place.put("vip/rows.parquet", BODY[::-1])
    with pytest.raises(SourceChanged, match=r"vip/rows\.parquet"):
        await place.segments.read_range(blob, 5, 5)
    await place.remove("vip/rows.parquet")
    with pytest.raises(SourceChanged, match=r"vip/rows\.parquet"):
        await place.segments.read_range(blob, 5, 5)


async def _folders(place: Place) -> dict[str, SegmentFolder]:
    listed = [found.folder async for found in list_folders(place.segments)]
    assert len({folder.name for folder in listed}) == len(listed)
    return {folder.name: folder for folder in listed}


async def test_folders_tell_of_the_data_files_directly_in_them(place: Place) -> None:
    for name, size in {"vip/a.csv": 5, "vip/b.ndjson.gz": 7, "vip/c.csv": 1, "eu/vip/a.jsonl": 0}.items():
        await place.put(name, b"x" * size)
    folders = await _folders(place)
    assert list(folders) == ["eu/vip", "vip"]
    vip = folders["vip"]
    assert (vip.files, vip.bytes, vip.formats) == (3, 13, (".csv", ".ndjson.gz"))
    assert (vip.unreadable, vip.has_subfolders) == (0, False)
    assert vip.last_modified is not None
    assert vip.last_modified.utcoffset() == timedelta(0)
    assert (folders["eu/vip"].files, folders["eu/vip"].bytes) == (1, 0)


async def test_a_folder_with_folders_of_data_in_it_says_so_and_comes_after_them(place: Place) -> None:
    for name in ("eu/a.csv", "eu/m/deep/er/a.csv", "eu/z.csv", "eu-old/a.csv", "eu.csv", "only/below/a.csv"):
        await place.put(name, b"12")
    folders = await _folders(place)
    assert [name for name in folders if name.startswith("eu/") or name == "eu"] == ["eu/m/deep/er", "eu"]
    assert set(folders) == {"eu-old", "eu/m/deep/er", "eu", "only/below"}
    assert (folders["eu"].files, folders["eu"].bytes) == (2, 4)
    assert [name for name, folder in folders.items() if folder.has_subfolders] == ["eu"]


async def test_notes_of_writers_are_no_files_of_a_folder(place: Place) -> None:
    names = ("_SUCCESS", ".part.crc", "_notes/0.json", ".tmp/rows.csv", "sub/_notes/rows.csv")
    for name in ("vip/rows.csv", *(f"vip/{name}" for name in names), "_all/rows.csv", "notes/_SUCCESS"):
        await place.put(name, b"12")
    folders = await _folders(place)
    assert list(folders) == ["vip"]
    assert (folders["vip"].files, folders["vip"].has_subfolders) == (1, False)


async def test_files_that_cannot_be_read_are_counted_apart(place: Place) -> None:
    for name in ("vip/rows.csv", "vip/rows.xlsx", "pictures/a.png"):
        await place.put(name, b"12")
    folders = await _folders(place)
    assert (folders["vip"].files, folders["vip"].bytes, folders["vip"].unreadable) == (1, 2, 1)
    assert (folders["pictures"].files, folders["pictures"].unreadable, folders["pictures"].passed_over) == (0, 0, 1)


async def test_folders_of_any_name_are_there_and_files_at_the_top_are_in_none(place: Place) -> None:
    await place.put("rows.csv", b"12")
    for folder in ("vip", "a b", "ключі", "x" * 600):
        await place.put(f"{folder}/rows.csv", b"12")
    assert list(await _folders(place)) == ["a b", "vip", "x" * 600, "ключі"]


async def test_a_container_without_files_has_no_folders(place: Place) -> None:
    assert await _folders(place) == {}


async def test_folders_that_are_flagged_are_those_that_cannot_be_exported(place: Place) -> None:
    for name in ("good/a.csv", "deep/a.csv", "deep/er/a.csv", "odd/a.csv", "odd/a.xlsx", "noted/a.csv", "noted/_x/a"):
        await place.put(name, b"12")
    async for found in list_folders(place.segments):
        name, folder = found.name, found.folder
        if folder.has_subfolders or folder.unreadable or not folder.files:
            assert found.problem is not None
            with pytest.raises(ConfigurationError):
                await list_files(name, place.segments)
        else:
            assert len((await list_files(name, place.segments)).data) == folder.files
