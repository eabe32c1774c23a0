"""`.ci/smoke` asks the app that was deployed whether it works, and shows nobody's address or key."""

import pytest

from shared.api.access.callers import identify
from shared.settings import AuthMode
from tests.deployment.scripts import Stage

TICKED = '{"checks": [{"name": "tick", "is_ok": true, "problem": null, "at": "%s"}]}'
GOOD, OLD = TICKED % "2999-01-01T00:00:00.5Z", TICKED % "2026-01-01T00:00:00Z"
BAD = '{"checks": [{"name": "vault", "is_ok": false, "problem": {"code": "vault_no_answer", "detail": "kv-secret"}}]}'
OPEN: dict[str, list[tuple[int, str]]] = {
    "/api/health": [(200, "{}")],
    "/api/ui/": [(200, "<!doctype html>")],
    "/api/exports": [(401, "")],
    "/api/ui/..%2fexports": [(404, "")],
    "/api/ui/%2e%2e/exports": [(401, "")],
}
"""What a stranger gets of an app that is as it should be."""
ASKED_BY_STRANGERS = [("GET", path) for path in OPEN]


async def test_a_healthy_app_passes_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/health": [(503, ""), (200, "{}")]}
    ended = await stage.run("smoke", stage.server.address)
    assert (ended.code, "No export is named" in ended.said) == (0, True)
    assert f"The page is at {stage.server.address}/api/ui/" in ended.said
    assert stage.server.asked == [("GET", "/api/health"), *ASKED_BY_STRANGERS]


async def test_an_app_without_its_page_fails_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/ui/": [(404, "")]}
    ended = await stage.run("smoke", stage.server.address, SMOKE_PATIENCE="1")
    assert (ended.code, "has no page: 404" in ended.said) == (1, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/exports", 200),
        ("/api/exports", 404),
        ("/api/ui/..%2fexports", 200),
        ("/api/ui/%2e%2e/exports", 200),
        ("/api/ui/%2e%2e/exports", 302),
    ],
)
async def test_an_app_that_is_open_to_a_stranger_fails_the_smoke_test(stage: Stage, path: str, status: int) -> None:
    stage.server.answers = {**OPEN, path: [(status, '{"exports": ["ada@example.com"]}')]}
    ended = await stage.run("smoke", stage.server.address)
    assert ended.code == 1
    assert f"A stranger gets {status} from {path}" in ended.said
    assert "ada@example.com" not in ended.said


async def test_the_stranger_says_to_be_an_administrator(stage: Stage) -> None:
    stage.server.answers = dict(OPEN)
    await stage.run("smoke", stage.server.address)
    sent = [headers.get("X-MS-CLIENT-PRINCIPAL", "") for headers in stage.server.headers]
    assert [bool(each) for each in sent] == [False, False, True, True, True]
    assert identify(AuthMode.ENTRA, {"x-ms-client-principal": sent[-1]}).is_administrator


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
    preview = '{"profiles": [{"email": "ada@example.com"}], "problems": []}'
    stage.server.answers = {
        **OPEN,
        "/api/health/details": [(200, GOOD)],
        "/api/exports/vip/preview": [(200, preview)],
    }
    ended = await stage.run("smoke", stage.server.address, "vip", **who)
    assert (ended.code, "Export vip can be previewed" in ended.said) == (0, True)
    assert stage.server.asked[len(OPEN) :] == [("GET", "/api/health/details"), ("POST", "/api/exports/vip/preview")]
    assert [headers[header] for headers in stage.server.headers[len(OPEN) :]] == [value, value]
    assert "ada@example.com" not in ended.said
    assert "made-up" not in ended.said


async def test_the_smoke_test_waits_for_a_tick_that_came_after_the_deployment(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/health/details": [(200, OLD), (503, BAD), (200, GOOD)]}
    ended = await stage.run("smoke", stage.server.address, FUNCTION_KEY="k")
    assert (ended.code, "A tick has come to its end since" in ended.said) == (0, True)
    assert stage.server.asked.count(("GET", "/api/health/details")) == 3


async def test_a_timer_that_does_not_fire_any_more_fails_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/health/details": [(200, OLD)]}
    ended = await stage.run("smoke", stage.server.address, FUNCTION_KEY="k", SMOKE_PATIENCE="2")
    assert (ended.code, "No tick has come to its end since" in ended.said) == (1, True)


@pytest.mark.parametrize(
    ("names", "code"), [("app/health app/tick app/export_segment", 0), ("app/health app/tick", 1), ("", 1)]
)
async def test_functions_that_azure_does_not_know_fail_the_smoke_test(stage: Stage, names: str, code: int) -> None:
    stage.server.answers = dict(OPEN)
    asked = {"GROUP": "group", "APP": "app", "AZ_FUNCTIONS": names, "SMOKE_PATIENCE": "2"}
    ended = await stage.run("smoke", stage.server.address, **asked)
    assert (ended.code, "does not know the functions" in ended.said) == (code, bool(code))


async def test_a_part_that_does_not_answer_fails_the_smoke_test_by_name_and_code(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/health/details": [(503, BAD)]}
    ended = await stage.run("smoke", stage.server.address, "vip", FUNCTION_KEY="k", SMOKE_PATIENCE="1")
    assert ended.code == 1
    assert "503 from /api/health/details: vault (vault_no_answer)." in ended.said
    assert "kv-secret" not in ended.said


@pytest.mark.parametrize("answer", ['{"problems": [{"code": "no_rows", "detail": "ada@example.com"}]}', "<html>"])
async def test_a_preview_with_problems_or_of_another_kind_fails_the_smoke_test(stage: Stage, answer: str) -> None:
    stage.server.answers = {
        **OPEN,
        "/api/health/details": [(200, GOOD)],
        "/api/exports/vip/preview": [(200, answer)],
    }
    ended = await stage.run("smoke", stage.server.address, "vip", FUNCTION_KEY="k")
    assert ended.code == 1
    assert "A run of export vip would fail: " in ended.said
    assert ("no_rows" in ended.said) is ("no_rows" in answer)
    assert "ada@example.com" not in ended.said


async def test_a_preview_that_fails_fails_the_smoke_test(stage: Stage) -> None:
    stage.server.answers = {**OPEN, "/api/exports/vip/preview": [(404, "ada@example.com")]}
    ended = await stage.run("smoke", stage.server.address, "vip", SMOKE_PATIENCE="1")
    assert ended.code == 1
    assert "Export vip cannot be previewed: 404" in ended.said
    assert "ada@example.com" not in ended.said
