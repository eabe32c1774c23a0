"""Runs, receipts and rejections as documents."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.profiles.note_reasons import CHANGED, LEFT_OUT, SENT
from shared.domain.profiles.value_notes import Place
from shared.domain.runs.isolation_budget import MAX_EXTRA_REQUESTS_A_RUN, IsolationBudget
from shared.domain.runs.receipt import Receipt
from shared.domain.runs.rejection import Rejection, Span
from shared.domain.runs.run import Checkpoint, Ending, Jobs, Reasons, Run, RunStatus, Source, Tally, Waiting
from shared.domain.runs.run_notes import RunNote
from shared.domain.sentences import Sentence, quoted, say
from shared.domain.times import utc_text

texts = st.text(max_size=8)
counts = st.integers(0, 10**9)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
spans = st.lists(st.builds(Span, texts, counts, counts), max_size=3).map(tuple)
params = st.dictionaries(texts, st.none() | texts | counts, max_size=2)
sentences = st.builds(Sentence, texts, params, texts)
run_notes = st.builds(
    RunNote,
    texts,
    texts,
    st.sampled_from([LEFT_OUT, CHANGED, SENT]),
    counts,
    st.lists(st.builds(Place, texts, counts), max_size=3).map(tuple),
)
runs = st.builds(
    Run,
    id=texts,
    export_id=texts,
    trigger=texts,
    created_at=moments,
    requested_by=st.none() | texts,
    limit=st.none() | counts,
    status=st.sampled_from(RunStatus),
    started_at=st.none() | moments,
    settling_since=st.none() | moments,
    ended_at=st.none() | moments,
    heartbeat_at=st.none() | moments,
    legs=counts,
    pauses=counts,
    waiting=st.none() | st.builds(Waiting, texts, moments, moments, texts, texts, params, st.none() | sentences),
    ending=st.none()
    | st.builds(Ending, st.sampled_from(RunStatus), texts, texts, texts, params, st.none() | sentences),
    source=st.builds(Source, counts, counts, counts),
    checkpoint=st.builds(Checkpoint, counts, counts),
    parts=st.dictionaries(counts.map(str), counts, max_size=3),
    tally=st.builds(Tally, counts, counts, counts, counts, counts, counts),
    jobs=st.builds(Jobs, counts, counts, counts),
    reasons=st.builds(Reasons, *[st.dictionaries(texts, counts, max_size=3)] * 2),
    isolation_requests=counts,
    left_out=st.dictionaries(texts, counts, max_size=3),
    notes=st.lists(run_notes, max_size=3).map(tuple),
    warnings=st.lists(sentences, max_size=3).map(tuple),
)
json_values = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts


def through_json(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document, allow_nan=False))


@given(runs)
def test_a_run_is_read_back_as_it_was_written(run: Run) -> None:
    document = through_json(run.document())

    assert Run.from_document(document) == run
    assert set(document) == {"schema", "error", "sentences", *(field.name for field in fields(Run))}


def test_the_plain_warnings_of_an_older_release_are_read_and_those_of_this_one_can_be_read_by_it() -> None:
    run = Run("1", "vip", "http", datetime(2026, 1, 1, tzinfo=UTC), warnings=(say("a_code", "{count} rows.", count=2),))
    document = through_json(run.document())
    assert document["warnings"] == ["2 rows."]
    del document["sentences"]
    assert Run.from_document(document).warnings == (Sentence("told", {}, "2 rows."),)


@given(st.builds(Receipt, st.none() | texts, st.none() | moments.map(datetime.isoformat), counts, spans))
def test_a_receipt_is_read_back_as_it_was_written(receipt: Receipt) -> None:
    assert Receipt.from_document(through_json(receipt.document())) == receipt


@given(
    st.builds(
        Rejection,
        st.none() | texts,
        st.none() | counts,
        texts,
        sentences,
        st.sampled_from(["export", "klaviyo"]),
        st.dictionaries(texts, json_values, max_size=3),
        spans,
        st.none() | counts,
    )
)
def test_a_rejection_is_read_back_as_it_was_written(rejection: Rejection) -> None:
    document = through_json(rejection.document())

    assert Rejection.from_document(document) == rejection
    why = ["reason", "code", "params", "detail"]
    assert list(document) == ["blob", "row", "line", "rows", *why, "refused_by", "fields", "counted"]


def test_a_rejection_in_klaviyos_words_or_of_an_older_release_has_no_code() -> None:
    words = quoted("Klaviyo knows no 'x'.")
    rejection = Rejection("vip/1.csv", 3, "invalid", words, refused_by="klaviyo")
    document = through_json(rejection.document())
    assert (document["code"], document["params"], document["detail"]) == (None, {}, words.detail)
    assert Rejection.from_document(document) == rejection
    del document["code"], document["params"]
    assert Rejection.from_document(document) == rejection


def test_a_document_of_a_run_says_what_people_and_alerts_look_for() -> None:
    now = datetime(2026, 11, 23, 6, 0, 0, 123456, UTC)
    document = Run(
        "r",
        "vip",
        "schedule",
        now,
        tally=Tally(3, 1, 0, 1, 1),
        ending=Ending(RunStatus.FAILED, "configuration", "Why."),
    ).document()

    assert document["schema"] == 1
    assert document["status"] == "queued"
    assert document["created_at"] == "2026-11-23T06:00:00.123Z"
    error: dict[str, Any] = {
        "status": "failed",
        "reason": "configuration",
        "detail": "Why.",
        "code": "",
        "params": {},
        "public": None,
    }
    assert document["error"] == document["ending"] == error
    assert document["tally"] == {
        "read": 3,
        "accepted": 1,
        "unchanged": 0,
        "duplicates": 1,
        "rejected": 1,
        "unconfirmed": 0,
    }


def test_an_ending_without_a_reason_is_no_error() -> None:
    assert Run("r", "vip", "http", datetime.now(UTC)).document()["error"] is None
    assert (
        Run("r", "vip", "http", datetime.now(UTC), ending=Ending(RunStatus.CANCELLED, "", "")).document()["error"]
        is None
    )


def test_what_a_newer_version_has_added_to_a_run_is_passed_over() -> None:
    run = Run("r", "vip", "http", datetime(2026, 1, 1, tzinfo=UTC), checkpoint=Checkpoint(5, 1))
    document = run.document() | {"new": 1}
    for name in ("source", "checkpoint", "tally", "jobs"):
        document[name] |= {"new": 1}
    document["ending"] = None

    assert Run.from_document(document) == run


def test_what_an_older_version_did_not_write_has_its_default() -> None:
    document = {"id": "r", "export_id": "vip", "trigger": "http", "created_at": "2026-01-01T00:00:00Z"}
    assert Run.from_document(document) == Run("r", "vip", "http", datetime(2026, 1, 1, tzinfo=UTC))
    assert Run.from_document({**document, "tally": {"read": 1}}).tally == Tally(read=1)


def test_times_are_written_in_utc() -> None:
    assert utc_text(datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize("status", RunStatus)
def test_a_run_has_ended_unless_something_is_still_to_happen(status: RunStatus) -> None:
    assert status.is_ended is (status.value in ("succeeded", "partial", "failed", "cancelled", "skipped"))


def test_a_tally_adds_what_is_named_and_keeps_the_rest() -> None:
    assert Tally(1, 2, 3, 4, 5, 6).plus(read=10, rejected=1) == Tally(11, 2, 3, 4, 6, 6)


def test_the_requests_for_isolation_come_to_an_end() -> None:
    budget = IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN - 2)
    assert [budget.take() for _ in range(4)] == [True, True, False, False]
    assert not IsolationBudget(spent=MAX_EXTRA_REQUESTS_A_RUN + 5).take()
