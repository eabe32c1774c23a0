"""Whatever somebody writes into a file, no customer is made up, mixed with another one, or lost without a word.

``make soak`` reads a million files like these, which were never read before.
"""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generated_files.made import Made
from tests.generated_files.made_csv import made_csv
from tests.generated_files.made_json import made_json
from tests.generated_files.promises import broken_promises

EXAMPLES = 300


@pytest.mark.parametrize("make", [made_csv, made_json])
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)  # what was never read before is for make soak
@given(st.integers(0, 2**32))
def test_every_promise_is_kept_for_every_file(make: Callable[[Random], Made], seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up files are no secret
    _, broken = broken_promises(make(random), random)
    assert broken == []


def test_the_files_are_of_all_kinds() -> None:
    """A generator that makes only files that are refused, or only easy ones, proves nothing."""
    random = Random(1)  # noqa: S311 - as above
    files = [make(random) for make in (made_csv, made_json) for _ in range(EXAMPLES)]
    found = [broken_promises(file, random)[0] for file in files]

    share = 2 * EXAMPLES / 10
    assert sum(bool(file.sure) for file in files) > 2 * share
    assert sum(not each.refused for each in found) > 7 * share
    assert sum(bool(each.refused) for each in found) > share / 4
    assert {"ndjson", "json", "csv"} == {each.dialect.format.value for each in found if each.dialect}
    assert sum(each.dialect.is_packed for each in found if each.dialect) > share / 4
    reasons = {getattr(row, "reason", "") for each in found for _, row in each.rows}
    assert {"", "unclosed_quote", "stray_quote", "too_few_fields", "too_many_fields", "not_json"} <= reasons
