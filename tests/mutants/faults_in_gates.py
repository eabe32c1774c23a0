"""Faults at the gate, and where new data starts a run: who may start one, and who goes first."""

from tests.mutants.mutant import Mutant

_RACES = "tests/control/runs/test_races.py::"
_STARTING = "shared/control/new_data/start_on_new_data.py"
_STARTER = "shared/control/new_data/starter.py"
_LOOKING = "shared/control/new_data/look_at_segments.py"
_BEGINNING = "shared/control/new_data/begin_to_wait.py"
_SEEN = "shared/domain/sources/new_data/segment_look.py"
_STARTED = "tests/control/new_data/test_start_on_new_data.py::"
_LOOKED = "tests/control/new_data/test_looking.py::"
_SAVED = "tests/api/exports/test_waiting_for_data.py::"

IN_GATES = (
    Mutant(
        "run started past the gate",
        "shared/store/new_run.py",
        "    await store.gates.enter(request, may_wait=may_wait)\n",
        "    await store.gates.check_free(request.export_id, may_wait=may_wait)\n",
        _RACES + "test_of_many_requests_at_once_one_starts_a_run_and_the_others_learn_which",
    ),
    Mutant(
        "gate written over a version that nobody has read",
        "shared/ports/documents.py",
        "    except Conflict:\n        return False\n    return True\n",
        "    except Conflict:\n        pass\n    return True\n",
        _RACES + "test_of_many_requests_that_may_wait_ten_wait_behind_the_one_at_work",
    ),
    Mutant(
        "place of a request lost with the last one that leaves",
        "shared/store/order/gates.py",
        "        except Conflict:\n            return False\n        return True\n",
        "        except Conflict:\n            pass\n        return True\n",
        _RACES + "test_the_last_request_that_leaves_takes_no_place_of_one_that_comes_meanwhile",
    ),
    Mutant(
        "equal request refused because of its own run",
        "shared/control/runs/start_run.py",
        "                if (note := await self._found(scope)) is None:\n",
        "                if (note := None) is None:\n",
        _RACES + "test_a_request_finds_the_run_that_an_equal_one_starts_between_its_looks_at_key_and_gate",
    ),
    Mutant(
        "one more run waits than may",
        "shared/store/order/gates.py",
        "        if len(before) > MAX_WAITING:\n            raise",
        "        if len(before) > MAX_WAITING + 1:\n            raise",
        _RACES + "test_of_many_requests_that_may_wait_ten_wait_behind_the_one_at_work",
    ),
    Mutant(
        "ended run in the way of a new one",
        "shared/store/order/gates.py",
        "        while before and await self._has_ended(before[0]):\n            before.pop(0)\n",
        "",
        _RACES + "test_a_place_whose_run_has_ended_is_in_nobodys_way_and_is_cleared_away",
    ),
    Mutant(
        "runs of a release without gates forgotten at the gate",
        "shared/store/order/gates.py",
        "        return [*requests, *strays]\n",
        "        return requests\n",
        _RACES + "test_a_place_that_a_release_without_gates_did_not_write_counts_all_the_same",
    ),
    Mutant(
        "run that has begun overtaken by one before it",
        "shared/store/order/gates.py",
        "(is_before or other.status is not RunStatus.QUEUED)",
        "is_before",
        "tests/pipeline/leg/test_cancel_and_order.py::"
        "test_a_run_that_has_begun_is_waited_for_also_by_one_with_a_place_before_it",
    ),
    Mutant(
        "request that was cut off behind the gate forgotten",
        "shared/control/tick.py",
        "for request in unended.cut_off:",
        "for request in unended.cut_off[:0]:",
        _RACES + "test_a_request_that_was_cut_off_behind_the_gate_is_made_good_by_the_tick",
    ),
    Mutant(
        "place kept although the start could not be noted",
        "shared/store/new_run.py",
        "        await store.gates.leave(request.wake_up)\n        raise\n",
        "        raise\n",
        _RACES + "test_a_start_that_cannot_be_noted_in_the_audit_trail_leaves_the_way_free",
    ),
    Mutant(
        "refusals under one key decided anew each time",
        "shared/store/idempotency.py",
        "            if note.refused is not None:\n                return note.refused\n",
        "",
        _RACES + "test_a_request_for_all_whose_equal_decided_otherwise_gives_its_places_back",
    ),
    Mutant(
        "end told by whoever comes along",
        "shared/pipeline/leg/run_leg.py",
        "    if lease is None:\n",
        "    if lease is None and run.status.is_ended:\n"
        "        return await _finish(run, resources, [])\n"
        "    if lease is None:\n",
        "tests/pipeline/watching/test_report.py::"
        "test_a_tick_and_a_doubled_message_that_come_just_then_do_not_tell_the_end_again",
    ),
    Mutant(
        "successor of a run whose files changed not named",
        "shared/pipeline/leg/leg.py",
        "replace(run, ending=ending, next_run_id=following)",
        "replace(run, ending=ending)",
        "tests/pipeline/leg/test_source_changed.py::test_a_segment_written_anew_ends_the_run_and_one_fresh_run_follows",
    ),
    Mutant(
        "messages of a tick dropped when storage fails in its middle",
        "shared/control/tick.py",
        "if self._failures and not self._wake_ups:",
        "if self._failures:",
        "tests/control/test_tick_markers.py::test_what_a_tick_has_gathered_is_sent_though_storage_fails_in_its_middle",
    ),
    Mutant(
        "lost race answered as if nobody had named a version",
        "shared/api/http/request.py",
        'if "if-match" in self.headers or',
        'if "if-match" in () or',
        "tests/api/exports/test_removing_exports.py::test_an_export_that_somebody_changes_while_it_is_removed_stays",
    ),
    Mutant(
        "runs stopped before it is known that their export goes",
        "shared/control/exports/remove_export.py",
        "    await store.forget_export(export_id, etag=version.etag)\n",
        "    await stop_runs(store, export_id, by=author, why=why, now=clock.now())\n"
        "    await store.forget_export(export_id, etag=version.etag)\n",
        "tests/api/exports/test_removing_exports.py::test_an_export_that_somebody_changes_while_it_is_removed_stays",
    ),
)

