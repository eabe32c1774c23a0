"""Faults in what is told about runs: their rejections by reason, and as CSV.

Also faults in the local host, in how the app reads what a host hands on, in how the page is built and served,
and in what a benchmark tells of costs and figures.
"""

from tests.mutants.mutant import Mutant

_TABLE = "tests/local/host/http/test_real_host_table.py::test_this_host_does_as_the_real_one_was_seen_to_do"
_FILES = "tests/api/page/test_page_files.py"
_WORKER = "tests/local/host/test_worker_process.py"
_COLD = "tests/deployment/test_cold_start.py::"
_BILLS = "tests/local/bench/test_bills.py::"
_CARRIED = "tests/local/deployment/test_carried.py::"

IN_TELLING = (
    Mutant(
        "end told before nobody else can tell it",
        "shared/pipeline/leg/run_leg.py",
        "    await store.markers.remove(run)\n    await report_end(run, store, resources.events)\n",
        "    await report_end(run, store, resources.events)\n    await store.markers.remove(run)\n",
        "tests/control/test_ends_told_again.py::test_a_leg_that_dies_at_the_end_lets_no_other_tell_it_twice",
    ),
    Mutant(
        "number and word do not agree",
        "shared/domain/sentences.py",
        "one if self == 1 else many",
        "many",
        "tests/domain/test_sentences.py::test_a_word_goes_by_its_number",
    ),
    Mutant(
        "what holds a leg is shown late",
        "shared/pipeline/watching/watch.py",
        "self._clock.sleep(SHOW_EVERY_SECONDS), self",
        "self._clock.sleep(LOOK_EVERY_SECONDS), self",
        "tests/pipeline/leg/life/test_told_of_a_run.py::test_a_wait_within_a_leg_is_shown_and_goes_again",
    ),
    Mutant(
        "formulas left in the CSV",
        "shared/api/answers/rejections_csv.py",
        'return f"\'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text',
        "return text",
        "tests/api/runs/test_rejections_for_people.py::test_no_cell_is_a_formula",
    ),
    Mutant(
        "reason looked for in the fields of a row",
        "shared/api/calls/run_rows.py",
        "not (mark in line and _reason_of(line) == reason)",
        "mark not in line",
        "tests/api/runs/test_rejections_for_people.py::test_a_reason_within_the_fields_of_a_row_is_not_its_reason",
    ),
    Mutant(
        "search through a whole file in one call",
        "shared/api/http/line_pages.py",
        "if is_full or read >= READ_BYTES:",
        "if is_full:",
        "tests/api/runs/test_rejections_for_people.py::test_a_search_reads_so_much_at_a_call_and_goes_on_at_the_next",
    ),
    Mutant(
        "page of lines without a pause",
        "shared/api/http/line_pages.py",
        "if count % LINES_AT_A_TIME == 0:",
        "if False:",
        "tests/api/runs/test_rejections_for_people.py::test_a_page_has_up_to_ten_thousand_lines_and_lets_others_have_their_turn",
    ),
    Mutant(
        "filter lost on the next page",
        "shared/api/calls/run_rows.py",
        '{"reason": reason} if reason else {}',
        "{}",
        "tests/api/runs/test_rejections_for_people.py::test_the_reasons_of_a_run_are_those_of_its_rejections",
    ),
    Mutant(
        "reasons of earlier checkpoints forgotten",
        "shared/pipeline/export/checkpointer.py",
        "Counter(run.reasons.rejected) + ",
        "",
        "tests/crashes/test_crash_matrix.py::test_a_leg_that_dies_at_any_step_costs_no_row_and_repeats_at_most_its_window",
    ),
    Mutant(
        "wake-up sent while the lost lease still holds",
        "shared/pipeline/leg/lost_lease.py",
        "        until += RUN_OUT_SECONDS\n",
        "        return [run.wake_up]\n",
        "tests/pipeline/leg/test_leases_of_a_leg.py::test_a_wake_up_leaves_only_when_the_lost_lease_has_run_out",
    ),
    Mutant(
        "lost lease not let go",
        "shared/pipeline/leg/lost_lease.py",
        "        await hold.release()  # by its id, so that the lease of another leg stays\n",
        "        pass\n",
        "tests/pipeline/leg/test_leases_of_a_leg.py::test_a_renewal_that_the_storage_carries_out_late_keeps_nobody_out",
    ),
    Mutant(
        "no wake-up after a lost lease",
        "shared/pipeline/leg/lost_lease.py",
        "    if is_free is False:",
        "    if is_free is not True or hold:",
        "tests/pipeline/leg/test_leases_of_a_leg.py::test_a_storage_that_stood_still_costs_seconds",
    ),
    Mutant(
        "end not noted before it is told",
        "shared/pipeline/leg/run_leg.py",
        "    await store.recent_ends.add(run, resources.clock.now())\n",
        "",
        "tests/control/test_ends_told_again.py::test_an_end_that_died_with_its_process_is_told_by_a_tick_elsewhere",
    ),
    Mutant(
        "end told again by each of two ticks",
        "shared/control/tell_ends.py",
        "for end in await store.recent_ends.take(due):",
        "for end in [await store.recent_ends.take(due), due][1]:",
        "tests/control/test_ends_told_again.py::test_two_ticks_at_once_tell_an_end_again_once",
    ),
)

