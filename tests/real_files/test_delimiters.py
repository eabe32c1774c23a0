"""The delimiter is the one by which the lines of a file agree."""

import pytest

from tests.real_files.whole_run import Form, in_each_form, outcome_of


@in_each_form
@pytest.mark.parametrize(
    ("text", "delimiter", "notes"),
    [
        ("email;note;name (last, first, middle)\na@example.com;x;Doe, J, K\nb@example.com;y;z\n", ";", ["x", "y"]),
        ("email;note\na@example.com;Doe, John\nb@example.com;Roe, Jane\n", ";", ["Doe, John", "Roe, Jane"]),
        ("email;note;x\na@example.com;1,5;2,5\nb@example.com;1,5;2,5\n", ";", ["1,5", "1,5"]),
        ("email|note\na@example.com|a,b;c\nb@example.com|d,e;f\n", "|", ["a,b;c", "d,e;f"]),
        ("email\tnote\na@example.com\ta,b;c\nb@example.com\td|e\n", "\t", ["a,b;c", "d|e"]),
        ("email,note\na@example.com,a;b;c\nb@example.com,d;e;f\n", ",", ["a;b;c", "d;e;f"]),
        ('email;note\n"a@example.com";"x;y, z"\n"b@example.com";"x"\n', ";", ["x;y, z", "x"]),
        ('email;note\na@example.com; "x" \nb@example.com; "y" \n', ";", ["x", "y"]),
        ('email;"note"\na@example.com;"one, two\nthree, four"\nb@example.com;y\n', ";", None),
        ("email;note;\na@example.com;x;\nb@example.com;y;\n", ";", ["x", "y"]),
        ("email;note\na@example.com;x\nb@example.com\n", ";", ["x", None]),
    ],
)
async def test_the_lines_agree_by_one_delimiter(
    text: str, delimiter: str, notes: list[str | None] | None, form: Form
) -> None:
    found = await outcome_of(form(text))
    assert (found.names, [each["delimiter"] for each in found.segment["dialects"]]) == ("a b", [delimiter])
    assert notes is None or found.values("note") == notes


async def test_each_file_may_have_its_own_and_one_without_rows_takes_that_of_the_others() -> None:
    files = {
        "1.csv": "email;note\na@example.com;x\n",
        "2.csv": "email,note\nb@example.com,y\n",
        "3.csv": "email|note\nc@example.com|z\n",
        "4.csv": "email;note, or so\n",
        "5.tsv": "email\tnote\nd@example.com\tz\n",
    }
    found = await outcome_of(files)
    assert (found.run.status, found.values("note")) == ("succeeded", ["x", "y", "z", "z"])


async def test_the_export_may_name_any_sign() -> None:
    for sign in "~^:":
        text = f"email{sign}note\na@example.com{sign}x, y; z\n"
        assert (await outcome_of(text, reading={"delimiter": sign})).values("note") == ["x, y; z"]


async def test_a_file_of_one_column_has_no_delimiter() -> None:
    text = 'email\na@example.com\n\'b@example.com\n"c@example.com"\n'
    assert (await outcome_of(text)).names == "a b c"


async def test_rows_with_another_delimiter_than_the_header_reach_nobody() -> None:
    found = await outcome_of("email,first_name\na@example.com;Ann\nb@example.com;Bob\n")
    assert found.failure[0] == "nothing_accepted"
    assert [reason for _, reason in found.reasons] == ["email_invalid"] * 2
