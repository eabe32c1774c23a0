"""Rows with fewer or more cells than the header, blank rows, blanks around quotes, and line ends of all kinds."""

import pytest

from tests.real_files.whole_run import Form, in_each_form, outcome_of

HEADER = "email,first_name,note\n"


@in_each_form
@pytest.mark.parametrize("blank", [",,", '"","",""', " , ,", ",,,,,"])
async def test_a_record_without_a_filled_cell_is_no_row(blank: str, form: Form) -> None:
    found = await outcome_of(form(f"{HEADER}{blank}\na@example.com,A,x\n{blank}\n\n{blank}\n"))
    assert (found.run.status, found.names, found.run.tally.read) == ("succeeded", "a", 1)
    assert (found.notes, found.warnings) == ({"blank_row": 3}, ["rows_noted"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_very_many_blank_records_stop_no_run(delimiter: str) -> None:
    rows = "".join(f"p{number}@example.com,P,x\n" for number in range(200))
    found = await outcome_of((HEADER + rows + ",,\n" * 12_000).replace(",", delimiter))
    assert (found.run.status, found.run.tally.read, found.notes) == ("succeeded", 200, {"blank_row": 12_000})


@in_each_form
@pytest.mark.parametrize("short", ["bob@example.com,Bob", "bob@example.com", '"bob@example.com","Bob"'])
async def test_missing_cells_at_the_end_are_empty_ones(short: str, form: Form) -> None:
    found = await outcome_of(form(f"{HEADER}{short}\nc@example.com,C,x\n{short.replace('bob', 'dan')}\n"))
    assert (found.run.status, found.names) == ("succeeded", "bob c dan")
    assert (found.values("note"), found.notes) == ([None, "x", None], {"short_row": 2})
    assert [each["code"] for each in found.preview["warnings"]].count("rows_to_note") == 1


@in_each_form
async def test_a_last_row_without_a_line_end_may_be_cut_off(form: Form) -> None:
    for cut in ("c@example.com,C", "c@exam"):
        found = await outcome_of(form(f"{HEADER}bob@example.com,Bob,x\n{cut}"))
        assert (found.names, found.reasons) == ("bob", [(3, "too_few_fields")])
    assert (await outcome_of(form(f"{HEADER}bob@example.com,Bob,x\nc@example.com,C,y"))).names == "bob c"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "record", ["a@example.com,An\nn,x", "a@example.com,An\nn,x\n\n", "a@example.com\n,Ann,x", "a@example.com,\nAnn,x"]
)
async def test_a_line_break_without_quotes_costs_both_parts(record: str, delimiter: str) -> None:
    text = f"email,first_name,note\n{record}\nb@example.com,B,y\n".replace(",", delimiter)
    found = await outcome_of(text)
    if record.startswith("a@example.com\n"):  # the second part is a whole row, without an address
        assert (found.names, found.reasons) == ("a b", [(3, "email_missing")])
    else:
        assert (found.names, found.reasons) == ("b", [(2, "too_few_fields"), (3, "too_few_fields")])


@in_each_form
async def test_short_lines_behind_a_refused_quote_are_refused(form: Form) -> None:
    found = await outcome_of(form(f'{HEADER}a@example.com,"A,x\nevil@x.example,y\nb@example.com,B,"z"\n'))
    assert (found.names, found.reasons) == ("b", [(2, "unclosed_quote"), (3, "too_few_fields")])


@in_each_form
async def test_empty_cells_behind_the_last_column_are_dropped_and_filled_ones_are_not(form: Form) -> None:
    rows = 'a@example.com,A,x,\nb@example.com,B,x, ,"",\nc@example.com,C,x,y\nd@example.com,D,x,,,y\n'
    found = await outcome_of(form(HEADER + rows))
    assert (found.names, found.values("note")) == ("a b", ["x", "x"])
    assert found.reasons == [(4, "too_many_fields"), (5, "too_many_fields")]


@in_each_form
@pytest.mark.parametrize("delimiter", [",", ";", "|"])
@pytest.mark.parametrize(
    ("written", "text"),
    [
        (' "Smith" ', "Smith"),
        ('\t"Smith"', "Smith"),
        ('"Smith"  ', "Smith"),
        (' "Sm, i; t|h" ', "Sm, i; t|h"),
        (' "Smith ""Jr""" ', 'Smith "Jr"'),
        (' "Old" town', '"Old" town'),
        (' 5" pipe', '5" pipe'),
    ],
)
async def test_blanks_around_a_quoted_cell_are_no_data(written: str, text: str, delimiter: str, form: Form) -> None:
    row = delimiter.join(("ann@example.com", written, "x"))
    found = await outcome_of(form(f"{HEADER.replace(',', delimiter)}{row}\n"))
    assert (found.run.status, found.values("first_name"), found.values("note")) == ("succeeded", [text], ["x"])


async def test_blanks_may_stand_around_every_quoted_cell() -> None:
    found = await outcome_of('"email" | "first_name"\n"a@example.com" | "A" \n "b@example.com"\t|"B"\n')
    assert (found.names, found.values("first_name")) == ("a b", ["A", "B"])


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n", "\n"])
async def test_every_line_end_is_one(end: str) -> None:
    text = f'{HEADER}a@example.com,"A, x",1\nb@example.com,B,\n,,\nc@example.com,C,"3"\n'.replace("\n", end)
    for body in (text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        found = await outcome_of(body)
        assert (found.run.status, found.names) == ("succeeded", "a b c")
        assert (found.values("first_name"), found.values("note")) == (["A, x", "B", "C"], ["1", None, "3"])


async def test_what_is_no_line_end_stays_in_its_cell() -> None:
    found = await outcome_of(
        HEADER + 'a@example.com,A,x\u2028y\u2029z\u0085\nb@example.com,B,"x\ry"\nc@example.com,C,x\ry\n'
    )
    assert found.values("note") == ["x\u2028y\u2029z", "x\ry"]
    assert found.reasons == [(4, "not_csv")]
    assert (await outcome_of('email,note\ra@example.com,"x\ny"\r')).values("note") == ["x\ny"]
