"""The table of all parameters, as docs/deploy.md has it."""

import json
import re
from typing import Any

from tests.infra.snapshots.sources import INFRA
from tests.infra.snapshots.templates import parameters

HEAD = "| parameter | default | with `azd` | means |\n|---|---|---|---|\n"
_VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def parameter_table() -> str:
    """Return a line for each parameter of main.bicep: its default, the variable that `azd` takes it from, its sense."""
    by_azd = azd_parameters()
    lines = [
        f"| `{name}` | {_default(each['defaultValue'])} | {_variable(by_azd.get(name, ''))} | {_sense(each)} |\n"
        for name, each in parameters().items()
    ]
    return HEAD + "".join(lines)


def azd_parameters() -> dict[str, str]:
    """Return what azd gives: the name of an environment variable with or without a default."""
    given = json.loads((INFRA / "azd" / "main.parameters.json").read_text(encoding="utf-8"))["parameters"]
    return {name: each["value"] for name, each in given.items()}


def _default(value: Any) -> str:
    match value:
        case "":
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"`{value.removeprefix('[').removesuffix(']')}`"
        case _:
            return f"`{value}`"


def _variable(given: str) -> str:
    found = _VARIABLE.search(given)
    return f"`{found[1]}`" if found else ""


def _sense(parameter: dict[str, Any]) -> str:
    allowed, least = parameter.get("allowedValues"), parameter.get("minValue")
    more = f" One of {', '.join(f'`{each}`' for each in allowed)}." if allowed else ""
    if least is not None:
        more = f" {least} to {parameter['maxValue']}."
    return f"{parameter['metadata']['description']}{more}"
