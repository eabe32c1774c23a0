"""Signs by which Excel guards a text, and e-mail addresses with something around them."""

import pytest

from tests.builders import ndjson
from tests.real_files.whole_run import CHANGED, Body, Form, in_each_form, outcome_of

IDS = {
    "email": "email",
    "first_name": "name",
    "external_id": "id",
    "location": {"zip": "zip"},
    "properties": {"note": "note"},
}


@in_each_form
@pytest.mark.parametrize("written", ["'00123", '"=""00123"""', '="00123"', "' 00123 ", "  '00123"])
async def test_the_sign_goes_from_identifiers_and_names_and_stays_elsewhere(written: str, form: Form) -> None:
    found = await outcome_of(
        form("email;name;id;zip;note\n" + ";".join(["a@example.com", *[written] * 4]) + "\n"), mapping=IDS
    )
    assert [found.values(name) for name in ("first_name", "external_id", "zip")] == [["00123"]] * 3
    assert found.values("note")[0].strip("'=\" ") == "00123" != found.values("note")[0]
    assert (len(found.notes), found.warnings) == (3, [CHANGED] * 3)


@in_each_form
@pytest.mark.parametrize("name", ["'t Hooft", "'s-Gravenhage", "'quoted'", "O'Neill", "=1+1", "Ann'"])
async def test_a_name_that_looks_like_it_stays(name: str, form: Form) -> None:
    found = await outcome_of(form(f"email;name\na@example.com;{name}\n"), mapping=IDS)
    assert (found.values("first_name"), found.notes) == ([name], {})


@in_each_form
async def test_blanks_at_the_ends_go_and_are_not_told(form: Form) -> None:
    text = "email;name;id;note\n a@example.com ;Ann    ;  7;\u00a0x\t\nb@example.com;B; 7 ;y\n"
    found = await outcome_of(form(text), mapping=IDS)
    assert (found.values("first_name"), found.values("note")) == (["Ann", "B"], ["x", "y"])
    assert (found.values("external_id"), found.notes) == (["7", None], {"external_id shared_identifier": 1})


async def test_a_guarded_id_is_the_same_as_a_bare_one() -> None:
    files: dict[str, Body] = {
        "1.csv": "email;id\na@example.com;'7\n",
        "2.ndjson": ndjson([{"email": "b@example.com", "id": 7}]),
    }
    assert (await outcome_of(files, mapping=IDS)).values("external_id") == ["7", None]


@in_each_form
@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("ann@example.com\u200b", "invisible_characters"),
        ("\ufeffann@example.com", "invisible_characters"),
        ("ann@exam\u00adple.com", "invisible_characters"),
        ("a\x00nn@example.com", "invisible_characters"),
        ("'ann@example.com", "excel_guard"),
        ('"=""ann@example.com"""', "excel_guard"),
        (" ANN@Example.COM\u00a0", None),
    ],
)
async def test_what_is_no_part_of_an_address_goes(written: str, note: str | None, form: Form) -> None:
    found = await outcome_of(form(f"first_name;email\nA;{written}\nB;ann@example.com\n"))
    assert ([*found.members], found.run.tally.duplicates) == (["ann@example.com"], 1)
    assert found.notes == ({f"email {note}": 1} if note and not written.startswith("\ufeff") else found.notes)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("mailto:ann@example.com", "begins with 'mailto:'"),
        ("Ann <ann@example.com>", "angle brackets"),
        ("<ann@example.com>", "angle brackets"),
        ("ann@example.com;bob@example.com", "a comma or a semicolon"),
        ("ann@example.com, bob@example.com", "a comma or a semicolon"),
        ("ann@example.com bob@example.com", "a blank within"),
        ("ann@@example.com", "more than one @ sign"),
        ("ann@example..com", "two periods"),
        ("ann@example.com.", "begins or ends with a period"),
        ("ann.example.com", "no @ sign"),
        ("'ann@example.com'", "a character or a form"),
        ("N/A", "no @ sign"),
    ],
)
async def test_what_is_no_address_is_refused_with_the_reason(written: str, words: str) -> None:
    csv = await outcome_of(f'first_name,email\nB,bob@example.com\nA,"{written}"\n')
    rows = [{"email": "bob@example.com", "first_name": "B"}, {"first_name": "A", "email": written}]
    json = await outcome_of(ndjson(rows), "a.ndjson")
    for found, line in ((csv, 3), (json, 2)):
        assert (found.names, found.reasons) == ("bob", [(line, "email_invalid")])
        assert words in found.rejected[0]["detail"]
        assert found.rejected[0]["fields"]["email"] == written


@in_each_form
async def test_a_row_without_an_address_is_refused_as_such(form: Form) -> None:
    found = await outcome_of(form('email,first_name\n,A\n" ",B\n\\N,C\n\u200b,D\na@example.com,E\n'))
    assert (found.names, found.reasons) == ("a", [(line, "email_missing") for line in (2, 3, 4, 5)])
