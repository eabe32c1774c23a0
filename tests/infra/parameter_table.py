"""The table of all parameters, as docs/deploy.md has it."""

import re
from typing import Any

from tests.infra.bicep import Declaration, Expression
from tests.infra.infrastructure import Infrastructure

HEAD = "| parameter | default | with `azd` | means |\n|---|---|---|---|\n"
_VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def parameter_table(infrastructure: Infrastructure) -> str:
    """Return a line for each parameter of main.bicep: its default, the variable that `azd` takes it from, its sense."""
    by_azd = infrastructure.azd_parameters()
    lines = [
        f"| `{name}` | {_default(each.value)} | {_variable(by_azd.get(name, ''))} | {_sense(each)} |\n"
        for name, each in infrastructure.main.parameters.items()
    ]
    return HEAD + "".join(lines)


def _default(value: Any) -> str:
    match value:
        case "":
            return "empty"
        case bool():
            return f"`{str(value).lower()}`"
        case Expression(text):
            return f"`{text}`"
        case _:
            return f"`{value}`"


def _variable(given: str) -> str:
    found = _VARIABLE.search(given)
    return f"`{found[1]}`" if found else ""


def _sense(parameter: Declaration) -> str:
    allowed, least = parameter.decorators.get("allowed"), parameter.decorators.get("minValue")
    more = f" One of {', '.join(f'`{each}`' for each in allowed)}." if allowed else ""
    if least is not None:
        more = f" {least} to {parameter.decorators['maxValue']}."
    return f"{parameter.decorators['description']}{more}"
