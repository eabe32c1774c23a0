"""Documents that the app has written and that somebody has damaged since."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import given

from shared.domain.config.export_limits import Limits
from shared.domain.config.mapping import Mapping
from shared.domain.errors import Damaged
from shared.domain.runs.life.time_left import outlook
from shared.domain.runs.plan import Plan, SegmentBlob
from shared.domain.runs.run import Ending, Run, RunStatus, Waiting
from shared.domain.sentences import Sentence
from tests.damage import EMAIL, damaged

_Kind = TypeVar("_Kind")
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
RUN = Run(
    "r",
    "vip",
    "http",
    NOW,
    status=RunStatus.EXPORTING,
    started_at=NOW,
    limit=5,
    waiting=Waiting("throttled", NOW, NOW),
    ending=Ending(RunStatus.FAILED, "configuration", "Why."),
    parts={"1": 2},
    left_out={"city": 1},
    warnings=(Sentence("a_code", {"count": 1}, "One."),),
).document()
PLAN = Plan(
    (SegmentBlob("vip/1.csv", 10, "e"),),
    Mapping.written({"email": "E", "first_name": "F"}),
    "UA",
    Limits(),
    "L",
    "List",
    "s",
    "A",
).document()


def read(kind: Callable[[Any], _Kind], document: Any) -> tuple[_Kind | None, str]:
    """Return what is read, or why it is not."""
    try:
        return kind(document), ""
    except Damaged as refused:
        return None, str(refused)


@given(damaged(RUN))
def test_a_damaged_run_is_read_or_refused_and_what_is_read_can_be_worked_with(document: Any) -> None:
    run, refusal = read(Run.from_document, document)
    if run is None:
        assert EMAIL not in refusal
        return
    assert 0 <= outlook(run, NOW).share <= 1
    assert Run.from_document(run.document()) == run


@given(damaged(PLAN))
def test_a_damaged_plan_is_read_or_refused(document: Any) -> None:
    plan, refusal = read(Plan.from_document, document)
    if plan is None:
        assert EMAIL not in refusal
        return
    assert plan.mapping.email
    assert plan.expected_rows() >= 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": None}, "/id must be a text"),
        ({"created_at": "2026-11-23"}, "/created_at must be a time with its time zone"),
        ({"heartbeat_at": "9999-12-31T23:59:59Z"}, "/heartbeat_at must be a time with its time zone"),
        ({"status": "asleep"}, "/status must be one of queued, exporting"),
        ({"tally": {"read": "5"}}, "/tally/read must be a whole number from 0 on"),
        ({"tally": {"read": True}}, "/tally/read must be a whole number from 0 on"),
        ({"tally": []}, "/tally must be an object"),
        ({"checkpoint": {"row": -1}}, "/checkpoint/row must be a whole number from 0 on"),
        ({"left_out": {"a/b": "x"}}, "/left_out/a~1b must be a whole number from 0 on"),
        ({"left_out": ["city"]}, "/left_out must be an object"),
        ({"sentences": "One."}, "/warnings must be a list"),
        ({"sentences": [], "warnings": [1]}, "/warnings/0/detail must be a text"),
        ({"parts": {"first": 1}}, "/parts must have the numbers of legs as names"),
        ({"id": 5, "export_id": 5}, "/id must be a text; /export_id must be a text"),
    ],
)
def test_what_is_wrong_with_a_damaged_run_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Damaged) as refused:
        Run.from_document({**RUN, **changes})
    assert str(refused.value).startswith(told)
