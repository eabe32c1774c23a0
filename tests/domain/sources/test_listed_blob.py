"""Blobs as a listing names them: folders, and the archive tier."""

import pytest

from tests.domain.sources.listing import listed


@pytest.mark.parametrize("metadata", [{"hdi_isfolder": "true"}, {"Hdi_isfolder": "True"}, {"HDI_ISFOLDER": "TRUE"}])
def test_the_metadata_of_a_folder_counts_in_any_case(metadata: dict[str, str]) -> None:
    assert listed("vip/sub", 0, metadata=metadata).is_folder


def test_an_empty_blob_with_a_slash_at_its_end_is_a_folder() -> None:
    assert listed("vip/sub/", 0).is_folder


@pytest.mark.parametrize(
    ("name", "size", "metadata"),
    [
        ("vip/a.csv", 0, {}),
        ("vip/sub/", 3, {}),
        ("vip/a.csv", 0, {"hdi_isfolder": "false"}),
        ("a", 0, {"owner": "true"}),
    ],
)
def test_anything_else_is_a_file(name: str, size: int, metadata: dict[str, str]) -> None:
    assert not listed(name, size, metadata=metadata).is_folder


@pytest.mark.parametrize(("tier", "archived"), [("Archive", True), ("archive", True), ("Hot", False), ("", False)])
def test_the_archive_tier_counts_in_any_case(tier: str, archived: bool) -> None:
    assert listed("vip/a.csv", tier=tier).is_archived is archived
