"""Pages and filters."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.klaviyo.http.filters import filter_values
from local.klaviyo.http.paging import page_asked
from local.klaviyo.http.problems import Refused


@given(
    count=st.integers(0, 60),
    size=st.integers(1, 100),
    descending=st.booleans(),
    every=st.integers(1, 4),
)
def test_the_pages_together_are_the_collection(count: int, size: int, descending: bool, every: int) -> None:
    query = {"page[size]": str(size), "sort": "-at" if descending else "at"}
    seen: list[int] = []
    for _ in range(count + 1):  # a page more than there can be
        page = page_asked(query, sort="at").pick(count, lambda position: position % every == 0)
        assert len(page.positions) <= size
        seen += page.positions
        following = page.links("http://here/api", query)["next"]
        if following is None:
            break
        query = dict(parse_qsl(urlsplit(following).query))
    wanted = [position for position in range(count) if position % every == 0]
    assert seen == (wanted[::-1] if descending else wanted)


def test_a_page_has_twenty_items_unless_asked_otherwise() -> None:
    assert page_asked({}).pick(100).positions == list(range(20))


@pytest.mark.parametrize("size", ["0", "101", "-1", "x", "", "1.5", "99999999999"])
def test_a_page_of_another_size_than_1_to_100_is_refused(size: str) -> None:
    with pytest.raises(Refused) as caught:
        page_asked({"page[size]": size})
    assert (caught.value.status, caught.value.problems[0].parameter) == (400, "page[size]")


@pytest.mark.parametrize("cursor", ["", "x", "bm9uc2Vuc2U", "W10", "e30", "ö"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Refused) as caught:
        page_asked({"page[cursor]": cursor})
    assert (caught.value.status, caught.value.problems[0].parameter) == (400, "page[cursor]")


def test_an_unknown_sort_is_refused() -> None:
    with pytest.raises(Refused):
        page_asked({"sort": "name"}, sort="created_at")
    with pytest.raises(Refused):
        page_asked({"sort": "created_at"})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('equals(email,"a@b.co")', ["a@b.co"]),
        ("equals(email,'a@b.co')", ["a@b.co"]),
        ('equals(email,"o\'brien@b.co")', ["o'brien@b.co"]),
        ("equals(email,'o\\'brien@b.co')", ["o'brien@b.co"]),
        ('any(email,["a@b.co","c,d@b.co"])', ["a@b.co", "c,d@b.co"]),
        ("any(email, ['a@b.co' , \"x\"])", ["a@b.co", "x"]),
        ('equals(email,"a)b")', ["a)b"]),
    ],
)
def test_a_filter_names_texts_in_either_kind_of_quotes(text: str, values: list[str]) -> None:
    assert filter_values({"filter": text}, "email") == values


def test_no_filter_is_no_filter() -> None:
    assert filter_values({}, "email") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "email",
        "equals(email)",
        "equals(email,a@b.co)",
        'equals(phone_number,"+1")',
        'contains(email,"a")',
        'any(email,"a")',
        "any(email,[])",
        'any(email,["a" "b"])',
        'equals(email,"a","b")',
        'equals(email,["a"])',
    ],
)
def test_a_filter_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        filter_values({"filter": text}, "email")
    assert (caught.value.status, caught.value.problems[0].parameter) == (400, "filter")


def test_a_filter_takes_a_hundred_values_and_no_more() -> None:
    def of(count: int) -> dict[str, str]:
        return {"filter": f"any(email,[{','.join([chr(34) + 'x' + chr(34)] * count)}])"}

    assert len(filter_values(of(100), "email") or []) == 100
    with pytest.raises(Refused):
        filter_values(of(101), "email")
