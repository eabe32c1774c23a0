"""What a parameter opens is open only where it is given."""

from collections.abc import Callable, Iterator, Mapping

from tests.infra.rules.network import reach
from tests.infra.rules.roles import token_of
from tests.infra.rules.rule import BLOBS, SITE, STORAGE, VAULT, changed
from tests.infra.rules.watch import LOCK, locked, logged
from tests.infra.snapshots.evaluated import Deployment, at

PLAN = "Microsoft.Web/serverfarms"
Given = Mapping[str, str | int | bool]


def opened(deployment: Deployment, given: Given) -> Iterator[str]:
    """Yield what is open in *deployment*, or closed, against the parameters that were *given*."""
    for what, (is_so, should_be) in _looked_at(deployment, given).items():
        if is_so != should_be:
            yield f"{what}: {is_so}, and not {should_be}"


def _looked_at(deployment: Deployment, given: Given) -> dict[str, tuple[object, object]]:
    """Return what there is, and what there should be."""
    site, logs = deployment.only(SITE), given.get("storageLogs", "segments")
    segments = [each for each in deployment.of_type(STORAGE) if each["name"].startswith("stseg")]
    own = f"st{token_of(deployment)}"
    keys = [] if "existingSegmentsAccountId" in given else [given.get("segmentsSharedKey", False)]
    return {
        "account key": ([at(each, "properties.allowSharedKeyAccess") for each in segments], keys),
        "vault": (
            at(deployment.only(VAULT), "properties.createMode"),
            "recover" if given.get("recoverVault") else "default",
        ),
        "admin isolation": (
            at(site, "properties.functionsRuntimeAdminIsolationEnabled"),
            given.get("adminIsolation", False),
        ),
        "app in the internet": (
            at(site, "properties.publicNetworkAccess"),
            "Disabled" if given.get("privateApp") else "Enabled",
        ),
        "package": (len(deployment.of_type(f"{SITE}/extensions")), int("packageUri" in given)),
        "zones": (deployment.only(PLAN)["properties"]["zoneRedundant"], given.get("zoneRedundant", False)),
        "logs of the host": (len(logged(deployment, SITE)), int("siteLogs" in given)),
        "who read segments": (len(logged(deployment, BLOBS, "stseg")), int(logs != "none" and bool(keys))),
        "who read documents": (len(logged(deployment, BLOBS, own)), int(logs == "all")),
        "locks": (len(locked(deployment)), 3 if given.get("protect") else 0),
        "network": (reach(deployment), given.get("network", "public")),
        "copies": (
            {each["sku"]["name"] for each in deployment.of_type(STORAGE)},
            {given.get("storageSku", "Standard_ZRS")},
        ),
    }


def _without(kind: str) -> Callable[[Deployment], None]:
    return lambda deployment: deployment.resources.remove(deployment.of_type(kind)[-1])


def _without_the_logs_of(account: str) -> Callable[[Deployment], None]:
    def plant(deployment: Deployment) -> None:
        [setting] = logged(deployment, BLOBS, account if account == "stseg" else f"st{token_of(deployment)}")
        deployment.resources.remove(setting)

    return plant


def _with_a_key(deployment: Deployment) -> None:
    [segments] = [each for each in deployment.of_type(STORAGE) if each["name"].startswith("stseg")]
    segments["properties"]["allowSharedKeyAccess"] = True


def _without_the_logs_of_the_host(deployment: Deployment) -> None:
    [setting] = logged(deployment, SITE)
    deployment.resources.remove(setting)


def _with_a_package(deployment: Deployment) -> None:
    deployment.resources.append({"type": f"{SITE}/extensions", "name": "onedeploy", "id": "/onedeploy"})


FAULTS: dict[str, tuple[str, Callable[[Deployment], None]]] = {
    "account key": ("default", _with_a_key),
    "vault": ("default", changed(VAULT, "properties.createMode", "recover")),
    "admin isolation": ("default", changed(SITE, "properties.functionsRuntimeAdminIsolationEnabled", True)),
    "app in the internet": ("private-entra", changed(SITE, "properties.publicNetworkAccess", "Enabled")),
    "package": ("default", _with_a_package),
    "zones": ("watched", changed(PLAN, "properties.zoneRedundant", False)),
    "logs of the host": ("watched", _without_the_logs_of_the_host),
    "who read segments": ("default", _without_the_logs_of("stseg")),
    "who read documents": ("watched", _without_the_logs_of("st")),
    "locks": ("watched", _without(LOCK)),
    "network": ("restricted", changed(SITE, "properties.virtualNetworkSubnetId", None)),
    "copies": ("private-lrs", changed(STORAGE, "sku.name", "Standard_ZRS")),
}
"""A fault of each kind, and the combination in which it is planted."""
