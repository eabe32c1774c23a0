"""The table of figures in the document: a part of the benchmark replaces its own lines, and no other."""

import pytest

from local.bench.parts import PARTS
from local.bench.table import Figure
from local.bench.written import DOCUMENT, HEAD, parts_of, with_part

ORDER = ("import", "pipeline", "runs")
EMPTY = "# Speed\n\n<!-- figures -->\n<!-- /figures -->\n\n## What pays\n"
FAST = Figure("1,000 rows", "0.1 s", "0.2 s", "at most 1 s", holds=True)
SLOW = Figure("import", "9.0 s", "", "at most 1 s", holds=False)


def test_a_part_has_a_line_for_itself_and_one_for_each_figure() -> None:
    text = with_part(EMPTY, "runs", "1 May 2027, 2 cores", [FAST, Figure("a picture", "drawn")], ORDER)
    assert text == "\n".join(
        (
            "# Speed\n\n<!-- figures -->",
            *HEAD,
            "| **runs** | 1 May 2027, 2 cores | | | |",
            "| 1,000 rows | 0.1 s | 0.2 s | at most 1 s | reached |",
            "| a picture | drawn |  |  |  |",
            "<!-- /figures -->\n\n## What pays\n",
        )
    )


def test_parts_stand_in_their_order_and_keep_their_lines_when_another_is_measured() -> None:
    text = with_part(EMPTY, "runs", "1 May 2027", [FAST, FAST], ORDER)
    text = with_part(text, "import", "2 May 2027", [FAST], ORDER)
    text = with_part(text, "import", "3 May 2027", [SLOW], ORDER)

    parts = parts_of(text)
    assert [*parts] == ["import", "runs"]
    assert parts["import"] == ["| **import** | 3 May 2027 | | | |", "| import | 9.0 s |  | at most 1 s | MISSED |"]
    assert [line.split("|")[1].strip() for line in parts["runs"]] == ["**runs**", "1,000 rows", "1,000 rows"]


def test_a_part_that_is_measured_no_more_goes() -> None:
    text = with_part(EMPTY, "runs", "1 May 2027", [FAST], ORDER)
    assert [*parts_of(with_part(text, "import", "2 May 2027", [SLOW], ("import", "pipeline")))] == ["import"]


def test_a_document_without_a_place_for_the_figures_is_told() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_part("# Speed\n", "runs", "1 May 2027", [FAST], ORDER)


def test_the_document_has_parts_that_can_be_measured_and_each_says_where_it_was() -> None:
    parts = parts_of(DOCUMENT.read_text(encoding="utf-8"))
    assert parts
    assert parts.keys() <= PARTS.keys()
    assert [*parts] == [name for name in PARTS if name in parts]
    assert [lines[0] for lines in parts.values() if "Python 3." not in lines[0] or " cores" not in lines[0]] == []