IN_HOSTING = (
    Mutant(
        "compiled files that hold only beside their sources",
        "local/compiled.py",
        '"unchecked-hash"',
        '"checked-hash"',
        _COLD + "test_the_app_loads_from_its_compiled_files_whatever_became_of_their_sources",
    ),
    Mutant(
        "everybody waits while libraries are loaded",
        "shared/bootstrap.py",
        "await asyncio.to_thread(_loaded)",
        "_loaded()",
        _COLD + "test_what_needs_no_storage_is_answered_while_the_libraries_of_azure_are_loaded",
    ),
    Mutant(
        "plainer route before the first name",
        "local/host/http/routes.py",
        "for function in sorted(functions, key=lambda function: function.name.lower())",
        'for function in sorted(functions, key=lambda function: str(function.trigger).count("{"))',
        _TABLE,
    ),
    Mutant(
        "body in chunks handed on",
        "local/host/http/requests.py",
        "    if request.content_length is None:\n        async for _ in request.content.iter_any():\n            pass\n"
        '        return b""\n',
        "",
        _TABLE,
    ),
    Mutant(
        "worker lives on after its time limit",
        "local/host/invocation.py",
        "                await self._worker.kill()\n",
        "                pass\n",
        f"{_WORKER}::test_a_function_that_takes_too_long_costs_the_worker_its_life_with_everything_in_it",
    ),
    Mutant(
        "empty query parameters passed over",
        "shared/api/http/entrance.py",
        "keep_blank_values=True",
        "keep_blank_values=False",
        "tests/api/test_entrance.py::test_an_empty_parameter_that_the_host_drops_is_a_bad_request",
    ),
    Mutant(
        "look into the poison queue without an end",
        "shared/control/poison.py",
        "LOOK_SECONDS = 3.0",
        "LOOK_SECONDS = 3_000_000.0",
        "tests/control/test_poison.py::test_a_look_that_never_ends_holds_the_messages_of_the_tick_up_for_seconds",
    ),
    Mutant(
        "poison queue cleared without a line in the audit trail",
        "shared/control/poison.py",
        '    await store.audit.note(author, "queue.cleared", f"queues/{queue.name}", before=before)\n',
        "",
        "tests/api/test_poison_api.py::test_what_is_not_noted_is_not_cleared",
    ),
    Mutant(
        "messages in the poison queue as a failure of the app",
        "shared/control/check_health.py",
        "        None,\n        note=found if isinstance(found, Sentence) else None,\n",
        "        found if isinstance(found, Sentence) else None,\n",
        "tests/api/test_poison_api.py::test_what_lies_there_is_a_note_with_what_to_do_and_no_problem",
    ),
)

IN_PAGE = (
    Mutant(
        "index for a missing asset",
        "shared/api/page/built_page.py",
        "return None if _is_of_a_file(path) else files[INDEX]",
        "return files[INDEX]",
        f"{_FILES}::test_what_is_no_file_of_the_page_is_missing_and_never_the_index",
    ),
    Mutant(
        "index kept for ever",
        "shared/api/page/serving.py",
        "_A_YEAR if file.never_changes else _ASK_FIRST",
        "_A_YEAR",
        f"{_FILES}::test_every_screen_is_the_index_which_is_asked_for_anew_each_time",
    ),
    Mutant(
        "gzip for whom refuses it",
        "shared/api/page/serving.py",
        "return _NEVER.fullmatch(weight) is None",
        "return True",
        f"{_FILES}::test_a_client_that_cannot_take_gzip_gets_none",
    ),
    Mutant(
        "old page until a restart",
        "shared/api/page/built_page.py",
        "if written_at != self._read_at:",
        "if not self._files:",
        f"{_FILES}::test_a_page_that_is_built_anew_is_served_without_a_restart",
    ),
    Mutant(
        "export started in two installations",
        "local/deployment/carried.py",
        '{**value, "enabled": False} if path',
        "{**value} if path",
        _CARRIED + "test_disabled_exports_wait_for_somebody_and_are_the_same_otherwise",
    ),
    Mutant(
        "half of a folder loaded",
        "local/deployment/carried.py",
        "    await _check_connections(documents, values)\n",
        "",
        _CARRIED + "test_nothing_is_written_where_one_document_cannot_be_used",
    ),
    Mutant(
        "hash of another file in the template of a release",
        "local/deployment/release.py",
        '"packageSha256": {"type": "string", "value": digest}',
        '"packageSha256": {"type": "string", "value": address}',
        "tests/deployment/test_release.py::test_the_template_deploys_the_package_of_the_release_and_names_its_hash",
    ),
    Mutant(
        "tick without the time of its end",
        "shared/control/check_health.py",
        "at=found if isinstance(found, datetime) else None",
        "at=None",
        "tests/api/test_health_details.py::test_where_everybody_answers_the_answer_is_200_and_names_each",
    ),
    Mutant(
        "what is free is billed",
        "local/bench/costs/bill.py",
        "max(0.0, self.count - self.free.amount) if self.free else self.count",
        "self.count",
        _BILLS + "test_an_item_costs_what_is_not_free_of_it",
    ),
    Mutant(
        "requests billed one by one",
        "local/bench/costs/prices.py",
        'int(size[0].replace(",", "")) if size else 1',
        "1",
        _BILLS + "test_a_price_is_for_as_many_as_its_unit_says",
    ),
    Mutant(
        "figures of a part take those of others away",
        "local/bench/written.py",
        "for line in parts.get(each, ())",
        "for line in (parts[name] if each == name else ())",
        "tests/local/bench/test_written.py::test_parts_stand_in_their_order_and_keep_their_lines_when_another_is_measured",
    ),
    Mutant(
        "refused requests of a benchmark not told as a miss",
        "local/bench/whole_runs.py",
        '"none", refused == 0)',
        '"none", refused >= 0)',
        "tests/local/bench/test_whole_runs.py::test_a_run_misses_the_aim_that_it_does_not_keep",
    ),
)
