"""Faults in reading CSV, and in finding out what is read of a segment."""

from tests.mutants.mutant import Mutant

_RECORDS = "shared/domain/rows/delimited/records.py"
_ROW_MAKER = "shared/domain/rows/delimited/row_maker.py"
_QUOTES = "shared/domain/rows/delimited/quotes.py"
_SURE = "shared/domain/rows/delimited/sure_records.py"
_TESTS = "tests/domain/rows/delimited/"

IN_CSV = (
    Mutant(
        "text with an address on its second line taken for a record without a look at each line",
        _SURE,
        "self._is_sure = re.compile(first_fields + no_address_behind + ",
        "self._is_sure = re.compile(first_fields + ",
        _TESTS + "test_sure_records.py::test_where_there_may_be_doubt_nothing_is_found",
    ),
    Mutant(
        "text before the address taken for a record without a look at each line",
        _SURE,
        "self._is_sure = re.compile(first_fields + ",
        "self._is_sure = re.compile(",
        _TESTS + "test_sure_records.py::test_where_there_may_be_doubt_nothing_is_found",
    ),
    Mutant(
        "record with too many fields taken without a look at each line",
        _SURE,
        "                return record if self._is_sure(record) and self._fits(record) else None\n",
        "                return record if self._is_sure(record) else None\n",
        _TESTS + "test_sure_records.py::test_where_there_may_be_doubt_nothing_is_found",
    ),
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
        "short line with a quote behind what is not seen sent as a row",
        _RECORDS,
        "        if is_broken or self._may_open(line, fields):\n",
        "        if is_broken:\n",
        _TESTS + "test_records.py::test_a_short_line_with_a_quote_behind_what_is_not_seen_is_no_row",
    ),
    Mutant(
        "text with quotes escaped in both ways taken for a record",
        _RECORDS,
        "            if self._line_looks.is_doubtful(self._text(0, count)):\n",
        "            if False:\n",
        _TESTS + "test_records.py::test_a_text_of_several_lines_that_has_quotes_escaped_in_both_ways_is_no_record",
    ),
    Mutant(
        "two cells that stray quotes join taken for an address",
        "shared/domain/rows/delimited/line_looks.py",
        '        return b"|" in self.quotes.cell(record, self.email)\n',
        "        return False\n",
        _TESTS + "test_row_shapes.py::test_a_row_with_the_delimiter_in_its_address_is_refused",
    ),
    Mutant(
        "one broken line taken for a backslash escape",
        "shared/domain/dialects/csv_sample.py",
        "        full, short, bad = 0, 0, contrary\n",
        "        full, short, bad = 0, 0, 0\n",
        "tests/domain/dialects/test_find_dialect.py::"
        "test_one_broken_line_makes_no_backslash_escape_where_another_quote_is_doubled",
    ),
    Mutant(
        "escape that puts the end of a row into a text taken",
        "shared/domain/dialects/csv_sample.py",
        " or any(map(holds_row, cells)):\n",
        ":\n",
        "tests/domain/dialects/test_find_dialect.py::"
        "test_an_escape_that_puts_the_end_of_a_row_into_a_text_is_not_the_one",
    ),
    Mutant(
        "line with a quote behind a backslash sent as a row",
        _RECORDS,
        """(b'\\\\"' in line and quotes.has_lone_escape(line)) or quotes""",
        "quotes",
        _TESTS + "test_records.py::test_a_line_with_a_quote_behind_a_backslash_that_escapes_nothing_is_no_row",
    ),
    Mutant(
        "row with broken quotes taken for text",
        "shared/domain/rows/delimited/line_looks.py",
        "(is_long or (is_odd and self._is_begun(line)))",
        "is_long",
        _TESTS + "test_records.py::test_a_line_that_begins_as_a_row_is_no_text_where_its_quotes_are_broken",
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

_FIND = "tests/domain/sources/test_find_source.py::"
_COMPLETE = "tests/domain/sources/test_completeness.py::"
_MODEL = "tests/domain/sources/models/test_find_model.py::"
_CI = "tests/pipeline/plan/test_customer_insights.py::"

IN_SOURCES = (
    Mutant(
        "half-written folder read",
        "shared/domain/sources/dated/completeness.py",
        "    if TEMPORARY in level.folders:\n",
        "    if False:\n",
        _COMPLETE + "test_notes_of_a_writer_at_work_outweigh_everything_else",
    ),
    Mutant(
        "note of success believed although a file is newer",
        "shared/domain/sources/dated/completeness.py",
        "is not None and success.modified >= last:\n",
        "is not None:\n",
        _COMPLETE + "test_a_note_of_success_ends_the_wait_unless_a_file_is_newer",
    ),
    Mutant(
        "folder read before the last file that its model names is there",
        "shared/domain/sources/dated/completeness.py",
        "    if missing := sorted(set(partitions.files if partitions else ()) - {blob.file for blob in data}):\n",
        "    if missing := []:\n",
        _COMPLETE + "test_a_file_that_a_model_names_and_that_is_not_there_is_waited_for_however_long_it_takes",
    ),
    Mutant(
        "older folder read than by the run before",
        "shared/domain/sources/find_source.py",
        "        if folder is None or (not_before is not None and folder.moment < not_before):\n",
        "        if folder is None:\n",
        _FIND + "test_nothing_older_than_what_the_last_run_has_read_is_read",
    ),
    Mutant(
        "date of the folder not noted for the next run",
        "shared/pipeline/plan/plan_phase.py",
        "    await store.last_sources.remember(export.id, made.sources)\n",
        "",
        "tests/pipeline/plan/test_dated_sources.py::"
        "test_a_run_waits_for_a_folder_that_is_not_older_than_the_last_one_and_goes_on_once_it_is_complete",
    ),
    Mutant(
        "wait for a writer counted anew by each leg",
        "shared/pipeline/plan/plan_phase.py",
        "    waited = now - waiting_since(context.waited, SOURCE_INCOMPLETE, now)\n",
        "    waited = now - waiting_since(None, SOURCE_INCOMPLETE, now)\n",
        "tests/pipeline/plan/test_dated_sources.py::test_a_run_that_has_waited_too_long_fails_with_that_reason",
    ),
    Mutant(
        "dated folders of several kinds mixed",
        "shared/domain/sources/dated/dated_folders.py",
        "self._has_times is not None and has_times is not self._has_times",
        "False",
        _FIND + "test_dated_folders_of_several_kinds_are_refused",
    ),
    Mutant(
        "Delta table read as files",
        "shared/domain/sources/find_source.py",
        "    if DELTA_LOG in top.folders:\n",
        "    if False:\n",
        "tests/contracts/sources/test_sources_contract.py::test_a_delta_table_is_refused_with_the_cure",
    ),
    Mutant(
        "location that leads out of the container believed",
        "shared/domain/sources/models/locations.py",
        'step in ("", ".", "..")',
        'step == ""',
        "tests/domain/sources/models/test_locations.py::test_what_lies_below_no_container_is_outside",
    ),
    Mutant(
        "file of another width read with the columns of the model",
        "shared/domain/dialects/file_model.py",
        "        if cells == len(self.columns):\n",
        "        if True:\n",
        _CI + "test_a_file_with_another_number_of_columns_than_the_model_is_refused_with_both_numbers",
    ),
    Mutant(
        "first row lost where a model announces a header that is not there",
        "shared/domain/dialects/file_model.py",
        "(self.has_header and not is_row and not looks_like_data(first))",
        "self.has_header",
        _CI + "test_what_customer_insights_writes_comes_into_the_list",
    ),
    Mutant(
        "entity taken by its name although the files of another lie in the folder",
        "shared/domain/sources/models/find_model.py",
        '    return found[0] if found else entities.named(segment.rpartition("/")[2])\n',
        '    return entities.named(segment.rpartition("/")[2]) or next(iter(found), None)\n',
        _MODEL + "test_an_entity_whose_files_lie_in_the_folder_counts_before_one_that_has_its_name",
    ),
    Mutant(
        "files that a model names and that are not there not told",
        "shared/domain/sources/find_source.py",
        "if missing else ()\n",
        "if False else ()\n",
        _MODEL + "test_files_of_a_flat_segment_that_its_model_names_and_that_are_not_there_are_told",
    ),
    Mutant(
        "model read anew for each segment below it",
        "shared/pipeline/reading/segment_files.py",
        "            if self._last is None or self._last[0] != version:\n",
        "            if True:\n",
        "tests/contracts/sources/test_looks_contract.py::"
        "test_a_model_above_many_segments_is_read_once_for_a_list_of_them[memory]",
    ),
)
