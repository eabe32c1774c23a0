"""How CSV is written, found out from its top."""

import pytest

from shared.domain.config.reading import Reading
from shared.domain.rows.delimited.header import MAX_COLUMNS, MAX_HEADER_BYTES
from shared.domain.rows.dialect import Dialect, FileFormat
from tests.domain.dialects.looking import dialect, evidence_of, finding, findings, problem

NO_HEADER = (
    "File 'a.csv' has no header row: its first line looks like data. Write a header row, or set reading.header "
    "to false and reading.columns to the names of the columns."
)
BROKEN_HEADER = (
    "The header of file 'a.csv' is not CSV: a quote in it is not closed, or stands within a name. "
    "Write the header anew."
)
SPARK = 'email,product,city\na@x.ua,"TV 55\\"",Kyiv\nb@x.ua,Phone,Lviv\nc@x.ua,Tablet,", Odesa"\nd@x.ua,R,D\n'


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("email,name\na@example.com,Ann\n", ","),
        ("email;name\na@example.com;Ann, B\n", ";"),
        ("email\tname\na@example.com\tAnn; B\n", "\t"),
        ("email|name\na@example.com|Ann, B\n", "|"),
        ("email;name (last, first, middle);x\na@example.com;Ann;1\n", ";"),
        ("email;name (last, first, middle);x\n", ";"),
        ("email;sum\na@example.com;1,5\nb@example.com;2,5\n", ";"),
        ("name;sum\nAnn;1,5\nBob;2,5\n", ";"),
        ("email;sum;note\na@example.com;1,5\nb@example.com;2,5\n", ";"),
        ("email;first_name;note\nbob@example.com;Bob\n", ";"),
        ("email;first_name\nbob@example.com\n", ";"),
        ("email,tags\na@example.com,a;b;c\nb@example.com,d;e;f\n", ","),
        ("email,tags\na@example.com,a|b\nb@example.com,c|d\n", ","),
        ('"a;b;c",email\n"x;y;z",a@example.com\n', ","),
        ('email;"note, or so"\na@example.com;"x, y"\n', ";"),
        ('email;note\na@example.com;"one, two\nthree, four"\nb@example.com;x\n', ";"),
        ('email; name\na@example.com; "Smith, Ann"\nb@example.com; "Smith; Bob"\n', ";"),
        ('email, name\na@example.com, "Smith, Ann"\n', ","),
        ('email; name;x\na@example.com; "Ann" ;x\nb@example.com; "Bob"\t;x\n', ";"),
        ('"email" | "name"\n"a@example.com" | "Ann" \n', "|"),
        ('email\tname\na@example.com\t "Ann" \n', "\t"),
        ('email;town\na@example.com; "Old" town\n', ";"),
        ('email;town;x\na@example.com; "Old;x\n', ";"),
        ("email\na@example.com\nb@example.com\n", ","),
        ("email,name\n", ","),
        ("", ","),
        ("\n\n", ","),
        ("email,name,,\na@example.com,Ann,,\n", ","),
        ("email,name\na@example.com,Ann,\nb@example.com,Bob,,\n", ","),
    ],
)
def test_the_delimiter_is_the_one_by_which_the_lines_agree(text: str, delimiter: str) -> None:
    assert dialect(text).delimiter == delimiter
    assert dialect(text.replace("\n", "\r\n")).delimiter == delimiter


def test_where_nothing_speaks_for_another_delimiter_a_tsv_file_has_tabs() -> None:
    assert dialect("email\n", "a.tsv").delimiter == "\t"
    assert dialect("email\tname, x\n", "a.TSV.gz").delimiter == "\t"
    assert dialect("email;name\na@example.com;Ann\n", "a.tsv").delimiter == ";"