IN_NEW_DATA = (
    Mutant(
        "run of new data for a state that was served",
        _STARTER,
        "served.has(state) or ",
        "False or ",
        _STARTED + "test_new_data_starts_one_run_and_no_second_one",
    ),
    Mutant(
        "run of new data drawn anew by each tick",
        _STARTER,
        "wanted = served.wanted if served.wanted and served.wanted.state == state else None",
        "wanted = None",
        _STARTED + "test_a_tick_that_was_cut_off_after_it_had_fixed_the_run_leaves_that_run_to_the_next_tick",
    ),
    Mutant(
        "run of new data made before its id is fixed",
        _STARTER,
        "return wanted if await self._store.served.want(export_id, wanted, over=served) else None",
        "return wanted",
        _STARTED + "test_a_run_that_failed_before_the_tick_could_note_it_is_not_made_again",
    ),
    Mutant(
        "older dated folder taken for new data",
        _STARTER,
        " or await self._is_older_than_the_last(export)",
        "",
        _STARTED + "test_an_older_folder_starts_nothing_when_the_newest_one_is_gone",
    ),
    Mutant(
        "state that was there at the save taken for new",
        _STARTER,
        "if served.begun_at is not None and",
        "if served.begun_at is None and",
        _SAVED + "test_an_export_that_ran_and_begins_to_wait_runs_only_for_what_comes_after_that",
    ),
    Mutant(
        "state that came after the save taken for old",
        _STARTER,
        "look.written <= begun_at",
        "look.written",
        _SAVED + "test_what_comes_between_the_save_and_the_next_look_is_new",
    ),
    Mutant(
        "state that failed to start not served",
        _STARTER,
        "        await store.served.serve(export.id, state, run.id)\n        return None if run",
        "        return None if run",
        _STARTED + "test_a_run_that_failed_serves_so_that_it_is_not_repeated",
    ),
    Mutant(
        "exports that were not reached left for five minutes",
        _STARTING,
        "at=known[name].at - LOOK_EVERY",
        "at=known[name].at",
        _LOOKED + "test_exports_that_could_not_be_started_are_looked_at_again_by_the_next_tick",
    ),
    Mutant(
        "segment of many exports looked at for each",
        _LOOKING,
        "for each in dict.fromkeys(segments) if",
        "for each in segments if",
        _LOOKED + "test_a_segment_of_many_exports_is_listed_once_a_look",
    ),
    Mutant(
        "segments seen last looked at first",
        _LOOKING,
        "looks[each].at.timestamp() if each in looks else 0.0",
        "-looks[each].at.timestamp() if each in looks else 0.0",
        _LOOKED + "test_a_slow_storage_bounds_the_looks_of_a_tick_and_the_next_tick_begins_with_the_rest",
    ),
    Mutant(
        "quiet files taken for complete at first sight",
        _SEEN,
        "now - since >= quiet)",
        "True)",
        _STARTED + "test_what_is_only_quiet_must_be_the_same_in_two_looks_so_far_apart",
    ),
    Mutant(
        "looks at changing files taken for looks at the same",
        _SEEN,
        "before.digest == state.digest and",
        "",
        _STARTED + "test_what_is_only_quiet_must_be_the_same_in_two_looks_so_far_apart",
    ),
    Mutant(
        "trial taken for a run when an export begins to wait",
        _BEGINNING,
        "run.limit is not None or ",
        "",
        _SAVED + "test_a_trial_before_is_no_run",
    ),
    Mutant(
        "change of the name serves what is there",
        _BEGINNING,
        "    if before and before.waits_for_data and {*before.segments} == {*export.segments}:\n        return\n",
        "",
        _SAVED + "test_a_change_of_the_name_costs_no_state_and_other_segments_begin_anew",
    ),
    Mutant(
        "trial serves the state that it has read",
        "shared/pipeline/plan/plan_phase.py",
        " and run.limit is None and",
        " and",
        _STARTED + "test_a_trial_of_a_few_rows_serves_nothing",
    ),
    Mutant(
        "plan serves no state",
        "shared/pipeline/plan/plan_phase.py",
        "    if isinstance(export.schedule, OnNewData) and",
        "    if False and",
        _STARTED + "test_a_run_by_hand_that_has_read_the_state_serves_it",
    ),
    Mutant(
        "cancelled run by hand serves",
        "shared/pipeline/leg/run_leg.py",
        'if run.status is RunStatus.CANCELLED and run.trigger == "http":',
        "if False:",
        _STARTED + "test_a_run_by_hand_that_was_cancelled_serves_nothing_and_one_of_new_data_is_not_made_again",
    ),
    Mutant(
        "cancelled run of new data made again",
        "shared/pipeline/leg/run_leg.py",
        ' and run.trigger == "http":',
        ":",
        _STARTED + "test_a_run_by_hand_that_was_cancelled_serves_nothing_and_one_of_new_data_is_not_made_again",
    ),
)
