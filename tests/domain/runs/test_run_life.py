"""Samples of how a run came along, and whether it shows life."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from shared.domain.runs.life.run_life import MAX_SAMPLES, Sample, with_sample
from shared.domain.runs.progress import beating, silent_since
from shared.domain.runs.run import Run, RunStatus, Waiting

START = datetime(2026, 11, 23, 6, tzinfo=UTC)
RUN = Run(id="1", export_id="vip", trigger="http", created_at=START, status=RunStatus.EXPORTING)


@pytest.mark.parametrize("seconds", [1, 30, 600])
def test_the_samples_of_a_run_are_few_and_tell_of_all_of_it(seconds: int) -> None:
    samples: tuple[Sample, ...] = ()
    for number in range(2_000):
        samples = with_sample(samples, Sample(START + timedelta(seconds=seconds * number), row=number))
        assert len(samples) <= MAX_SAMPLES
    whole = seconds * 1_999
    assert samples[0].at == START
    assert samples[-1].row >= 1_900
    assert len(samples) >= MAX_SAMPLES / 3
    assert max((after.at - before.at).total_seconds() for before, after in pairwise(samples)) <= whole / 20


def test_samples_a_moment_apart_count_once() -> None:
    one = with_sample((), Sample(START))
    assert with_sample(one, Sample(START + timedelta(seconds=0.5))) == one


def test_a_sign_of_life_adds_what_was_asked_of_klaviyo() -> None:
    run = beating(beating(RUN, START, requests=3), START + timedelta(seconds=5), requests=4, throttled=1)
    assert (run.requests, run.throttled, run.heartbeat_at) == (7, 1, START + timedelta(seconds=5))
    assert [(sample.requests, sample.throttled) for sample in run.samples] == [(3, 0), (7, 1)]
    assert Run.from_document(run.document()) == run


@pytest.mark.parametrize(
    ("run", "since"),
    [
        (RUN, START),
        (replace(RUN, heartbeat_at=START + timedelta(seconds=1)), None),
        (replace(RUN, status=RunStatus.FAILED), None),
        (replace(RUN, waiting=Waiting("account_busy", START, START)), None),
    ],
)
def test_a_run_is_silent_after_a_minute_without_a_sign_of_life(run: Run, since: datetime | None) -> None:
    assert silent_since(run, START + timedelta(seconds=60)) == since
