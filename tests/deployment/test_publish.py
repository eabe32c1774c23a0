"""`.ci/publish` sends the package and waits for the end of its deployment."""

import json
import zipfile

import pytest

from tests.deployment.scripts import Ended, Stage


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


async def test_a_deployment_that_is_gone_after_a_good_answer_has_ended_as_the_latest_one_says(stage: Stage) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": [*deployment(1), (404, "")],
        "/api/deployments/latest": deployment(1, 4),
    }
    ended = await publish(stage)
    assert (ended.code, "app runs the package (deployment d-1)" in ended.said) == (0, True)


async def test_a_deployment_that_is_gone_may_have_failed(stage: Stage) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": [*deployment(1), (404, "")],
        "/api/deployments/latest": deployment(3),
        "/api/deployments/d-1/log": [(404, "")],
    }
    ended = await publish(stage)
    assert (ended.code, "Deployment d-1 of app ended with status 3" in ended.said) == (1, True)


async def test_a_deployment_that_is_not_there_yet_is_awaited(stage: Stage) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": [(404, ""), *deployment(1, 4)],
    }
    assert (await publish(stage)).code == 0


async def test_the_end_of_another_deployment_is_not_taken_for_that_of_this_one(stage: Stage) -> None:
    stage.server.answers = {
        "/api/publish": [(202, '"d-1"')],
        "/api/deployments/d-1": [*deployment(1), (404, "")],
        "/api/deployments/latest": [(200, json.dumps({"id": "d-0", "status": 4}))],
    }
    ended = await publish(stage, PUBLISH_PATIENCE="2")
    assert (ended.code, "did not end within 2 seconds (last status: none)" in ended.said) == (1, True)


async def test_a_deployment_without_an_end_is_not_awaited_without_an_end(stage: Stage) -> None:
    stage.server.answers = {"/api/publish": [(202, '"d-1"')], "/api/deployments/d-1": deployment(1)}
    ended = await publish(stage, PUBLISH_PATIENCE="1")
    assert ended.code == 1
    assert "did not end within 1 seconds (last status: 1)" in ended.said
