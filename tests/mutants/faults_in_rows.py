"""Faults in reading the source and in turning rows into profiles."""

from tests.mutants.mutant import Mutant

IN_ROWS = (
    Mutant(
        "file read in whatever version it has by now",
        "shared/adapters/azure/segments.py",
        "                length=length,\n"
        "                etag=blob.etag,\n"
        "                match_condition=MatchConditions.IfNotModified,\n",
        "                length=length,\n",
        "tests/adapters/azure/test_azure_segments.py::"
        "test_every_range_is_asked_for_in_the_version_that_was_listed_with_its_tag_in_quotes",
    ),
    Mutant(
        "412 of a blob taken for a passing fault",
        "shared/adapters/azure/segments.py",
        "                except (ResourceModifiedError, ResourceNotFoundError) as error:\n",
        "                except ResourceNotFoundError as error:\n",
        "tests/contracts/test_segments_contract.py::test_a_file_that_was_written_again_before_it_is_read_is_named[azure]",
    ),
    Mutant(
        "row numbers count blank lines",
        "shared/domain/rows/ndjson_rows.py",
        "            if line is not None and (not line or line.isspace()):\n",
        "            if line is not None and line.isspace():\n",
        "tests/domain/rows/test_ndjson_rows.py::test_an_empty_file_and_one_of_blank_lines_have_no_rows",
    ),
    Mutant(
        "row numbers start anew on each page",
        "shared/domain/rows/file_reader.py",
        "        self._next_row += len(read.rows)\n",
        "",
        "tests/domain/rows/test_ndjson_rows.py::test_row_numbers_are_right_behind_every_kind_of_bad_row",
    ),
    Mutant(
        "JSON array that is cut off taken for whole",
        "shared/domain/rows/json_rows.py",
        "        if not self._elements.is_whole:\n",
        "        if False:\n",
        "tests/domain/rows/test_json_rows.py::test_a_file_that_is_cut_off_is_named_after_its_rows_came_out",
    ),
    Mutant(
        "objects that a broken one has swallowed not counted",
        "shared/domain/rows/json_rows.py",
        "            if any(map(self._objects.is_mistake, rows)):\n",
        "            if False:\n",
        "tests/domain/rows/test_json_rows.py::"
        "test_objects_that_a_broken_one_has_swallowed_are_counted_and_none_is_sent",
    ),
    Mutant(
        "row without an address taken for the header",
        "shared/domain/dialects/csv_finding.py",
        "    return shape.fit.is_row or looks_like_data(header)\n",
        "    return looks_like_data(header)\n",
        "tests/domain/dialects/test_find_dialect.py::"
        "test_a_file_that_begins_with_data_has_no_header_and_none_of_it_is_told",
    ),
    Mutant(
        "bytes that are no text replaced and sent",
        "shared/domain/rows/decoding.py",
        'else "surrogateescape"',
        'else "replace"',
        "tests/domain/rows/test_decoding.py::test_what_is_no_character_costs_its_row_only",
    ),
    Mutant(
        "first customer taken for the header",
        "shared/domain/dialects/csv_finding.py",
        "reading.columns is None and _is_data(header, shape)",
        "reading.columns is None and False",
        "tests/domain/dialects/test_find_dialect.py::"
        "test_a_file_that_begins_with_data_has_no_header_and_none_of_it_is_told",
    ),
    Mutant(
        "data of a customer shown as names of columns",
        "shared/domain/dialects/plausible_columns.py",
        "return () if looks_like_data(names) else tuple(",
        "return tuple(",
        "tests/domain/dialects/test_plausible_columns.py::test_a_record_with_data_in_it_shows_no_name",
    ),
    Mutant(
        "file in another encoding begun all the same",
        "shared/domain/dialects/text_encoding.py",
        "return 2 * sum(rows) >= len(rows)",
        "return True",
        "tests/domain/dialects/test_find_evidence.py::test_rows_of_ascii_say_nothing_about_the_encoding",
    ),
    Mutant(
        "file that does not show its delimiter read without a look at the others",
        "shared/domain/dialects/find_dialect.py",
        "if delimiter and each.top and not reading.delimiter:",
        "if False:",
        "tests/domain/dialects/test_find_dialect.py::test_files_without_evidence_take_what_the_others_show",
    ),
    Mutant(
        "quoted line feed taken for the end of a row",
        "shared/domain/rows/delimited/records.py",
        "elif not opened and (QUOTE not in line or is_plain(line)):",
        "elif QUOTE not in line or is_plain(line):",
        "tests/domain/rows/test_csv_rows.py::test_a_quoted_field_holds_line_ends_delimiters_and_quotes",
    ),
    Mutant(
        "garbage behind a gzip stream passed over",
        "shared/domain/rows/gunzip.py",
        "bite = self._stream.unused_data",
        'bite = self._stream.unused_data if self._stream.unused_data.startswith(b"\\x1f") else b""',
        "tests/domain/rows/test_gunzip.py::test_what_is_no_gzip_is_damaged",
    ),
    Mutant(
        "gzip stream that ends too early taken for whole",
        "shared/domain/rows/gunzip.py",
        "        if self._is_inside:\n            raise BadGzip",
        "        if False:\n            raise BadGzip",
        "tests/domain/rows/test_gunzip.py::test_a_stream_that_ends_too_early_is_damaged",
    ),
    Mutant(
        "second gzip stream of a file forgotten",
        "shared/domain/rows/gunzip.py",
        "bite = self._stream.unused_data",
        'bite = b""',
        "tests/domain/rows/test_gunzip.py::test_streams_behind_each_other_are_one_however_the_pieces_fall",
    ),
    Mutant(
        "null properties sent",
        "shared/domain/profiles/row_mapper.py",
        "            if cleaned is not None:\n                into",
        "            if True:\n                into",
        "tests/domain/profiles/test_row_mapper.py::test_a_value_that_is_none_is_left_out_everywhere",
    ),
    Mutant(
        "columns sent that nobody mapped",
        "shared/domain/profiles/row_mapper.py",
        'attributes: Attributes = {"email": email}',
        'attributes: Attributes = {**row, "email": email}',
        "tests/domain/profiles/test_row_mapper.py::test_every_mapped_field_arrives_where_klaviyo_wants_it",
    ),
    Mutant(
        "phone number without a country or a region accepted",
        "shared/domain/profiles/phone.py",
        "number = parse(text, region, keep_raw_input=True)",
        'number = parse(text, region or "US", keep_raw_input=True)',
        "tests/domain/profiles/test_phone.py::test_a_number_is_read_in_its_region",
    ),
    Mutant(
        "profile over Klaviyo's limit sent",
        "shared/domain/profiles/sorter.py",
        "if max(map(len, good.profiles), default=0) > MAX_PROFILE_BYTES:",
        "if False:",
        "tests/pipeline/leg/test_whole_run.py::test_a_profile_over_klaviyos_limit_is_rejected_and_costs_no_other_row",
    ),
    Mutant(
        "value of one row that cannot be sent counted for the next row",
        "shared/domain/profiles/sorter.py",
        "        self._mapper.notes.clear()\n        return noted\n",
        "        return noted\n",
        "tests/domain/profiles/test_sorter.py::test_values_that_cannot_be_sent_are_named_with_their_row_if_it_is_sent",
    ),
    Mutant(
        "every missing column passed over",
        "shared/domain/profiles/column_check.py",
        "    if mapping.email in missing:\n",
        "    if False:\n",
        "tests/pipeline/plan/test_plan_run.py::test_the_email_column_must_be_in_the_header_of_each_csv_file",
    ),
)
