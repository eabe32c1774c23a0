"""Of the location of a partition only the path below the container counts."""

import pytest

from shared.domain.sources.models.locations import Outside, blob_at


@pytest.mark.parametrize(
    "location",
    [
        "https://acme.blob.core.windows.net/segments/ci/vip/1.csv",
        "https://other.blob.core.windows.net/another-container/ci/vip/1.csv",
        "https://acme.blob.core.windows.net:443/segments/ci/vip/1.csv?sv=2024&sig=x",
        "https://acme.dfs.core.windows.net/segments/ci/vip/1.csv",
        "abfss://segments@acme.dfs.core.windows.net/ci/vip/1.csv",
        "wasbs://segments@acme.blob.core.windows.net/ci/vip/1.csv",
        "http://127.0.0.1:10000/devstoreaccount1/segments/ci/vip/1.csv",
        "https://acme.blob.core.windows.net/segments/ci/v%69p/1.csv",
        "https://acme.blob.core.windows.net/segments/ci%2Fvip%2f1.csv",
    ],
)
def test_the_path_below_the_container_is_the_name_of_the_blob(location: str) -> None:
    assert blob_at(location) == "ci/vip/1.csv"


def test_signs_are_decoded_once() -> None:
    assert blob_at("https://a.example/c/VIP%20gold/%D0%BA%2B1%2520.csv") == "VIP gold/к+1%20.csv"


@pytest.mark.parametrize(
    "location",
    [
        "",
        "vip/1.csv",
        "/segments/vip/1.csv",
        "https://acme.blob.core.windows.net/segments",
        "https://acme.blob.core.windows.net/segments/",
        "https://acme.blob.core.windows.net/segments/../other/1.csv",
        "https://acme.blob.core.windows.net/segments/vip/%2e%2e/1.csv",
        "https://acme.blob.core.windows.net/segments/vip/..%2f..%2f1.csv",
        "https://acme.blob.core.windows.net/segments//1.csv",
        "https://acme.blob.core.windows.net/segments/vip\\1.csv",
        "https://[acme/segments/1.csv",
        "file:///segments/vip/1.csv",
    ],
)
def test_what_lies_below_no_container_is_outside(location: str) -> None:
    with pytest.raises(Outside):
        blob_at(location)
