"""The settings that a deployment with the defaults would hand to the app: the environment of a test that wants them."""

import re
from collections.abc import Mapping

from tests.infra.bicep import Expression
from tests.infra.infrastructure import Infrastructure


def deployed_settings(infrastructure: Infrastructure, known: Mapping[str, str]) -> dict[str, str]:
    """Return the app settings by name; *known* gives what only Azure knows, by its expression in the function app."""
    return {name: _resolve(infrastructure, value, known) for name, value in infrastructure.app_settings().items()}


def _resolve(infrastructure: Infrastructure, value: object, known: Mapping[str, str]) -> str:
    """Follow *value* through the call of the module to a literal, to a default, or to what is *known*."""
    if not isinstance(value, Expression):
        return str(value)
    text = value.text
    if text in known:
        return known[text]
    if text.startswith("'"):
        parts = re.split(r"\$\{(.*?)\}", text.strip("'"))
        return "".join(
            _resolve(infrastructure, Expression(part), known) if index % 2 else part for index, part in enumerate(parts)
        )
    if match := re.fullmatch(r"string\((\w+)\)|(\w+) == '(\w+)' \? '(\w+)' : '(\w+)'", text):
        resolved = _resolve(infrastructure, Expression(match[1] or match[2]), known)
        return resolved if match[1] else match[4 if resolved == match[3] else 5]
    main = infrastructure.main
    given = main.modules["functionApp"].at(f"params.{text}")
    name = given.text if isinstance(given, Expression) else text
    if name in known:
        return known[name]
    declared = main.variables.get(name) or main.parameters.get(name)
    if declared is None or isinstance(declared.value, Expression):
        raise KeyError(f"Give a value for '{text}', which only a deployment knows.")
    return str(declared.value)
