"""Faults in what people see of runs, exports and deeds, and at the door: who is let in, and how long people wait."""

from tests.mutants.mutant import Mutant

IN_VIEWS = (
    Mutant(
        "index of runs oldest first",
        "shared/store/paths.py",
        '"9876543210")',
        '"0123456789")',
        "tests/store/test_run_index.py::test_entries_sort_newest_first",
    ),
    Mutant(
        "runs of one second in no order",
        "shared/store/paths.py",
        "moment = moment_of_run(run_id).translate",
        "moment = moment_of_run(run_id)[:16].translate",
        "tests/domain/test_identifiers.py::test_runs_of_one_second_stand_in_the_index_newest_first",
    ),
    Mutant(
        "id of a run sorts by what was drawn",
        "shared/domain/identifiers.py",
        "return moment_of_run(run_id), run_id",
        'return "", run_id',
        "tests/domain/test_identifiers.py::test_runs_of_one_second_keep_their_order",
    ),
    Mutant(
        "word that is no reason shows an empty list",
        "shared/api/calls/run_rows.py",
        "if known and reason not in known:",
        "if False:",
        "tests/api/runs/test_rejections_for_people.py::"
        "test_a_word_that_is_no_reason_of_the_run_is_refused_with_those_that_are",
    ),
    Mutant(
        "only the first idempotency keys are looked at",
        "shared/store/history.py",
        "return [*names[start:], *names[:start]][:count]",
        "return names[:count]",
        "tests/store/test_history.py::test_keys_behind_many_young_ones_go_as_well_a_few_at_a_time[5000-500]",
    ),
    Mutant(
        "only the newest run can be cancelled",
        "shared/control/exports/export_status.py",
        "if is_own(request, export) and await _is_unended(store.runs, request):",
        "if False:",
        "tests/api/exports/test_seeing_exports.py::test_a_run_that_is_not_the_newest_can_be_cancelled_as_well",
    ),
    Mutant(
        "run made without its entry in the index",
        "shared/store/runs.py",
        "        await self.index.insert(run.export_id, run.id)\n",
        "",
        "tests/api/runs/test_listing_all_runs.py::test_runs_are_listed_newest_first_whatever_their_export",
    ),
    Mutant(
        "page of all runs reads the days before it",
        "shared/store/index/run_index.py",
        "            if folder < first_folder:\n                continue\n",
        "",
        "tests/api/runs/test_listing_all_runs.py::test_a_page_is_found_without_a_look_at_the_rest_of_the_history",
    ),
    Mutant(
        "rare filter reads without end",
        "shared/control/filtered_page.py",
        "while len(found) < limit and looked_at < MOST_LOOKED_AT:",
        "while len(found) < limit:",
        "tests/api/runs/test_listing_all_runs.py::"
        "test_a_filter_that_lets_little_through_reads_so_much_and_then_gives_an_address_to_go_on",
    ),
    Mutant(
        "cleared run stays in the index",
        "shared/store/history.py",
        "        await self._index.remove(export_id, run_id)",
        "        pass",
        "tests/store/test_history.py::test_an_old_run_leaves_the_index_before_its_document_goes",
    ),
    Mutant(
        "walk through the runs without a bound",
        "shared/store/index/index_repair.py",
        "if looked_at == at_most:",
        "if looked_at == 10**9:",
        "tests/store/test_run_index.py::test_runs_that_are_missing_get_in_so_many_at_a_time",
    ),
    Mutant(
        "walk never begins anew",
        "shared/store/index/index_repair.py",
        "if now - walk.ended_at < REST:",
        "if now:",
        "tests/store/test_run_index.py::test_a_walk_that_has_ended_rests_and_then_begins_anew",
    ),
    Mutant(
        "run whose maker was cut off stays out of the index",
        "shared/control/tick.py",
        "if run.heartbeat_at is None:",
        "if False:",
        "tests/store/test_run_index.py::"
        "test_a_run_whose_maker_was_cut_off_before_the_index_gets_in_when_the_tick_wakes_the_run",
    ),
    Mutant(
        "exports filtered by a name in its very letters",
        "shared/control/exports/list_exports.py",
        "self.name.casefold() in text.casefold()",
        "self.name in text",
        "tests/api/exports/test_seeing_exports.py::"
        "test_the_list_of_exports_is_filtered_by_the_status_of_the_last_run_and_by_name",
    ),
    Mutant(
        "audit of an export has that of exports with a longer id",
        "shared/control/read_audit.py",
        'subject.startswith(f"{self.subject}/")',
        "subject.startswith(self.subject)",
        "tests/api/test_audit_api.py::test_the_trail_is_filtered_by_what_was_done_to_what_and_by_whom",
    ),
    Mutant(
        "next page of the audit forgets the filters",
        "shared/api/calls/audit.py",
        '"by": query.by, "before"',
        '"before"',
        "tests/api/test_audit_api.py::test_the_address_of_the_next_page_keeps_the_filters",
    ),
    Mutant(
        "page of the audit as large as its lines",
        "shared/control/read_audit.py",
        " or (len(page) > 1 and size > PAGE_BYTES)",
        "",
        "tests/api/test_audit_api.py::test_a_page_holds_a_mebibyte_and_all_pages_every_line",
    ),
    Mutant(
        "everybody hears that they may make every call",
        "shared/api/calls/me.py",
        " if caller.role >= route.role]",
        "]",
        "tests/api/test_me.py::test_a_user_hears_their_name_their_role_and_the_calls_of_the_role",
    ),
)

