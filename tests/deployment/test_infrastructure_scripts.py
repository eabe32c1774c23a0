"""`.ci/infrastructure` and `.ci/bicep` hand on what they are given, and take one compiler."""

from pathlib import Path

import pytest

from tests.deployment.scripts import Stage

TESTS = Path(__file__).parents[1]
SKIPPED = "skipif(compiler() is" + " None"
"""How a test says that it needs a compiler."""


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
    await stage.run("bicep", "install")
    installed = [asked for asked in stage.asked_of_az() if asked[:3] == ["bicep", "install", "--version"]]
    assert len(installed) == 2
    assert installed[0] == installed[1]


@pytest.mark.parametrize("code", [0, 1])
async def test_the_tests_check_the_templates_with_the_compiler_that_was_fetched(stage: Stage, code: int) -> None:
    make = stage.folder / "bin" / "make"
    make.write_text(f'#!/usr/bin/env bash\necho "$BICEP: make $*"\nexit {code}\n', encoding="utf-8")
    make.chmod(0o700)
    ended = await stage.run("bicep", AZURE_CONFIG_DIR="/azure")
    begun, _, tests = ended.said.strip().partition(" ARGS=")
    assert (ended.code, begun) == (code, "/azure/bin/bicep: make test")
    need_it = {path for path in TESTS.rglob("test_*.py") if SKIPPED in path.read_text("utf-8")}
    assert len(need_it) > 2
    played = [TESTS.parent / each for each in tests.split()]
    assert [path for path in need_it if not any(path.is_relative_to(each) for each in played)] == []
    assert [asked[:2] for asked in stage.asked_of_az()] == [["bicep", "install"]]
