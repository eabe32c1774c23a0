"""The columns of files against the mapping of an export."""

import pytest

from shared.domain.config.mapping import Mapping
from shared.domain.errors import ConfigurationError
from shared.domain.profiles.column_check import check_columns, in_file, in_first_rows, missing_column

MAPPING = Mapping.written({"email": "EMail", "first_name": "Name", "properties": {"tier": "Tier", "name": "Name"}})


def test_columns_that_are_all_there_are_no_problem_in_any_order() -> None:
    check = check_columns(MAPPING, ("Tier", "Other", "Name", "EMail", "Other"), "File 'a.csv'")
    assert (check.missing, check.problem) == ((), None)
    check.require()


def test_other_missing_columns_are_named_once_each_and_are_no_problem() -> None:
    check = check_columns(MAPPING, {"EMail": None}, "File 'a.csv'")
    assert (check.missing, check.problem) == (("Name", "Tier"), None)


def test_a_missing_email_column_is_a_problem_with_a_code() -> None:
    check = check_columns(MAPPING, ("Mail", "Name"), "File 'a.csv'")
    assert check.missing == ("EMail", "Tier")
    assert check.problem is not None
    assert check.problem.code == "email_column_missing"
    assert check.problem.params == {"where": "File 'a.csv'", "column": "EMail", "columns": "Mail, Name"}
    with pytest.raises(ConfigurationError, match=r"^File 'a\.csv' has no column 'EMail', which the mapping") as raised:
        check.require()
    assert raised.value.sentence is check.problem


@pytest.mark.parametrize(
    ("count", "end"),
    [(0, "there: none that can be shown. "), (20, ", c19. "), (21, ", c19, …. ")],
    ids=["none", "twenty", "more"],
)
def test_a_sentence_names_twenty_columns_and_says_when_there_are_more(count: int, end: str) -> None:
    problem = check_columns(MAPPING, [f"c{number:02}" for number in range(count)], "x").problem
    assert f"{end}Mend the mapping or the segment." in str(problem)


def test_a_mapped_column_that_stands_twice_is_a_problem() -> None:
    problem = check_columns(MAPPING, ("EMail", "Tier", "Tier"), "File 'a.csv'").problem
    assert str(problem) == "File 'a.csv' has the mapped column 'Tier' twice; give the columns different names."


def test_a_missing_column_is_one_sentence_however_many_places_lack_it() -> None:
    places = [in_file("a.csv"), in_first_rows("vip", 1, "b.ndjson"), in_first_rows("vip", 10_000, "b.ndjson")]
    assert str(missing_column("City", places[:1])) == "File 'a.csv' has no column 'City', which the mapping names."
    assert str(missing_column("City", places)) == (
        "File 'a.csv' and 2 more have no column 'City', which the mapping names."
    )
    assert str(missing_column("City", places[1:2])).startswith("Segment 'vip' (its first row, from file 'b.ndjson' on)")
    assert str(missing_column("City", places[2:])).startswith("Segment 'vip' (its first 10,000 rows, from file ")


@pytest.mark.parametrize("header", ["Email", " EMAIL ", "e mail", "EMAIL"])
def test_a_column_that_differs_in_case_or_blanks_only_is_proposed(header: str) -> None:
    problem = check_columns(MAPPING.model_copy(update={"email": "email"}), (header, "Name"), "File 'a.csv'").problem
    assert problem is not None
    assert (problem.code, problem.params["like"]) == ("email_column_spelt_otherwise", header)
    assert (
        f"but it has '{header}', which differs in upper and lower case, in blanks or in invisible characters only"
        in str(problem)
    )


@pytest.mark.parametrize("header", ["\u200bemail", "email\ufeff", "e\u00a0mail", "\x00email"])
def test_a_column_with_something_invisible_in_it_is_proposed_as_people_see_it(header: str) -> None:
    problem = check_columns(MAPPING.model_copy(update={"email": "email"}), (header, "Name"), "File 'a.csv'").problem
    assert problem is not None
    assert problem.params["like"] == header.replace("\u00a0", " ").strip("\u200b\ufeff\x00")


def test_such_a_column_is_proposed_for_every_mapped_one() -> None:
    check = check_columns(MAPPING, ("EMail", "name", "Tier"), "File 'a.csv'")
    assert (check.missing, check.problem, check.alike) == (("Name",), None, {"Name": "name"})
    assert str(missing_column("Name", ["File 'a.csv'"], "name")).endswith(
        "but it has 'name', which differs in upper and lower case, in blanks or in invisible characters only. "
        "Mend the mapping or the segment."
    )


@pytest.mark.parametrize("data", ["olena@example.com", "+380501234567", "2026-11-28", "x" * 65, "12,5"])
def test_what_looks_like_data_stands_in_no_sentence(data: str) -> None:
    problem = check_columns(MAPPING, ("Mail", data), "File 'a.csv'").problem
    assert data not in str(problem)
    assert data not in str(problem.params if problem else "")
