"""No key opens anything for the app: it exports with its identity alone, with the settings that the Bicep writes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from azure.storage.blob.aio import BlobServiceClient

from local.processes import LocalProblem
from shared.adapters.azure.client_options import STORAGE_OPTIONS
from shared.adapters.azure.documents import BlobDocuments
from shared.adapters.azure.identity import Identity
from shared.domain.errors import CredentialsRefused
from tests.end_to_end.identity_stage import (
    APP_ACCOUNT,
    BESIDE,
    BY_PLATFORM,
    ELSEWHERE,
    IDENTITY,
    IN_AZURE,
    SECONDS,
    World,
    secret_of,
    started,
    url_of,
)
from tests.infra.deployed_settings import deployed_settings
from tests.infra.snapshots.evaluated import kept

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXPORTS = ("rotated", "forbidden", "missing", "disabled", "revoked", "expired", "slow", "down", "lost")
STORAGE = "https://storage.azure.com"
STRANGER = "99999999-8888-7777-6666-555555555555"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Yield everything, started once: each test has an export, a key and an account of its own."""
    # The fixture azurite is asked for its reasons to skip; here is a storage of its own, and nothing else is a reason.
    del azurite
    async with started(tmp_path_factory.mktemp("app"), EXPORTS) as around:
        yield around


async def test_the_settings_are_those_of_the_bicep_but_for_the_addresses(stage: World) -> None:
    written = deployed_settings(kept("default"), IN_AZURE)
    settings = stage.settings()
    assert settings.keys() - BESIDE.keys() == written.keys()
    assert settings.keys() >= BESIDE.keys()
    assert {name for name, value in written.items() if settings[name] != value} == ELSEWHERE.keys()
    assert stage.environment().keys() - settings.keys() == BY_PLATFORM.keys()


async def test_a_key_that_is_rotated_in_mid_run_needs_no_restart_and_the_identity_is_asked_once(stage: World) -> None:
    await stage.add_export("rotated", 11_000)
    stage.klaviyo.rotate = lambda: stage.put_key("rotated", "pk_rotated_new")

    run = await stage.ended(await stage.start("rotated"))

    assert (run["status"], run["legs"], run["tally"]["accepted"]) == ("succeeded", 1, 11_000), run
    assert len(stage.account("rotated").lists["rotated"]) == 11_000
    assert stage.klaviyo.refused() >= 1
    # The host asks for its queues and for its timer, the app for both storage accounts; each keeps what it has got.
    assert Counter(stage.vault.identity.asked) == {(STORAGE, IDENTITY): 3, (stage.vault.resource, IDENTITY): 1}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("forbidden", "refused to give secret 'klaviyo-forbidden'; give the app's identity the role 'Key Vault Sec"),
        ("missing", "cannot be used. It must be there and enabled"),
        ("disabled", "cannot be used. It must be there and enabled"),
        ("revoked", "does not know the key in secret 'klaviyo-revoked' (401)"),
    ],
)
async def test_a_vault_that_gives_no_good_key_fails_the_run_with_what_to_do(
    stage: World, name: str, sentence: str
) -> None:
    await stage.add_export(name, 10)
    if name == "forbidden":
        stage.vault.fail_next(403, times=100, code="ForbiddenByRbac", name=secret_of(name))
    if name == "missing":
        stage.vault.delete(secret_of(name))
    if name == "disabled":
        stage.vault.disable(secret_of(name))
    if name == "revoked":
        stage.account(name).replace_keys({})

    run = await stage.ended(await stage.start(name))

    assert (run["status"], run["error"]["reason"]) == ("failed", "credentials_refused"), run
    assert sentence in run["error"]["detail"], run
    assert "pk_" not in str(run)


async def test_a_key_whose_time_in_the_vault_is_over_is_told_of_and_used_as_long_as_klaviyo_takes_it(
    stage: World,
) -> None:
    await stage.add_export("expired", 10)
    stage.vault.set_expiry(secret_of("expired"), datetime.now(UTC) - timedelta(days=2))

    run = await stage.ended(await stage.start("expired"))

    assert (run["status"], run["tally"]["accepted"]) == ("succeeded", 10), run
    assert stage.app
    assert await stage.app.wait_for_line("secret_expiring.*klaviyo-expired")


async def test_a_vault_that_cannot_right_now_lets_the_run_wait_and_then_go_on(stage: World) -> None:
    async def try_with(name: str, status: int) -> tuple[dict[str, Any], dict[str, Any]]:
        await stage.add_export(name, 10)
        stage.vault.fail_next(status, times=100, name=secret_of(name))
        address = await stage.start(name)
        waiting = await stage.until(address, lambda run: run["waiting"])
        stage.vault.recover(secret_of(name))
        return waiting["waiting"], await stage.go_on(address)

    (slow, run), (down, other) = await asyncio.gather(try_with("slow", 429), try_with("down", 503))

    assert (slow["reason"], down["reason"]) == ("throttled", "unavailable")
    assert slow["detail"] == f"Key Vault {stage.vault.url} asked to slow down."
    assert down["detail"] == f"Key Vault {stage.vault.url} could not give secret 'klaviyo-down' (status 503)."
    for each in (run, other):
        assert (each["status"], each["tally"]["accepted"]) == ("succeeded", 10), each


async def test_an_identity_that_is_not_assigned_is_named_by_the_run_and_by_the_answer(stage: World) -> None:
    await stage.add_export("lost", 10)
    wrong = {"AZURE_CLIENT_ID": STRANGER, "SEGMENTS_ACCOUNT__clientId": STRANGER}
    async with stage.app_process(**wrong, QUEUE_NAME="of-its-own") as process:
        url = await url_of(process)
        async with stage.http.post(f"{url}/api/connections/lost/test") as response:
            answer = await response.json()
        run = await stage.until(await stage.start("lost", url), lambda run: run["waiting"])

    assert (response.status, run["waiting"]["reason"]) == (503, "unavailable")
    for detail, service in ((answer["detail"], stage.vault.resource), (run["waiting"]["detail"], STORAGE)):
        assert detail.startswith(f"The app's identity {STRANGER} got no token for {service}; "), detail
        assert "check that this user-assigned identity is assigned to the app" in detail


async def test_without_a_token_for_its_queue_the_host_says_which_identity_it_tried(stage: World) -> None:
    async with stage.app_process(AzureWebJobsStorage__clientId=STRANGER) as process:
        with pytest.raises(
            LocalProblem, match=f"'segment-exports' cannot be made by the identity {STRANGER}: Bad Request"
        ):
            await process.wait_for_line("^Ready", seconds=SECONDS)


async def test_a_token_for_another_service_is_refused_by_the_storage(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stage.vault.identity.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(stage.vault.identity, "audience", "https://management.azure.com")
    options: dict[str, Any] = {**STORAGE_OPTIONS, "connection_verify": str(stage.vault.ca_file)}
    url = stage.storage.url_of(APP_ACCOUNT, "Blob")
    async with Identity(IDENTITY) as identity, BlobServiceClient(url, credential=identity, **options) as service:
        with pytest.raises(CredentialsRefused, match="give the app's identity the role 'Storage Blob Data"):
            await BlobDocuments(service, "exports").get("exports/rotated.json")
