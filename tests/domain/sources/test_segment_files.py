"""Which blobs in a folder are the rows of a segment."""

import pytest

from shared.domain.errors import ConfigurationError
from shared.domain.sources.segment_files import files_of_segment, passed_over_warning
from tests.domain.sources.listing import listed


def test_notes_folders_and_other_files_are_no_data() -> None:
    names = ("vip/_SUCCESS", "vip/.a.crc", "vip/a.csv", "vip/b.csv", "vip/readme.md", "vip/sub/", "vip/")
    found = files_of_segment("vip", [listed(name, 0 if name.endswith("/") else 5) for name in names])
    assert [blob.name for blob in found.data] == ["vip/a.csv", "vip/b.csv"]
    assert [blob.name for blob in found.passed_over] == ["vip/readme.md"]
    assert found.open == ()


def test_names_that_leave_it_open_are_data_unless_another_name_says_that_it_is_data() -> None:
    alone = files_of_segment("vip", [listed("vip/part-0.json"), listed("vip/part-1.json")])
    assert [blob.name for blob in alone.data] == ["vip/part-0.json", "vip/part-1.json"]
    beside = files_of_segment("vip", [listed("vip/manifest.json"), listed("vip/part-1.csv")])
    assert [blob.name for blob in beside.data] == ["vip/part-1.csv"]
    assert [blob.name for blob in beside.open] == ["vip/manifest.json"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.XML", "a.avro", "a.orc", "a.zip", "a.csv.zst", "a.bz2", "a.parquet.gz"])
def test_a_file_that_may_hold_customers_is_refused_by_name_with_what_to_write_instead(name: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^File '{name}' of segment 'vip' is .*; write CSV, TSV or JSON"):
        files_of_segment("vip", [listed("vip/1.csv"), listed(f"vip/{name}")])


def test_an_archived_data_file_is_refused_and_an_archived_note_is_not() -> None:
    with pytest.raises(ConfigurationError, match="rehydrate the file"):
        files_of_segment("vip", [listed("vip/1.csv", tier="Archive")])
    assert files_of_segment("vip", [listed("vip/1.csv"), listed("vip/old.pdf", tier="Archive")]).data


@pytest.mark.parametrize("names", [(), ("vip/",), ("vip/readme.md",), ("vip/_SUCCESS",)])
def test_a_folder_without_data_is_no_segment(names: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="no segment 'vip'"):
        files_of_segment("vip", [listed(name, 0) for name in names])


def test_files_that_are_passed_over_are_named_five_of_them_and_the_rest_counted() -> None:
    assert passed_over_warning("vip", []) == []
    [warning] = passed_over_warning("vip", [listed(f"vip/{number}.md") for number in range(7)])
    assert (warning.code, warning.params["count"]) == ("files_passed_over", 7)
    assert "'0.md', '1.md', '2.md', '3.md', '4.md' and 2 more" in warning.detail
