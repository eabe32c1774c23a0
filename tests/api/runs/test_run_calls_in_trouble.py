"""Calls about runs that are wrong, or that come while something is away."""

from urllib.parse import quote

import pytest

from shared.domain.errors import ConfigurationError, ContractBroken, Throttled, Unavailable
from tests.api.calling import RUNS, Api, Reply

UNKNOWN = f"{RUNS}/20200101t000000z-0000"


async def every_call(api: Api, run: str = UNKNOWN) -> list[Reply]:
    """Return the answers to every call about runs."""
    return [await api.post(RUNS), await api.get(RUNS), await api.get(run), await api.delete(run)]


@pytest.mark.parametrize("bad", ["VIP", "", "-vip", "a" * 64, "../secrets", "vip/other", "v\u00efp", "vip\n", "%2e%2e"])
async def test_an_id_that_can_be_none_is_a_bad_request_and_touches_no_storage(bad: str) -> None:
    api, bad = Api(), quote(bad, safe="")
    replies = [
        await api.post(f"exports/{bad}/runs"),
        await api.get(f"exports/{bad}/runs"),
        await api.get(f"exports/{bad}/runs/1"),
        await api.get(f"{RUNS}/{bad}"),
        await api.delete(f"exports/{bad}/runs/1"),
        await api.delete(f"{RUNS}/{bad}"),
        await api.get(f"{RUNS}?before={bad}"),
    ]
    for reply in replies:
        assert "must begin with a lower-case letter or a digit" in reply.problem(400)["detail"]
    assert api.world.documents.faults.log == []


async def test_an_unknown_run_is_not_found() -> None:
    api = Api()
    for reply in (await api.get(UNKNOWN), await api.delete(UNKNOWN)):
        assert reply.problem(404)["detail"] == "Export 'vip' has no run '20200101t000000z-0000'."


@pytest.mark.parametrize("call", ["get", "insert", "folders"])
async def test_storage_that_does_not_answer_is_a_problem_that_says_when_to_try_again(call: str) -> None:
    api = Api()
    run = f"{RUNS}/{(await api.world.start()).run_id}"
    api.world.documents.faults.fail(call, error=Unavailable("Storage does not answer."), times=9)
    refused = {
        "get": [await api.post(f"{RUNS}?queue=true"), await api.get(run), await api.delete(run)],
        "insert": [await api.post(f"{RUNS}?queue=true"), await api.delete(run)],
        "folders": [await api.get(RUNS)],
    }
    for reply in refused[call]:
        assert reply.problem(503)["detail"] == "Storage does not answer."
        assert reply.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Unavailable("Storage does not answer."), 503, "5"),
        (Throttled("Slowly.", after=0.2), 503, "1"),
        (Throttled("Slowly.", after=7.01), 503, "8"),
        (ConfigurationError("Setting AzureWebJobsStorage is missing."), 500, None),
        (ContractBroken("What?"), 500, None),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_an_app_that_cannot_start_answers_with_a_problem_and_a_log(
    error: Exception, status: int, retry_after: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api()
    api.opening = error
    for reply in await every_call(api):
        assert reply.problem(status)["detail"] == str(error)
        assert reply.headers.get("Retry-After") == retry_after
    assert [record.getMessage() for record in caplog.records] == [f"A request was answered with {status}: {error}"] * 4
