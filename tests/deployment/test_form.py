"""The form of the button "Deploy to Azure" asks little, and hands on what the template takes."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.deployment.form import FORM, OUTPUTS, QUESTIONS, answers, filled_in
from tests.infra.snapshots.combinations import Combination
from tests.infra.snapshots.compiler import compiler, evaluate
from tests.infra.snapshots.evaluated import at
from tests.infra.snapshots.templates import parameters

KINDS = {"string": str, "bool": bool}
ALL = [filled_in(**dict(zip(QUESTIONS, each, strict=True))) for each in product(*(answers(name) for name in QUESTIONS))]
"""What the form can hand on, with every choice beside every other."""


def test_it_is_a_form_of_the_kind_that_the_portal_knows() -> None:
    version = "0.1.2-preview"
    assert (FORM["handler"], FORM["version"]) == ("Microsoft.Azure.CreateUIDef", version)
    assert f"/{version}/" in FORM["$schema"]
    assert FORM["parameters"]["steps"] == []


def test_it_asks_for_five_things_at_most_and_uses_each() -> None:
    assert len(QUESTIONS) == len(FORM["parameters"]["basics"]) <= 5
    used = {name for text in OUTPUTS.values() for name in re.findall(r"basics\('(\w+)'\)", text)}
    assert used == set(QUESTIONS)


def test_it_names_the_costs_that_are_counted() -> None:
    deploy = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
    [said] = re.findall(r"about \d+ USD", FORM["parameters"]["config"]["basics"]["description"])
    assert f"**{said}**" in deploy


def test_what_it_hands_on_are_parameters_of_the_template_with_their_types() -> None:
    declared = parameters()
    for handed_on in ALL:
        assert handed_on.keys() <= declared.keys()
        for name, value in handed_on.items():
            assert isinstance(value, KINDS[declared[name]["type"]]), name
            assert value in declared[name].get("allowedValues", [value]), name


def test_nothing_is_chosen_that_differs_from_the_defaults_but_who_enters_keys_and_where() -> None:
    chosen = filled_in()
    differing = {name for name, value in chosen.items() if value != parameters()[name]["defaultValue"]}
    # Whoever has no shell enters keys on the page. The region is that of the group.
    assert differing == {"allowKeyEntry", "location"}
    assert chosen["allowKeyEntry"] is True


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("alertEmail", "", True),
        ("alertEmail", "on.call+exports@example.co.uk", True),
        ("alertEmail", "oncall@example", False),
        ("alertEmail", "a@example.com,b@example.com", False),
        ("environmentName", "shop-2", True),
        ("environmentName", "", False),
        ("environmentName", "a" * 65, False),
    ],
)
def test_a_text_is_refused_on_the_form_already(name: str, text: str, fits: bool) -> None:
    assert bool(re.search(QUESTIONS[name]["constraints"]["regex"], text)) is fits


@pytest.mark.skipif(compiler() is None, reason="There is no Bicep compiler here; CI has one.")
def test_what_it_hands_on_can_be_deployed() -> None:
    [last] = [each for each in ALL if {*each.values()} >= {"Standard_LRS", True} and each["allowKeyEntry"] is False]
    for handed_on in (filled_in(alertEmail="oncall@example.com"), last):
        evaluated = evaluate(Combination("form", handed_on))["predictedResources"]
        accounts = [each for each in evaluated if each["type"] == "Microsoft.Storage/storageAccounts"]
        assert [each["sku"]["name"] for each in accounts] == [handed_on["storageSku"]] * 2
        assert {at(each, "properties.allowSharedKeyAccess") for each in accounts} == {
            False,
            handed_on["segmentsSharedKey"],
        }
