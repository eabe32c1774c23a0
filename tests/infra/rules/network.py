"""Who reaches the accounts, the vault and the app over the network: all, the app alone, or a private network."""

from tests.infra.rules.rule import SITE, STORAGE, VAULT, Findings, Rule, changed
from tests.infra.snapshots.evaluated import Deployment, Resource, at

ENDPOINT = "Microsoft.Network/privateEndpoints"
ZONE_GROUP = f"{ENDPOINT}/privateDnsZoneGroups"
NETWORK = "Microsoft.Network/virtualNetworks"
PARTS = {"blob", "queue", "table", "vault"}
"""What the app and its host use, and so what has a private endpoint where the internet is none."""


def reach(deployment: Deployment) -> str:
    """Return the value of the parameter ``network`` that *deployment* looks like."""
    if deployment.of_type(ENDPOINT):
        return "private"
    return "restricted" if at(deployment.only(SITE), "properties.virtualNetworkSubnetId") else "public"


def _entrances(deployment: Deployment) -> Findings:
    network, subnet = reach(deployment), at(deployment.only(SITE), "properties.virtualNetworkSubnetId")
    for each in [*deployment.of_type(STORAGE), *deployment.of_type(VAULT)]:
        rules = each["properties"]["networkAcls"]
        if rules["defaultAction"] != ("Allow" if network == "public" else "Deny"):
            yield f"{each['name']} lets in whom the network {network} does not"
        if at(each, "properties.publicNetworkAccess") != ("Disabled" if network == "private" else "Enabled"):
            yield f"{each['name']} is in the internet or out of it against the network {network}"
        if [rule["id"] for rule in rules["virtualNetworkRules"]] != ([subnet] if network == "restricted" else []):
            yield f"{each['name']} does not let in the app alone"
        if rules["ipRules"] and network != "restricted":
            yield f"{each['name']} lets addresses in"


def _endpoints(deployment: Deployment) -> Findings:
    if reach(deployment) != "private":
        return
    found = {at(_connection(each), "properties.groupIds")[0] for each in deployment.of_type(ENDPOINT)}
    yield from (f"there is no endpoint for {part}" for part in PARTS - found)
    named = {each["name"].rpartition("/")[0] for each in deployment.of_type(ZONE_GROUP)}
    yield from (f"{each['name']} has no name" for each in deployment.of_type(ENDPOINT) if each["name"] not in named)
    for each in deployment.of_type(ENDPOINT):
        for_nobody = at(_connection(each), "properties.privateLinkServiceId") not in {
            resource["id"] for resource in deployment.resources
        }
        if for_nobody:
            yield f"{each['name']} leads to nothing of this deployment"


def _app_subnet(deployment: Deployment) -> Findings:
    for network in deployment.of_type(NETWORK):
        [app] = [each for each in network["properties"]["subnets"] if each["name"] == "app"]
        if [each["properties"]["serviceName"] for each in app["properties"]["delegations"]] != [
            "Microsoft.App/environments"
        ]:
            yield "Flex Consumption cannot use the subnet"


def _connection(endpoint: Resource) -> Resource:
    [found] = endpoint["properties"]["privateLinkServiceConnections"]
    return dict(found)


def _without_the_endpoint_of_the_vault(deployment: Deployment) -> None:
    deployment.resources.remove(deployment.only(ENDPOINT, "-vault"))


def _without_a_delegation(deployment: Deployment) -> None:
    deployment.only(NETWORK)["properties"]["subnets"][0]["properties"]["delegations"] = []


NETWORK_RULES = (
    Rule(
        "a restricted account lets in nobody else",
        _entrances,
        changed(STORAGE, "properties.networkAcls.defaultAction", "Allow"),
        "restricted",
    ),
    Rule(
        "a private vault is not in the internet",
        _entrances,
        changed(VAULT, "properties.publicNetworkAccess", "Enabled"),
        "private",
    ),
    Rule("everything private has its endpoint", _endpoints, _without_the_endpoint_of_the_vault, "private"),
    Rule("the app can use its subnet", _app_subnet, _without_a_delegation, "restricted"),
)
