"""An app that cannot be opened says why, and leaves nothing open: warnings are errors here."""

import gc
from collections.abc import AsyncIterator

import pytest

from local.vault import Vault, vault
from shared.domain.errors import ConfigurationError, Unavailable
from shared.wiring import open_app

OURS = "11111111-2222-3333-4444-555555555555"
STRANGER = "99999999-8888-7777-6666-555555555555"
SETTINGS = {
    "AzureWebJobsStorage__blobServiceUri": "https://127.0.0.1:1/stapp",
    "AzureWebJobsStorage__clientId": STRANGER,
    "KEY_VAULT_URL": "https://127.0.0.1:1",
    "AZURE_CLIENT_ID": OURS,
}


@pytest.fixture
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Vault]:
    """Yield a vault with the identity OURS, which this process has as an app in Azure does."""
    async with vault() as opened:
        opened.identity.client_id = OURS
        for name, value in opened.identity.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
        yield opened


@pytest.mark.usefixtures("opened")
async def test_an_app_without_its_identity_does_not_open_and_says_which_it_is() -> None:
    with pytest.raises(Unavailable, match=f"identity {STRANGER} got no token for https://storage.azure.com; "):
        await open_app(SETTINGS)
    gc.collect()


@pytest.mark.usefixtures("opened")
async def test_an_app_with_a_credential_that_there_is_not_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "managed-identity")
    with pytest.raises(ConfigurationError, match="AZURE_TOKEN_CREDENTIALS"):
        await open_app(SETTINGS)
    gc.collect()
