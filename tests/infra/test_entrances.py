"""A deployment with `azd` asks for the same as one with main.bicep, under the same names and with the same defaults."""

import re

from tests.infra.bicep import text_of
from tests.infra.infrastructure import AZD, FROM_ENVIRONMENT, Infrastructure

REPOSITORY = Infrastructure.of_the_repository()
MAIN_PARAMETERS, AZD_PARAMETERS = REPOSITORY.main.parameters, REPOSITORY.files[AZD].parameters
OWN_OF_AZD = {"environmentName", "location", "tags"}


def test_azd_hands_every_parameter_on_with_the_same_type_default_and_bounds() -> None:
    for name in MAIN_PARAMETERS.keys() - OWN_OF_AZD:
        one, other = MAIN_PARAMETERS[name], AZD_PARAMETERS[name]
        assert (one.target, one.value, one.decorators) == (other.target, other.value, other.decorators), name


def test_what_azd_gives_comes_from_the_environment_with_the_same_default() -> None:
    given = REPOSITORY.azd_parameters()
    required = {name for name, each in AZD_PARAMETERS.items() if each.required}
    assert required <= given.keys() <= AZD_PARAMETERS.keys()
    for name, text in given.items():
        variable = FROM_ENVIRONMENT.fullmatch(text)
        assert variable, f"{name} does not come from the environment"
        default = str(AZD_PARAMETERS[name].value or "")
        assert variable[1] in (None, default, default.lower() or "false"), name


def test_azd_finds_its_entrance_and_the_app() -> None:
    yaml = REPOSITORY.texts["azure.yaml"]
    service = r"^services:\n  (\w+):\n    project: \.\n    language: python\n    host: function$"
    [name] = re.findall(service, yaml, re.MULTILINE)
    [(_, site)] = REPOSITORY.resources("Microsoft.Web/sites")
    assert f"'azd-service-name': '{name}'" in text_of(site.node)
    assert re.search(r"^  path: infra/azd\n  module: main$", yaml, re.MULTILINE)
