"""Files in which a backslash stands before each quote, and files in which a backslash is a backslash."""

import pytest

from tests.real_files.whole_run import Form, in_each_form, outcome_of

HEADER = "email,first_name,city\n"
SPARK = 'a@example.com,"TV 55\\"",Kyiv\nb@example.com,P,Lviv\nc@example.com,T,", Odesa"\nd@example.com,R,D\n'


@in_each_form
async def test_a_file_that_shows_the_backslash_loses_nobody(form: Form) -> None:
    found = await outcome_of(form(HEADER + SPARK))
    assert (found.run.status, found.names) == ("succeeded", "a b c d")
    assert found.values("first_name") == ['TV 55"', "P", "T", "R"]
    assert found.values("city") == ["Kyiv", "Lviv", ", Odesa", "D"]
    assert [each["escape"] for each in found.segment["dialects"]] == ["backslash"]


async def test_the_quote_may_stand_at_the_end_of_the_line() -> None:
    found = await outcome_of(HEADER + SPARK.replace('"TV 55\\"",Kyiv', 'TV,"55\\""'))
    assert (found.names, found.values("city")) == ("a b c d", ['55"', "Lviv", ", Odesa", "D"])


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
async def test_whatever_the_delimiter_is(delimiter: str) -> None:
    found = await outcome_of((HEADER + SPARK.replace('", Odesa"', '"Odesa, x"')).replace(",", delimiter))
    assert (found.names, found.values("first_name")) == ("a b c d", ['TV 55"', "P", "T", "R"])


@pytest.mark.parametrize("first", ["1.csv", "3.csv"])
async def test_one_file_may_show_what_holds_for_all(first: str) -> None:
    shows = 'email,first_name,city\ne@example.com,"say \\"hi\\" now",Lutsk\n'
    found = await outcome_of({first: shows, "2.csv": HEADER + 'a@example.com,"Bob \\\\",x\n'})
    assert sorted(found.values("first_name")) == ["Bob \\", 'say "hi" now']


async def test_what_shows_late_in_a_large_file_costs_one_row() -> None:
    before = "".join(f"p{number}@example.com,P,K\n" for number in range(15_000))
    found = await outcome_of(HEADER + before + SPARK)
    assert found.reasons == [(15_002, "unclosed_quote")]
    assert found.names.endswith("p14999 b c d")


@in_each_form
@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r'"say \"hi\" now"', 'say "hi" now'),
        (r'"Bob \\"', "Bob \\"),
        (r'"C:\new"', r"C:\new"),
        (r'"C:\\new"', r"C:\\new"),
        (r'"a \\\"b\\\" c"', r"a \"b\" c"),
        (r'"{\"a\":\"b\"}"', '{"a":"b"}'),
        (r'"x ""y"" z"', 'x "y" z'),
        (r"C:\dir", r"C:\dir"),
        (r"TV 55\"", r"TV 55\""),
    ],
)
async def test_only_a_backslash_before_a_quote_is_taken_out_and_only_within_quotes(
    written: str, text: str, form: Form
) -> None:
    found = await outcome_of(form(f'{HEADER}z@example.com,"\\"q\\" and \\"r\\"",K\na@example.com,{written},K\n'))
    assert (found.run.status, found.values("first_name")) == ("succeeded", ['"q" and "r"', text])


@in_each_form
@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"{""a"":""b \\""c\\""""}"', '{"a":"b \\"c\\""}'),
        ('"C:\\dir\\"', "C:\\dir\\"),
        ('"C:\\new"', "C:\\new"),
        ("C:\\dir\\", "C:\\dir\\"),
        ('"\\\\server\\""x""\\"', '\\\\server\\"x"\\'),
    ],
)
async def test_in_a_file_that_doubles_quotes_a_backslash_is_text(written: str, text: str, form: Form) -> None:
    found = await outcome_of(form(f"{HEADER}a@example.com,{written},K\nb@example.com,B,L\nc@example.com,C,L\n"))
    assert (found.run.status, found.values("first_name")) == ("succeeded", [text, "B", "C"])


async def test_a_file_of_both_kinds_loses_nobody_silently() -> None:
    text = HEADER + 'a@example.com,"say \\"hi\\" now",K\nb@example.com,"C:\\dir\\",L\nc@example.com,"x ""y"" z",O\n'
    found = await outcome_of(text)
    assert len(found.members) + len(found.rejected) == 3
    assert found.values("first_name") == ["C:\\dir\\", 'x "y" z']
