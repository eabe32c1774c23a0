"""Words that software writes for nothing, and identifiers that several people share."""

import pytest

from tests.builders import ndjson
from tests.real_files.whole_run import LEFT_OUT, SENT, Body, Form, in_each_form, outcome_of

HEADER = "email,first_name,phone,city,note\n"
IDS = {"email": "email", "external_id": "id", "phone_number": "phone"}


@in_each_form
@pytest.mark.parametrize("word", [r"\N", r" \N ", r'"\N"'])
async def test_the_null_of_a_database_is_no_value(word: str, form: Form) -> None:
    found = await outcome_of(form(HEADER + f"ann@example.com,{word},{word},{word},{word}\n"))
    assert (found.members, found.warnings) == ({"ann@example.com": {"email": "ann@example.com"}}, [])


async def test_the_null_of_a_database_is_no_value_in_json_either() -> None:
    row = {"email": "ann@example.com", "first_name": r"\N", "phone": r"\N", "city": [r"\N"], "note": {"x": r"\N"}}
    found = await outcome_of(ndjson([row]), "a.ndjson")
    assert found.members == {"ann@example.com": {"email": "ann@example.com"}}


WORDS = ["NULL", "null", "Null", "#N/A", "N/A", "n/a", "None", "nan", "NaN", "(null)", "-"]


@pytest.mark.parametrize("word", WORDS)
async def test_other_words_are_sent_and_told_by_column(word: str) -> None:
    found = await outcome_of(HEADER + f"a@example.com,{word},,{word},{word}\nb@example.com,{word},,x,y\n")
    assert (found.values("first_name"), found.values("city")) == ([word, word], [word, "x"])
    noted = {"first_name looks_empty": 2, "properties.city looks_empty": 1, "properties.note looks_empty": 1}
    assert (found.notes, found.warnings) == (noted, [SENT] * 3)
    shown = [each["code"] for each in found.preview["warnings"]]
    assert shown.count("values_to_send_as_they_are") == 3


async def test_the_words_of_the_export_are_no_value() -> None:
    rows = HEADER + "a@example.com,NULL,,null,#N/A\nb@example.com, NULL ,,nulls,x\n"
    found = await outcome_of(rows, reading={"null_values": ["NULL", " null"]})
    assert (found.values("first_name"), found.values("city")) == ([None, None], [None, "nulls"])
    assert found.notes == {"properties.note looks_empty": 1}


@pytest.mark.parametrize("word", [*WORDS, "<null>", "#VALUE!", " NULL "])
async def test_such_a_word_is_no_identifier(word: str) -> None:
    rows = "".join(f"{name}@example.com;{word};{word}\n" for name in "abc")
    found = await outcome_of("email;id;phone\n" + rows, mapping=IDS)
    assert found.values("external_id") == found.values("phone_number") == [None] * 3
    assert found.notes["external_id no_identifier"] == 3
    assert LEFT_OUT in found.warnings


async def test_such_a_word_is_no_identifier_in_json_either() -> None:
    rows = [{"email": f"{name}@example.com", "id": "NULL", "phone": "N/A"} for name in "ab"]
    found = await outcome_of(ndjson(rows), "a.ndjson", mapping=IDS)
    assert found.notes == {"external_id no_identifier": 2, "phone_number no_identifier": 2}


@in_each_form
async def test_the_first_of_several_rows_keeps_an_identifier(form: Form) -> None:
    rows = "a@example.com,7,0501234567\nb@example.com,7,+380 50 123 45 67\nc@example.com,8,380501234567\n"
    found = await outcome_of(form("email,id,phone\n" + rows), mapping=IDS)
    assert found.values("external_id") == ["7", None, "8"]
    assert found.values("phone_number") == ["+380501234567", None, None]
    assert found.notes == {"external_id shared_identifier": 1, "phone_number shared_identifier": 2}


async def test_the_first_row_keeps_it_over_files_of_different_kinds() -> None:
    files: dict[str, Body] = {
        "1.csv": "email,id,phone\na@example.com,7,\n",
        "2.ndjson": ndjson([{"email": "b@example.com", "id": 7}, {"email": "c@example.com", "id": 7.0}]),
        "3.csv": "id;email;phone\n07;d@example.com;\n'7;e@example.com;\n",
    }
    found = await outcome_of(files, mapping=IDS)
    assert found.values("external_id") == ["7", None, None, "07", None]


async def test_rows_that_are_not_sent_claim_no_identifier() -> None:
    rows = "a@example.com,7,\na@example.com,8,\nnobody,9,\nb@example.com,8,\nc@example.com,9,\n"
    found = await outcome_of("email,id,phone\n" + rows, mapping=IDS)
    assert found.values("external_id") == ["7", "8", "9"]
    assert (found.run.tally.duplicates, found.reasons) == (1, [(4, "email_invalid")])
