"""What goes over the wire is what Klaviyo's own client would accept; what comes back is read with care."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_client.models.profile_import_job_create_query import ProfileImportJobCreateQuery

from shared.adapters.klaviyo import wire
from shared.domain.batches.batch import Batch
from shared.domain.batches.batcher import Batcher
from shared.domain.batches.sorted_page import SortedPage
from shared.domain.errors import ContractBroken
from shared.domain.runs.receipt import ImportFault, JobReport
from tests.adapters.klaviyo.network import failure

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
    payload = b",".join([wire.encode_profile(each) for each in attributes])
    return b"".join(wire.import_body(payload, list_id))


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
    size = wire.max_payload_bytes(list_id)
    assert len(b"".join(wire.import_body(b"x" * size, list_id))) == 5_000_000


def test_the_payload_is_not_copied() -> None:
    payload = b"x" * 1000
    assert wire.import_body(payload, "Y6nRLr")[1] is payload


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 99_000), min_size=1, max_size=12),
    repeat=st.integers(1, 40),
    list_id=st.sampled_from(LISTS),
)
def test_no_body_is_ever_larger_than_klaviyo_takes_and_none_is_cut_too_early(
    sizes: list[int], repeat: int, list_id: str
) -> None:
    encoded = [wire.encode_profile({"email": "a@b.co", "title": "x" * size}) for size in sizes * repeat]
    batches = _batches(encoded, list_id)
    bodies = [wire.import_body(batch.payload, list_id) for batch in batches]
    assert b",".join(batch.payload for batch in batches) == b",".join(encoded)
    lengths = [sum(map(len, body)) for body in bodies]
    assert max(lengths) <= 5_000_000
    for length, following in zip(lengths, batches[1:], strict=False):
        assert length + 1 + len(following.profile(0)) > 5_000_000


def test_no_body_has_more_profiles_than_klaviyo_takes() -> None:
    batches = _batches([wire.encode_profile({"email": "a@b.co"})] * 25_001, "Y6nRLr")
    assert [len(batch) for batch in batches] == [10_000, 10_000, 5_001]


def _batches(encoded: list[bytes], list_id: str) -> list[Batch]:
    batcher = Batcher(max_profiles=wire.MAX_PROFILES, max_bytes=wire.max_payload_bytes(list_id))
    page = SortedPage("vip/a.csv", 1, 1, len(encoded), list(encoded), list(range(1, len(encoded) + 1)))
    batches = list(batcher.take(page))
    last = batcher.cut()
    return [*batches, last] if last else batches


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"text"', b"{", b"\xff"])
def test_an_answer_that_is_no_object_breaks_the_contract(body: bytes) -> None:
    for read in (wire.document, wire.resource, wire.resources, wire.new_job):
        with pytest.raises(ContractBroken, match="not JSON"):
            read(body)
    assert wire.errors(body) == []


@pytest.mark.parametrize("page", [{}, {"data": {}}, {"data": None}, {"data": "x"}])
def test_a_page_without_resources_breaks_the_contract(page: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken, match="not a page of resources"):
        wire.resources(orjson.dumps(page))


@pytest.mark.parametrize("links", [None, {}, {"next": None}, {"next": ""}, [], "x"])
def test_a_page_without_a_next_one_is_the_last(links: Any) -> None:
    assert wire.resources(orjson.dumps({"data": [{"id": "a"}, 7], "links": links})) == ([{"id": "a"}], None)


@pytest.mark.parametrize("cursor", ["bmV4dA", "a%2Bb%2Fc%3D%3D", "%26%20%25"])
def test_the_cursor_of_the_next_page_is_in_its_link(cursor: str) -> None:
    from urllib.parse import unquote  # noqa: PLC0415 - the oracle of this test alone

    for link in (
        f"https://a.klaviyo.com/api/x?page%5Bcursor%5D={cursor}&page%5Bsize%5D=100",
        f"/x?page[cursor]={cursor}",
    ):
        assert wire.resources(orjson.dumps({"data": [], "links": {"next": link}})) == ([], unquote(cursor))


@pytest.mark.parametrize("link", ["https://a.klaviyo.com/api/x", "/x?page[size]=100", "/x?page[cursor]=", 7, {"a": 1}])
def test_a_next_page_that_cannot_be_found_breaks_the_contract(link: Any) -> None:
    with pytest.raises(ContractBroken, match="not a page of resources"):
        wire.resources(orjson.dumps({"data": [], "links": {"next": link}}))


def test_an_error_is_read_with_the_profile_that_it_names() -> None:
    pointer = "/data/attributes/profiles/data/17/attributes/email"
    errors = wire.errors(failure(400, {"code": "invalid", "detail": "No.", "source": {"pointer": pointer}}).body)
    assert errors == [wire.ApiError("invalid", "No.", "attributes/email", 17)]


def test_an_error_without_a_detail_says_its_title() -> None:
    [error] = wire.errors(orjson.dumps({"errors": [{"title": "Invalid input.", "code": None}]}))
    assert error == wire.ApiError("invalid", "Invalid input.", "", None)


@pytest.mark.parametrize("code", ["a@b.co", "two words", "", 7, None, ["x"], "x" * 65])
def test_a_code_that_is_no_word_is_not_repeated(code: Any) -> None:
    [error] = wire.errors(orjson.dumps({"errors": [{"code": code}]}))
    assert error.code == "invalid"


def test_a_detail_has_an_end() -> None:
    [error] = wire.errors(orjson.dumps({"errors": [{"detail": "x" * 100_000}]}))
    assert len(error.detail) == 1_000


def _job(**attributes: Any) -> dict[str, Any]:
    found = {"status": "complete", "created_at": "2026-11-23T06:00:00+00:00", "completed_count": 9, "failed_count": 1}
    return {"type": "profile-bulk-import-job", "id": "job-1", "attributes": {**found, **attributes}}


def test_a_job_is_read() -> None:
    created = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert wire.job_report(_job()) == JobReport("job-1", "complete", created, 9, 1)


@pytest.mark.parametrize("status", ["queued", "processing", "cancelled", "reconciling", "on fire"])
def test_a_job_may_have_a_status_that_nobody_knows(status: str) -> None:
    assert wire.job_report(_job(status=status)).status == status


def test_a_job_that_counts_nothing_yet_counts_none() -> None:
    report = wire.job_report(_job(completed_count=None, failed_count=None))
    assert (report.completed, report.failed) == (0, 0)


@pytest.mark.parametrize("time", ["2026-11-23T06:00:00Z", "2026-11-23T06:00:00.000000+00:00", "2026-11-23T06:00:00"])
def test_times_are_utc_unless_they_say_otherwise(time: str) -> None:
    assert wire.job_report(_job(created_at=time)).created_at == datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "job-1"},
        {"id": "job-1", "attributes": []},
        {**_job(), "id": 7},
        {**_job(), "id": None},
        _job(status=None),
        _job(status=7),
        _job(created_at=None),
        _job(created_at="yesterday"),
        _job(failed_count="many"),
        _job(failed_count=[1]),
    ],
)
def test_a_job_of_another_shape_breaks_the_contract(item: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken, match="not an import job"):
        wire.job_report(item)


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        (
            {"code": "invalid", "detail": "No.", "original_payload": {"type": "profile", "attributes": {"email": "x"}}},
            ImportFault("invalid", "No.", {"email": "x"}),
        ),
        ({"detail": "No.", "original_payload": {"email": "x"}}, ImportFault("invalid", "No.", {"email": "x"})),
        ({"title": "No.", "original_payload": None}, ImportFault("invalid", "No.", {})),
        ({"title": "No.", "original_payload": "x@example.com"}, ImportFault("invalid", "No.", {})),
        ({"title": "No.", "original_payload": {"attributes": None}}, ImportFault("invalid", "No.", {})),
        ({"code": "late", "title": "No."}, ImportFault("late", "No.", {})),
        ({}, ImportFault("invalid", "", {})),
    ],
)
def test_an_import_error_is_read_as_far_as_it_goes(attributes: dict[str, Any], fault: ImportFault) -> None:
    assert wire.import_fault({"type": "import-error", "id": "1", "attributes": attributes}) == fault
