"""Files without a header, with something above it, with it again, and with a name that is spelt otherwise."""

import pytest

from tests.builders import ndjson
from tests.real_files.whole_run import Body, Form, in_each_form, outcome_of

NO_HEADER = (
    "has no header row: its first line looks like data. Write a header row, or set reading.header to false and "
    "reading.columns to the names of the columns."
)


@in_each_form
@pytest.mark.parametrize(
    "text",
    [
        "olena@example.com,Olena,+380501234567\nbob@example.com,Bob,+380501234568\n",
        "Olena,+380501234567,olena@example.com\nBob,+380501234568,bob@example.com\n",
        "Olena;0501234567\nBob;0501234568\n",
        "1234567\tOlena\n1234568\tBob\n",
        "olena@example.com\nbob@example.com\n",
        ",Olena,Kyiv\nbob@example.com,Bob,Lviv\n",
        'Olena,"olena@example.com, or so"\nBob,bob@example.com\n',
        '"Olena\nolena@example.com",x\nBob,y\n',
    ],
)
async def test_a_file_without_a_header_is_named_and_nothing_of_it_is_told(text: str, form: Form) -> None:
    files = form(text)
    found = await outcome_of(files)
    (name,) = files
    assert found.failure == ("no_header", f"File 'vip/{name}' {NO_HEADER}")
    assert (found.segment["problem"]["code"], found.segment["columns"]) == ("no_header", None)
    told = str((found.run.document(), found.segment, found.preview))
    assert not [word for word in ("Olena", "olena", "501234567", "1234567", "Kyiv") if word in told]


@pytest.mark.parametrize("last", [2, 90])
async def test_the_header_in_the_first_part_only_is_found_before_anything_is_sent(last: int) -> None:
    files: dict[str, Body] = {f"part-{n:02}.csv": f"email,city\np{n}@example.com,K\n" for n in range(1, last)}
    found = await outcome_of(files | {f"part-{last:02}.csv": "b@example.com,Kyiv\nc@example.com,Lviv\n"})
    assert found.failure == ("no_header", f"File 'vip/part-{last:02}.csv' {NO_HEADER}")
    assert [each["code"] for each in found.preview["problems"]] == ["no_header"]


async def test_the_export_may_name_the_columns() -> None:
    reading = {"columns": ["email", "first_name"]}
    rows = "a@example.com,Ann\n,Nobody\nb@example.com,Bob\n"
    for text in (rows, "Mail,Name\n" + rows):
        found = await outcome_of(text, reading=reading)
        assert (found.names, found.values("first_name")) == ("a b", ["Ann", "Bob"])
        assert [reason for _, reason in found.reasons] == ["email_missing"]
    found = await outcome_of(",Nobody\na@example.com,Ann\n", reading=reading)
    assert (found.names, found.reasons) == ("a", [(1, "email_missing")])


@in_each_form
@pytest.mark.parametrize("note", ["sep=;", "SEP=;", '"sep=;"', "\nsep=;"])
async def test_excels_note_of_the_delimiter_is_no_header(note: str, form: Form) -> None:
    found = await outcome_of(form(f"{note}\nemail;first_name;note\nann@example.com;Ann;a,b\n"))
    assert (found.run.tally.read, found.values("first_name"), found.values("note")) == (1, ["Ann"], ["a,b"])


@pytest.mark.parametrize("delimiter", ["|", "\t", ","])
async def test_the_noted_delimiter_is_followed_in_each_file(delimiter: str) -> None:
    files = {
        "1.csv": "email;first_name\na@example.com;A\n",
        "2.csv": f"sep={delimiter}\nemail{delimiter}first_name\nb@example.com{delimiter}B;C\n",
    }
    assert (await outcome_of(files)).values("first_name") == ["A", "B;C"]


@pytest.mark.parametrize("header", ["Email", "EMAIL", " EMAIL ", "e mail", "\u200bemail", "email\ufeff"])
@pytest.mark.parametrize("kind", ["csv", "ndjson", "json"])
async def test_a_column_that_is_spelt_otherwise_is_proposed(header: str, kind: str) -> None:
    rows = ndjson([{header: "a@example.com"}])
    body = {"csv": f"{header};x\na@example.com;1\n".encode(), "ndjson": rows, "json": b"[" + rows + b"]"}[kind]
    code, detail = (await outcome_of(body, f"a.{kind}")).failure
    assert code == "email_column_spelt_otherwise"
    shown = header.strip() if kind == "csv" else header
    assert f"but it has '{shown.strip(chr(0x200B) + chr(0xFEFF))}', which differs in upper and lower case" in detail


async def test_another_column_that_is_spelt_otherwise_is_proposed_too() -> None:
    found = await outcome_of("email,First_Name,City \na@example.com,A,K\n")
    assert (found.names, found.values("city")) == ("a", [None])
    alike = [each.params["like"] for each in found.run.warnings if each.code == "column_spelt_otherwise"]
    assert alike == ["First_Name", "City"]


@in_each_form
@pytest.mark.parametrize(
    "again", ["email,first_name", '"email","first_name"', " email , first_name ", "\ufeffemail,first_name"]
)
async def test_a_repeated_header_is_no_row(again: str, form: Form) -> None:
    found = await outcome_of(form(f"email,first_name\na@example.com,A\n{again}\nb@example.com,B\n{again}\n"))
    assert (found.run.status, found.names, found.run.tally.read) == ("succeeded", "a b", 2)
    assert (found.notes, found.warnings) == ({"repeated_header": 2}, ["rows_noted"])


@in_each_form
@pytest.mark.parametrize("title", ["Customers of May", '"Customers, of May"', "Customers of May,,", "2026-11-28 18:30"])
async def test_a_title_and_a_footer_are_refused_by_name(title: str, form: Form) -> None:
    rows = "email,first_name,note\na@example.com,A,x\nb@example.com,B,y\nTotal,,12\n"
    found = await outcome_of(form(f"{title}\n{rows}"))
    assert (found.names, found.reasons) == ("a b", [(1, "title_line"), (5, "email_invalid")])


async def test_a_header_that_is_broken_or_unknown_is_told_as_such() -> None:
    assert (await outcome_of('email,"name\na@example.com,x\n')).failure[0] == "header_unreadable"
    assert (await outcome_of("email,name,email\na@example.com,A,x\n")).failure[0] == "column_twice"
    code, detail = (await outcome_of("mail,name\na@example.com,A\n")).failure
    assert (code, "Columns there: mail, name." in detail) == ("email_column_missing", True)
