"""Faults at the gate: who may start a run, and who goes first."""

from tests.mutants.mutant import Mutant

_RACES = "tests/control/runs/test_races.py::"

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
        "        return await _finish(run, resources)\n"
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
