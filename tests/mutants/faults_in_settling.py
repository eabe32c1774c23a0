"""Faults in learning what became of what was sent."""

from tests.mutants.mutant import Mutant

IN_SETTLING = (
    Mutant(
        "job that nobody waited for counted as ended",
        "shared/pipeline/settle/job_sweep.py",
        "        self.given_up += len(self.pending)\n",
        "",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_a_leg_between_two_sweeps_hears_of_it",
    ),
    Mutant(
        "first page of import errors only",
        "shared/adapters/klaviyo/import_requests.py",
        "                yield read_import_fault(item)\n",
        "                yield read_import_fault(item)\n            return\n",
        "tests/contracts/test_jobs_contract.py::test_every_row_that_a_job_refused_is_told[klaviyo]",
    ),
    Mutant(
        "first page of jobs only",
        "shared/adapters/klaviyo/import_requests.py",
        "            yield [read_job_report(item) for item in page]\n",
        "            yield [read_job_report(item) for item in page]\n            return\n",
        "tests/contracts/test_jobs_contract.py::test_jobs_come_newest_first_and_a_page_at_a_time[klaviyo]",
    ),
    Mutant(
        "202 taken for success",
        "shared/pipeline/settle/complete_run.py",
        "if each.status != COMPLETE]",
        "if False]",
        "tests/pipeline/settle/test_settle_run.py::test_rows_of_a_job_whose_end_is_not_known_are_unconfirmed_and_named",
    ),
    Mutant(
        "status that is not known taken for an end",
        "shared/pipeline/settle/job_sweep.py",
        "has_ended = report.status in (COMPLETE, CANCELLED)",
        'has_ended = report.status not in ("queued", "processing")',
        "tests/pipeline/settle/test_settle_run.py::test_a_status_that_is_not_known_is_no_end",
    ),
    Mutant(
        "job that a sweep does not show taken for vanished",
        "shared/pipeline/settle/job_sweep.py",
        "found = await sink.job(job_id)",
        "found = None",
        "tests/pipeline/settle/test_settle_run.py::"
        "test_a_sweep_for_a_job_that_is_not_shown_ends_where_jobs_are_older_than_the_run",
    ),
    Mutant(
        "rejections added to those of an end that did not come to be",
        "shared/pipeline/settle/complete_run.py",
        "    await store.results.write_rejections(run, late.rejection_lines(run))\n",
        "    written = [line async for line in store.results.rejections(run)]\n"
        "    written += [line async for line in late.rejection_lines(run)]\n"
        "\n"
        "    async def all_lines():\n"
        "        for line in written:\n"
        "            yield line\n"
        "\n"
        "    await store.results.write_rejections(run, all_lines())\n",
        "tests/pipeline/settle/test_end_run.py::test_an_end_that_had_to_be_written_twice_names_each_rejection_once",
    ),
    Mutant(
        "tally saved before the end",
        "shared/pipeline/settle/complete_run.py",
        "    warnings = (*tell_of",
        "    taken = _with_outcomes(run, refused=late.refused, unconfirmed=rows_of(unconfirmed))\n"
        "    await saver.save(lambda run: replace(run, tally=taken.tally))\n    warnings = (*tell_of",
        "tests/crashes/test_crash_matrix.py::test_a_leg_that_dies_at_any_step_of_settling_names_each_rejection_once",
    ),
    Mutant(
        "error that Klaviyo tells twice counted twice",
        "shared/pipeline/settle/late_rejections.py",
        "if count == receipt.profiles or email in named:",
        "if count == receipt.profiles:",
        "tests/pipeline/settle/test_settle_run.py::test_a_row_that_klaviyo_names_three_times_is_rejected_once",
    ),
    Mutant(
        "rows that Klaviyo does not name forgotten",
        "shared/pipeline/settle/late_rejections.py",
        "for _ in range(min(settled.failed, receipt.profiles) - count):",
        "for _ in ():",
        "tests/pipeline/settle/test_settle_run.py::"
        "test_rows_that_klaviyo_counts_as_failed_and_does_not_name_are_rejected_all_the_same",
    ),
    Mutant(
        "strays not waited for",
        "shared/pipeline/export/export_segment.py",
        "    except ExportError:\n        await checkpointer.save_strays(isolation_requests=budget.spent)\n",
        "    except ExportError:\n",
        "tests/pipeline/leg/test_cut_off.py::test_a_batch_beyond_one_that_was_cut_off_is_settled_and_told_of",
    ),
    Mutant(
        "strays forgotten when the account is lost",
        "shared/pipeline/export/export_segment.py",
        "            if tools.watch.reason is not None or _is_lost(tools.fence):\n",
        "            if False:\n",
        "tests/pipeline/leg/test_fencing.py::"
        "test_what_klaviyo_took_beyond_the_checkpoint_when_the_account_was_lost_is_settled_and_told_of",
    ),
    Mutant(
        "strays counted in the tally",
        "shared/pipeline/settle/complete_run.py",
        "for each in sweep.counted() if",
        "for each in sweep.settled if",
        "tests/pipeline/leg/test_cut_off.py::test_a_batch_beyond_one_that_failed_and_whose_end_is_not_known_counts_nowhere",
    ),
    Mutant(
        "rows that a stray's job refused rejected a second time",
        "shared/pipeline/settle/late_rejections.py",
        "in self._sweep.counted():",
        "in self._sweep.settled:",
        "tests/pipeline/leg/test_cut_off.py::test_a_batch_beyond_one_that_failed_counts_once_when_the_run_goes_on",
    ),
    Mutant(
        "import without an answer not waited for",
        "shared/pipeline/settle/job_sweep.py",
        "return not self.pending and not self.lookalikes",
        "return not self.pending",
        "tests/pipeline/leg/test_cut_off.py::test_what_was_cut_off_may_have_been_taken_and_is_waited_for",
    ),
    Mutant(
        "stranger's later job taken for ours",
        "shared/pipeline/settle/job_sweep.py",
        " and self._since <= report.created_at <= self._until",
        "",
        "tests/pipeline/leg/test_cut_off.py::test_jobs_of_others_that_are_made_later_are_not_waited_for",
    ),
    Mutant(
        "stranger's job of another size taken for ours",
        "shared/pipeline/settle/job_sweep.py",
        "return report.total in self._unanswered and ",
        "return bool(self._unanswered) and ",
        "tests/pipeline/leg/test_cut_off.py::test_jobs_of_others_that_have_another_size_are_not_waited_for",
    ),
    Mutant(
        "old jobs read to the last page",
        "shared/pipeline/settle/job_sweep.py",
        "if is_past or not (missing or self._unanswered):",
        "if not (missing or self._unanswered):",
        "tests/pipeline/settle/test_settle_run.py::"
        "test_a_sweep_for_a_job_that_is_not_shown_ends_where_jobs_are_older_than_the_run",
    ),
    Mutant(
        "run that brought nobody into the list does not fail",
        "shared/domain/runs/ending.py",
        "ending = run.ending or _nothing_accepted(run.tally)",
        "ending = run.ending",
        "tests/pipeline/settle/test_nothing_accepted.py::test_rows_that_klaviyo_refuses_in_its_jobs_fail_the_run",
    ),
    Mutant(
        "missing part taken for an empty one",
        "shared/store/run_parts.py",
        "                if is_empty:",
        "                if False:",
        "tests/pipeline/settle/test_lost_parts.py::"
        "test_a_part_that_is_gone_leaves_its_rows_unconfirmed_and_its_rejections_counted",
    ),
    Mutant(
        "accepted rows without a receipt stay accepted",
        "shared/pipeline/settle/lost_parts.py",
        "return max(0, run.tally.accepted - sweep.accepted)",
        "return 0",
        "tests/pipeline/settle/test_lost_parts.py::"
        "test_a_part_that_is_gone_leaves_its_rows_unconfirmed_and_its_rejections_counted",
    ),
    Mutant(
        "lost rejections named nowhere",
        "shared/pipeline/settle/late_rejections.py",
        "for _ in range(self.lost):",
        "for _ in ():",
        "tests/pipeline/settle/test_lost_parts.py::test_a_rejection_that_cannot_be_read_stays_rejected",
    ),
    Mutant(
        "lost jobs not counted",
        "shared/pipeline/settle/complete_run.py",
        "lost.jobs, sweep.given_up)",
        "0, sweep.given_up)",
        "tests/pipeline/settle/test_lost_parts.py::test_a_run_of_which_every_part_is_gone_still_adds_up",
    ),
    Mutant(
        "run that lost jobs succeeds",
        "shared/domain/runs/ending.py",
        " or run.jobs.lost",
        "",
        "tests/pipeline/settle/test_lost_parts.py::"
        "test_a_run_that_lost_only_what_it_had_sent_beyond_its_end_is_partial",
    ),
    Mutant(
        "rejections that somebody added are counted",
        "shared/pipeline/settle/late_rejections.py",
        "if self.reasons.total() < counted:",
        "if True:",
        "tests/pipeline/settle/test_lost_parts.py::test_lines_that_somebody_has_added_count_nothing",
    ),
    Mutant(
        "receipt of a time without a zone believed",
        "shared/domain/runs/receipt.py",
        "datetime.fromisoformat(created_at).tzinfo is None",
        "False",
        "tests/pipeline/settle/test_lost_parts.py::test_a_receipt_that_cannot_be_read_leaves_its_rows_unconfirmed",
    ),
    Mutant(
        "archived part breaks settling",
        "shared/store/run_parts.py",
        "except (ConfigurationError, ContractBroken):",
        "except ContractBroken:",
        "tests/pipeline/settle/test_lost_parts.py::test_a_part_that_storage_cannot_give_is_damage",
    ),
    Mutant(
        "note not to settle heard at the next leg only",
        "shared/pipeline/settle/unless_asked.py",
        "            if note := await _looked(look):\n",
        "            if False:\n",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_a_call_that_hangs_does_not_hold_up_the_end[jobs]",
    ),
    Mutant(
        "no last look before a settling run waits",
        "shared/pipeline/settle/unless_asked.py",
        "return await _looked(look) or task.result()",
        "return task.result()",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_a_note_is_looked_for_once_more_before_the_run_waits",
    ),
    Mutant(
        "wake-up lost while the leg lets go",
        "shared/pipeline/leg/leg.py",
        "is_settling = self._run.status is RunStatus.SETTLING and self._run.waiting",
        "is_settling = False",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_a_run_is_woken_whose_wake_up_came_while_its_leg_let_go",
    ),
    Mutant(
        "refused rows waited for without an end",
        "shared/pipeline/settle/settle_without_waiting.py",
        'return await within(LAST_READING_SECONDS, clock, reading, what="Reading the refused rows")',
        "return await reading",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_a_call_that_hangs_does_not_hold_up_the_end[import_faults]",
    ),
    Mutant(
        "jobs with refused rows taken for good",
        "shared/pipeline/settle/settle_without_waiting.py",
        "    sweep.leave_faults_unread(NOT_AWAITED)\n",
        "",
        "tests/pipeline/settle/test_settle_without_waiting.py::test_whatever_klaviyo_answers_the_run_ends_and_adds_up[import_faults-error3-10]",
    ),
    Mutant(
        "note not to settle forgotten",
        "shared/control/runs/cancel_run.py",
        "    if not settles:\n",
        "    if False:\n",
        "tests/api/runs/test_cancelling_runs.py::test_a_settling_run_that_pauses_ends_when_somebody_does_not_want_to_wait",
    ),
    Mutant(
        "damaged note counts for nothing",
        "shared/store/runs.py",
        "        return StopNote()\n",
        "        return None\n",
        "tests/api/runs/test_cancelling_runs.py::test_a_damaged_note_counts_as_one_of_somebody",
    ),
    Mutant(
        "run at work is woken",
        "shared/control/runs/wake_run.py",
        "if run.waiting is None and not await",
        "if False and not await",
        "tests/api/runs/test_waking_runs.py::test_a_run_at_work_needs_no_wake_up",
    ),
)
