"""Which folder of a segment is read: found out from what is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.sources.find_source import MOST_LOOKED_AT, SourceIncomplete
from shared.domain.sources.listed_blob import ListedBlob
from shared.domain.sources.segment_source import Layout
from tests.domain.sources.listing import DAY, listed
from tests.domain.sources.trees import NOW, Tree


def fresh(name: str, size: int = 1, **more: Any) -> ListedBlob:
    """Return a blob that was written a minute ago."""
    return listed(name, size, **{"modified": NOW - timedelta(minutes=1), **more})


def codes(tree: Tree, **more: Any) -> list[str]:
    return [warning.code for warning in tree.source(**more).warnings]


def problem(tree: Tree, **more: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        tree.source(**more)
    return caught.value.sentence.code


def test_files_directly_in_the_folder_are_the_source() -> None:
    source = Tree(["vip/2.csv", "vip/1.csv", "vip/_notes/x.csv", "vip/empty/"]).source()
    assert (source.layout, source.state, source.moment, source.written, source.at) == (
        Layout.FLAT,
        None,
        None,
        DAY,
        NOW,
    )
    assert [blob.file for blob in source.files.data] == ["1.csv", "2.csv"]


@pytest.mark.parametrize(
    ("older", "newer", "moment"),
    [
        ("2026/09/30/2359", "2026/10/01/0000", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2025/12/31/2359", "2026/01/01/0000", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026/11/08/0600", "2026/11/08/1800", datetime(2026, 11, 8, 18, tzinfo=UTC)),
        ("2025/12/31", "2026/01/01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2025-12-31", "2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("date=2025-12-31", "date=2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20251231T2359", "20260101T0000", datetime(2026, 1, 1, tzinfo=UTC)),
        ("20260101T000000Z", "20260101T000001Z", datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_the_newest_dated_folder_is_the_source(older: str, newer: str, moment: datetime) -> None:
    source = Tree([f"vip/{older}/rows.csv", f"vip/{newer}/rows.csv"]).source()
    assert (source.layout, source.state, source.moment) == (Layout.DATED, newer, moment)
    assert [blob.name for blob in source.files.data] == [f"vip/{newer}/rows.csv"]
    assert source.warnings == ()


@pytest.mark.parametrize(
    "folder", ["2026-02-30", "2026-13-01", "2026", "2026/13/01", "2026/11/31", "year=2026", "0600"]
)
def test_a_folder_that_is_no_date_is_a_sub_folder(folder: str) -> None:
    assert problem(Tree([f"vip/{folder}/rows.csv"])) == "segment_has_subfolder"


@pytest.mark.parametrize(
    "others",
    [["rows.csv"], ["archive/rows.csv"], ["rows.xlsx"], ["part-0.parquet"], ["archive/old/deep/rows.csv"]],
)
def test_files_beside_dated_folders_are_refused(others: list[str]) -> None:
    assert problem(Tree(["vip/2026-11-01/rows.csv", *(f"vip/{name}" for name in others)])) == "segment_has_subfolder"


@pytest.mark.parametrize("other", ["readme.md", "manifest.json", "_notes/x.csv", "empty/", "empty/deep/"])
def test_notes_and_empty_folders_beside_dated_folders_do_no_harm(other: str) -> None:
    tree = Tree(["vip/2026-11-01/rows.csv", listed(f"vip/{other}", 0)])
    assert tree.source().state == "2026-11-01"


@pytest.mark.parametrize(
    "names",
    [
        ["2026-11-01/1.csv", "20261101T0600/1.csv"],
        ["date=2026-11-01/1.csv", "2026-11-01/1.csv"],
        ["2026/11/01/1.csv", "2026-11-01/1.csv"],
        ["2026/11/01/1.csv", "2026/11/01/0600/1.csv"],
        ["2026/11/01/1.csv", "2026/11/02/0600/1.csv"],
        ["2026/11/01/0600/1.csv", "2026/11/02/1.csv"],
    ],
)
def test_dated_folders_of_several_kinds_are_refused(names: list[str]) -> None:
    assert problem(Tree(f"vip/{name}" for name in names)) == "dates_of_several_kinds"


def test_files_in_a_folder_of_a_dated_folder_are_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="'2026-11-01/eu' with data in it"):
        Tree(["vip/2026-11-01/1.csv", "vip/2026-11-01/eu/1.csv"]).source()


def test_a_file_in_a_dated_folder_that_cannot_be_read_is_refused_and_nothing_older_is_read() -> None:
    assert problem(Tree(["vip/2026-11-01/1.csv", "vip/2026-11-02/1.xlsx"])) == "segment_file_of_unknown_kind"


def test_a_folder_in_the_future_is_passed_over_with_a_warning() -> None:
    tree = Tree(["vip/2026/11/23/0600/1.csv", "vip/2026/11/25/0600/1.csv", "vip/2031/01/01/0600/1.csv"])
    assert (tree.source().state, codes(tree)) == ("2026/11/23/0600", ["folders_in_future"])
    assert tree.source().warnings[0].params["folders"] == "'2031', '2026/11/25/0600'"
    tomorrow = Tree(["vip/2026/11/23/0600/1.csv", "vip/2026/11/24/2330/1.csv"])
    assert (tomorrow.source().state, codes(tomorrow)) == ("2026/11/24/2330", [])
    assert problem(Tree(["vip/2031-01-01/1.csv"])) == "source_without_folder"


def test_a_newer_folder_that_is_not_complete_is_named_and_the_one_before_is_read() -> None:
    tree = Tree(["vip/2026-11-21/1.csv", "vip/2026-11-22/1.csv", fresh("vip/2026-11-23/1.csv")])
    source = tree.source()
    assert (source.state, [warning.code for warning in source.warnings]) == ("2026-11-22", ["newer_folder_incomplete"])
    told = source.warnings[0].params
    assert (told["folder"], told["read"]) == ("2026-11-23", "2026-11-22")


def test_nothing_older_than_what_the_last_run_has_read_is_read() -> None:
    last = datetime(2026, 11, 22, tzinfo=UTC)
    blobs = ["vip/2026-11-21/1.csv", "vip/2026-11-22/1.csv"]
    assert Tree(blobs).source(not_before=last).state == "2026-11-22"
    assert problem(Tree(blobs), not_before=last + timedelta(days=1)) == "source_older"
    half = Tree([*blobs, fresh("vip/2026-11-23/1.csv")])
    assert half.source(not_before=last).state == "2026-11-22"
    with pytest.raises(SourceIncomplete, match="newest one is '2026-11-23': something was written to it"):
        half.source(not_before=last + timedelta(days=1))


def test_only_so_many_folders_are_looked_at_for_a_complete_one() -> None:
    tree = Tree([f"vip/2026-{month:02}-{day:02}/_temporary/x" for month in (9, 10) for day in range(1, 30)])
    assert problem(tree) == "source_incomplete"
    assert len(tree.asked) == 2 + MOST_LOOKED_AT


def test_of_four_hundred_dated_folders_only_the_way_to_the_newest_is_listed() -> None:
    first = datetime(2025, 10, 1, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(400)]
    assert len(days) == 400
    tree = Tree(f"vip/{day:%Y/%m/%d}/0600/{part}.csv" for day in days for part in (1, 2))
    assert tree.source().state == "2026/11/04/0600"
    assert tree.asked == [
        "vip/",
        "model.json",
        "vip/2026/",
        "vip/2026/11/",
        "vip/2026/11/04/",
        "vip/2026/11/03/",
        "vip/2026/11/04/0600/",
    ]
    flat = Tree(f"vip/{day:%Y-%m-%d}/1.csv" for day in days)
    assert (flat.source().state, flat.asked) == ("2026-11-04", ["vip/", "model.json", "vip/2026-11-04/"])
