"""Faults in what the mapping makes of values, and in how this is counted."""

from tests.mutants.mutant import Mutant

_VALUES = "tests/domain/profiles/test_values_of_rows.py::"
_SORTER = "tests/domain/profiles/test_sorter.py::"
_PHONES = "tests/domain/profiles/test_phone_readings.py::"
_LINES = "tests/pipeline/export/test_noted_lines.py::test_two_legs_count_what_one_leg_counts"

IN_VALUES = (
    Mutant(
        "identifier of an earlier row sent again",
        "shared/domain/profiles/sorter.py",
        "                shared.setdefault(places[known], []).append(name)\n",
        "                pass\n",
        _SORTER + "test_an_identifier_belongs_to_the_first_row_that_is_sent_with_it",
    ),
    Mutant(
        "identifier claimed by a row that is not sent",
        "shared/domain/profiles/sorter.py",
        "if value is not None and place not in unsent]",
        "if value is not None]",
        _SORTER + "test_an_identifier_belongs_to_the_first_row_that_is_sent_with_it",
    ),
    Mutant(
        "identifier compared before it is tidied",
        "shared/domain/profiles/sorter.py",
        "                values[place] = mapped.get(name)\n",
        "                pass\n",
        _SORTER + "test_a_row_that_is_too_large_claims_no_identifier_and_a_tidied_one_is_the_same",
    ),
    Mutant(
        "word for nothing sent as an identifier",
        "shared/domain/profiles/cleaners.py",
        "            elif is_identifier and text in EMPTY_WORDS:\n",
        "            elif False:\n",
        _VALUES + "test_a_word_for_nothing_is_sent_and_noted_but_is_no_identifier",
    ),
    Mutant(
        "word for nothing sent as an identifier the short way",
        "shared/domain/profiles/external_ids.py",
        " or not odd.isdisjoint(texts)",
        "",
        "tests/domain/profiles/test_external_ids.py::test_one_identifier_that_needs_a_look_sends_all_the_long_way",
    ),
    Mutant(
        "null of a database sent",
        "shared/domain/profiles/texts.py",
        'frozenset({"", NO_VALUE, *',
        'frozenset({"", *',
        _VALUES + "test_a_null_of_a_database_is_no_value_anywhere",
    ),
    Mutant(
        "decimals of a phone number taken for digits",
        "shared/domain/profiles/phone.py",
        "    if tail := _ZERO_TAIL(text):\n",
        "    if tail := None:\n",
        _PHONES + "test_a_tail_of_zeros_behind_digits_goes_and_points_between_groups_stay",
    ),
    Mutant(
        "digits of a phone number made up behind an exponent",
        "shared/domain/profiles/numbers.py",
        "    if exponent > len(fraction):\n        raise",
        '    fraction = fraction.ljust(exponent, "0")\n    if False:\n        raise',
        _PHONES + "test_an_exponent_is_read_when_it_has_all_digits",
    ),
    Mutant(
        "country code of the region taken for an area code",
        "shared/domain/profiles/phone.py",
        "    if is_own and len(mobile) == 1:\n        return mobile[0]\n",
        "    if is_own and len(mobile) == 1:\n        return national\n",
        _PHONES + "test_digits_without_a_plus_sign_are_read_as_they_are_meant_or_not_at_all",
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
        "shared/domain/profiles/row_mapper.py",
        "        into.update(rules.constants)\n",
        "",
        _VALUES + "test_a_constant_is_in_each_profile",
    ),
    Mutant(
        "number with a comma guessed",
        "shared/domain/profiles/numbers.py",
        "if mark == own else None",
        "if mark else None",
        "tests/domain/profiles/test_numbers.py::test_a_number_is_read_where_there_is_one_way_to_read_it",
    ),
    Mutant(
        "control characters looked for in vain",
        "shared/domain/profiles/sorter.py",
        "        places = needing_care(good.profiles)\n",
        "        places: list[int] = []\n",
        _VALUES + "test_control_characters_are_dropped_and_counted",
    ),
    Mutant(
        "what was noted about a value counted for a row that is not sent",
        "shared/domain/profiles/sorter.py",
        "sorted(each for each in noted if type(outcomes[each.row]) is bytes)",
        "sorted(noted)",
        _SORTER + "test_values_that_cannot_be_sent_are_named_with_their_row_if_it_is_sent",
    ),
    Mutant(
        "notes before the checkpoint counted again on replay",
        "shared/pipeline/export/export_segment.py",
        "        return replace(rest, notes=()) if self._left else rest",
        "        return rest",
        _LINES,
    ),
    Mutant(
        "notes behind a batch counted in two batches",
        "shared/domain/batches/batcher.py",
        "            self._behind = ValueNotes()\n        for",
        "        for",
        _LINES,
    ),
    Mutant(
        "notes behind the last row forgotten",
        "shared/domain/batches/batcher.py",
        "            if noted.row == end:\n",
        "            if False:\n",
        _LINES,
    ),
    Mutant(
        "notes of earlier legs forgotten",
        "shared/pipeline/export/checkpointer.py",
        "notes = with_notes(run.notes, advance.notes)",
        "notes = with_notes((), advance.notes)",
        "tests/pipeline/export/test_replay.py::test_a_run_of_many_legs_ends_as_a_run_of_one_leg_and_sends_nothing_twice",
    ),
    Mutant(
        "sign of Excel's before an e-mail address sent",
        "shared/domain/profiles/email.py",
        "unguarded(without_invisible(value).strip().lower()).strip()",
        "without_invisible(value).strip().lower()",
        "tests/domain/profiles/test_email.py::test_a_good_address_is_taken_in_its_normal_form",
    ),
)
