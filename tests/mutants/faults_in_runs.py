"""Faults in how runs begin, wait, stop and end, and in what wakes them."""

from tests.mutants.mutant import Mutant

IN_RUNS = (
    Mutant(
        "note to cancel looked for at the start only",
        "shared/pipeline/watching/still_wanted.py",
        "if why := await store.runs.why_cancelled(run):",
        "if plan is None and (why := await store.runs.why_cancelled(run)):",
        "tests/pipeline/leg/test_cancel_and_order.py::test_a_run_that_is_cancelled_in_the_middle_settles_what_was_sent",
    ),
    Mutant(
        "consent not looked at before a run",
        "shared/pipeline/watching/still_wanted.py",
        "    connection.check_consent()\n",
        "",
        "tests/pipeline/leg/test_endings.py::test_without_consent_nothing_is_read_or_sent",
    ),
    Mutant(
        "consent not looked at during a run",
        "shared/pipeline/watching/still_wanted.py",
        "    if not connection.consent.is_given:",
        "    if False:",
        "tests/pipeline/leg/test_wanted.py::test_a_leg_that_sends_is_stopped_within_seconds_and_settles_what_was_taken",
    ),
    Mutant(
        "disabling an export does not stop its run",
        "shared/pipeline/watching/still_wanted.py",
        "if decided.was_enabled and not export.enabled:",
        "if False:",
        "tests/pipeline/leg/test_wanted.py::test_a_leg_that_sends_is_stopped_within_seconds_and_settles_what_was_taken",
    ),
    Mutant(
        "planning not watched",
        "shared/pipeline/watching/watch.py",
        "        self._block.cancel()\n",
        "        pass\n",
        "tests/pipeline/leg/life/test_watched_from_the_start.py::"
        "test_a_leg_that_plans_hears_within_five_seconds_that_it_must_stop",
    ),
    Mutant(
        "planning does not hear what people change",
        "shared/pipeline/plan/plan_phase.py",
        "    context.watch.decided = Decided(export.enabled, connection.id)\n",
        "",
        "tests/pipeline/leg/life/test_watched_from_the_start.py::"
        "test_a_leg_that_plans_hears_within_five_seconds_that_it_must_stop",
    ),
    Mutant(
        "no heartbeat in any phase",
        "shared/pipeline/watching/watch.py",
        "                await show_life(self._saver, self._clock)\n",
        "",
        "tests/pipeline/leg/life/test_watched_from_the_start.py::test_the_heart_beats_every_half_minute_in_every_phase",
    ),
    Mutant(
        "watch that breaks leaves the leg alone",
        "shared/pipeline/watching/watch.py",
        "            work.stop(self.reason)\n",
        "            await self._clock.sleep(3600)\n",
        "tests/pipeline/leg/test_wanted.py::test_a_watch_that_breaks_stops_the_leg_instead_of_leaving_it_alone",
    ),
    Mutant(
        "bad rows looked for although the run was stopped",
        "shared/pipeline/export/export_segment.py",
        "        window.check_wanted()\n",
        "",
        "tests/faults/test_klaviyo_fences.py::"
        "test_whoever_is_stopped_while_bad_rows_are_looked_for_begins_no_further_request",
    ),
    Mutant(
        "long requests not cut off",
        "shared/pipeline/watching/watch.py",
        "            work.cut_off()\n",
        "",
        "tests/pipeline/leg/test_wanted.py::test_requests_that_take_minutes_are_cut_off",
    ),
    Mutant(
        "pause counted as a death",
        "shared/domain/runs/progress.py",
        "starts=max(0, run.starts - 1)",
        "starts=run.starts",
        "tests/pipeline/leg/test_deaths.py::test_any_number_of_clean_pauses_fails_nothing",
    ),
    Mutant(
        "pause takes back more than its own start",
        "shared/domain/runs/progress.py",
        "starts=max(0, run.starts - 1)",
        "starts=0",
        "tests/pipeline/leg/test_deaths.py::test_a_clean_pause_takes_its_own_start_back_and_no_other",
    ),
    Mutant(
        "deaths never counted",
        "shared/domain/runs/progress.py",
        "starts=run.starts + 1",
        "starts=1",
        "tests/pipeline/leg/test_deaths.py::test_five_legs_that_die_without_a_word_fail_the_run",
    ),
    Mutant(
        "deaths never forgotten on progress",
        "shared/domain/runs/progress.py",
        "pauses=0, starts=1, failure=None",
        "pauses=0, failure=None",
        "tests/pipeline/leg/test_deaths.py::test_progress_makes_earlier_deaths_forgotten_and_their_cause_too",
    ),
    Mutant(
        "run without progress tried for ever",
        "shared/domain/runs/progress.py",
        "MAX_STANDSTILL = timedelta(days=1)",
        "MAX_STANDSTILL = timedelta(days=1_000)",
        "tests/pipeline/leg/test_deaths.py::test_a_day_without_an_answer_fails_the_run_with_the_last_cause",
    ),
    Mutant(
        "wait that Klaviyo asks for not kept between legs",
        "shared/domain/runs/progress.py",
        "max(asked, ",
        "max(timedelta(0), ",
        "tests/pipeline/leg/test_pauses.py::test_a_wait_that_klaviyo_asks_for_is_kept",
    ),
    Mutant(
        "run made without a marker",
        "shared/store/new_run.py",
        "    await store.markers.insert(request)\n    new = request.new_run()\n",
        "    new = request.new_run()\n",
        "tests/pipeline/leg/test_run_leg.py::test_a_run_of_one_leg_tells_its_whole_story",
    ),
    Mutant(
        "marker removed before the end of the run is saved",
        "shared/pipeline/leg/leg.py",
        "        if status is None:\n",
        "        if status is None:\n            await self._resources.store.markers.remove(self._run)\n",
        "tests/crashes/test_crash_matrix.py::test_a_leg_that_dies_at_any_step_of_settling_names_each_rejection_once",
    ),
    Mutant(
        "garbage in the queue raised",
        "shared/api/queue_messages.py",
        "except (orjson.JSONDecodeError, KeyError, TypeError):",
        "except (KeyError, TypeError):",
        "tests/api/test_messages.py::test_a_body_that_is_no_wake_up_is_dropped_and_logged_without_what_it_says",
    ),
    Mutant(
        "double tick makes two runs",
        "shared/control/tick.py",
        'Marker(export_id, slot_run_id(export_id, slot), "schedule", now)',
        'Marker(export_id, f"{slot_run_id(export_id, slot)}-{id(object()) % 97}", "schedule", now)',
        "tests/control/test_tick.py::test_a_tick_between_any_two_steps_of_another_makes_no_second_run",
    ),
    Mutant(
        "missed slot run twice",
        "shared/control/tick.py",
        "            await self._store.slots.serve(export_id, schedule, slot, over=served)\n",
        "            pass\n",
        "tests/control/test_tick.py::test_of_the_slots_that_were_missed_the_latest_one_runs_once_and_late",
    ),
    Mutant(
        "slot run however late",
        "shared/control/tick.py",
        "if now - slot > self._settings.max_lateness:",
        "if False:",
        "tests/control/test_tick.py::test_a_slot_that_was_missed_for_too_long_is_left_out",
    ),
    Mutant(
        "slot queued behind a run that is active",
        "shared/control/tick.py",
        "run = await request_run(request, self._store)",
        "run = await request_run(request, self._store, may_wait=True)",
        "tests/control/test_tick.py::test_a_slot_that_comes_while_a_run_is_active_is_skipped_and_says_why",
    ),
    Mutant(
        "marker without a run left as it is",
        "shared/control/tick.py",
        "        await runs.insert(run)  # the request was cut off between the marker and the run\n",
        "        return None\n",
        "tests/control/test_tick_markers.py::test_a_marker_without_a_run_is_completed",
    ),
    Mutant(
        "new data overtakes old",
        "shared/pipeline/plan/plan_phase.py",
        "if await store.gates.must_wait(run):",
        "if await store.gates.must_wait(run) and False:",
        "tests/pipeline/leg/test_cancel_and_order.py::test_a_run_waits_for_an_older_one_and_is_woken_when_that_ends",
    ),
    Mutant(
        "changed source queues a fresh run again and again",
        "shared/pipeline/leg/leg.py",
        "if isinstance(error, SourceChanged) and self._run.trigger != SOURCE_CHANGED:",
        "if isinstance(error, SourceChanged):",
        "tests/pipeline/leg/test_source_changed.py::test_a_run_that_was_queued_for_a_change_queues_no_other",
    ),
    Mutant(
        "new file in the folder read in mid-run",
        "shared/pipeline/export/export_phase.py",
        "    rest = await export_segment(context.saver, plan, tools)\n",
        "    from dataclasses import replace\n"
        "    from shared.pipeline.reading.segment_files import list_files\n"
        '    folder = plan.blobs[0].name.rpartition("/")[0]\n'
        "    now = (await list_files(folder, resources.segments)).data\n"
        "    plan = replace(plan, blobs=now, dialect_of=(0,) * len(now))\n"
        "    rest = await export_segment(context.saver, plan, tools)\n",
        "tests/pipeline/leg/test_source_changed.py::test_a_file_that_appears_after_the_start_is_no_part_of_the_run",
    ),
)
