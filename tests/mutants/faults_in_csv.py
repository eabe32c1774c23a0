"""Faults in telling the rows of a CSV file from the texts in them."""

from tests.mutants.mutant import Mutant

_RECORDS = "shared/domain/rows/delimited/records.py"
_ROW_MAKER = "shared/domain/rows/delimited/row_maker.py"
_QUOTES = "shared/domain/rows/delimited/quotes.py"
_TESTS = "tests/domain/rows/delimited/"

IN_CSV = (
    Mutant(
        "line that closes a stray quote and is a row taken for the end of a text",
        _RECORDS,
        "        if looks[-1].is_row:\n",
        "        if False:\n",
        _TESTS + "test_runaway_quotes.py::test_a_stray_quote_swallows_no_rows_however_many_lie_before_the_next_quote",
    ),
    Mutant(
        "text that may be rows sent as the text of one customer",
        "shared/domain/rows/delimited/judge.py",
        "        return not self._others_like_rows(looks)\n",
        "        return True\n",
        _TESTS + "test_runaway_quotes.py::"
        "test_where_a_line_can_be_a_row_as_well_as_text_all_lines_are_refused_and_none_is_sent",
    ),
    Mutant(
        "text that may be rows sent as rows",
        _RECORDS,
        "        elif self._judge.is_ambiguous(looks):\n",
        "        elif False:\n",
        _TESTS + "test_runaway_quotes.py::"
        "test_where_a_line_can_be_a_row_as_well_as_text_all_lines_are_refused_and_none_is_sent",
    ),
    Mutant(
        "end of a refused text sent as a row",
        _RECORDS,
        "            is_broken = is_broken or self._ends_refused_text(line)\n",
        "",
        _TESTS + "test_records.py::test_the_end_of_a_text_is_no_row_where_the_line_that_opened_its_quote_was_too_wide",
    ),
    Mutant(
        "short line behind a refused quote filled up",
        _ROW_MAKER,
        "        elif is_freed or is_cut_off:\n",
        "        elif is_cut_off:\n",
        _TESTS + "test_runaway_quotes.py::test_lines_behind_a_refused_quote_are_not_filled_up_if_they_are_short",
    ),
    Mutant(
        "row that the end of the file cuts off filled up",
        _ROW_MAKER,
        "        elif is_freed or is_cut_off:\n",
        "        elif is_freed:\n",
        _TESTS + "test_row_shapes.py::test_a_short_last_line_without_a_line_end_is_cut_off",
    ),
    Mutant(
        "halves of a row that a line feed broke sent as two rows",
        _ROW_MAKER,
        "            if fields == len(self._columns):\n",
        "            if False:\n",
        _TESTS + "test_row_shapes.py::test_two_short_rows_that_make_one_row_together_are_both_refused",
    ),
    Mutant(
        "rows taken for a name of the header",
        "shared/domain/rows/delimited/header.py",
        "            if _ADDRESS(line):\n",
        "            if False:\n",
        "tests/domain/rows/test_csv_rows.py::test_a_file_whose_header_cannot_be_read_is_refused_with_the_reason",
    ),
    Mutant(
        "value in three lines taken for three rows",
        "shared/domain/rows/delimited/row_maker.py",
        "before.fields if is_part else before.fields[-1:]",
        "before.fields[-1:]",
        _TESTS
        + "test_row_shapes.py::test_short_rows_that_make_one_row_are_all_refused_where_only_the_first_has_an_address",
    ),
    Mutant(
        "backslash unescaped outside of quotes",
        _QUOTES,
        "            if record.find(oddity, start) >= 0:\n"
        "                return self._quoted(self._plain_field, record)\n",
        "            if record.find(oddity, start) >= 0:\n"
        "                record = record.replace(b'\\\\\"', b'\"') if b',\"' not in record else record\n"
        "                return self._quoted(self._plain_field, record)\n",
        _TESTS + "test_runaway_quotes.py::test_a_backslash_escapes_a_quote_within_quotes_in_files_that_show_it",
    ),
    Mutant(
        "every backslash within quotes taken out",
        _QUOTES,
        "_ESCAPED_QUOTE = re.compile(rb'(\\\\++)\"').sub\n",
        "_ESCAPED_QUOTE = re.compile(rb'(\\\\++)\"?').sub\n",
        _TESTS + "test_runaway_quotes.py::test_a_backslash_escapes_a_quote_within_quotes_in_files_that_show_it",
    ),
    Mutant(
        "repeated header taken for a row",
        _ROW_MAKER,
        ">= filled and first not in first_names:",
        ">= filled:",
        _TESTS + "test_row_shapes.py::test_a_repeated_header_is_no_row",
    ),
)
