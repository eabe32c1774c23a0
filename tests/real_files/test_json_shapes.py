"""JSON that is not one object a line, and JSON with mistakes in it."""

import pytest

from tests.builders import packed
from tests.real_files.whole_run import Body, outcome_of

A, B, C = '{"email":"a@example.com"}', '{"email":"b@example.com"}', '{"email":"c@example.com"}'
ODATA = '"@odata.context":"https://x.example/$metadata#contacts"'


@pytest.mark.parametrize(
    "text",
    [
        f"[\n{A},\n{B}\n]\n",
        f"[{A},{B}]",
        f"[{A},{B},]",
        f"[{A}]\n[{B}]\n",
        f"[\r\n  {A},\r\n  {B}\r\n]\r\n",
        f'{{"value":[{A},{B}]}}',
        f'{{{ODATA},"value":[{A},{B}],"@odata.nextLink":"https://x.example/?skip=2"}}',
        f'{{{ODATA},"value":[{A}]}}\n{{"value":[{B}]}}\n',
        '{\n "email": "a@example.com"\n}\n{\n "email": "b@example.com"\n}\n',
        f"{A},\n{B},\n",
        f"{A}{B}",
        f"\ufeff[{A},{B}]",
        f"{A}\n\n  \n{B}",
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.ndjson", "PART-0.JSON", "a.jsonl.gz", "a.txt", "part-00000"])
async def test_each_object_is_a_row_whatever_stands_around_it(text: str, name: str) -> None:
    found = await outcome_of(packed(text.encode()) if name.endswith("gz") else text, name)
    assert (found.run.status, found.names, found.run.tally.read) == ("succeeded", "a b", 2)
    assert found.segment["columns"] == ["email"]


async def test_files_of_different_shapes_lie_in_one_segment() -> None:
    files: dict[str, Body] = {
        "1.json": f"[{A}]",
        "2.ndjson": B,
        "3.csv": "email\nc@example.com\n",
        "4.json": f'{{"value":[{A}]}}',
        "5.json": "[]",
    }
    found = await outcome_of(files)
    assert (found.names, found.run.tally.duplicates) == ("a b c", 1)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"email":x}', "not_json"),
        ("{'email':'x@example.com'}", "not_json"),
        ('{"email":"x@example.com","first_name":{"a":1}', "not_json"),
        ("null", "not_an_object"),
        ('["x@example.com"]', "not_an_object"),
        ('"x@example.com"', "not_an_object"),
        ("{}", "email_missing"),
        ('{"Email":"x@example.com"}', "email_missing"),
        ('{"email":["x@example.com"]}', "email_invalid"),
    ],
)
async def test_a_bad_element_costs_itself_in_an_array_and_on_a_line(bad: str, reason: str) -> None:
    lines = await outcome_of(f"{A}\n{bad}\n{B}\n", "a.ndjson")
    assert (lines.names, lines.reasons) == ("a b", [(2, reason)])
    if bad.count("{") == bad.count("}"):
        array = await outcome_of(f"[{A},\n{bad},\n{B}]", "a.json")
        assert (array.names, array.reasons) == ("a b", [(2, reason)])


@pytest.mark.parametrize(
    "text",
    [
        f'[{A},{B},{{"email":"c@exa',
        f"[{A},{B}",
        f'{{"value":[{A},{B}]',
        f"[{A},{B},",
        '{\n"email":"a@example.com"\n}\n{\n"email":"b@exam',
    ],
)
async def test_an_array_that_is_cut_off_fails_the_run(text: str) -> None:
    found = await outcome_of(text, "a.json")
    assert (found.run.status, found.run.ending and found.run.ending.code) == ("failed", "file_cut_off")
    assert (await outcome_of(packed(text.encode()), "a.json.gz")).run.status == "failed"


async def test_lines_that_are_cut_off_cost_the_last_row() -> None:
    found = await outcome_of(f'{A}\n{{"email":"b@exam', "a.ndjson")
    assert (found.names, found.reasons) == ("a", [(2, "not_json")])


@pytest.mark.parametrize(
    ("text", "names", "lines"),
    [
        (f'[{{"email":"x@example.com","a":"5" wide"}},{A},{{"email":"y@example.com","a":"5" x"}},{B}]', "b", [1, 1, 1]),
        (f'[{{"email":"x@example.com","a":{{"b":1}},\n{A}}},\n{B}]', "b", [1, 2]),
        (f'{C}\n{{"email":"x@example.com"\n{A}\n}}\n{{\n"email":"b@example.com"\n}}\n', "c b", [2, 3]),
    ],
)
async def test_objects_that_run_into_each_other_are_refused_by_name(text: str, names: str, lines: list[int]) -> None:
    found = await outcome_of(text, "a.json")
    assert (found.names, found.reasons) == (names, [(line, "not_json") for line in lines])
    assert found.run.tally.read == len(names.split()) + len(lines)


async def test_a_line_break_within_a_text_costs_its_row() -> None:
    bad = '{"email":"x@example.com","first_name":"A\nnn"}'
    for text in (f"[{A},\n{bad},\n{B}]", f"{A}\n{bad}\n{B}\n"):
        found = await outcome_of(text, "a.json")
        assert (found.names, found.run.tally.rejected) == ("a b", found.run.tally.read - 2)


async def test_objects_within_a_row_are_no_rows() -> None:
    inner = '[{"email":"evil@x.example"}]'
    for text in (
        f'{{"value":{inner},"email":"a@example.com"}}',
        f'{{"email":"a@example.com","value":{inner}}}',
        f'[{{"email":"a@example.com","value":{inner}}}]',
        f'{{"id":1,"orders":{inner},"email":"a@example.com"}}\n',
        f'{{\n"email":"a@example.com",\n"value":{inner}\n}}\n',
        f'{{\n"first_name":"A",\n"value":{inner},\n"email":"a@example.com"\n}}\n',
        f'{{"id":7,"value":{inner},"email":"a@example.com"}}\n',
    ):
        assert (await outcome_of(text, "a.json")).names == "a", text


async def test_a_name_says_less_than_the_content() -> None:
    found = await outcome_of(f"[{A},{B}]", "a.csv")
    assert (found.names, found.warnings) == ("a b", ["format_not_in_name"])
    found = await outcome_of("email;first_name\na@example.com;A\n", "a.ndjson")
    assert (found.names, found.warnings) == ("a", ["format_not_in_name"])


async def test_numbers_that_json_does_not_have_are_no_values() -> None:
    found = await outcome_of('{"email":"a@example.com","first_name":NaN,"city":-Infinity}\n', "a.ndjson")
    assert found.members == {"a@example.com": {"email": "a@example.com"}}
