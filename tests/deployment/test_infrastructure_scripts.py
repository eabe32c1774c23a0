"""`.ci/infrastructure` and `.ci/bicep` hand on what they are given, by one compiler, and fail of its warnings."""

import shutil

import pytest

from tests.deployment.scripts import SCRIPTS, Stage


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
