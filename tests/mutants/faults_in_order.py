"""Faults in what is done and in which order: window, checkpoint, replay; and in columns of values."""

from tests.mutants.mutant import Mutant

_VALUES = "tests/domain/profiles/test_values_of_rows.py::"
_SORTER = "tests/domain/profiles/test_sorter.py::"
_PAGES = "tests/domain/profiles/test_page_mapper.py::"
_PHONES = "tests/domain/profiles/test_phone_readings.py::"

IN_ORDER = (
    Mutant(
        "batches acknowledged out of order",
        "shared/domain/runs/checkpoint.py",
        "while taken := self._early.pop(self._advance.checkpoint.batches + 1, None):",
        "while taken := self._early.pop(min(self._early, default=0), None):",
        "tests/domain/runs/test_checkpoint.py::test_a_batch_ahead_of_its_turn_moves_nothing",
    ),
    Mutant(
        "partial batch dropped at the pause",
        "shared/pipeline/export/export_segment.py",
        "[last] if last is not None else []",
        "[last] if at_end and last is not None else []",
        "tests/pipeline/export/test_replay.py::test_a_leg_whose_time_is_up_at_once_still_takes_new_rows",
    ),
    Mutant(
        "slot given back when the send ends",
        "shared/pipeline/export/send_window.py",
        "self._free += passed",
        "self._free += 1",
        "tests/pipeline/export/test_export_segment.py::test_while_the_first_batch_stalls_others_do_not_pile_up",
    ),
    Mutant(
        "checkpoint before acceptance",
        "shared/pipeline/export/send_window.py",
        "            sent = await self._send_noting(batch) if len(batch) else Sent()\n"
        "            self._tracker.acknowledge(batch, sent)\n"
        "            isolated = sent.isolated\n"
        "            del batch, sent  # they would fill the memory while this task waits to save\n"
        "            passed = await self._checkpointer.save()\n",
        "            self._tracker.acknowledge(batch, Sent())\n"
        "            passed = await self._checkpointer.save()\n"
        "            isolated = (await self._send_noting(batch)).isolated if len(batch) else True\n",
        "tests/pipeline/export/test_replay.py::test_a_leg_that_fails_in_the_middle_repeats_at_most_what_was_in_flight",
    ),
    Mutant(
        "checkpoint goes on after one that was not saved",
        "shared/pipeline/export/checkpointer.py",
        "self._failure = error",
        "self._failure = None",
        "tests/pipeline/export/test_checkpoints.py::test_after_a_checkpoint_that_could_not_be_saved_nothing_more_counts",
    ),
    Mutant(
        "parts of a leg written over each other",
        "shared/pipeline/export/checkpointer.py",
        "return run.parts.get(str(run.legs), 0) + 1",
        "return 1",
        "tests/pipeline/settle/test_end_run.py::test_an_end_that_had_to_be_written_twice_names_each_rejection_once",
    ),
    Mutant(
        "part that the run does not count read all the same",
        "shared/store/run_parts.py",
        "for part in range(1, run.parts[leg] + 1):",
        "for part in range(1, run.parts[leg] + 2):",
        "tests/pipeline/export/test_checkpoints.py::test_a_part_of_a_leg_that_was_overtaken_counts_for_nothing",
    ),
    Mutant(
        "row that is too large claims its identifier in a replay",
        "shared/domain/profiles/mappers/page_mapper.py",
        "and not self._small.hold(_given(rows, self._sources))",
        "and False",
        "tests/domain/profiles/test_sorter.py::test_rows_that_are_learned_are_remembered_as_rows_that_are_sorted",
    ),
    Mutant(
        "guarded identifier not tidied in a replay",
        "shared/domain/profiles/mappers/page_mapper.py",
        "None if is_odd or may_need_care(self._encode(dict(zip(names, values, strict=True)))) else values",
        "None if is_odd else values",
        "tests/domain/profiles/test_sorter.py::test_rows_that_are_learned_are_remembered_as_rows_that_are_sorted",
    ),
    Mutant(
        "rows counted again on replay",
        "shared/pipeline/export/export_segment.py",
        "replay = Replay(run.checkpoint.row, sorter)",
        "replay = Replay(0, sorter)",
        "tests/pipeline/export/test_replay.py::test_a_leg_that_fails_in_the_middle_repeats_at_most_what_was_in_flight",
    ),
    Mutant(
        "tally begun anew by the next leg",
        "shared/pipeline/export/export_segment.py",
        "tracker = CheckpointTracker(run.checkpoint, run.tally)",
        "tracker = CheckpointTracker(run.checkpoint, type(run.tally)())",
        "tests/pipeline/export/test_replay.py::test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice",
    ),
    Mutant(
        "duplicates forgotten at replay",
        "shared/pipeline/export/export_segment.py",
        "        self._sorter.learn(done.rows, done.longest_bytes)\n",
        "",
        "tests/pipeline/export/test_replay.py::test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice",
    ),
    Mutant(
        "rejections written twice on replay",
        "shared/pipeline/export/export_segment.py",
        "            batches = batches_of(replay.new_rows(page), sorter, brake, batcher)\n",
        "            again = SortedPage.of(page, sorter.sort(page.head(replay._left).rows), first_row=1)\n"
        "            batcher._rejections += [rejection for _, rejection in again.rejections]\n"
        "            batches = batches_of(replay.new_rows(page), sorter, brake, batcher)\n",
        "tests/pipeline/export/test_replay.py::test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice",
    ),
    Mutant(
        "values left out counted again on the next page",
        "shared/domain/profiles/mappers/page_mapper.py",
        "        self._notes = []\n        given",
        "        given",
        "tests/pipeline/export/test_replay.py::test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice",
    ),
    Mutant(
        "checkpoint of another reader trusted",
        "shared/pipeline/export/export_phase.py",
        "    _check_reader(plan, context.run)\n",
        "",
        "tests/pipeline/leg/test_source_changed.py::"
        "test_a_run_whose_rows_another_reader_has_counted_ends_and_one_fresh_run_follows",
    ),
    Mutant(
        "long way back begun before Klaviyo answers",
        "shared/pipeline/export/export_phase.py",
        "        await known_account(sink, plan.account_id, plan.secret_name)\n"
        "        await sink.list_details(plan.list_id)\n",
        "        pass\n",
        "tests/pipeline/export/test_replay.py::test_before_it_replays_a_leg_makes_sure_that_klaviyo_answers",
    ),
    Mutant(
        "brake not judged over all legs",
        "shared/pipeline/export/export_segment.py",
        "rejected=run.tally.rejected, ",
        "rejected=0, ",
        "tests/pipeline/export/test_brakes.py::test_rejections_of_an_earlier_leg_count_for_the_share",
    ),
    Mutant(
        "rows of earlier legs not counted for max_rows",
        "shared/pipeline/export/export_segment.py",
        "read=run.checkpoint.row, rejected",
        "read=0, rejected",
        "tests/pipeline/export/test_brakes.py::test_limits_go_by_all_legs_of_a_run",
    ),
    Mutant(
        "batch that waits sent although the brake was pulled",
        "shared/pipeline/export/export_segment.py",
        "        brake.check()  # Klaviyo may have refused too many rows since the batch was cut\n",
        "",
        "tests/pipeline/export/test_brakes.py::"
        "test_rows_that_klaviyo_refuses_count_for_the_share_and_stop_the_batch_that_waits",
    ),
    Mutant(
        "first batches sent before the brake has judged",
        "shared/domain/batches/held_batches.py",
        "while self._waiting and not self._brake.holds_back:",
        "while self._waiting:",
        "tests/pipeline/export/test_brakes.py::test_nothing_is_sent_before_the_first_rows_are_judged",
    ),
    Mutant(
        "16 MB of waiting rows not judged",
        "shared/domain/runs/brake.py",
        " or self._waiting_bytes >= MAX_WAITING_BYTES",
        "",
        "tests/domain/runs/test_brake.py::test_profiles_and_rejections_that_fill_16_mb_are_judged_before_10_000_rows",
    ),
    Mutant(
        "source smaller than 10,000 rows not judged at its end",
        "shared/domain/runs/brake.py",
        "            raise self._pulled(breach)\n        self._judge(all_along=True)",
        "            raise self._pulled(breach)\n        self.holds_back = False",
        "tests/pipeline/export/test_brakes.py::"
        "test_the_share_of_rejected_rows_is_judged_at_10_000_rows_or_at_the_end_of_a_smaller_source",
    ),
    Mutant(
        "rejections before the checkpoint named twice when the brake is pulled",
        "shared/pipeline/export/export_phase.py",
        " if row > run.checkpoint.row]",
        "]",
        "tests/pipeline/export/test_brakes.py::test_of_rejections_before_and_behind_the_checkpoint_each_is_named_once",
    ),
    Mutant(
        "first rows of a segment judged by min_rows",
        "shared/pipeline/export/export_segment.py",
        "is_whole=at_end and batcher.next_row - 1 != plan.limit",
        "is_whole=at_end",
        "tests/pipeline/export/test_brakes.py::test_a_run_of_the_first_rows_only_is_not_judged_by_min_rows",
    ),
    Mutant(
        "slot counted as missed although its run began",
        "shared/control/missed_slots.py",
        "        slots = slots[1:]\n",
        "        pass\n",
        "tests/control/test_missed_slots.py::test_a_slot_whose_run_began_before_the_outage_is_none_that_was_missed",
    ),
    Mutant(
        "slots counted without end",
        "shared/domain/config/schedule.py",
        "while slot is not None and len(slots) < most:",
        "while slot is not None:",
        "tests/control/test_missed_slots.py::test_no_more_slots_than_so_many_are_counted",
    ),
    Mutant(
        "slot too late to run forgotten",
        "shared/control/tick.py",
        "missed.append(slot)",
        "pass",
        "tests/control/test_tick.py::test_a_slot_that_was_missed_for_too_long_is_left_out",
    ),
)

