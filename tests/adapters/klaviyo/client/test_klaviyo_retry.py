"""When a request is tried again, and when it is enough."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.klaviyo.client.retry import RetryPolicy

POLICY = RetryPolicy()


def waits(policy: RetryPolicy, *, asked: float | None = None, draw: float = 1.0) -> list[float]:
    """Return the waits of a request whose every attempt fails at once."""
    found = list[float]()
    while (wait := policy.wait(len(found) + 1, elapsed=sum(found), asked=asked, draw=lambda: draw)) is not None:
        found.append(wait)
    return found


def test_waits_double() -> None:
    assert waits(POLICY) == [0.5, 1.0, 2.0, 4.0, 8.0]


def test_waits_have_a_ceiling() -> None:
    assert waits(RetryPolicy(max_attempts=12, max_seconds=1_000.0))[-3:] == [30.0, 30.0, 30.0]


def test_chance_spreads_waits_over_their_upper_half() -> None:
    assert waits(POLICY, draw=0.0) == [0.25, 0.5, 1.0, 2.0, 4.0]
    dice = random.Random(7)  # noqa: S311 - a test, seeded
    drawn = {POLICY.wait(3, elapsed=0, asked=None, draw=dice.random) for _ in range(50)}
    assert len(drawn) == 50
    assert all(wait is not None and 1.0 <= wait <= 2.0 for wait in drawn)


def test_the_wait_that_klaviyo_asks_for_is_kept_to_the_second() -> None:
    assert waits(POLICY, asked=7.0, draw=0.0) == [7.0] * 5


def test_a_wait_that_ends_too_late_is_not_begun() -> None:
    assert POLICY.wait(1, elapsed=0.0, asked=180.0, draw=lambda: 1.0) == 180.0
    assert POLICY.wait(1, elapsed=0.1, asked=180.0, draw=lambda: 1.0) is None
    assert POLICY.wait(1, elapsed=0.0, asked=181.0, draw=lambda: 1.0) is None


@given(
    attempts=st.integers(1, 10),
    seconds=st.floats(0, 500),
    asked=st.none() | st.floats(1, 500),
    draw=st.floats(0, 1),
)
def test_attempts_and_total_time_have_ends(attempts: int, seconds: float, asked: float | None, draw: float) -> None:
    found = waits(RetryPolicy(attempts, seconds), asked=asked, draw=draw)
    assert len(found) < attempts
    assert sum(found) <= seconds + 1e-9


@pytest.mark.parametrize("elapsed", [179.4, 179.6])
def test_time_that_attempts_took_counts_as_well(elapsed: float) -> None:
    assert (POLICY.wait(1, elapsed=elapsed, asked=None, draw=lambda: 1.0) is None) is (elapsed > 179.5)
