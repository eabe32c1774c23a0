"""`.ci/entra` makes the app registration, or takes the one that is there, and deploys with it."""

import json

from tests.deployment.scripts import Stage


def changes(asked: list[list[str]]) -> list[str]:
    """Return what changes something, by the first words of its command."""
    verbs = ("create", "update", "PATCH", "POST")
    return [" ".join(each[: 3 if each[0] != "rest" else 5]) for each in asked if set(verbs) & set(each[:4])]


async def test_a_registration_is_made_and_the_app_deployed_with_it(stage: Stage) -> None:
    ended = await stage.run("entra", "group", "alertEmail=dana@example.com", AZ_OUTPUT="https://func.example.com/api")
    assert (ended.code, "registration new-client" in ended.said) == (0, True)
    asked = stage.asked_of_az()
    assert changes(asked)[:3] == ["ad app create", "ad app update", "ad sp create"]
    assert asked[-1][:3] == ["deployment", "group", "create"]
    start = asked[-1].index("infra/main.bicepparam")
    assert asked[-1][start + 1 : start + 4] == [
        "alertEmail=dana@example.com",
        "authMode=entra",
        "entraClientId=new-client",
    ]


async def test_nobody_without_a_role_gets_a_token_and_there_is_no_secret(stage: Stage) -> None:
    await stage.run("entra", "group", AZ_OUTPUT="https://func.example.com/api")
    asked = stage.asked_of_az()
    bodies = [json.loads(each[each.index("--body") + 1]) for each in asked if "--body" in each]
    assert {"appRoleAssignmentRequired": True} in bodies
    [web] = [each["web"] for each in bodies if "web" in each]
    assert web["redirectUris"] == ["https://func.example.com/.auth/login/aad/callback"]
    [role] = [each for each in bodies if "appRoleId" in each]
    assert role["principalId"] == "made-up-id"
    assert [each for each in asked if "credential" in each and "reset" in each] == []
    [vouching] = [each for each in asked if each[:4] == ["ad", "app", "federated-credential", "create"]]
    assert json.loads(vouching[vouching.index("--parameters") + 1])["subject"] == "https://func.example.com/api"


async def test_what_is_there_is_taken_and_not_made_again(stage: Stage) -> None:
    ended = await stage.run("entra", "group", AZ_CLIENT="old-client", AZ_THERE="there")
    assert (ended.code, "registration old-client" in ended.said) == (0, True)
    assert [each for each in changes(stage.asked_of_az()) if "create" in each or "POST" in each] == [
        "deployment group create"
    ]


async def test_without_a_deployment_nothing_is_made(stage: Stage) -> None:
    ended = await stage.run("entra", "group", AZ_OUTPUT="")
    assert (ended.code, "deploy first" in ended.said) == (1, True)
    assert changes(stage.asked_of_az()) == []
