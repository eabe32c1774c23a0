"""From a listing of blobs to folders: what no storage shows at will."""

from datetime import timedelta

from shared.domain.sources.folder_walk import FolderWalk
from shared.domain.sources.segment_folder import SegmentFolder
from tests.domain.sources.listing import DAY, listed


def test_the_time_of_a_folder_is_that_of_its_newest_file_wherever_it_stands() -> None:
    walk = FolderWalk()
    for number, hours in enumerate((1, 3, 2)):
        assert list(walk.feed(listed(f"vip/{number}.csv", 1, modified=DAY + timedelta(hours=hours)))) == []
    [folder] = walk.close()
    assert folder.last_modified == DAY + timedelta(hours=3)


def test_a_folder_is_told_as_soon_as_the_listing_leaves_it_and_only_the_way_to_the_last_file_is_held() -> None:
    walk = FolderWalk()
    names = [
        f"{year}/{month:02}/{day:02}/rows.csv" for year in (2025, 2026) for month in (1, 2) for day in range(1, 29)
    ]
    told = []
    for name in names:
        told += [folder.name for folder in walk.feed(listed(name))]
        assert len(walk._path) == 3
    told += [folder.name for folder in walk.close()]
    assert told == [name.removesuffix("/rows.csv") for name in names]


def _folders(*names: str) -> dict[str, SegmentFolder]:
    walk = FolderWalk()
    found = [folder for name in names for folder in walk.feed(listed(name, 10))]
    return {folder.name: folder for folder in [*found, *walk.close()]}


def test_files_whose_names_leave_it_open_are_data_only_where_no_name_says_so() -> None:
    folders = _folders("a/part-00000", "a/part-00001", "b/notes.txt", "b/rows.csv", "c/readme.md")
    assert (folders["a"].files, folders["a"].bytes, folders["a"].passed_over, folders["a"].formats) == (2, 20, 0, ())
    assert (folders["b"].files, folders["b"].bytes, folders["b"].passed_over) == (1, 10, 1)
    assert (folders["c"].files, folders["c"].passed_over) == (0, 1)


def test_archived_files_are_counted_apart() -> None:
    walk = FolderWalk()
    told = [*walk.feed(listed("vip/1.csv", tier="Archive")), *walk.feed(listed("vip/2.csv", tier="Cool"))]
    assert [(folder.files, folder.archived) for folder in [*told, *walk.close()]] == [(2, 1)]
