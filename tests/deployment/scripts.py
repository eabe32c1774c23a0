"""A place to run the scripts in .ci: stand-ins for `az` and `gh`, and a server for what Azure and the app answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme
from aiohttp import web

SCRIPTS = Path(__file__).parents[2] / ".ci"
AZ = """#!/usr/bin/env bash
printf '%s\\n' "$@" --- >>"$AZ_ASKED"
case "$*" in
    "resource show "*" Microsoft.Web/sites --query properties.hostNameSslStates["*) echo "$AZ_SCM" ;;
    "account get-access-token"*) echo made-up-token ;;
    "deployment group what-if"*) echo "+ Microsoft.Storage/storageAccounts/made-up" ;;
    "deployment group create"*) echo "$AZ_APP" ;;
    "deployment group show"*) echo "${AZ_OUTPUT-made-up}" ;;
    "functionapp function list"*) printf '%s\\n' ${AZ_FUNCTIONS-} ;;
    "ad app create"*) echo new-client ;;
    "ad app list"*) echo "${AZ_CLIENT-}" ;;
    "ad sp list"* | "ad app federated-credential list"* | "rest --method GET"*) echo "${AZ_THERE-}" ;;
    "ad sp create"* | "ad app show"* | "ad signed-in-user show"* | "account show"*) echo made-up-id ;;
esac
"""

GH = """#!/usr/bin/env bash
printf '%s\\n' "$@" --- >>"$AZ_ASKED"
case "$*" in
    "release view"*) [[ -n ${GH_THERE-} ]] ;;
    "api "*"/git/trees "*) echo made-up-tree ;;
    "api "*"/git/commits "*) echo made-up-commit ;;
    "api "*" --method DELETE "*) exit 1 ;;
esac
"""


@dataclass
class Server:
    """Answers one request after the other with what it was given, the last answer again and again; mutable."""

    address: str = ""
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path_qs))
        self.headers.append(dict(request.headers))
        self.bodies.append(await request.read())
        answers = self.answers[request.raw_path.partition("?")[0]]
        status, text = answers.pop(0) if len(answers) > 1 else answers[0]
        return web.Response(status=status, text=text)


@dataclass(frozen=True)
class Ended:
    """How a script ended, and what it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Stage:
    """A place to run scripts in."""

    server: Server
    environment: dict[str, str]
    folder: Path

    async def run(self, script: str, *arguments: str, **environment: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            *(str(SCRIPTS / script), *arguments),
            env=self.environment | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
        return Ended(process.returncode or 0, said.decode())

    def asked_of_az(self) -> list[list[str]]:
        """Return the words of each command that `az` or `gh` was asked for."""
        text = Path(self.environment["AZ_ASKED"]).read_text(encoding="utf-8")
        return [each.splitlines() for each in text.split("---\n") if each]


@asynccontextmanager
async def serving(server: Server, authority: Path) -> AsyncIterator[None]:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    server.address = f"https://localhost:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()
