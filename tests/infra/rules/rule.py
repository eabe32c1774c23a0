"""A rule over the evaluated resources, with the fault that it has to find, and the words in which rules are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.infra.snapshots.combinations import DEFAULT
from tests.infra.snapshots.evaluated import Deployment, Resource

Findings = Iterator[str]
STORAGE = "Microsoft.Storage/storageAccounts"
CONTAINER = f"{STORAGE}/blobServices/containers"
BLOBS = f"{STORAGE}/blobServices"
LIFECYCLE = f"{STORAGE}/managementPolicies"
VAULT = "Microsoft.KeyVault/vaults"
SITE = "Microsoft.Web/sites"
CONFIG = f"{SITE}/config"
PUBLISHING = f"{SITE}/basicPublishingCredentialsPolicies"
AUDIT = "Microsoft.Insights/diagnosticSettings"
COMPONENT = "Microsoft.Insights/components"
WORKSPACE = "Microsoft.OperationalInsights/workspaces"


@dataclass(frozen=True)
class Rule:
    """A rule, the fault that is planted to see that the rule finds it, and the combination where that is done."""

    name: str
    findings: Callable[[Deployment], Findings]
    plant: Callable[[Deployment], None]
    planted_in: str = DEFAULT


def put(resource: Resource, path: str, value: Any) -> None:
    """Write *value* under the dotted *path* of *resource*."""
    *steps, last = path.split(".")
    for step in steps:
        resource = resource.setdefault(step, {})
    resource[last] = value


def own_storage(deployment: Deployment) -> Resource:
    """Return the account of the documents and runs."""
    [found] = [each for each in deployment.of_type(STORAGE) if not each["name"].startswith("stseg")]
    return found


def changed(kind: str, path: str, value: Any, end: str = "") -> Callable[[Deployment], None]:
    """Return the fault that writes *value* under *path* of the first resource of type *kind* whose name ends so."""

    def plant(deployment: Deployment) -> None:
        put(next(each for each in deployment.of_type(kind) if each["name"].endswith(end)), path, value)

    return plant
