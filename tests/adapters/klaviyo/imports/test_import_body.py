"""The body of an import is what Klaviyo's own client would send, and never larger than Klaviyo takes."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_client.models.profile_import_job_create_query import ProfileImportJobCreateQuery

from shared.adapters.klaviyo.import_body import MAX_PROFILES, import_body, max_payload_bytes
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.batch import Batch
from shared.domain.batches.batcher import Batcher
from shared.domain.batches.sorted_page import SortedPage

LISTS = ["Y6nRLr", "", 'a"b', "a\\b", "é", "日本", "a/b?c#d&e=f", "\n\t\x00", "x" * 500]
EVERYTHING: dict[str, Any] = {
    "email": "josé.o'brien+a@example.com",
    "phone_number": "+380501234567",
    "external_id": "c-1001",
    "first_name": "Олена",
    "last_name": 'O"Brien\\',
    "organization": "Example & Co",
    "locale": "uk-UA",
    "title": "Engineer",
    "image": "https://example.com/a.png",
    "location": {
        "address1": "1 Main St",
        "address2": "Flat 2",
        "city": "Київ",
        "region": "Kyiv",
        "country": "Ukraine",
        "zip": "01001",
        "timezone": "Europe/Kyiv",
        "latitude": 50.45,
        "longitude": "30.52",
        "ip": "127.0.0.1",
    },
    "properties": {"tier": "gold", "ltv": 123.45, "n": 7, "vip": True, "tags": ["a", {"b": None}], "emoji": "🙂\u2028"},
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
profiles = st.fixed_dictionaries(
    {"email": texts},
    optional={
        "first_name": texts,
        "location": st.dictionaries(st.sampled_from(["city", "zip", "latitude"]), texts, max_size=3),
        "properties": st.dictionaries(texts, values, max_size=4),
    },
)


def body_of(attributes: list[dict[str, Any]], list_id: str) -> bytes:
    payload = b",".join([encode_profile(each) for each in attributes])
    return b"".join(import_body(payload, list_id))


def accepted_by_the_official_client(payload: Any) -> Any:
    """Return *payload* as Klaviyo's own models understand it; unknown and misspelt keys are gone."""
    model = ProfileImportJobCreateQuery.model_validate(payload)
    return model.model_dump(by_alias=True, exclude_unset=True, mode="json")


@pytest.mark.parametrize("list_id", LISTS)
def test_the_official_models_accept_every_field_that_we_send(list_id: str) -> None:
    payload = orjson.loads(body_of([EVERYTHING, {"email": "a@b.co"}], list_id))
    assert accepted_by_the_official_client(payload) == payload
    assert payload["data"]["relationships"]["lists"]["data"] == [{"type": "list", "id": list_id}]
    assert [each["attributes"] for each in payload["data"]["attributes"]["profiles"]["data"]] == [
        EVERYTHING,
        {"email": "a@b.co"},
    ]


def test_the_official_models_would_notice_a_field_that_klaviyo_does_not_know() -> None:
    payload = orjson.loads(body_of([{"email": "a@b.co", "emial": "x"}], "Y6nRLr"))
    assert accepted_by_the_official_client(payload) != payload


@settings(max_examples=60, deadline=None)
@given(attributes=st.lists(profiles, min_size=1, max_size=4), list_id=texts)
def test_any_profile_arrives_as_it_was_mapped(attributes: list[dict[str, Any]], list_id: str) -> None:
    payload = json.loads(body_of(attributes, list_id))
    assert [each["attributes"] for each in payload["data"]["attributes"]["profiles"]["data"]] == attributes
    assert accepted_by_the_official_client(payload) == payload


def test_a_body_is_compact_utf_8() -> None:
    assert body_of([{"email": "josé@example.com", "properties": {"n": 1.0}}], "Y6nRLr").decode() == (
        '{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
        '{"type":"profile","attributes":{"email":"josé@example.com","properties":{"n":1.0}}}'
        ']}},"relationships":{"lists":{"data":[{"type":"list","id":"Y6nRLr"}]}}}}'
    )


@pytest.mark.parametrize("list_id", LISTS)
def test_a_body_may_be_filled_to_the_last_byte(list_id: str) -> None:
    size = max_payload_bytes(list_id)
    assert len(b"".join(import_body(b"x" * size, list_id))) == 5_000_000


def test_the_payload_is_not_copied() -> None:
    payload = b"x" * 1000
    assert import_body(payload, "Y6nRLr")[1] is payload


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 99_000), min_size=1, max_size=12),
    repeat=st.integers(1, 40),
    list_id=st.sampled_from(LISTS),
)
def test_no_body_is_ever_larger_than_klaviyo_takes_and_none_is_cut_too_early(
    sizes: list[int], repeat: int, list_id: str
) -> None:
    encoded = [encode_profile({"email": "a@b.co", "title": "x" * size}) for size in sizes * repeat]
    batches = _batches(encoded, list_id)
    bodies = [import_body(batch.payload, list_id) for batch in batches]
    assert b",".join(batch.payload for batch in batches) == b",".join(encoded)
    lengths = [sum(map(len, body)) for body in bodies]
    assert max(lengths) <= 5_000_000
    for length, following in zip(lengths, batches[1:], strict=False):
        assert length + 1 + len(following.profile(0)) > 5_000_000


def test_no_body_has_more_profiles_than_klaviyo_takes() -> None:
    batches = _batches([encode_profile({"email": "a@b.co"})] * 25_001, "Y6nRLr")
    assert [len(batch) for batch in batches] == [10_000, 10_000, 5_001]


def _batches(encoded: list[bytes], list_id: str) -> list[Batch]:
    batcher = Batcher(max_profiles=MAX_PROFILES, max_bytes=max_payload_bytes(list_id))
    page = SortedPage("vip/a.csv", 1, 1, len(encoded), list(encoded), list(range(1, len(encoded) + 1)))
    batches = list(batcher.take(page))
    last = batcher.cut()
    return [*batches, last] if last else batches
