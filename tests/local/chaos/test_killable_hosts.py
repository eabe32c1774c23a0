"""A functions host that can be killed, and begins anew."""

import aiohttp
import pytest

from local.chaos.hosts import Death, KillableHost
from local.processes import LocalProblem


def host(settings: dict[str, str]) -> KillableHost:
    return KillableHost("A", settings)


async def test_a_host_that_cannot_start_says_why() -> None:
    stranger = host({"KLAVIYO_BASE_URL": "https://a.klaviyo.com"})

    with pytest.raises(LocalProblem, match=r"Functions host A ended before it was ready\..*refuses the real address"):
        await stranger.start()
    with pytest.raises(LocalProblem, match="Functions host A has ended by itself"):
        stranger.kill()
    await stranger.wait_until_gone()


async def test_a_host_that_is_killed_is_gone_at_once_and_begins_anew(azurite: str) -> None:
    settings = {
        "AzureWebJobsStorage": azurite,
        "KLAVIYO_BASE_URL": "http://127.0.0.1:1",
        "QUEUE_NAME": "mortal-hosts",
        "TICK_SCHEDULE": "0 0 0 1 1 *",
    }
    mortal = host(settings)
    await mortal.start()
    first = mortal.url

    assert mortal.kill() == 0
    await mortal.wait_until_gone()
    await mortal.start()
    try:
        assert mortal.url != first
        assert mortal.legs == 0
    finally:
        await mortal.wait_until_gone()


@pytest.mark.parametrize("how", [Death.STOPPED, Death.WORKER_KILLED, Death.WORKER_HUNG])
async def test_a_host_begins_anew_however_it_or_its_worker_ends(azurite: str, how: Death) -> None:
    said: list[str] = []
    settings = {
        "AzureWebJobsStorage": azurite,
        "KLAVIYO_BASE_URL": "http://127.0.0.1:1",
        "QUEUE_NAME": f"mortal-{how.value.replace(' ', '-')}",
        "TICK_SCHEDULE": "* * * * * *",  # so that a call comes which a worker that hangs does not answer
        "AzureFunctionsJobHost__functionTimeout": "00:00:04",
    }
    mortal = KillableHost("A", settings, note=lambda _name, line: said.append(line))
    await mortal.start()
    try:
        assert await mortal.end(how) == 0
    finally:
        await mortal.wait_until_gone()
    if how is Death.WORKER_HUNG:
        assert any("took longer than functionTimeout allows" in line for line in said)
    assert any("The worker has died" in line for line in said) is (how is not Death.STOPPED)


async def test_a_worker_that_stood_still_answers_again(azurite: str) -> None:
    settings = {
        "AzureWebJobsStorage": azurite,
        "KLAVIYO_BASE_URL": "http://127.0.0.1:1",
        "QUEUE_NAME": "patient-hosts",
        "TICK_SCHEDULE": "0 0 0 1 1 *",
    }
    mortal = KillableHost("A", settings, words=("--stop", "told"), standstill=0.5)
    await mortal.start()
    try:
        assert mortal.tells
        assert await mortal.end(Death.WORKER_STOOD_STILL) == 0
        async with aiohttp.ClientSession() as http, http.get(f"{mortal.url}/api/health") as response:
            assert response.status == 200
    finally:
        await mortal.wait_until_gone()
