"""A quote that is never closed costs its own row: nobody behind it is lost, and no text becomes a customer."""

import pytest

from tests.real_files.whole_run import Form, in_each_form, outcome_of

HEADER = "email,first_name,city\n"
B, C, D = "b@example.com,Phone,Lviv\n", 'c@example.com,Tablet,", Odesa"\n', "d@example.com,Radio,Dnipro\n"
GOOD_C = {"email": "c@example.com", "first_name": "Tablet", "properties": {"city": ", Odesa"}}


@in_each_form
@pytest.mark.parametrize(
    "stray",
    [
        'a@example.com,"TV 55,Kyiv\n',
        'a@example.com,TV,"Kyiv\n',
        '"a@example.com,TV,Kyiv\n',
        'a@example.com,"TV ""55,Kyiv\n',
        'a@example.com,"TV 55" wide,Kyiv\n',
        'a@example.com,"TV 55",Kyiv,"x\n',
    ],
)
async def test_a_stray_quote_costs_its_own_row(stray: str, form: Form) -> None:
    found = await outcome_of(form(HEADER + stray + B + C + D))
    assert (found.run.status, found.names, found.reasons) == ("partial", "b c d", [(2, "unclosed_quote")])
    assert found.members["c@example.com"] == GOOD_C


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
async def test_whatever_the_delimiter_is(delimiter: str) -> None:
    text = (HEADER + 'a@example.com,"TV 55,Kyiv\n' + B + C + D).replace(",", delimiter)
    found = await outcome_of(text.replace(f'"{delimiter} Odesa"', '", Odesa"'))
    assert (found.names, found.reasons) == ("b c d", [(2, "unclosed_quote")])
    assert found.values("city") == ["Lviv", ", Odesa", "Dnipro"]


@pytest.mark.parametrize("count", [1, 20, 2000, 25_000])
async def test_however_many_rows_lie_between_two_quotes(count: int) -> None:
    between = "".join(f"p{number}@example.com,P,L\n" for number in range(count))
    found = await outcome_of(HEADER + 'a@example.com,"TV 55,Kyiv\n' + between + C + D)
    assert (len(found.members), found.reasons) == (count + 2, [(2, "unclosed_quote")])
    assert found.members["c@example.com"] == GOOD_C


async def test_a_quote_that_stays_open_to_the_end_of_the_file() -> None:
    for last in ("", B, B + D):
        found = await outcome_of(HEADER + C + 'a@example.com,"TV 55,Kyiv\n' + last)
        assert found.reasons == [(3, "unclosed_quote")]
        assert len(found.members) == 1 + last.count("\n")


async def test_a_stray_quote_ends_with_its_file() -> None:
    files = {"1.csv": HEADER + 'a@example.com,"TV 55,Kyiv\n', "2.csv": HEADER + B + C}
    found = await outcome_of(files)
    assert (found.names, found.reasons) == ("b c", [(2, "unclosed_quote")])
    assert found.rejected[0]["blob"] == "vip/1.csv"


async def test_several_stray_quotes_cost_a_row_each() -> None:
    strays = 'a@example.com,"TV,Kyiv\n' + B + 'e@example.com,"TV,Kyiv\n' + D + 'f@example.com,TV,"Kyiv\n' + C
    found = await outcome_of(HEADER + strays)
    assert (found.names, found.reasons) == ("b d c", [(line, "unclosed_quote") for line in (2, 4, 6)])


async def test_the_address_may_stand_in_the_last_column() -> None:
    text = 'first_name,city,email\n"TV 55,Kyiv,a@example.com\nP,Lviv,b@example.com\nT,", Odesa",c@example.com\n'
    found = await outcome_of(text)
    assert (found.names, found.reasons) == ("b c", [(2, "unclosed_quote")])


async def test_a_stray_quote_in_a_file_with_one_column() -> None:
    found = await outcome_of('email\na@example.com\n"b@example.com\nc@example.com\n"d@example.com"\n')
    assert (found.names, found.reasons) == ("a c d", [(3, "unclosed_quote")])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "note",
    [
        "hello\nevil@x.example,Evil,x\nbye",
        "hello\nevil@x.example,Evil,x",
        'hello\n""evil@x.example"",Evil,x\nbye',
        "hello\nEvil,evil@x.example,x\nbye",
    ],
)
async def test_a_note_that_holds_a_row_is_refused_line_by_line(note: str, delimiter: str) -> None:
    text = f'email,first_name,note\nb@example.com,B,x\na@example.com,A,"{note}"\nc@example.com,C,y\n'
    found = await outcome_of(text.replace(",", delimiter))
    lines = range(3, 4 + note.count("\n"))
    assert (found.names, found.reasons) == ("b c", [(line, "ambiguous_quotes") for line in lines])
    assert f"From line 3 to line {lines[-1]} of the file" in found.rejected[0]["detail"]


async def test_a_row_on_the_first_line_of_a_note_is_no_customer_either() -> None:
    text = 'email,first_name,note\na@example.com,A,"evil@x.example,Evil,x\nbye\nfor now"\nb@example.com,B,y\n'
    found = await outcome_of(text)
    assert (found.run.status, found.names, found.values("note")) == (
        "succeeded",
        "a b",
        ["evil@x.example,Evil,x\nbye\nfor now", "y"],
    )


@in_each_form
@pytest.mark.parametrize(
    ("header", "record", "note"),
    [
        ("note,email", '"One, two\nthree, four\nfive",a@example.com', "One, two\nthree, four\nfive"),
        ("email,note", 'a@example.com,"One, two\nthree, four\nfive"', "One, two\nthree, four\nfive"),
        ("note,email", '"see c@example.com\nor me",a@example.com', "see c@example.com\nor me"),
        ("email,note", 'a@example.com,"see\nc@example.com\nbye"', "see\nc@example.com\nbye"),
        ("email,note", 'a@example.com,"\n\nsay ""hi"", all\n"', 'say "hi", all'),
    ],
)
async def test_a_real_note_of_several_lines_stays_one(header: str, record: str, note: str, form: Form) -> None:
    other = "x,b@example.com" if header.startswith("note") else "b@example.com,x"
    found = await outcome_of(form(f"{header}\n{record}\n{other}\n"))
    assert (found.run.status, found.names, found.run.tally.read) == ("succeeded", "a b", 2)
    assert [value.replace("\r\n", "\n") for value in found.values("note")] == [note, "x"]