@pytest.mark.parametrize("note", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\nsep=;\n", "\ufeffsep=;\n"])
def test_a_note_of_the_delimiter_is_no_header_and_is_followed(note: str) -> None:
    found = finding(note + "email;first,name\na@example.com;Ann\n")
    assert found.header == ("email", "first,name")
    assert found.dialect == Dialect(FileFormat.CSV, delimiter=";", note_lines=1)


@pytest.mark.parametrize(
    ("text", "escape"),
    [
        (SPARK, "backslash"),
        ('email,product,size\na@x.ua,TV,"55\\""\nb@x.ua,Phone,6\n', "backslash"),
        ('email,note\na@x.ua,"say \\"hi\\" now"\n', "backslash"),
        ('email,note\na@x.ua,"say \\"hi\\", now"\n', "backslash"),
        ('email,name,note\na@x.ua,"Bob \\\\","a \\"b\\""\n', "backslash"),
        ('email;note\na@x.ua;"say \\"hi\\" now"\n', "backslash"),
        ("email,note\n" + "a@x.ua,x\n" * 6000 + 'a@x.ua,"say \\"hi\\" now"\n', "backslash"),
        ('email,json\na@x.ua,"{""a"":""b \\""c\\""""}"\n', "doubled"),
        ('email,dir,x\na@x.ua,"C:\\dir\\",1\nb@x.ua,"C:\\dir\\",1\n', "doubled"),
        ('email,dir\na@x.ua,"C:\\new"\n', "doubled"),
        (SPARK.replace('\\""', ""), "doubled"),
        ('email,note\na@x.ua,"say ""hi"" now"\n', "doubled"),
        ('email,size\na@x.ua,55\\"\n', "doubled"),
        ('email,name,note\na@x.ua,"Ann","tea \\"" \nb@x.ua,Eve,x\n;;"\n', "doubled"),
        ('name\temail\tnote\nAnn\ta@x.ua\tx\n"Bo\\"\t""b@x.ua"\tc@x.ua\n', "doubled"),
    ],
)
def test_the_escape_is_the_one_with_which_more_records_are_whole(text: str, escape: str) -> None:
    assert dialect(text).escape == escape


def test_a_file_without_line_feeds_ends_its_lines_with_carriage_returns() -> None:
    assert dialect('email,note\ra@example.com,"one\ntwo"\rb@example.com,x\r').line_end == "\r"
    assert dialect('email,note\ra@example.com,"one\n\\"two"\rb@example.com,"x\ny"\r').line_end == "\r"
    assert dialect('email,note\ra@example.com,"one\\"\rb@example.com,"x\ny"\r').line_end == "\r"
    assert dialect("email,note\r\na@example.com,x\r\n").line_end == "\n"
    assert dialect("email,note\na@example.com,x\ry\n").line_end == "\n"
    assert finding("email,note\u2028x\u0085y\n").header == ("email", "note\u2028x\u0085y")


@pytest.mark.parametrize(
    ("text", "title_lines"),
    [
        ("Customers of May\nemail,name\na@example.com,Ann\nb@example.com,Bob\n", 1),
        ("Customers of May\n\n,,\nemail,name\na@example.com,Ann\n", 1),
        ("Customers,,\nof May,,\nemail,name,x\na@example.com,Ann,1\nTotal,,1\n", 2),
        ("sep=,\nCustomers of May\nemail,name\na@example.com,Ann\n", 1),
        ('"Customers\nof May"\nemail,name\na@example.com,Ann\n', 2),
        ("email,name\na@example.com,Ann\n", 0),
        ("email\na@example.com\n", 0),
        ("email\nSmith, Ann\n", 0),
        ("email,,\na@example.com,,\nb@example.com,x,\n", 0),
        ("\nemail,name\na@example.com,Ann\n", 0),
        (",\nemail,name\na@example.com,Ann\n", 0),
    ],
)
def test_titles_above_the_header_are_counted(text: str, title_lines: int) -> None:
    assert dialect(text).title_lines == title_lines


@pytest.mark.parametrize(
    "text",
    [
        "olena@example.com,Olena,+380501234567\nann@example.com,Ann,+380501234568\n",
        "Olena,+380501234567\n",
        "12345;Olena\n12346;Ann\n",
        "Olena\tolena@example.com\n",
        "olena@example.com",
        "\ufeffolena@example.com\r\n",
        ",Olena,Kyiv\nbob@example.com,Bob,Lviv\n",
        "Olena;;Kyiv\nBob;;Lviv\nAnn;ann@example.com;Lviv\n",
    ],
)
def test_a_file_that_begins_with_data_has_no_header_and_none_of_it_is_told(text: str) -> None:
    assert problem(text) == ("no_header", NO_HEADER)
    assert finding(text).header is None
    assert "olena" not in repr(evidence_of("a.csv", text).alone).lower()


def test_the_export_may_say_that_there_is_no_header() -> None:
    data = "a@example.com,Ann\nb@example.com,Bob\n"
    columns = ("email", "name")
    for reading in (Reading(columns=columns), Reading(header=False, columns=columns)):
        found = finding(data, reading=reading)
        assert found.header == columns
        assert found.dialect == Dialect(FileFormat.CSV, has_header=False, columns=columns)
    assert dialect(data, reading=Reading(header=True)).has_header


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("Adresse,Vorname\na@example.com,Ann\n", True),
        ("a@example.com,Ann\n", False),
        ("email,Vorname\nAnn,Bob\n", True),
        ("EMAIL,Vorname\n", True),
        ("Ann,Kyiv\nBob,Lviv\n", False),
        (",Ann\nb@example.com,Bob\n", False),
        ("E-Mail,\nb@example.com,c@example.com\n", True),
    ],
)
def test_with_columns_of_the_export_it_is_found_out_whether_there_is_a_header(text: str, has_header: bool) -> None:
    found = dialect(text, reading=Reading(columns=("email", "name")))
    assert (found.has_header, found.columns) == (has_header, ("email", "name"))


def test_a_column_without_a_name_above_addresses_is_no_matter_beside_one_with_a_name() -> None:
    assert finding("email,\na@example.com,boss@example.com\n").header == ("email", "")
    assert finding(",email\n0,a@example.com\n1,b@example.com\n").header == ("", "email")


