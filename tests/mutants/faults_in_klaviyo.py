"""Faults in what goes to Klaviyo, over which key, how fast, and in what is said of it."""

from tests.mutants.mutant import Mutant

IN_KLAVIYO = (
    Mutant(
        "retries outside of the pace",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "            await self._clock.sleep(wait)\n",
        "            await self._clock.sleep(wait)\n"
        "            request = replace(request, rate=replace(request.rate, per_second=1_000, per_minute=60_000))\n",
        "tests/adapters/klaviyo/client/test_klaviyo_outages.py::test_every_attempt_pays_its_pace",
    ),
    Mutant(
        "retry-after ignored",
        "shared/adapters/klaviyo/client/retry.py",
        "wait = asked if asked is not None else doubled * (0.5 + draw() / 2)",
        "wait = doubled * (0.5 + draw() / 2)",
        "tests/adapters/klaviyo/client/test_klaviyo_retry.py::test_the_wait_that_klaviyo_asks_for_is_kept_to_the_second",
    ),
    Mutant(
        "429 of one request does not hold the others",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "            pace.hold(outcome.asked or 1.0)\n",
        "            pass\n",
        "tests/adapters/klaviyo/client/test_klaviyo_outages.py::test_a_429_holds_the_other_requests_to_its_endpoint_only",
    ),
    Mutant(
        "retries without an end",
        "shared/adapters/klaviyo/client/retry.py",
        "        if failures >= self.max_attempts:\n            return None\n",
        "",
        "tests/adapters/klaviyo/client/test_klaviyo_retry.py::test_attempts_and_total_time_have_ends",
    ),
    Mutant(
        "bodies end in a bunch",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "    await before_last()\n",
        "",
        "tests/adapters/klaviyo/client/test_klaviyo_pace.py::test_the_end_of_a_body_waits_for_its_turn",
    ),
    Mutant(
        "what the leg before has sent not counted",
        "shared/adapters/klaviyo/client/pace.py",
        "        self._count(left)\n        self._shared",
        "        self._shared",
        "tests/adapters/klaviyo/client/test_klaviyo_first_answer.py::"
        "test_whoever_goes_on_from_a_leg_that_was_alone_waits_for_no_answer_and_counts_its_requests",
    ),
    Mutant(
        "another process of ours taken for another program",
        "shared/adapters/klaviyo/client/pace.py",
        "        self._shared.count_ours(len(left))\n",
        "",
        "tests/adapters/klaviyo/client/test_klaviyo_shared_account.py::"
        "test_a_process_that_has_the_account_again_counts_nothing_twice_and_forgets_nothing",
    ),
    Mutant(
        "account that another program uses taken for an idle one",
        "shared/pipeline/plan/target_check.py",
        "is_idle = newest is None or newest.created_at + IDLE < clock.now()",
        "is_idle = True",
        "tests/pipeline/plan/test_target_check.py::"
        "test_a_run_begins_at_full_pace_only_where_nobody_has_imported_lately",
    ),
    Mutant(
        "leg that was not alone taken for one that was",
        "shared/adapters/klaviyo/client/pace.py",
        "        if use.is_alone:\n",
        "        if use.ago:\n",
        "tests/adapters/klaviyo/client/test_klaviyo_first_answer.py::"
        "test_a_leg_that_was_not_alone_or_sent_nothing_lately_leaves_nothing_to_go_on_from",
    ),
    Mutant(
        "own use of the account counted twice",
        "shared/adapters/klaviyo/client/pace.py",
        "self.left[-1] + SAME if self.left else -math.inf",
        "-math.inf",
        "tests/adapters/klaviyo/client/test_klaviyo_shared_account.py::"
        "test_a_process_that_had_the_account_itself_counts_nothing_twice",
    ),
    Mutant(
        "leg that lost the account notes its use over the next holder",
        "shared/store/order/account_turns.py",
        "            if there is not None and _names(there.value, run):\n",
        "            if there is not None:\n",
        "tests/store/test_turns.py::test_a_leg_that_lost_the_account_notes_nothing_over_the_next_holder",
    ),
    Mutant(
        "window full of batches that wait for their turn",
        "shared/pipeline/export/send_window.py",
        "(self._free == 0 or len(self._ready) >= READY)",
        "self._free == 0",
        "tests/pipeline/export/test_export_segment.py::"
        "test_few_batches_wait_for_their_turn_however_large_the_window_is",
    ),
    Mutant(
        "what others leave of the quota not heeded",
        "shared/adapters/klaviyo/client/pace.py",
        "self._shared.come_back(left_at, quota, self._clock.monotonic())",
        "self._shared.come_back(left_at, None, self._clock.monotonic())",
        "tests/adapters/klaviyo/client/test_klaviyo_quota.py::test_when_others_have_left_nothing_the_reset_is_waited_for",
    ),
    Mutant(
        "two keys of one account at a pace of their own",
        "shared/adapters/klaviyo/account.py",
        "        if self._client.key.account_id == account.id:\n",
        "        if False:\n",
        "tests/adapters/klaviyo/client/test_klaviyo_shared_account.py::"
        "test_two_keys_of_one_account_share_its_pace_as_soon_as_klaviyo_has_named_it",
    ),
    Mutant(
        "key of another account accepted at the start",
        "shared/pipeline/watching/account_check.py",
        "if expected is not None and account.id != expected:",
        "if False:",
        "tests/pipeline/plan/test_plan_run.py::"
        "test_a_key_that_leads_to_another_account_ends_the_run_before_anything_is_sent",
    ),
    Mutant(
        "key of another account accepted in mid-run",
        "shared/adapters/klaviyo/client/account_key.py",
        "if self.account_id not in (None, account_id):",
        "if False:",
        "tests/adapters/klaviyo/client/test_klaviyo_exchanged_keys.py::test_nothing_goes_over_a_key_of_another_account",
    ),
    Mutant(
        "exchanged key not read anew",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "fresh = await self.key.read(fresh=True)",
        "fresh = key",
        "tests/adapters/klaviyo/client/test_klaviyo_keys.py::"
        "test_a_key_that_was_exchanged_is_read_anew_and_the_request_goes_on",
    ),
    Mutant(
        "import that stayed without an answer not told",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "            if outcome.lost:\n",
        "            if False:\n",
        "tests/adapters/klaviyo/imports/test_klaviyo_half_way.py::"
        "test_an_import_that_stays_without_an_answer_is_told_as_one_that_may_be_there",
    ),
    Mutant(
        "what was taken of a batch that broke off forgotten",
        "shared/adapters/klaviyo/batch_delivery.py",
        "        self.collector.add(Receipt(job.job_id, job.created_at, len(indexes), self._spans(indexes)))\n",
        "        pass\n",
        "tests/adapters/klaviyo/imports/test_klaviyo_half_way.py::"
        "test_the_half_that_was_taken_is_told_when_the_other_half_fails",
    ),
    Mutant(
        "request that was under way when it was cut off forgotten",
        "shared/adapters/klaviyo/batch_delivery.py",
        "        except asyncio.CancelledError:\n            self._outcome.lose(indexes)\n            raise\n",
        "        except asyncio.CancelledError:\n            raise\n",
        "tests/adapters/klaviyo/imports/test_klaviyo_delivery.py::"
        "test_isolation_that_is_cut_off_tells_what_was_taken_and_which_request_was_under_way",
    ),
    Mutant(
        "isolation without a bound on the batch",
        "shared/adapters/klaviyo/batch_delivery.py",
        "return self._requests <= MAX_EXTRA_REQUESTS_A_BATCH and self._budget.take()",
        "return self._budget.take()",
        "tests/adapters/klaviyo/imports/test_klaviyo_delivery.py::test_more_than_the_bound_are_not_isolated",
    ),
    Mutant(
        "isolation without a bound on the run",
        "shared/pipeline/export/export_segment.py",
        "budget = IsolationBudget(run.isolation_requests)",
        "budget = IsolationBudget()",
        "tests/pipeline/export/test_export_segment.py::"
        "test_the_extra_requests_of_a_run_are_counted_over_its_legs_and_have_an_end",
    ),
    Mutant(
        "one bad row costs its whole batch",
        "shared/adapters/klaviyo/batch_delivery.py",
        "            self._to_send.append(rest)\n",
        "            self._outcome.reject_rest([rest])\n",
        "tests/adapters/klaviyo/imports/test_klaviyo_delivery.py::"
        "test_rows_that_a_400_names_are_rejected_and_the_rest_is_sent_once_more",
    ),
    Mutant(
        "refused value costs the customer",
        "shared/adapters/klaviyo/batch_delivery.py",
        "if (error := self._profiles.take_out(indexes[position], found)) is not None:",
        "if error := found[0]:",
        "tests/adapters/klaviyo/imports/test_klaviyo_refused_values.py::"
        "test_a_refused_value_is_left_out_and_costs_one_request",
    ),
    Mutant(
        "refused value left out and not counted",
        "shared/adapters/klaviyo/batch_delivery.py",
        "left_out = tuple(self.profiles.left_out())",
        "left_out = ()",
        "tests/contracts/test_sending_contract.py::"
        "test_values_that_are_refused_are_left_out_and_their_rows_go_without_them[klaviyo]",
    ),
    Mutant(
        "refused value left out without a bound",
        "shared/adapters/klaviyo/sent_profiles.py",
        "if path is None or trimmed.refused >= MAX_TAKEN_OUT:",
        "if path is None:",
        "tests/adapters/klaviyo/imports/test_klaviyo_refused_values.py::"
        "test_a_profile_of_which_too_much_is_refused_is_rejected",
    ),
    Mutant(
        "row that is refused after all counted as sent without a value",
        "shared/adapters/klaviyo/batch_delivery.py",
        "        self.profiles.forget(index)\n",
        "",
        "tests/adapters/klaviyo/imports/test_klaviyo_refused_values.py::"
        "test_a_value_that_is_refused_although_it_is_gone_costs_the_row_which_shows_all_it_had",
    ),
    Mutant(
        "request of more than 5,000,000 bytes",
        "shared/adapters/klaviyo/import_body.py",
        'return MAX_BODY_BYTES - sum(map(len, import_body(b"", list_id)))',
        "return MAX_BODY_BYTES",
        "tests/adapters/klaviyo/imports/test_import_body.py::test_a_body_may_be_filled_to_the_last_byte",
    ),
    Mutant(
        "commas between profiles not counted",
        "shared/domain/batches/batcher.py",
        "        if sum(map(len, profiles)) + len(profiles) <= free:\n",
        "        if sum(map(len, profiles)) <= free:\n",
        "tests/domain/batches/test_batch.py::test_the_commas_between_profiles_count",
    ),
    Mutant(
        "profiles subscribed along with the import",
        "shared/adapters/klaviyo/profiles.py",
        'return orjson.dumps({"type": "profile", "attributes": attributes})',
        'return orjson.dumps({"type": "profile", "attributes": {**attributes, "subscriptions": {"email": True}}})',
        "tests/adapters/klaviyo/imports/test_import_body.py::test_a_body_is_compact_utf_8",
    ),
    Mutant(
        "e-mail address in an error",
        "shared/adapters/klaviyo/client/klaviyo_answer.py",
        "sorted({error.code for error in errors(self.body)})",
        "sorted({error.detail for error in errors(self.body)})",
        "tests/adapters/klaviyo/client/test_klaviyo_keys.py::test_neither_key_nor_address_is_in_a_log_or_an_error",
    ),
    Mutant(
        "key in a log line",
        "shared/adapters/klaviyo/client/klaviyo_client.py",
        "        outcome = await self._send_checked(request, key)\n        if isinstance(outcome, KlaviyoAnswer)",
        "        outcome = await self._send_checked(request, key)\n"
        '        logger.info("Klaviyo, %s: asked with %s.", request.rate.name, key)\n'
        "        if isinstance(outcome, KlaviyoAnswer)",
        "tests/adapters/klaviyo/client/test_klaviyo_keys.py::test_neither_key_nor_address_is_in_a_log_or_an_error",
    ),
)
