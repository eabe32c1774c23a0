"""E-mail addresses: what counts as one, and its normal form."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.domain.profiles import email as module
from shared.domain.profiles.email import BadEmail, common_emails, normal_email


def refusal(value: object) -> BadEmail:
    with pytest.raises(BadEmail) as refused:
        normal_email(value)
    return refused.value


def normal_or_none(value: object) -> str | None:
    try:
        return normal_email(value)
    except BadEmail:
        return None


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("o'brien@example.com", "o'brien@example.com"),
        ("a+b@example.co.uk", "a+b@example.co.uk"),
        ("josé@example.com", "josé@example.com"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("jörg@müller.de", "jörg@müller.de"),
        ("info@xn--mller-kva.de", "info@müller.de"),
        ("почта@пример.укр", "почта@пример.укр"),
        ("  A.B@Example.COM\t", "a.b@example.com"),
        ("a@example.com\r\n", "a@example.com"),
        ("\u00a0a@example.com", "a@example.com"),
        ("first-last_2@mail-1.example.com", "first-last_2@mail-1.example.com"),
        ("\u212aevin@example.com", "kevin@example.com"),
        ("'ann@example.com", "ann@example.com"),
        ('="ann@example.com"', "ann@example.com"),
        ("'\u200bann@example.com", "ann@example.com"),
        ("'a@example.com", "a@example.com"),
        ("'t.hooft@example.com", "'t.hooft@example.com"),
        ("'T.Hooft@example.com", "'t.hooft@example.com"),
        ("a" * 64 + "@" + "b" * 61 + "." + "c" * 61 + "." + "d" * 61 + ".it", None),
    ],
)
def test_a_good_address_is_taken_in_its_normal_form(value: str, normal: str | None) -> None:
    normal = value if normal is None else normal
    assert normal_email(value) == normal
    (fast,) = common_emails([value])
    assert fast in ("", normal)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a..b@example.com", "two periods"),
        (".a@example.com", "begins or ends with a period"),
        ("a.@example.com", "begins or ends with a period"),
        ("a@b", "has no period"),
        ("a b@example.com", "a blank within"),
        ("a@b c.com", "a blank within"),
        ("a@example.c", "has one character; there is no such domain"),
        ("example.com", "has no @ sign"),
        ("a@b@example.com", "more than one @ sign"),
        ("@example.com", "nothing before its @"),
        ("a@", "nothing after its @"),
        ("a@-example.com", "hyphen"),
        ("a@example..com", "two periods"),
        ("a@127.0.0.1", "has no letter"),
        ("a@[127.0.0.1]", "in brackets"),
        ("Anna <a@example.com>", "angle brackets"),
        ("mailto:ann@example.com", "begins with 'mailto:'"),
        ("a@example.com,b@example.com", "comma or a semicolon"),
        ("a@example.com; b@example.com", "comma or a semicolon"),
        ('"a b"@example.com', "."),
        ("a@example.test", "tests or for local networks"),
        ("a@printer.local", "tests or for local networks"),
        ("a@example.com\nb@example.com", "a blank within"),
        ("a(b)@example.com", "a character or a form"),
        ("\ud800@example.com", "."),
        ("a@" + "b" * 64 + ".com", "more than 63 characters"),
    ],
)
def test_a_bad_address_is_refused_with_the_reason(value: str, message: str) -> None:
    error = refusal(value)
    assert error.reason == "email_invalid"
    assert re.search(message, str(error))
    assert common_emails([value]) == [""]


@pytest.mark.parametrize("value", [None, "", "  ", "\t\r\n", "\u00a0"])
def test_a_missing_address_is_called_missing(value: str | None) -> None:
    assert refusal(value).reason == "email_missing"
    assert common_emails([value]) == [""]


@pytest.mark.parametrize("value", [5, 1.5, True, ["a@example.com"], {"a": "a@example.com"}])
def test_what_is_no_text_is_no_address(value: object) -> None:
    assert refusal(value).reason == "email_invalid"
    assert common_emails([value]) == [""]


def test_254_characters_are_the_most() -> None:
    domain = "@" + ".".join(["b" * 61, "c" * 61, "d" * 61, "it"])
    longest = "a" * (254 - len(domain)) + domain
    assert normal_email(longest) == longest

    error = refusal("a" + longest)
    assert (error.reason, str(error)) == ("email_too_long", "The e-mail address has more than 254 characters.")
    assert normal_email(f"  {longest}  ") == longest


labels = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
local_parts = st.from_regex(r"[a-zA-Z0-9_+'.-]{1,12}", fullmatch=True)
endings = st.sampled_from(
    ["com", "it", "test", "local", "LOCALHOST", "arpa", "onion", "invalid", "xn--p1ai", "c", "c0m"]
)
tops = endings | st.from_regex(r"[a-z]{1,4}", fullmatch=True)
blanks = st.text(st.sampled_from(" \t\r\n\u00a0\x1c"), max_size=2)
addresses = st.builds(
    lambda before, local, domain, top, after: f"{before}{local}@{'.'.join(domain)}.{top}{after}",
    blanks,
    local_parts,
    st.lists(labels | st.sampled_from(["xn--mller-kva", "a--b", "-a", "ab--c", "K", "é"]), min_size=1, max_size=4),
    tops,
    blanks,
)
near_addresses = st.text(st.sampled_from("ab.@-_+'é \t\r\n1ZİK\u0307\0"), max_size=20)
values = addresses | near_addresses | st.none() | st.integers() | st.floats() | st.text(max_size=8)


@given(st.lists(values, max_size=8))
@example(["a@bb.test ", "a@bb.LOCAL\t", "a@bb.onion\r"])
@example(["a\nb@example.com", "c@example.com"])
@example(["a@example.com\n", "\n", "", "b@example.com"])
def test_whatever_the_fast_check_accepts_the_library_accepts_with_the_same_result(emails: list[Any]) -> None:
    found = common_emails(emails)

    assert len(found) == len(emails)
    for value, fast in zip(emails, found, strict=True):
        assert fast == "" or fast == normal_email(value)


@given(st.lists(values, max_size=8))
def test_each_value_is_judged_alone(emails: list[Any]) -> None:
    assert common_emails(emails) == [common_emails([value])[0] for value in emails]


def test_the_fast_check_knows_plain_addresses_beside_anything_else() -> None:
    mixed: list[object] = [
        "A@Example.com",
        None,
        5,
        "a\nb",
        "",
        "o'brien@example.com ",
        "\n",
        "josé@example.com",
        "b+c@x.it",
    ]
    assert common_emails(mixed) == ["a@example.com", "", "", "", "", "o'brien@example.com", "", "", "b+c@x.it"]
    assert common_emails([]) == []


@given(addresses | near_addresses | st.emails())
def test_the_normal_form_of_a_normal_form_is_itself(value: str) -> None:
    normal = normal_or_none(value)
    assume(normal)

    assert normal_email(normal) == normal
    assert normal_email(f" {value.strip().upper().lower()}\n") == normal_email(value.strip().upper().lower())


@given(st.characters(), st.sampled_from(["a{}b@example.com", "ab@ex{}mple.com", "ab@example.c{}m", "{}@example.com"]))
def test_any_character_is_in_the_normal_form_as_it_will_stay(character: str, form: str) -> None:
    normal = normal_or_none(form.format(character))
    assume(normal)

    assert normal_email(normal) == normal


def _repeats(items: Any) -> Iterator[tuple[str, int, Any]]:
    """Yield every repetition in a parsed pattern: its kind, its most, and what it repeats."""
    for operation, argument in items:
        if str(operation).endswith("REPEAT"):
            yield str(operation), int(argument[1]), argument[2]
            yield from _repeats(argument[2])
        elif str(operation) == "BRANCH":
            for branch in argument[1]:
                yield from _repeats(branch)
        elif str(operation) in ("SUBPATTERN", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"):
            yield from _repeats(argument if str(operation) == "ATOMIC_GROUP" else argument[-1])


def test_the_fast_pattern_cannot_go_back_on_itself_without_end() -> None:
    """What repeats something repeated gives nothing back, or works within 64 characters; so the work is bounded."""
    parsed = importlib.import_module("re._parser").parse(module._COMMON)  # the only way to the structure
    first = parsed[0]
    assert str(first[0]) == "ASSERT"  # looks ahead first: not longer than 64 characters, or nothing else is tried
    assert [most for _, most, _ in _repeats(first[1][1])] == [64]

    nested = [(kind, list(_repeats(inner))) for kind, _, inner in _repeats(parsed[1:])]
    assert any(inner for _, inner in nested)
    for _, inner in nested:
        assert all(kind == "POSSESSIVE_REPEAT" for kind, _, _ in inner)


@pytest.mark.parametrize("unit", ["a", "a.", "a@", "a-", "a.b@", "@a.", " ", "a@a.", "\t", "a@b-"])
def test_a_long_value_made_to_confuse_is_no_common_address(unit: str) -> None:
    value = unit * 300_000
    assert common_emails([value, value + "!", "a@example.com"]) == ["", "", "a@example.com"]
    assert refusal(value).reason in ("email_too_long", "email_missing")
