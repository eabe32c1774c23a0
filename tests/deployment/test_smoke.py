"""`.ci/smoke` asks the app that was deployed whether it works, and shows nobody's address or key."""

import pytest

from tests.deployment.scripts import Stage


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