def test_the_export_must_name_every_column() -> None:
    reading = Reading(columns=("email",))
    code, text = problem("a@example.com,Ann,1\n", reading=reading)
    assert (code, text) == (
        "too_few_columns",
        "reading.columns of the export names 1 of the 3 columns of file 'a.csv': name every column.",
    )
    assert dialect("a@example.com,,\n", reading=reading).columns == ("email",)


def test_what_the_export_says_wins() -> None:
    text = 'email,x;name\na@example.com,"b \\"c\\"";d\n'
    assert dialect(text, reading=Reading(delimiter=";")).delimiter == ";"
    assert dialect("sep=,\nemail,x;name\n", reading=Reading(delimiter=";")).delimiter == ";"
    assert dialect("email^name\n", reading=Reading(delimiter="^")).delimiter == "^"
    assert dialect('email,n\na@example.com,"b \\"c\\" d"\n', reading=Reading(escape="doubled")).escape == "doubled"
    assert dialect("email,n\na@example.com,b\n", reading=Reading(escape="backslash")).escape == "backslash"


def test_a_header_with_a_broken_quote_is_a_problem_that_shows_nothing_of_it() -> None:
    assert problem('email,"name\na@example.com,a\n') == ("header_unreadable", BROKEN_HEADER)
    assert problem('"email"x,name\n')[0] == "header_unreadable"


@pytest.mark.parametrize(
    "header", ["email," + "n" * MAX_HEADER_BYTES, ",".join(f"c{number}" for number in range(MAX_COLUMNS + 1))]
)
def test_a_header_that_is_too_large_is_a_problem_that_shows_nothing_of_it(header: str) -> None:
    code, text = problem(f"{header}\na@example.com,a\n")
    assert code == "header_too_large"
    assert text == (
        "The header of file 'a.csv' has more than 65,536 bytes or 2,000 columns: leave out columns that are not "
        "needed, and end each row with a line break."
    )


def test_files_without_evidence_take_what_the_others_show() -> None:
    files: list[tuple[str, bytes | str]] = [
        ("1.csv", "email\n"),
        ("2.csv", 'email;note\na@example.com;"say \\"hi\\" now"\n'),
        ("3.csv", "email;name, or so\n"),
        ("4.csv", 'email;note\na@example.com;"say ""hi"" now"\n'),
        ("5.csv", 'email;note\na@example.com;"x \\"y\\""\n'),
        ("6.csv", "email,name\nc@example.com,C\n"),
        ("7.csv", "d@example.com;D\n"),
        ("8.json", '{"email":"a@example.com"}\n'),
        ("9.csv", ""),
    ]
    found = findings(files)

    assert [each.name for each in found] == [name for name, _ in files]
    assert [(each.dialect.delimiter, each.dialect.escape) if each.dialect else None for each in found] == [
        (";", "backslash"),
        (";", "backslash"),
        (";", "backslash"),
        (";", "doubled"),
        (";", "backslash"),
        (",", "backslash"),
        None,
        (",", "doubled"),
        (",", "backslash"),
    ]
    assert found[2].header == ("email", "name, or so")
    assert found[6].problem is not None
    assert found[6].problem.code == "no_header"


def test_a_header_alone_in_another_delimiter_is_no_mistake() -> None:
    one, other = findings([("1.csv", "email;name\na@example.com;Ann\n"), ("2.csv", "email,name\n")])
    assert (one.header, other.header) == (("email", "name"), ("email", "name"))


def test_the_escape_that_makes_more_records_of_the_wrong_length_is_not_the_one() -> None:
    backslash = 'note,email,name\n"a \\", t@example.com \n;; b",ann@example.com,Ann\nx,bob@example.com,Bob\n'
    assert dialect(backslash).escape == "backslash"
    row = '"C:\\",", n t@example.com "", t@example.com \n;;","ann@example.com"\n'
    assert dialect('"name","note","email"\n' + row + row + '"Bo","x","bob@example.com"\n').escape == "doubled"


@pytest.mark.parametrize(
    "rest",
    [
        'b@x.ua,"Bo\\"\nc@x.ua"\n,"p2"\nc@x.ua,"Cy"\n',
        'b@x.ua,Bo\\"p2";c@x.ua,Cy\n"c@x.ua","Cy"\n',
    ],
)
def test_one_broken_line_makes_no_backslash_escape_where_another_quote_is_doubled(rest: str) -> None:
    assert dialect('email,name\na@x.ua,"An ""A"" B"\n' + rest).escape == "doubled"
    assert dialect("email,name\n" + 'a@x.ua,"An \\"A\\" B"\n' * 3 + 'b@x.ua,"Bo ""B"" C"\n').escape == "backslash"


def test_an_escape_that_puts_the_end_of_a_row_into_a_text_is_not_the_one() -> None:
    text = '"name";note;email\n"p\\\\";"55 cm \n \\\\\\"";a@x.ua\nq\\;"", Odesa";b@x.ua\n'
    assert dialect(text).escape == "backslash"


def test_an_escape_that_the_export_names_is_not_spoken_against() -> None:
    text = 'email;name\na@x.ua;"An ""A"" B\nx ""y"" z\n\\"u\\" ""v"" w"\n'
    assert dialect(text, reading=Reading(escape="backslash")).delimiter == ";"
