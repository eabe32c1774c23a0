"""Answers of Klaviyo's are read with care: what has another shape breaks the contract, or is left out."""

from typing import Any
from urllib.parse import unquote

import orjson
import pytest

from shared.adapters.klaviyo.client.json_api import ApiError, document, errors, resource, resources
from shared.adapters.klaviyo.import_jobs import read_new_job
from shared.domain.errors import ContractBroken
from tests.adapters.klaviyo.network import failure


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'"text"', b"{", b"\xff"])
def test_an_answer_that_is_no_object_breaks_the_contract(body: bytes) -> None:
    for read in (document, resource, resources, read_new_job):
        with pytest.raises(ContractBroken, match="not JSON"):
            read(body)
    assert errors(body) == []


@pytest.mark.parametrize("page", [{}, {"data": {}}, {"data": None}, {"data": "x"}])
def test_a_page_without_resources_breaks_the_contract(page: dict[str, Any]) -> None:
    with pytest.raises(ContractBroken, match="not a page of resources"):
        resources(orjson.dumps(page))


@pytest.mark.parametrize("links", [None, {}, {"next": None}, {"next": ""}, [], "x"])
def test_a_page_without_a_next_one_is_the_last(links: Any) -> None:
    assert resources(orjson.dumps({"data": [{"id": "a"}, 7], "links": links})) == ([{"id": "a"}], None)


@pytest.mark.parametrize("cursor", ["bmV4dA", "a%2Bb%2Fc%3D%3D", "%26%20%25"])
def test_the_cursor_of_the_next_page_is_in_its_link(cursor: str) -> None:
    for link in (
        f"https://a.klaviyo.com/api/x?page%5Bcursor%5D={cursor}&page%5Bsize%5D=100",
        f"/x?page[cursor]={cursor}",
    ):
        assert resources(orjson.dumps({"data": [], "links": {"next": link}})) == ([], unquote(cursor))


@pytest.mark.parametrize("link", ["https://a.klaviyo.com/api/x", "/x?page[size]=100", "/x?page[cursor]=", 7, {"a": 1}])
def test_a_next_page_that_cannot_be_found_breaks_the_contract(link: Any) -> None:
    with pytest.raises(ContractBroken, match="not a page of resources"):
        resources(orjson.dumps({"data": [], "links": {"next": link}}))


def test_an_error_is_read_with_the_profile_that_it_names() -> None:
    pointer = "/data/attributes/profiles/data/17/attributes/email"
    found = errors(failure(400, {"code": "invalid", "detail": "No.", "source": {"pointer": pointer}}).body)
    assert found == [ApiError("invalid", "No.", "attributes/email", 17)]


def test_an_error_without_a_detail_says_its_title() -> None:
    [error] = errors(orjson.dumps({"errors": [{"title": "Invalid input.", "code": None}]}))
    assert error == ApiError("invalid", "Invalid input.", "", None)


@pytest.mark.parametrize("code", ["a@b.co", "two words", "", 7, None, ["x"], "x" * 65])
def test_a_code_that_is_no_word_is_not_repeated(code: Any) -> None:
    [error] = errors(orjson.dumps({"errors": [{"code": code}]}))
    assert error.code == "invalid"


def test_a_detail_has_an_end() -> None:
    [error] = errors(orjson.dumps({"errors": [{"detail": "x" * 100_000}]}))
    assert len(error.detail) == 1_000