IN_ENTERING = (
    Mutant(
        "connection removed in a version that nobody has seen",
        "shared/control/connections/remove_connection.py",
        "await store.connections.delete(connection_id, etag=version.etag)",
        "await store.connections.delete(connection_id)",
        "tests/api/connections/test_removing_connections.py::test_a_removal_that_is_refused_changes_nothing",
    ),
    Mutant(
        "dry run of a connection saves",
        "shared/control/connections/save_connection.py",
        "    if is_dry:\n",
        "    if False:\n",
        "tests/api/connections/test_saving_connections.py::test_a_dry_run_checks_all_and_saves_nothing",
    ),
    Mutant(
        "pages of other sites let in",
        "shared/api/http/entrance.py",
        "    check_origin(asked.method, headers)\n",
        "",
        "tests/api/test_foreign_pages.py::test_a_page_of_another_site_starts_nothing_in_any_mode",
    ),
    Mutant(
        "another app on the same site taken for the app's own page",
        "shared/api/access/origin.py",
        '_OURS = ("same-origin", "none")',
        '_OURS = ("same-origin", "same-site", "none")',
        "tests/api/test_foreign_pages.py::test_a_page_of_another_site_starts_nothing_in_any_mode",
    ),
    Mutant(
        "large body read before it is refused",
        "shared/api/http/entrance.py",
        'if is_too_long(headers.get("content-length", "")) or len(body',
        "if len(body",
        "tests/api/test_entrance.py::test_a_body_is_refused_by_the_length_that_its_header_names",
    ),
    Mutant(
        "silence about authentication taken for yes in Azure",
        "shared/settings.py",
        "    return not runs_in_azure(environment) if said is None else",
        "    return True if said is None else",
        "tests/test_auth_settings.py::test_in_azure_roles_are_believed_only_where_it_is_said_that_somebody_checks_them",
    ),
    Mutant(
        "any secret of the vault read as a key",
        "shared/adapters/azure/secrets.py",
        "        if not is_key_name(name, self._prefix):\n            raise unusable_secret(",
        "        if not name:\n            raise unusable_secret(",
        "tests/adapters/azure/test_azure_secrets.py::"
        "test_for_a_name_without_the_prefix_or_that_no_secret_can_have_the_vault_is_not_asked",
    ),
    Mutant(
        "any secret named in a connection",
        "shared/domain/config/connection_wish.py",
        "and (writes or name != writing.kept_secret)",
        "and writes",
        "tests/api/connections/test_connection_keys.py::"
        "test_no_other_secret_of_the_vault_can_be_named_or_was_ever_sent_to_klaviyo",
    ),
    Mutant(
        "whoever is silent not named",
        "shared/ports/heard.py",
        "    names.append(name)\n",
        '    names.append("somebody")\n    name = "somebody"\n',
        "tests/api/test_patience.py::test_a_port_that_never_answers_is_named_in_time",
    ),
    Mutant(
        "old tick taken for a good one",
        "shared/control/check_health.py",
        "if clock.now() - last > LONGEST_PAUSE:",
        "if clock.now() < last:",
        "tests/api/test_health_details.py::test_a_timer_that_does_not_come_any_more_is_told_of",
    ),
    Mutant(
        "callers with other rights share a list",
        "shared/api/http/entrance.py",
        "caller.label, caller.role, ",
        "",
        "tests/api/exports/test_many_callers.py::test_callers_with_different_rights_do_not_share_an_answer",
    ),
    Mutant(
        "lists put together without a bound",
        "shared/control/same_question.py",
        "        async with self._gate:\n            return await work()\n",
        "        return await work()\n",
        "tests/control/test_same_question.py::test_only_so_many_questions_are_worked_on_at_once",
    ),
    Mutant(
        "list as old as it takes",
        "shared/control/same_question.py",
        "clock.monotonic() - asked[0] < JOINED_SECONDS",
        "True",
        "tests/control/test_same_question.py::test_whoever_asks_a_second_later_gets_an_answer_of_their_own",
    ),
)
