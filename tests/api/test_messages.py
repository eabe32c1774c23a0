"""Queue messages in and out."""

import logging

import pytest

from shared.api import queue_messages as messages
from shared.domain.runs.wake_up import WakeUp


def test_a_message_reads_back_as_the_wake_up_that_it_was() -> None:
    wake_ups = [WakeUp("vip", "20261123t060000z-6f3a"), WakeUp("gold", "1")]
    assert [messages.wake_up(body.encode()) for body in messages.bodies(wake_ups)] == wake_ups


def test_fields_that_a_newer_version_adds_do_no_harm() -> None:
    assert messages.wake_up(b'{"export_id": "vip", "run_id": "1", "since": 7}') == WakeUp("vip", "1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"wake up!",
        b"null",
        b"7",
        b'"vip"',
        b"[]",
        b"{}",
        b'["export_id", "run_id"]',
        b'{"export_id": "vip"}',
        b'{"export_id": "vip", "run_id": null}',
        b'{"export_id": ["vip"], "run_id": "1"}',
        b'{"export_id": "../secrets", "run_id": "1"}',
        b'{"export_id": "vip", "run_id": "someone@example.com"}',
    ],
)
def test_a_body_that_is_no_wake_up_is_dropped_and_logged_without_what_it_says(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert messages.wake_up(body) is None
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"A queue message of {len(body)} bytes is no wake-up and was dropped."
