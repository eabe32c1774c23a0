"""What the compiled templates say beside their resources: parameters, outputs, and what is made before what."""

import json
from functools import cache
from typing import Any

from tests.infra.snapshots.sources import SNAPSHOTS

TEMPLATES = SNAPSHOTS / "templates.json"
APP = "functionApp"
"""The module whose order counts: App Service Authentication and the settings of the app."""
Parameters = dict[str, dict[str, Any]]


def digest_of(main: dict[str, Any], azd: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of the two compiled templates."""
    app = main["resources"][APP]["properties"]["template"]
    return {
        "main": {"parameters": main["parameters"], "outputs": list(main["outputs"]), "waits_for": _waits(main)},
        "azd": {"parameters": azd["parameters"], "outputs": list(azd["outputs"])},
        APP: {"waits_for": _waits(app)},
    }


def parameters(template: str = "main") -> Parameters:
    """Return the parameters of a template by name: type, default, bounds and description."""
    found: Parameters = _kept()[template]["parameters"]
    return found


def outputs(template: str) -> set[str]:
    """Return the names of the outputs of a template."""
    return set(_kept()[template]["outputs"])


def waits_for(template: str, resource: str) -> set[str]:
    """Return what is made before *resource*, by the names that the template gives; also what those wait for."""
    direct: dict[str, list[str]] = _kept()[template]["waits_for"]
    found: set[str] = set()
    ahead = [resource]
    while ahead:
        new = set(direct[ahead.pop()]) - found
        found |= new
        ahead += new
    return found


@cache
def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    return kept


def _waits(template: dict[str, Any]) -> dict[str, list[str]]:
    return {name: each.get("dependsOn", []) for name, each in template["resources"].items()}
