"""The kept snapshots are all there, and of the infrastructure as it stands; this needs no compiler."""

import json

from tests.infra.snapshots.combinations import COMBINATIONS, REFUSED
from tests.infra.snapshots.evaluated import NAMES, kept
from tests.infra.snapshots.sources import COMMAND, SNAPSHOTS, hash_of_snapshots, hash_of_sources, sources
from tests.infra.snapshots.templates import parameters

BESIDE = {"made_of", "refused", "templates"}


def test_the_snapshots_were_made_of_the_infrastructure_as_it_stands() -> None:
    assert len(sources()) > 20
    assert hash_of_snapshots() == hash_of_sources(), f"infra/ has changed: run '{COMMAND}', and review what it changes"


def test_every_combination_has_its_snapshot_and_no_other_is_kept() -> None:
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == {*NAMES, *BESIDE}
    assert len(NAMES) == len(set(NAMES)) == len(COMBINATIONS)


def test_a_combination_differs_from_the_defaults() -> None:
    default = kept("default")
    assert len(default.resources) > 30
    assert [name for name in NAMES[1:] if kept(name).resources == default.resources] == []


def test_every_text_that_somebody_gives_is_looked_at_before_anything_is_made() -> None:
    texts = {name for name, each in parameters().items() if each["type"] == "string" and "allowedValues" not in each}
    looked_at = {name for combination, _ in REFUSED for name in combination.parameters}
    # Any name does for an installation, and Azure itself knows its regions; azd's combinations give both.
    assert texts - (looked_at - {"location", "environmentName"}) == {"location", "environmentName"}


def test_what_cannot_work_is_refused_with_its_sentence() -> None:
    said = json.loads((SNAPSHOTS / "refused.json").read_text(encoding="utf-8"))
    assert said == {combination.name: sentence for combination, sentence in REFUSED}
