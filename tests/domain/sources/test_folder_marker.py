"""Blobs that stand for folders."""

import pytest

from shared.domain.sources.folder_marker import is_folder_marker


@pytest.mark.parametrize("metadata", [{"hdi_isfolder": "true"}, {"Hdi_isfolder": "True"}, {"HDI_ISFOLDER": "TRUE"}])
def test_the_metadata_of_a_folder_counts_in_any_case(metadata: dict[str, str]) -> None:
    assert is_folder_marker("vip/sub", 0, metadata)


def test_an_empty_blob_with_a_slash_at_its_end_is_a_folder() -> None:
    assert is_folder_marker("vip/sub/", 0, {})


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
    assert not is_folder_marker(name, size, metadata)
