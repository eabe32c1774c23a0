"""The kept snapshots, read: the resources that Azure would get in a combination, by their types and names."""

import copy
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.infra.snapshots.combinations import COMBINATIONS, Combination
from tests.infra.snapshots.sources import SNAPSHOTS

Resource = dict[str, Any]
IN_GROUP = "<group>"
"""Stands in the kept snapshots for the id of the resource group, up to its providers."""
NAMES = tuple(each.name for each in COMBINATIONS)
GIVEN = {each.name: each.parameters for each in COMBINATIONS}
"""What each combination gives, by its name."""


@dataclass
class Deployment:
    """All resources of a deployment, and its outputs."""

    resources: list[Resource]
    outputs: dict[str, Any] = field(default_factory=dict)

    def of_type(self, kind: str) -> list[Resource]:
        """Return the resources of type *kind*."""
        return [each for each in self.resources if each["type"] == kind]

    def only(self, kind: str, end: str = "") -> Resource:
        """Return the one resource of type *kind* whose name ends with *end*."""
        [found] = [each for each in self.of_type(kind) if each["name"].endswith(end)]
        return found

    def app_settings(self) -> dict[str, str]:
        """Return the settings of the app; a value that only Azure knows is an expression."""
        return dict(self.only("Microsoft.Web/sites/config", "/appsettings")["properties"])


def at(resource: Resource, path: str) -> Any:
    """Return what lies under the dotted *path* in *resource*, or None."""
    found: Any = resource
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def kept(name: str) -> Deployment:
    """Return the kept snapshot *name*, as a copy that the caller may change."""
    return copy.deepcopy(_read(name))


@cache
def _read(name: str) -> Deployment:
    document = json.loads((SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8"))
    if document.get("beside") is None:
        return Deployment(document["resources"], document["outputs"])
    changed = {each["id"] for each in document["resources"]} | set(document["without"])
    same = [each for each in _read(document["beside"]).resources if each["id"] not in changed]
    return Deployment([*same, *document["resources"]], document["outputs"])


def document_of(combination: Combination, evaluated: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Return *evaluated* as it is kept: that in which it differs from *whole*, which is easier to review.

    *whole* is what the combination is told apart from; where that is the combination itself, all is kept.

    The resources are in the order of their ids, for the compiler keeps to none.
    """
    resources = sorted(evaluated["predictedResources"], key=_id)
    outputs = dict(sorted(evaluated["outputs"].items()))
    if combination.name == combination.beside:
        return {"resources": resources, "outputs": outputs}
    before = {each["id"]: each for each in whole["predictedResources"]}
    own = [each for each in resources if before.get(each["id"]) != each]
    without = sorted(before.keys() - {each["id"] for each in resources})
    return {"beside": combination.beside, "without": without, "resources": own, "outputs": outputs}


def _id(resource: Resource) -> str:
    return str(resource["id"])
