"""A deployment with `azd` asks for the same as one with main.bicep, under the same names and with the same defaults."""

import re

from tests.infra.parameter_table import azd_parameters
from tests.infra.rules.roles import token_of
from tests.infra.snapshots.evaluated import Deployment, kept
from tests.infra.snapshots.sources import ROOT
from tests.infra.snapshots.templates import parameters

FROM_ENVIRONMENT = re.compile(r"\$\{[A-Z_]+(?:=([^}]*))?\}")
OWN_OF_AZD = {"environmentName", "location", "tags"}
GROUP = "Microsoft.Resources/resourceGroups"


def test_azd_hands_every_parameter_on_with_the_same_type_default_and_bounds() -> None:
    one, other = parameters("main"), parameters("azd")
    assert {name: each for name, each in one.items() if name not in OWN_OF_AZD} == {
        name: other[name] for name in one if name not in OWN_OF_AZD
    }


def test_azd_makes_the_same_resources_in_a_group_of_its_own() -> None:
    by_azd, by_az = kept("azd"), kept("default")
    assert by_azd.only(GROUP)["name"] == "rg-shop"
    assert _names(by_azd) - {f"{GROUP} rg-shop"} == _names(by_az)


def test_azd_finds_every_resource_by_its_tag() -> None:
    tagged = [each for each in kept("azd").resources if "tags" in each]
    assert len(tagged) > 10
    assert {each["tags"]["azd-env-name"] for each in tagged} == {"shop"}


def test_what_azd_gives_comes_from_the_environment_with_the_same_default() -> None:
    given, declared = azd_parameters(), parameters("azd")
    required = {name for name, each in declared.items() if "defaultValue" not in each}
    assert required <= given.keys() <= declared.keys()
    for name, text in given.items():
        variable = FROM_ENVIRONMENT.fullmatch(text)
        assert variable, f"{name} does not come from the environment"
        value = declared[name].get("defaultValue")
        default = "" if value in (None, "") else str(value)
        assert variable[1] in (None, default, default.lower()), name


def test_azd_finds_its_entrance_and_the_app() -> None:
    yaml = (ROOT / "azure.yaml").read_text()
    service = r"^services:\n  (\w+):\n    project: \.\n    language: python\n    host: function$"
    [name] = re.findall(service, yaml, re.MULTILINE)
    assert kept("azd").only("Microsoft.Web/sites")["tags"]["azd-service-name"] == name
    assert re.search(r"^  path: infra/azd\n  module: main$", yaml, re.MULTILINE)


def _names(deployment: Deployment) -> set[str]:
    """Return types and names without what differs between two installations: the token, and ids of random form."""
    token = token_of(deployment)
    found = {f"{each['type']} {each['name']}".replace(token, "token") for each in deployment.resources}
    return {re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "id", each) for each in found}
