import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.klaviyo.rules.email_addresses import SHORT, SIMPLE_ADDRESS, is_address


@pytest.mark.parametrize(
    "text",
    [
        "sarah.mason@klaviyo-demo.com",
        "o'brien@example.com",
        "a+b@example.co.uk",
        "josé@example.com",
        "UPPER@EXAMPLE.COM",
        "x@bücher.example",
        "x@xn--bcher-kva.example",
        "x@example.xn--p1ai",
        "user@пошта.укр",
        "user@डाटामेल.भारत",
        f"{'a' * 64}@example.com",
        f"a@{'b' * 63}.com",
    ],
)
def test_an_address_that_mail_servers_take_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "@example.com",
        "a@",
        "a@b",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a b@example.com",
        " a@example.com",
        "a@example.com ",
        "a@example.com\n",
        "a@example.c",
        "a@example.123",
        "a@-example.com",
        "a@example-.com",
        "a@exa mple.com",
        "a@example..com",
        "a@b@example.com",
        "a@[127.0.0.1]",
        '"a b"@example.com',
        "a,b@example.com",
        "a\u00a0b@example.com",
        "a\u200bb@example.com",
        "a@example.com,",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 64}.com",
        f"a@{'b.' * 125}example.com",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_address(text)


_LABELS = st.lists(st.sampled_from(["a", "Z9", "-", "b-c", "_", "'", "z" * 30]), max_size=3).map("".join)
_NAMES = st.lists(_LABELS, min_size=1, max_size=3).map(".".join)


@given(_NAMES, _NAMES, st.sampled_from(["", ".c", ".co", ".UK", ".c1", ".co-", "@d.co", ".co\n"]))
def test_a_short_address_of_the_simple_pattern_is_one(local: str, domain: str, end: str) -> None:
    text = f"{local}@{domain}{end}"
    if len(text) <= SHORT and re.fullmatch(SIMPLE_ADDRESS, text, re.ASCII):
        assert is_address(text)
