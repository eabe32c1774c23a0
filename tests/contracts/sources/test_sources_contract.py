"""What decides about a source may count on, of the fake and of blob storage alike."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.sources.find_source import SourceIncomplete, find_source
from shared.domain.sources.segment_source import Layout, SegmentSource
from shared.domain.sources.source_rules import USUAL_RULES, SourceRules
from shared.pipeline.reading.segment_files import answered
from shared.pipeline.reading.segment_folders import list_folders
from tests.contracts.sources.segment_places import Place, place_in
from tests.domain.sources.models.writing import entity, model, partition

AT_ONCE = SourceRules(quiet=timedelta(0))


@pytest.fixture
async def place(connection_string: str | None) -> AsyncIterator[Place]:
    async with place_in(connection_string) as made:
        yield made


async def _put(place: Place, *names: str) -> None:
    for name in names:
        await place.put(name, b"12345")


async def _find(place: Place, rules: SourceRules = AT_ONCE, *, not_before: datetime | None = None) -> SegmentSource:
    return await answered(find_source("vip", rules, not_before=not_before), place.segments)


async def test_a_level_has_the_blobs_and_the_folders_directly_below_and_the_time_of_the_storage(place: Place) -> None:
    await _put(place, "vip/b.csv", "vip/a/1.csv", "vip/a/b/2.csv", "vip/c/3.csv", "vip.csv", "vip-old/x.csv", "other/x")
    await place.put("vip/_SUCCESS")
    level = await place.segments.level("vip/")
    assert ([blob.file for blob in level.blobs], level.folders) == (["_SUCCESS", "b.csv"], ("a", "c"))
    assert (level.named("b.csv") == level.blobs[1], level.named("a"), level.at.utcoffset()) == (
        True,
        None,
        timedelta(0),
    )
    assert max(blob.modified for blob in level.blobs) <= level.at
    top = await place.segments.level("")
    assert ([blob.name for blob in top.blobs], top.folders) == (["vip.csv"], ("other", "vip-old", "vip"))
    assert [blob.name for blob in (await place.segments.level("vip/b.csv")).blobs] == ["vip/b.csv"]
    nothing = await place.segments.level("nowhere/")
    assert (nothing.blobs, nothing.folders) == ((), ())


async def test_the_newest_of_the_dated_folders_is_the_source(place: Place) -> None:
    await _put(place, "vip/2025/12/31/2359/1.csv", "vip/2026/01/01/0000/1.csv", "vip/2026/01/01/0000/2.csv")
    found = await _find(place)
    assert (found.layout, found.state, found.moment) == (
        Layout.DATED,
        "2026/01/01/0000",
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert [blob.name for blob in found.files.data] == ["vip/2026/01/01/0000/1.csv", "vip/2026/01/01/0000/2.csv"]
    assert found.written == max(blob.modified for blob in found.files.data)


async def test_a_folder_that_was_written_a_moment_ago_is_complete_only_where_its_writer_says_so(place: Place) -> None:
    fresh = SourceRules(quiet=timedelta(days=10_000))
    await _put(place, "vip/2026-01-01/1.csv")
    with pytest.raises(SourceIncomplete, match="'2026-01-01': something was written to it"):
        await _find(place, fresh)
    await place.put("vip/2026-01-01/_SUCCESS")
    assert (await _find(place, fresh)).state == "2026-01-01"


async def test_a_segment_with_dated_folders_is_listed_once_under_its_own_name(place: Place) -> None:
    for month in range(1, 5):
        await _put(place, f"ci/vip/2026/0{month}/01/0600/1.csv", f"ci/vip/2026/0{month}/15/0600/1.csv")
    await _put(place, "ci/gold/rows.csv", "ci/2026/gold/rows.csv", "odd/2026-01-01/1.csv", "odd/date=2026-01-01/1.csv")
    found = {each.name: each async for each in list_folders(place.segments, rules=AT_ONCE)}
    assert list(found) == ["ci/2026/gold", "ci/gold", "ci/vip", "odd"]
    assert found["ci/vip"].source is not None
    assert found["ci/vip"].source.state == "2026/04/15/0600"
    assert (found["ci/vip"].folder.files, found["ci/vip"].folder.bytes) == (1, 5)
    assert found["odd"].problem is not None
    assert found["odd"].problem.code == "dates_of_several_kinds"
    behind = [each.name async for each in list_folders(place.segments, rules=AT_ONCE, after="ci/gold")]
    assert behind == ["ci/vip", "odd"]


@pytest.mark.parametrize("files", [["part-0.parquet"], [], ["date=2026-01-01/part-0.parquet"]])
async def test_a_delta_table_is_refused_with_the_cure(place: Place, files: list[str]) -> None:
    await _put(place, "vip/_delta_log/0.json", *(f"vip/{file}" for file in files))
    with pytest.raises(ConfigurationError, match=r"'vip' is a Delta table.*Write the rows as files"):
        await _find(place, USUAL_RULES)


async def test_the_model_above_names_the_columns_and_the_files_of_the_newest_folder(place: Place) -> None:
    days = "ci/BlobExport/VIP gold"
    await _put(place, f"{days}/2026/01/01/0000/1.csv", f"{days}/2026/01/02/0000/1.csv", f"{days}/2026/01/02/0000/2.csv")
    files = [partition(f"ci/BlobExport/VIP%20gold/2026/01/02/0000/{number}.csv") for number in (1, 2)]
    await place.put("ci/BlobExport/model.json", model(entity("Other"), entity("Renamed", files)))
    fresh = SourceRules(quiet=timedelta(days=10_000))
    found = await answered(find_source(days, fresh), place.segments)
    assert (found.state, found.model and found.model.file) == ("2026/01/02/0000", "ci/BlobExport/model.json")
    assert found.planned.model == "ci/BlobExport/model.json"
    await place.put(f"{days}/2026/01/03/0000/1.csv", b"1")
    with_newer = await answered(find_source(days, AT_ONCE), place.segments)
    assert with_newer.state == "2026/01/03/0000"
    names = {each.name async for each in list_folders(place.segments, rules=AT_ONCE)}
    assert names == {days}
