"""Secrets that the app writes into a vault, and that none is kept from before that."""

import asyncio
from typing import Any, cast

import pytest
from azure.keyvault.secrets.aio import SecretClient

from local.vault import Vault
from shared.adapters.azure.secrets import KeyVaultSecrets, SettingsSecrets
from shared.adapters.event_log import EventLog
from shared.domain.errors import (
    CONNECTION_TROUBLE,
    ConfigurationError,
    CredentialsRefused,
    ExportError,
    Throttled,
    Unavailable,
)
from tests.adapters.azure.conftest import KEY
from tests.adapters.azure.network import all_words
from tests.contracts.key_vault import client_of


@pytest.mark.parametrize(
    ("status", "code", "expected", "words"),
    [
        (400, "", ConfigurationError, r"did not take the value for secret 'klaviyo-acme' \(status 400\)"),
        (401, "", CredentialsRefused, "did not accept the app's identity; .*'Key Vault Secrets Officer'"),
        (403, "ForbiddenByRbac", CredentialsRefused, "'Key Vault Secrets Officer' .*allowKeyEntry=true"),
        (403, "ForbiddenByFirewall", CredentialsRefused, "through the vault's firewall"),
        (409, "ObjectIsDeletedButRecoverable", ConfigurationError, "was deleted .*; recover that one in the vault"),
        (408, "", Unavailable, r"could not write secret 'klaviyo-acme' \(status 408\)"),
        (429, "", Throttled, "asked to slow down"),
        (503, "", Unavailable, r"could not write secret 'klaviyo-acme' \(status 503\)"),
    ],
)
async def test_a_vault_that_takes_no_secret_says_what_to_do(
    opened: Vault, status: int, code: str, expected: type[ExportError], words: str
) -> None:
    opened.fail_next(status, code=code)
    async with client_of(opened) as client:
        with pytest.raises(expected, match=words) as raised:
            await KeyVaultSecrets(client, events=EventLog()).put("klaviyo-acme", "pk_new")
    assert type(raised.value) is expected
    assert opened.url in str(raised.value)
    assert raised.value.public == CONNECTION_TROUBLE
    assert "pk_new" not in all_words(raised.value)


async def test_a_secret_that_is_put_is_a_new_version_that_tells_who_wrote_it(opened: Vault) -> None:
    async with client_of(opened) as client:
        await KeyVaultSecrets(client, events=EventLog()).put("klaviyo-acme", "pk_new")
    assert [version.value for version in opened.held["klaviyo-acme"]] == [KEY, "pk_new"]
    assert opened.described["klaviyo-acme"] == {
        "contentType": "text/plain",
        "tags": {"written-by": "segment-export-klaviyo"},
    }


async def test_after_a_put_that_may_have_worked_the_vault_itself_is_asked(opened: Vault) -> None:
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        await secrets.get("klaviyo-acme")
        opened.fail_next(503)
        with pytest.raises(Unavailable):
            await secrets.put("klaviyo-acme", "pk_new")
        opened.set("klaviyo-acme", "pk_new")
        assert await secrets.get("klaviyo-acme") == "pk_new"


async def test_an_answer_from_before_a_put_is_not_kept_beyond_it(opened: Vault) -> None:
    async with client_of(opened) as client:
        slow = _SlowReader(client)
        secrets = KeyVaultSecrets(cast("Any", slow), events=EventLog())
        reading = asyncio.create_task(secrets.get("klaviyo-acme"))
        await slow.has_read.wait()
        await secrets.put("klaviyo-acme", "pk_new")
        slow.may_go_on.set()
        assert await reading == KEY
        assert await secrets.get("klaviyo-acme") == "pk_new"


async def test_what_is_read_while_a_put_is_under_way_is_not_kept_beyond_it(opened: Vault) -> None:
    async with client_of(opened) as client:
        slow = _SlowWriter(client)
        secrets = KeyVaultSecrets(cast("Any", slow), events=EventLog())
        writing = asyncio.create_task(secrets.put("klaviyo-acme", "pk_new"))
        await slow.is_asked.wait()
        assert await secrets.get("klaviyo-acme") == KEY
        slow.may_go_on.set()
        await writing
        assert await secrets.get("klaviyo-acme") == "pk_new"


class _SlowWriter:
    """A client that writes only when it may."""

    def __init__(self, client: SecretClient) -> None:
        self._client = client
        self.vault_url = client.vault_url
        self.get_secret = client.get_secret
        self.is_asked = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def set_secret(self, name: str, value: str, **options: Any) -> None:
        self.is_asked.set()
        await self.may_go_on.wait()
        await self._client.set_secret(name, value, **options)


class _SlowReader:
    """A client whose first reading comes back only when it may."""

    def __init__(self, client: SecretClient) -> None:
        self._client = client
        self.vault_url = client.vault_url
        self.set_secret = client.set_secret
        self.has_read = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def get_secret(self, name: str) -> Any:
        secret = await self._client.get_secret(name)
        self.has_read.set()
        await self.may_go_on.wait()
        return secret


async def test_on_a_laptop_no_secret_is_put() -> None:
    secrets = SettingsSecrets({"SECRET_KLAVIYO_ACME": KEY})
    with pytest.raises(ConfigurationError, match=r"the setting SECRET_KLAVIYO_ACME .*KEY_VAULT_URL") as raised:
        await secrets.put("klaviyo-acme", "pk_new")
    assert "pk_new" not in str(raised.value)
    with pytest.raises(ConfigurationError, match="'klaviyo_acme' cannot be the name of a secret"):
        await secrets.put("klaviyo_acme", "pk_new")
