"""docs/simulator.md names every setting and every fault of the simulator, and its example works."""

import json
import re
from dataclasses import fields
from pathlib import Path

from local.klaviyo.account.jobs import Fate
from local.klaviyo.behaviour.settings import Behaviour, Fault

PAGE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def first_column(heading: str) -> list[str]:
    """Return the words in the first column of the table with this heading."""
    [rows] = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [word for row in rows.splitlines() for word in re.findall(r"`(\w+)`", row.split("|")[1])]


def test_every_setting_and_every_fault_is_told_of_and_no_other() -> None:
    assert first_column("setting") == [each.name for each in fields(Behaviour)]
    assert first_column("fault of a request") == list(Fault)
    assert first_column("end of a job") == list(Fate)


def test_the_example_is_one_that_the_simulator_takes() -> None:
    [sent] = re.findall(r"--data '(\{.*?\})'", PAGE, re.DOTALL)
    changed = Behaviour().changed(json.loads(sent))
    assert (changed.requests, changed.jobs) == ({Fault.UNAVAILABLE: 0.1}, {Fate.CANCELLED: 0.2})
