"""Faults in leases, fencing, turns, and in who may write the run."""

from tests.mutants.mutant import Mutant

IN_LEASES = (
    Mutant(
        "run not fenced before a send",
        "shared/pipeline/export/export_segment.py",
        "        saver.fence()\n        tools.fence()\n",
        "        tools.fence()\n",
        "tests/pipeline/leg/test_leases_of_a_leg.py::"
        "test_a_leg_that_lost_its_run_while_it_stood_still_reading_does_not_send_what_it_read",
    ),
    Mutant(
        "account not fenced before a send",
        "shared/pipeline/export/export_segment.py",
        "        saver.fence()\n        tools.fence()\n",
        "        saver.fence()\n",
        "tests/pipeline/leg/test_leases_of_a_leg.py::"
        "test_a_leg_that_lost_the_account_while_it_stood_still_sends_nothing_and_says_that_it_waits",
    ),
    Mutant(
        "request not fenced after a wait",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "            request.fence()\n",
        "",
        "tests/faults/test_klaviyo_fences.py::test_a_leg_that_stood_still_while_it_waited_sends_nothing_when_it_goes_on",
    ),
    Mutant(
        "rejections not fenced where they are written",
        "shared/pipeline/settle/late_rejections.py",
        "        self._fence()\n",
        "",
        "tests/pipeline/leg/test_leases_of_a_leg.py::"
        "test_a_leg_that_stood_still_while_it_settled_writes_no_rejections_when_it_goes_on",
    ),
    Mutant(
        "run not fenced where it is saved",
        "shared/store/run_saver.py",
        "        self.fence()\n",
        "",
        "tests/pipeline/leg/test_leases_of_a_leg.py::"
        "test_a_leg_that_stood_still_for_a_minute_sends_and_writes_nothing_when_it_goes_on",
    ),
    Mutant(
        "lost lease does not stop the leg",
        "shared/pipeline/watching/lease_hold.py",
        "    block.cancel()\n",
        "",
        "tests/pipeline/leg/test_fencing.py::test_it_stops_while_it_reads",
    ),
    Mutant(
        "lease trusted for longer than Azure keeps it",
        "shared/pipeline/watching/lease_hold.py",
        "TRUSTED_SECONDS = 20.0",
        "TRUSTED_SECONDS = 35.0",
        "tests/pipeline/watching/test_lease_hold.py::test_a_lease_that_cannot_be_renewed_is_lost_20_seconds_after_it_was_taken",
    ),
    Mutant(
        "lease trusted from the end of a renewal",
        "shared/pipeline/watching/lease_hold.py",
        "self._good, pause = begun, RENEW_EVERY_SECONDS",
        "self._good, pause = self._clock.monotonic(), RENEW_EVERY_SECONDS",
        "tests/pipeline/watching/test_lease_hold.py::test_the_20_seconds_are_counted_from_the_start_of_the_last_good_renewal",
    ),
    Mutant(
        "lease of a run not asked for",
        "shared/pipeline/leg/run_leg.py",
        "lease = await resources.leases.take(run_lease(run.export_id, run.id))",
        "lease = await resources.leases.take(resources.new_run_id(resources.clock.now()))",
        "tests/pipeline/leg/test_run_leg.py::test_a_run_that_another_leg_works_on_is_left_alone",
    ),
    Mutant(
        "lease of the account not shared by its runs",
        "shared/pipeline/leg/account_turn.py",
        "self._leases.take(self._turns.lease_name)",
        'self._leases.take(f"{self._turns.lease_name}/{self._run.id}")',
        "tests/store/test_turns.py::test_a_run_waits_while_another_one_exports_over_the_account",
    ),
    Mutant(
        "whoever comes first exports first",
        "shared/pipeline/leg/account_turn.py",
        "while await self._turns.first() == self._run.wake_up:",
        "while True:",
        "tests/store/test_turns.py::test_runs_export_in_the_order_of_their_age_however_they_are_woken",
    ),
    Mutant(
        "lease that a dead leg left not waited for",
        "shared/pipeline/leg/leg.py",
        "patience=LEASE_SECONDS if self._deaths else 0.0",
        "patience=0.0",
        "tests/pipeline/leg/life/test_taken_up_again.py::test_the_account_that_the_dead_leg_still_has_is_waited_for_in_place",
    ),
    Mutant(
        "leg that died found by its heartbeat",
        "shared/control/tick.py",
        "return await self._leases.is_free(run_lease(run.export_id, run.id))",
        "return run.heartbeat_at is None or (now - run.heartbeat_at).total_seconds() > 120",
        "tests/pipeline/leg/life/test_taken_up_again.py::test_a_killed_leg_is_taken_up_again_within_90_seconds_of_its_death",
    ),
    Mutant(
        "next run in line not woken",
        "shared/pipeline/leg/leg.py",
        "            self.wake_ups.append(following)",
        "            return",
        "tests/store/test_turns.py::test_the_one_that_lets_go_wakes_the_oldest_and_leaves_its_own_settling_for_later",
    ),
    Mutant(
        "lost answer of a write taken for a stranger's write",
        "shared/store/run_saver.py",
        "if not await self._is_ours():",
        "if True:",
        "tests/pipeline/export/test_checkpoints.py::test_a_checkpoint_whose_answer_was_lost_counts_and_is_not_sent_again",
    ),
    Mutant(
        "stranger's write taken for a lost answer of ours",
        "shared/store/run_saver.py",
        "if there and run.document() == there.value]",
        "if there]",
        "tests/pipeline/export/test_checkpoints.py::test_a_save_without_an_answer_does_not_hide_a_write_of_somebody_else",
    ),
    Mutant(
        "write that was refused taken for one without an answer",
        "shared/store/run_saver.py",
        "self._in_doubt.pop()",
        "pass",
        "tests/pipeline/export/test_checkpoints.py::test_a_write_of_somebody_else_is_a_conflict_even_when_it_wrote_the_same",
    ),
    Mutant(
        "sends go on after the leg was overtaken",
        "shared/pipeline/export/send_window.py",
        "            self._stop_siblings()\n",
        "            pass\n",
        "tests/pipeline/leg/test_late_writes.py::test_a_leg_whose_run_was_written_by_somebody_else_stops_its_sends_at_once",
    ),
    Mutant(
        "watchdog that only barks",
        "shared/watchdog.py",
        "self._ends_after, exit=True",
        "self._ends_after, exit=False",
        "tests/test_watchdog.py::test_a_process_whose_loop_is_held_ends_itself_and_shows_what_held_it",
    ),
    Mutant(
        "stacks written again and again",
        "shared/watchdog.py",
        "told_of = turned_at",
        "pass",
        "tests/test_watchdog.py::test_the_stacks_are_written_once_before_the_end",
    ),
    Mutant(
        "watchdog that outlives its loop",
        "shared/watchdog.py",
        "faulthandler.cancel_dump_traceback_later()",
        "pass",
        "tests/test_watchdog.py::test_a_process_whose_loop_turns_or_is_closed_is_left_alone",
    ),
    Mutant(
        "watchdog on a laptop",
        "shared/bootstrap.py",
        "if runs_in_azure() and threading",
        "if threading",
        "tests/test_watchdog.py::test_one_watchdog_comes_with_the_app_in_azure_and_only_over_the_loop_of_the_worker",
    ),
)