IN_COLUMNS = (
    Mutant(
        "decimals of a phone number taken for digits",
        "shared/domain/profiles/phone.py",
        "    if tail := _ZERO_TAIL(text):\n",
        "    if tail := None:\n",
        _PHONES + "test_a_tail_of_zeros_behind_digits_goes_and_points_between_groups_stay",
    ),
    Mutant(
        "country code of the region taken for an area code",
        "shared/domain/profiles/phone.py",
        "    if is_own and len(mobile) == 1:\n        return mobile[0]\n",
        "    if is_own and len(mobile) == 1:\n        return national\n",
        _PHONES + "test_digits_without_a_plus_sign_are_read_as_they_are_meant_or_not_at_all",
    ),
    Mutant(
        "phone number with digits too many taken among many",
        "shared/domain/profiles/e164.py",
        "(?:{_pattern(each, end=_LINE_END)})",
        "(?:{_pattern(each, end='')})[0-9]*",
        "tests/domain/profiles/test_phone.py::test_the_numbers_of_a_country_that_was_met_are_found_together",
    ),
    Mutant(
        "phone number written at home read where a zero is no sign of it",
        "shared/domain/profiles/phone.py",
        '== ("0", "0")\n    least',
        '!= ("", "")\n    least',
        "tests/domain/profiles/test_phone.py::test_a_number_that_people_write_at_home_is_read_as_the_library_does",
    ),
    Mutant(
        "phone number that is no valid one taken for its neighbour",
        "shared/domain/profiles/e164.py",
        'index += lines.count("\\n", at, end)',
        'index += lines.count("+", at, end + 1)',
        "tests/domain/profiles/test_phone.py::test_the_numbers_of_a_country_that_was_met_are_found_together",
    ),
    Mutant(
        "phone number that can be two guessed",
        "shared/domain/profiles/phone.py",
        "    if is_own or mobile:\n",
        "    if False:\n",
        _PHONES + "test_digits_without_a_plus_sign_are_read_as_they_are_meant_or_not_at_all",
    ),
    Mutant(
        "constant missing",
        "shared/domain/profiles/mappers/profile_form.py",
        "        return repr(rule.value) if rule.column is None else self",
        '        return "None" if rule.column is None else self',
        _VALUES + "test_a_constant_is_in_each_profile",
    ),
    Mutant(
        "value of one row sent for another where a row before it was refused",
        "shared/domain/profiles/mappers/good_rows.py",
        "some(self.indexes), some(self.rows), some(self.emails)",
        "some(self.indexes), some(self.rows), self.emails[: len(kept)]",
        _SORTER + "test_each_row_has_its_outcome_in_its_place",
    ),
    Mutant(
        "number left out of a page of numbers",
        "shared/domain/profiles/mappers/columns.py",
        "return given if set(map(type, given)) == {self._as_it_is} else",
        "return [None] * len(given) if set(map(type, given)) == {self._as_it_is} else",
        _PAGES + "test_a_page_of_numbers_is_sent_as_numbers",
    ),
    Mutant(
        "word for nothing sent as a text in a page of good ones, without a note",
        "shared/domain/profiles/mappers/columns.py",
        " or not self._odd.isdisjoint(texts)",
        "",
        _PAGES + "test_a_page_becomes_what_its_rows_become_one_by_one",
    ),
    Mutant(
        "empty group of attributes sent",
        "shared/domain/profiles/mappers/profile_form.py",
        'f"if group: profile[',
        'f"profile[',
        "tests/domain/profiles/test_row_mapper.py::test_what_a_row_does_not_have_is_not_there",
    ),
    Mutant(
        "name of an attribute read as code",
        "shared/domain/profiles/mappers/profile_form.py",
        'f"{rule.name!r}: {value}"',
        "f\"'{rule.name}': {value}\"",
        _PAGES + "test_whatever_a_name_or_a_constant_of_a_mapping_has_in_it_stays_text",
    ),
)
