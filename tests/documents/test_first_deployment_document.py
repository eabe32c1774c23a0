"""What docs/first-deployment.md tells people to type and to expect is what the repository has."""

import re
from pathlib import Path

from shared.domain.events import EVENTS
from tests.infra.snapshots.combinations import REFUSED
from tests.infra.snapshots.evaluated import kept
from tests.infra.snapshots.templates import outputs, parameters

TEXT = (Path(__file__).parents[2] / "docs" / "first-deployment.md").read_text(encoding="utf-8")


def test_the_points_are_numbered_without_a_gap() -> None:
    numbers = [int(number) for number in re.findall(r"^\*\*(\d+)\. ", TEXT, re.MULTILINE)]
    assert len(numbers) > 15
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_is_deployed_is_as_much_as_the_page_says() -> None:
    assert re.findall(r"must list (\d+) resources", TEXT) == [str(len(kept("default").resources))]


def test_every_name_is_one_of_the_deployment() -> None:
    given = set(re.findall(r"\b([a-z]+[A-Z]\w*)=", TEXT))
    assert {"adminIsolation", "maximumInstanceCount"} <= given <= parameters().keys()
    assert set(re.findall(r"\$\(output (\w+)\)", TEXT)) <= outputs("main")
    settings = set(re.findall(r"`((?:OTEL|AzureWebJobs)\w+)`", TEXT))
    assert settings
    assert settings <= kept("default").app_settings().keys()


def test_the_logs_are_asked_for_events_that_the_app_logs() -> None:
    asked = set(re.findall(r'\\"event\\":\\"(\w+)\\"', TEXT))
    assert asked
    assert asked <= {event.name for event in EVENTS}


def test_the_sentence_of_a_refusal_is_the_one_that_is_said() -> None:
    [begun] = re.findall(r"must fail and say \*(.+?)\*", TEXT)
    assert any(sentence.startswith(begun) for _, sentence in REFUSED)
