"""The scripts in .ci that deliver, with a stand-in for `az` and a server for what Azure and the app would answer."""

import asyncio
import json
import os
import re
import shutil
import ssl
import subprocess
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from aiohttp import web

SCRIPTS = Path(__file__).parents[1] / ".ci"
AZ = """#!/usr/bin/env bash
printf '%s\\n' "$@" --- >>"$AZ_ASKED"
case "$*" in
    "resource show "*" Microsoft.Web/sites --query properties.hostNameSslStates["*) echo "$AZ_SCM" ;;
    "account get-access-token"*) echo made-up-token ;;
    "deployment group what-if"*) echo "+ Microsoft.Storage/storageAccounts/made-up" ;;
    "deployment group create"*) echo "$AZ_APP" ;;
    "bicep build"*) echo "$AZ_COMPILER" >&2 ;;
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
        answers = self.answers[request.path]
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
        text = Path(self.environment["AZ_ASKED"]).read_text(encoding="utf-8")
        return [each.splitlines() for each in text.split("---\n") if each]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    az = tmp_path / "bin" / "az"
    az.parent.mkdir()
    az.write_text(AZ, encoding="utf-8")
    az.chmod(0o700)
    server = Server()
    async with serving(server, tmp_path / "ca.pem"):
        environment = {
            "PATH": f"{az.parent}:{os.environ['PATH']}",
            "CURL_CA_BUNDLE": str(tmp_path / "ca.pem"),
            "AZ_ASKED": str(tmp_path / "asked"),
            "AZ_SCM": server.address.removeprefix("https://"),
            "PUBLISH_PAUSE": "0",
            "PUBLISH_RETRIES": "1",
            "SMOKE_PAUSE": "1",
        }
        yield Stage(server, environment, tmp_path)


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


def deployment(*statuses: int) -> list[tuple[int, str]]:
    return [(200, json.dumps({"id": "d-1", "status": status})) for status in statuses]


async def publish(stage: Stage, *names: str, **environment: str) -> Ended:
    package = stage.folder / "package.zip"
    with zipfile.ZipFile(package, "w") as written:
        for name in names:
            written.writestr(name, "")
    return await stage.run("publish", str(package), "group", "app", **environment)


async def test_an_app_without_an_address_for_its_code_is_named(stage: Stage) -> None:
    ended = await publish(stage, AZ_SCM="")
    assert (ended.code, "Azure names no address to which the code of app could be sent" in ended.said) == (1, True)
    assert stage.server.asked == []


def test_nobody_asks_for_an_app_in_the_way_whose_answer_depends_on_the_plan() -> None:
    places = [SCRIPTS, SCRIPTS.parent / ".github" / "workflows", SCRIPTS.parent / "docs"]
    asking = [
        path.name
        for place in places
        for path in place.iterdir()
        if path.is_file()
        and re.search(r"\$\(az functionapp show|^ *az functionapp show", path.read_text(), re.MULTILINE)
    ]
    assert asking == []


async def test_a_package_is_sent_with_a_token_and_its_deployment_awaited(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(202, '"d-1"')], "/api/deployments/d-1": deployment(0, 1, 4)}
    ended = await publish(stage)
    assert (ended.code, "app runs the package" in ended.said) == (0, True)
    assert stage.server.asked[0] == ("POST", "/api/publish?RemoteBuild=true&Deployer=segment-export")
    assert stage.server.bodies[0] == (stage.folder / "package.zip").read_bytes()
    assert {headers["Authorization"] for headers in stage.server.headers} == {"Bearer made-up-token"}
    assert len(stage.server.asked) == 4
    assert "made-up-token" not in ended.said


async def test_nothing_is_installed_for_a_package_that_brings_what_it_needs(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(202, '"d-1"')], "/api/deployments/d-1": deployment(4)}
    ended = await publish(stage, "host.json", ".python_packages/lib/site-packages/six.py")
    assert ended.code == 0
    assert stage.server.asked[0] == ("POST", "/api/publish?RemoteBuild=false&Deployer=segment-export")


async def test_a_package_that_cannot_be_stored_yet_is_sent_again(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(400, "no role"), (202, '"d-1"')], "/api/deployments/d-1": deployment(4)}
    assert (await publish(stage)).code == 0


async def test_a_package_that_is_refused_for_good_fails_with_the_answer(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(400, "no role")]}
    ended = await publish(stage)
    assert ended.code == 1
    assert "no role\napp did not take the package" in ended.said


@pytest.mark.parametrize("status", [-1, 3, 5, 6])
async def test_a_deployment_that_failed_shows_its_log(stage: Stage, status: int) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": deployment(1, status),
        "/api/deployments/d-1/log": [(200, "no such package")],
    }
    ended = await publish(stage)
    assert ended.code == 1
    assert f"no such package\nDeployment d-1 of app ended with status {status}" in ended.said


async def test_a_deployment_may_miss_a_question_while_the_app_starts_anew(stage: Stage) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": [(503, "starting"), *deployment(4)],
    }
    assert (await publish(stage)).code == 0


async def test_a_deployment_without_an_end_is_not_awaited_without_an_end(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(202, '"d-1"')], "/api/deployments/d-1": deployment(1)}
    ended = await publish(stage, PUBLISH_PATIENCE="1")
    assert ended.code == 1
    assert "did not end within 1 seconds (last status: 1)" in ended.said


async def test_a_healthy_app_passes_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {"/api/health": [(503, ""), (200, "{}")]}
    ended = await stage.run("smoke", stage.server.address)
    assert (ended.code, "No export is named" in ended.said) == (0, True)
    assert stage.server.asked == [("GET", "/api/health")] * 2


async def test_an_app_that_never_gets_healthy_fails_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {"/api/health": [(503, "")]}
    ended = await stage.run("smoke", stage.server.address, SMOKE_PATIENCE="1")
    assert ended.code == 1
    assert "is not healthy: 503 from /api/health" in ended.said


@pytest.mark.parametrize(
    ("who", "header", "value"),
    [
        ({"FUNCTION_KEY": "made-up-key"}, "x-functions-key", "made-up-key"),
        ({"ACCESS_TOKEN": "made-up-token"}, "Authorization", "Bearer made-up-token"),
    ],
)
async def test_a_preview_is_asked_for_and_shown_to_nobody(
    stage: Stage, who: dict[str, str], header: str, value: str
) -> None:
    stage.server.answers = {"/api/health": [(200, "")], "/api/exports/vip/preview": [(200, "ada@example.com")]}
    ended = await stage.run("smoke", stage.server.address, "vip", **who)
    assert (ended.code, "Export vip can be previewed" in ended.said) == (0, True)
    assert stage.server.asked[1] == ("POST", "/api/exports/vip/preview")
    assert stage.server.headers[1][header] == value
    assert "ada@example.com" not in ended.said
    assert "made-up" not in ended.said


async def test_a_preview_that_fails_fails_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {"/api/health": [(200, "")], "/api/exports/vip/preview": [(404, "ada@example.com")]}
    ended = await stage.run("smoke", stage.server.address, "vip", SMOKE_PATIENCE="1")
    assert ended.code == 1
    assert "Export vip cannot be previewed: 404" in ended.said
    assert "ada@example.com" not in ended.said


async def test_each_line_of_the_parameters_is_one_argument(stage: Stage) -> None:
    lines = "alertEmail=dana@example.com\n\ntickSchedule=0 * * * * *\n"
    ended = await stage.run("infrastructure", "create", "group", AZ_APP="func-1", DEPLOY_PARAMETERS=lines)
    assert (ended.code, ended.said) == (0, "app=func-1\n")
    _, asked = stage.asked_of_az()
    start = asked.index("infra/main.bicepparam")
    assert asked[start + 1 : start + 3] == ["alertEmail=dana@example.com", "tickSchedule=0 * * * * *"]
    assert asked[:3] == ["deployment", "group", "create"]


async def test_a_deployment_that_names_no_app_fails(stage: Stage) -> None:
    ended = await stage.run("infrastructure", "create", "group", AZ_APP="")
    assert (ended.code, "no output functionAppName" in ended.said) == (1, True)


async def test_what_would_change_is_shown_and_not_done(stage: Stage) -> None:
    ended = await stage.run("infrastructure", "what-if", "group")
    assert ended.said.splitlines()[1:] == ["```", "+ Microsoft.Storage/storageAccounts/made-up", "```"]
    assert [asked[:3] for asked in stage.asked_of_az()][1:] == [["deployment", "group", "what-if"]]


async def test_what_is_deployed_was_compiled_by_the_compiler_of_the_checks(stage: Stage) -> None:
    await stage.run("infrastructure", "what-if", "group")
    shutil.copytree(SCRIPTS, stage.folder / ".ci")
    (stage.folder / "infra").mkdir()
    (stage.folder / "infra" / "main.bicep").write_text("", encoding="utf-8")
    await stage.run(str(stage.folder / ".ci" / "bicep"))
    installed = [asked for asked in stage.asked_of_az() if asked[:3] == ["bicep", "install", "--version"]]
    assert len(installed) == 2
    assert installed[0] == installed[1]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", 0),
        ("WARNING: A new Bicep release is available", 0),
        ("infra/main.bicep(1,1) : Warning no-unused-params: Parameter 'x' is declared but never used.", 1),
    ],
)
async def test_a_warning_of_the_compiler_fails(stage: Stage, said: str, code: int) -> None:
    shutil.copytree(SCRIPTS, stage.folder / ".ci")
    (stage.folder / "infra").mkdir()
    for name in ("main.bicep", "main.bicepparam"):
        (stage.folder / "infra" / name).write_text("", encoding="utf-8")
    ended = await stage.run(str(stage.folder / ".ci" / "bicep"), AZ_COMPILER=said)
    assert ended.code == code
    asked = [words[1] for words in stage.asked_of_az()]
    assert asked == ["install", "lint", "build", "build-params"]


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.iterdir()))
def test_bash_can_read_every_script(script: str) -> None:
    done = subprocess.run(["bash", "-n", SCRIPTS / script], capture_output=True, text=True, check=False)  # noqa: S607 - bash of the PATH
    assert (done.returncode, done.stderr) == (0, "")
