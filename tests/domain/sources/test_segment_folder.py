"""What the files of a folder make of it."""

from datetime import timedelta

from shared.domain.sources.segment_folder import SegmentFolder, folder_of
from tests.domain.sources.listing import DAY, listed


def test_the_time_of_a_folder_is_that_of_its_newest_file_wherever_it_stands() -> None:
    files = [listed(f"vip/{hours}.csv", modified=DAY + timedelta(hours=hours)) for hours in (1, 3, 2)]
    assert folder_of("vip", files).last_modified == DAY + timedelta(hours=3)
    assert folder_of("vip", []).last_modified is None


def _folder(*names: str) -> SegmentFolder:
    return folder_of("vip", [listed(f"vip/{name}", 10) for name in names])


def test_files_whose_names_leave_it_open_are_data_only_where_no_name_says_so() -> None:
    alone, beside, none = _folder("part-00000", "part-00001"), _folder("notes.txt", "rows.csv"), _folder("readme.md")
    assert (alone.files, alone.bytes, alone.passed_over, alone.formats) == (2, 20, 0, ())
    assert (beside.files, beside.bytes, beside.passed_over, beside.formats) == (1, 10, 1, (".csv",))
    assert (none.files, none.passed_over) == (0, 1)


def test_archived_files_are_counted_apart() -> None:
    folder = folder_of("vip", [listed("vip/1.csv", tier="Archive"), listed("vip/2.csv", tier="Cool")])
    assert (folder.files, folder.archived) == (2, 1)
