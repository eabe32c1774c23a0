"""When a dated folder is complete: its writer says so, or nothing was written to it for a while."""

from datetime import timedelta

import pytest

from shared.domain.sources.dated.completeness import Partitions, why_incomplete
from shared.domain.sources.listed_blob import ListedBlob
from tests.domain.sources.listing import listed
from tests.domain.sources.trees import NOW, Tree

QUIET = timedelta(minutes=10)


def aged(minutes: float, name: str, size: int = 1) -> ListedBlob:
    """Return a file that was written so many *minutes* ago."""
    return listed(f"vip/d/{name}", size, modified=NOW - timedelta(minutes=minutes))


def why(*blobs: ListedBlob, partitions: Partitions | None = None) -> str | None:
    found = why_incomplete(Tree(blobs).level("vip/d/"), QUIET, partitions)
    return found.code if found else None


def test_a_folder_is_complete_once_nothing_was_written_to_it_for_a_while() -> None:
    assert why(aged(30, "1.csv"), aged(9.9, "2.csv")) == "folder_not_quiet"
    assert why(aged(30, "1.csv"), aged(10, "2.csv")) is None
    assert why(aged(30, "1.csv"), aged(1, ".part-2.crc")) == "folder_not_quiet"


def test_a_note_of_success_ends_the_wait_unless_a_file_is_newer() -> None:
    assert why(aged(2, "1.csv"), aged(1, "_SUCCESS", 0)) is None
    assert why(aged(2, "1.csv"), aged(2, "_SUCCESS", 0)) is None
    assert why(aged(2, "1.csv"), aged(3, "_SUCCESS", 0)) == "folder_not_quiet"
    assert why(aged(20, "1.csv"), aged(30, "_SUCCESS", 0)) is None


def test_the_files_that_a_model_names_end_the_wait_when_they_are_those_that_are_there() -> None:
    files, now = [aged(3, "1.csv"), aged(2, "2.csv")], NOW - timedelta(minutes=2)
    assert why(*files, partitions=Partitions(["1.csv", "2.csv"], now)) is None
    assert why(*files, partitions=Partitions(["1.csv", "2.csv"], now - timedelta(seconds=1))) == "folder_not_quiet"
    assert why(*files, partitions=Partitions(["1.csv"], now)) == "folder_not_quiet"
    assert why(*files, partitions=Partitions([], now)) == "folder_not_quiet"


def test_a_file_that_a_model_names_and_that_is_not_there_is_waited_for_however_long_it_takes() -> None:
    partitions = Partitions(["1.csv", "2.csv"], NOW - timedelta(hours=5))
    assert why(aged(600, "1.csv"), partitions=partitions) == "folder_lacks_files"
    assert why(aged(600, "1.csv"), aged(1, "_SUCCESS"), partitions=partitions) == "folder_lacks_files"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["_temporary/0/part-1.csv"], "folder_with_temporary"),
        (["_started_77"], "folder_not_committed"),
        (["_started_77", "_committed_78"], "folder_not_committed"),
        (["_started_77", "_committed_77"], None),
        (["_committed_77"], None),
        (["_temporaries/x"], None),
    ],
)
def test_notes_of_a_writer_at_work_outweigh_everything_else(names: list[str], code: str | None) -> None:
    assert why(aged(600, "1.csv"), aged(500, "_SUCCESS"), *(aged(600, name) for name in names)) == code


def test_a_young_empty_data_file_is_still_to_be_filled() -> None:
    assert why(aged(60, "1.csv"), aged(5, "2.csv", 0), aged(1, "_SUCCESS", 0)) == "folder_with_empty_file"
    assert why(aged(60, "1.csv"), aged(15, "2.csv", 0), aged(1, "_SUCCESS", 0)) is None
    assert why(aged(60, "1.csv"), aged(15, "_note", 0), aged(15, "run.log", 0)) is None


def test_a_folder_without_data_is_not_complete() -> None:
    assert why() == why(aged(60, "_SUCCESS", 0)) == why(aged(60, "run.log")) == "folder_without_data"
