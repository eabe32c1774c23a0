"""Of the app's identity: the real credential against the stand-in for App Service's endpoint."""

from collections.abc import AsyncIterator

import pytest

from local.vault import Vault, vault
from shared.adapters.azure.identity import Identities, Identity
from shared.adapters.azure.secrets import KeyVaultSecrets
from shared.adapters.event_log import EventLog
from shared.domain.errors import ConfigurationError, Unavailable
from tests.adapters.azure.network import all_words, silence
from tests.contracts.key_vault import client_of

OURS = "11111111-2222-3333-4444-555555555555"
STRANGER = "99999999-8888-7777-6666-555555555555"
STORAGE = "https://storage.azure.com"
TOKEN = f"{STORAGE}/.default"


@pytest.fixture
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Vault]:
    """Yield a vault that the identity OURS opens, which this process has as an app in Azure does."""
    async with vault({"klaviyo-acme": "pk_given"}) as opened:
        opened.identity.client_id = OURS
        for name, value in opened.identity.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        yield opened


async def test_a_token_is_asked_for_once_for_each_service_and_identity(opened: Vault) -> None:
    identities = Identities()
    for _ in range(3):
        assert await identities.of(OURS).get_token(TOKEN)
        assert await identities.of(OURS).get_token_info(TOKEN)
        assert await identities.of(OURS).get_token_info(f"{opened.resource}/.default")
    await identities.close()
    assert opened.identity.asked == [(STORAGE, OURS), (opened.resource, OURS)]


async def test_a_token_that_is_about_to_expire_is_renewed(opened: Vault) -> None:
    opened.identity.lifetime = 0
    async with Identity(OURS) as identity:
        await identity.get_token_info(TOKEN)
        await identity.get_token_info(TOKEN)
    assert opened.identity.asked == [(STORAGE, OURS)] * 2


async def test_an_identity_that_is_not_assigned_is_named_and_nothing_else_is_tried(opened: Vault) -> None:
    async with Identity(STRANGER) as identity:
        with pytest.raises(Unavailable) as raised:
            await identity.get_token_info(TOKEN)
    assert str(raised.value).startswith(f"The app's identity {STRANGER} got no token for {STORAGE}; ")
    assert "Unable to load the proper Managed Identity" in all_words(raised.value)
    assert "EnvironmentCredential" not in all_words(raised.value)
    assert opened.identity.asked == []


async def test_an_identity_that_is_taken_away_later_is_named_as_well(opened: Vault) -> None:
    async with Identity(OURS) as identity, client_of(opened, identity) as client:
        await identity.get_token(TOKEN)
        opened.identity.client_id = STRANGER
        with pytest.raises(Unavailable, match=f"identity {OURS} got no token for {opened.resource}; .*is assigned"):
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")


async def test_an_app_without_an_identity_of_its_own_is_told_to_turn_it_on(opened: Vault) -> None:
    async with Identity(None) as identity:
        with pytest.raises(Unavailable, match=r"system-assigned identity got no token for .*, turn it on, or name"):
            await identity.get_token_info(TOKEN)
    assert opened.identity.asked == []


@pytest.mark.usefixtures("opened")
async def test_an_endpoint_that_keeps_silent_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with silence() as port:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
        async with Identity(OURS, seconds=0.05) as identity:
            with pytest.raises(Unavailable, match=f"identity {OURS} got no token") as raised:
                await identity.get_token_info(TOKEN)
    assert isinstance(raised.value.__cause__, TimeoutError)


async def test_a_credential_that_there_is_not_is_refused_by_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "managed-identity")
    with pytest.raises(ConfigurationError, match=r"^Setting AZURE_TOKEN_CREDENTIALS names no credential"):
        Identities().of(OURS)
