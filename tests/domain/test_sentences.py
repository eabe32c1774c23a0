"""Sentences for people: their words go by the numbers in them, and their values stay what they are."""

import pytest

from shared.domain.sentences import Value, say

TEXT = "{jobs:,} import {jobs:job|jobs} {jobs:has|have} not ended."


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        (0, "0 import jobs have not ended."),
        (1, "1 import job has not ended."),
        (2, "2 import jobs have not ended."),
        (1_000, "1,000 import jobs have not ended."),
    ],
)
def test_a_word_goes_by_its_number(jobs: int, told: str) -> None:
    sentence = say("jobs_open", TEXT, jobs=jobs)
    assert (sentence.detail, sentence.params) == (told, {"jobs": jobs})
    assert type(sentence.params["jobs"]) is int


@pytest.mark.parametrize(("value", "told"), [(1, "1"), (0.5, "0.5"), (True, "True"), (None, "None"), ("a|b", "a|b")])
def test_other_values_stand_as_they_are(value: Value, told: str) -> None:
    assert say("told", "{value}", value=value).detail == told
