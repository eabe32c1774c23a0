"""Files in other encodings than UTF-8, and byte-order marks where they are not expected."""

import codecs

import pytest

from tests.builders import ndjson, packed
from tests.real_files.whole_run import Body, outcome_of

TABS = "email;first_name;city\nann@example.com;Анна;Київ\nbob@example.com;Їжак, Ян;Львів\n".replace(";", "\t")
NAMES = ["Анна", "Їжак, Ян"]
WESTERN = "email;first_name;city\na@example.com;Müller;Köln\nb@example.com;Jörg;Nürnberg\n"
LITTLE, BIG = codecs.BOM_UTF16_LE + TABS.encode("utf-16-le"), codecs.BOM_UTF16_BE + TABS.encode("utf-16-be")


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "A.TSV", "part-00000"])
@pytest.mark.parametrize("body", [LITTLE, BIG], ids=["little", "big"])
async def test_utf_16_with_a_mark_is_read(body: bytes, name: str) -> None:
    found = await outcome_of(body, name)
    assert (found.run.status, found.values("first_name"), found.warnings) == ("succeeded", NAMES, [])
    assert found.segment["columns"] == ["email", "first_name", "city"]


async def test_utf_16_is_read_packed_beside_utf_8_and_as_json() -> None:
    row = {"email": "c@example.com", "first_name": "Ціна"}
    json = codecs.BOM_UTF16_LE + ndjson([row]).decode().encode("utf-16-le")
    files: dict[str, Body] = {
        "1.csv.gz": packed(LITTLE),
        "2.csv": "email\tfirst_name\nd@example.com\tД\n",
        "3.ndjson": json,
    }
    found = await outcome_of(files)
    assert found.values("first_name") == [*NAMES, "Д", "Ціна"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
async def test_utf_16_without_a_mark_is_read_with_a_warning(codec: str) -> None:
    found = await outcome_of(TABS.encode(codec))
    assert (found.values("first_name"), found.warnings) == (NAMES, ["utf16_without_mark"])


async def test_a_character_that_is_cut_off_costs_its_row() -> None:
    found = await outcome_of(LITTLE[:-1])
    assert (found.names, found.reasons) == ("ann", [(3, "wrong_encoding")])


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (TABS, "cp1251", "windows-1251"),
        (TABS.replace("first_name", "ім'я"), "cp1251", "windows-1251"),
        (WESTERN, "cp1252", "windows-1252"),
        ("email;first_name\n" + "p@example.com;Ann\n" * 300 + WESTERN, "cp1252", "windows-1252"),
        (WESTERN.replace("Köln", "Kéln"), "cp1252", "windows-1252"),
    ],
)
async def test_another_encoding_fails_before_anything_is_sent_and_is_read_where_it_is_named(
    text: str, codec: str, name: str
) -> None:
    code, detail = (await outcome_of(text.encode(codec))).failure
    assert code == "not_utf8"
    assert f"'vip/a.csv' is not UTF-8 (it looks like {name}): write it as UTF-8, or set reading.encoding" in detail
    if "ім" not in text:
        read = await outcome_of(text.encode(codec), reading={"encoding": name})
        plain = await outcome_of(text)
        assert (read.members, read.notes) == (plain.members, plain.notes)


async def test_another_encoding_in_the_second_file_or_in_json_is_found_too() -> None:
    good, bad = "email\tfirst_name\nd@example.com\tД\n", TABS.encode("cp1251")
    assert "'vip/2.csv' is not UTF-8" in (await outcome_of({"1.csv": good, "2.csv": bad})).failure[1]
    assert "'vip/2.csv.gz' is not UTF-8" in (await outcome_of({"1.csv": good, "2.csv.gz": packed(bad)})).failure[1]
    json = '{"email":"a@example.com","first_name":"Анна"}\n'.encode("cp1251")
    assert "'vip/a.ndjson' is not UTF-8" in (await outcome_of(json, "a.ndjson")).failure[1]
    assert "'vip/a.json' is not UTF-8" in (await outcome_of(b"[" + json + b"]", "a.json")).failure[1]


async def test_single_rows_that_are_not_utf_8_are_refused_by_name() -> None:
    good = "".join(f"p{number}@example.com,Ї\n" for number in range(5)).encode()
    found = await outcome_of(b"email,first_name\n" + good + "b@example.com,Ж\n".encode("cp1251"))
    assert (len(found.members), found.reasons) == (5, [(7, "wrong_encoding")])
    json = ndjson({"email": f"p{number}@example.com", "first_name": "Ї"} for number in range(5))
    found = await outcome_of(json + '{"email":"b@example.com","first_name":"Ж"}\n'.encode("cp1251"), "a.ndjson")
    assert (len(found.members), found.reasons) == (5, [(6, "wrong_encoding")])


async def test_what_is_no_text_is_no_file_of_rows() -> None:
    for body in (TABS.encode("utf-32"), b"email,x\n" + TABS.encode("utf-16-le")):
        assert (await outcome_of(body)).failure[0] == "not_rows"


MARK = "\ufeff"


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
async def test_marks_at_the_beginning_of_a_line_are_dropped(name: str) -> None:
    one, other = "email,first_name\na@example.com,A\n", 'email,first_name\n"b@example.com",B\n'
    body = f"{MARK * 2}{one}{MARK}{other}{MARK * 3}c@example.com,C\n".encode()
    found = await outcome_of(packed(body) if name.endswith("gz") else body, name)
    assert (found.names, found.notes) == ("a b c", {"repeated_header": 1})


async def test_marks_between_packed_files_that_were_put_together_are_dropped() -> None:
    files = [packed(f"{MARK}email,first_name\n{name}@example.com,{name}\n".encode()) for name in "abc"]
    found = await outcome_of(b"".join(files), "a.csv.gz")
    assert (found.names, found.notes) == ("a b c", {"repeated_header": 2})


async def test_marks_before_objects_are_dropped() -> None:
    rows = f'{MARK}{MARK}{{"email":"a@example.com"}}\n{MARK}{{"email":"b@example.com"}}\n'
    assert (await outcome_of(rows, "a.ndjson")).names == "a b"
    array = f'{MARK}[\n{MARK}{{"email":"a@example.com"}},\n{MARK}{{"email":"b@example.com"}}]'
    assert (await outcome_of(array, "a.json")).names == "a b"
    two_files = "email,first_name\r\na@example.com,A\r\n", "email,first_name\r\nb@example.com,B\r\n"
    body = b"".join(codecs.BOM_UTF16_LE + each.encode("utf-16-le") for each in two_files)
    assert (await outcome_of(body)).names == "a b"
