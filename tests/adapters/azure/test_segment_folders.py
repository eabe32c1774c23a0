"""From a listing of blobs to folders: what no storage shows at will."""

from datetime import UTC, datetime, timedelta

from shared.adapters.azure.segment_folders import FolderWalk

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_time_of_a_folder_is_that_of_its_newest_file_wherever_it_stands() -> None:
    walk = FolderWalk()
    for number, hours in enumerate((1, 3, 2)):
        assert list(walk.feed(f"vip/{number}.csv", 1, DAY + timedelta(hours=hours))) == []
    [folder] = walk.close()
    assert folder.last_modified == DAY + timedelta(hours=3)


def test_a_folder_is_told_as_soon_as_the_listing_leaves_it_and_only_the_way_to_the_last_file_is_held() -> None:
    walk = FolderWalk()
    names = [
        f"{year}/{month:02}/{day:02}/rows.csv" for year in (2025, 2026) for month in (1, 2) for day in range(1, 29)
    ]
    told = []
    for name in names:
        told += [folder.name for folder in walk.feed(name, 1, DAY)]
        assert len(walk._path) == 3
    told += [folder.name for folder in walk.close()]
    assert told == [name.removesuffix("/rows.csv") for name in names]
