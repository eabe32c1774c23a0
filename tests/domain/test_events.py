"""Events as text: what is logged, and what the queries of the monitoring find in it."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.events import EVENTS, CredentialsWereRefused, Event, RunEnded, RunStuck, seconds_between
from shared.domain.runs.run import Ending, Run, RunStatus, Tally

START = datetime(2026, 11, 23, 6, tzinfo=UTC)


def ended(reason: str = "", detail: str = "", **changes: object) -> Run:
    ending = Ending(RunStatus.FAILED, reason, detail) if reason else None
    run = Run(id="r1", export_id="vip", trigger="http", created_at=START, ending=ending)
    for name, value in {"status": RunStatus.FAILED, "ended_at": START + timedelta(seconds=90), **changes}.items():
        object.__setattr__(run, name, value)
    return run


def test_an_event_is_one_line_of_json_that_begins_with_its_name() -> None:
    text = str(RunStuck("vip", "r1", 900.0))
    assert text == '{"event":"run_stuck","export":"vip","run":"r1","silent_seconds":900.0}'


def test_a_line_break_and_a_quote_in_a_sentence_keep_the_event_on_one_line() -> None:
    text = str(RunEnded.of(ended("configuration", 'List "x"\nis gone.')))
    assert "\n" not in text
    assert json.loads(text)["detail"] == 'List "x"\nis gone.'


def test_every_event_has_a_name_of_its_own_and_no_field_that_hides_it() -> None:
    assert len({event.name for event in EVENTS}) == len(EVENTS)
    assert set(Event.__subclasses__()) >= set(EVENTS)
    assert len({each.__name__ for each in Event.__subclasses__()}) == len(EVENTS)
    assert all(field.name != "event" for event in EVENTS for field in fields(event))


def test_the_end_of_a_run_tells_its_tally_and_its_time() -> None:
    run = ended(started_at=START + timedelta(seconds=30), tally=Tally(read=9, accepted=5, duplicates=1, rejected=3))
    event = RunEnded.of(run)
    assert (event.status, event.reason, event.seconds) == ("failed", "", 60.0)
    assert (event.read, event.accepted, event.duplicates, event.rejected) == (9, 5, 1, 3)


def test_a_sentence_without_end_is_cut() -> None:
    assert len(RunEnded.of(ended("failed", "x" * 5_000)).detail) == 1_000


@pytest.mark.parametrize("reason", ["credentials_refused", "scope_missing"])
def test_an_end_for_want_of_credentials_names_the_connection(reason: str) -> None:
    event = CredentialsWereRefused.of(ended(reason, "Klaviyo does not know the key."), "acme")
    assert event == CredentialsWereRefused("acme", "vip", "r1", "Klaviyo does not know the key.", again=False)


@pytest.mark.parametrize("reason", ["", "configuration", "cancelled"])
def test_any_other_end_says_nothing_of_credentials(reason: str) -> None:
    assert CredentialsWereRefused.of(ended(reason), "acme") is None


def test_no_end_is_no_time() -> None:
    assert seconds_between(START, None) == 0.0
    assert seconds_between(START, START + timedelta(milliseconds=1_240)) == 1.2
