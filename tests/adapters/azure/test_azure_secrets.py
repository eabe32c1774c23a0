"""Of secrets: the real Key Vault client against the stand-in, and the settings of a laptop."""

import asyncio
import logging
from datetime import timedelta

import pytest
from azure.identity.aio import ManagedIdentityCredential
from azure.keyvault.secrets.aio import SecretClient

from local.vault import Vault
from shared.adapters.azure.secrets import KEPT_SECONDS, TOLD_SECONDS, KeyVaultSecrets, SettingsSecrets
from shared.adapters.event_log import EventLog
from shared.domain.errors import CONNECTION_TROUBLE, CredentialsRefused, ExportError, Throttled, Unavailable
from tests.adapters.azure.conftest import KEY
from tests.adapters.azure.network import all_words, closed_port, silence
from tests.contracts.key_vault import GivenToken, client_of
from tests.events import events_in, named
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize(
    ("status", "code", "expected", "words"),
    [
        (400, "", CredentialsRefused, "Secret 'klaviyo-acme' of Key Vault .* cannot be used"),
        (401, "", CredentialsRefused, "did not accept the app's identity"),
        (403, "ForbiddenByRbac", CredentialsRefused, "the role 'Key Vault Secrets User'"),
        (403, "ForbiddenByFirewall", CredentialsRefused, "through the vault's firewall"),
        (403, "", CredentialsRefused, "the role 'Key Vault Secrets User'"),
        (403, "SecretDisabled", CredentialsRefused, "Secret 'klaviyo-acme' of Key Vault .* cannot be used"),
        (404, "", CredentialsRefused, "Secret 'klaviyo-acme' of Key Vault .* cannot be used"),
        (408, "", Unavailable, r"could not give secret 'klaviyo-acme' \(status 408\)"),
        (429, "", Throttled, "asked to slow down"),
        (500, "", Unavailable, r"could not give secret 'klaviyo-acme' \(status 500\)"),
        (503, "", Unavailable, r"could not give secret 'klaviyo-acme' \(status 503\)"),
    ],
)
async def test_a_vault_that_gives_no_secret_says_what_to_do(
    opened: Vault, status: int, code: str, expected: type[ExportError], words: str
) -> None:
    opened.fail_next(status, code=code)
    async with client_of(opened) as client:
        with pytest.raises(expected, match=words) as raised:
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")
    assert type(raised.value) is expected
    assert opened.url in str(raised.value)
    assert raised.value.public == CONNECTION_TROUBLE


async def test_the_wait_that_the_vault_asks_for_is_handed_on(opened: Vault) -> None:
    opened.fail_next(429, retry_after=7)
    async with client_of(opened) as client:
        with pytest.raises(Throttled) as raised:
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")
    assert raised.value.after == 7


async def test_a_vault_that_is_busy_for_a_moment_is_asked_again(opened: Vault) -> None:
    opened.fail_next(503, times=2)
    async with client_of(opened, retry_total=2, retry_backoff_factor=0) as client:
        assert await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme") == KEY
    assert opened.requests == ["GET /secrets/klaviyo-acme"] * 3


async def test_a_disabled_secret_cannot_be_used(opened: Vault) -> None:
    opened.disable("klaviyo-acme")
    async with client_of(opened) as client:
        with pytest.raises(CredentialsRefused, match=r"cannot be used\. It must be there and enabled"):
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")


@pytest.mark.parametrize("name", ["klaviyo_acme", "klaviyo-/../DB-PASSWORD", "DB-PASSWORD", "klaviyo", ""])
async def test_for_a_name_without_the_prefix_or_that_no_secret_can_have_the_vault_is_not_asked(
    opened: Vault, name: str
) -> None:
    async with client_of(opened) as client:
        with pytest.raises(CredentialsRefused, match="cannot be used"):
            await KeyVaultSecrets(client, events=EventLog()).get(name, fresh=True)
    assert opened.requests == []


async def test_a_setting_may_allow_another_prefix(opened: Vault) -> None:
    opened.set("crm-acme", KEY)
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog(), prefix="crm-")
        assert await secrets.get("crm-acme") == KEY
        with pytest.raises(CredentialsRefused):
            await secrets.get("klaviyo-acme")


async def test_a_token_that_the_vault_does_not_know_is_refused(opened: Vault) -> None:
    async with client_of(opened, GivenToken("forged")) as client:
        with pytest.raises(CredentialsRefused, match="did not accept the app's identity"):
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")
    assert opened.requests == []


async def test_a_secret_is_kept_for_ten_minutes_and_then_asked_for_again(opened: Vault) -> None:
    clock = FakeClock()
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog(), monotonic=clock.monotonic)
        await secrets.get("klaviyo-acme")
        opened.set("klaviyo-acme", "pk_new")
        await clock.advance(KEPT_SECONDS - 1)
        assert await secrets.get("klaviyo-acme") == KEY
        await clock.advance(1)
        assert await secrets.get("klaviyo-acme") == "pk_new"
    assert len(opened.requests) == 2


async def test_who_asks_at_the_same_time_shares_one_answer_or_one_error(opened: Vault) -> None:
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        opened.fail_next(503)
        failed = await asyncio.gather(*(secrets.get("klaviyo-acme") for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in failed] == [Unavailable] * 3
        assert await asyncio.gather(*(secrets.get("klaviyo-acme") for _ in range(3))) == [KEY] * 3
    assert len(opened.requests) == 2


async def test_who_gives_up_takes_the_answer_from_nobody(opened: Vault) -> None:
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        first, second = (asyncio.ensure_future(secrets.get("klaviyo-acme")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == KEY
    assert len(opened.requests) == 1


async def test_a_failure_to_ask_afresh_leaves_the_kept_secret_as_it_is(opened: Vault) -> None:
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        await secrets.get("klaviyo-acme")
        opened.fail_next(503)
        with pytest.raises(Unavailable):
            await secrets.get("klaviyo-acme", fresh=True)
        assert await secrets.get("klaviyo-acme") == KEY


async def test_a_vault_that_is_not_there_is_unavailable(opened: Vault) -> None:
    opened.url = f"https://127.0.0.1:{closed_port()}"
    async with client_of(opened) as client:
        with pytest.raises(Unavailable, match="did not answer"):
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")


async def test_a_vault_that_keeps_silent_is_unavailable(opened: Vault) -> None:
    async with silence() as port:
        opened.url = f"https://127.0.0.1:{port}"
        async with client_of(opened, connection_timeout=0.01, read_timeout=0.01) as client:
            with pytest.raises(Unavailable, match="did not answer"):
                await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")


async def test_whoever_asks_for_a_token_in_the_name_of_another_host_is_no_vault(opened: Vault) -> None:
    opened.resource = "https://vault.example.com"
    async with client_of(opened) as client:
        with pytest.raises(CredentialsRefused, match="is no Key Vault; mend the setting KEY_VAULT_URL"):
            await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme")


async def test_no_key_and_no_token_is_in_a_log_or_an_error(opened: Vault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="azure")  # which the app keeps quiet once it was started
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        await secrets.get("klaviyo-acme")
        await secrets.put("klaviyo-acme", KEY)
        opened.fail_next(403)
        with pytest.raises(CredentialsRefused) as raised:
            await secrets.get("klaviyo-acme", fresh=True)
    assert caplog.text
    for secret in (KEY, opened.token):
        assert secret not in caplog.text + all_words(raised.value) + repr(secrets) + repr(opened)


async def test_the_managed_identity_of_a_function_app_opens_the_vault(
    opened: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in opened.environment().items():
        monkeypatch.setenv(name, value)
    async with (
        ManagedIdentityCredential(client_id="0000") as credential,
        SecretClient(opened.url, credential, connection_verify=str(opened.ca_file), retry_total=0) as client,
    ):
        assert await KeyVaultSecrets(client, events=EventLog()).get("klaviyo-acme") == KEY


async def test_the_stand_in_keeps_versions_and_lists_names_by_pages(opened: Vault) -> None:
    async with client_of(opened) as client:
        first = await client.get_secret("klaviyo-acme")
        await client.set_secret("klaviyo-acme", "pk_new")
        for number in range(30):
            await client.set_secret(f"other-{number:02}", "x")
        old = await client.get_secret("klaviyo-acme", first.properties.version)
        versions = [each.version async for each in client.list_properties_of_secret_versions("klaviyo-acme")]
        names = [each.name async for each in client.list_properties_of_secrets()]
        newest = await client.get_secret("klaviyo-acme")
    assert (old.value, newest.value, len(set(versions))) == (KEY, "pk_new", 2)
    assert names == ["klaviyo-acme", *(f"other-{number:02}" for number in range(30))]


async def test_the_secrets_of_a_laptop_are_its_settings() -> None:
    values = {"SECRET_KLAVIYO_ACME": KEY, "SECRET_KLAVIYO_EMPTY": "", "SECRET_KLAVIYO_ODD": "a b", "SECRET_DB": KEY}
    secrets = SettingsSecrets(values)
    assert await secrets.get("klaviyo-acme") == await secrets.get("klaviyo-acme", fresh=True) == KEY
    for name in ("klaviyo-other", "klaviyo-empty", "klaviyo-odd", "db"):
        setting = f"SECRET_{name.upper().replace('-', '_')}"
        with pytest.raises(CredentialsRefused, match=f"no secret '{name}' that can be used: .* {setting}"):
            await secrets.get(name)


async def test_the_end_of_a_secret_is_told_when_it_is_read_and_again_after_hours(
    opened: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = FakeClock(jumps=False)
    opened.set_expiry("klaviyo-acme", clock.now() + timedelta(days=12))
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog(), monotonic=clock.monotonic, now=clock.now)
        for _ in range(3):
            await secrets.get("klaviyo-acme", fresh=True)
        assert _expiring(caplog) == [("klaviyo-acme", 12.0)]
        await clock.advance(TOLD_SECONDS)
        await secrets.get("klaviyo-acme", fresh=True)
        assert _expiring(caplog) == [("klaviyo-acme", 12.0), ("klaviyo-acme", 11.8)]
        opened.set_expiry("klaviyo-acme", clock.now() - timedelta(days=1))
        await secrets.get("klaviyo-acme", fresh=True)
        assert _expiring(caplog)[2:] == [("klaviyo-acme", -1.0)]
    assert KEY not in caplog.text


async def test_of_a_secret_without_an_end_nothing_is_told(opened: Vault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with client_of(opened) as client:
        assert (
            await KeyVaultSecrets(client, events=EventLog(), monotonic=lambda: TOLD_SECONDS).get("klaviyo-acme") == KEY
        )
    assert _expiring(caplog) == []


def _expiring(caplog: pytest.LogCaptureFixture) -> list[tuple[str, float]]:
    found = named(events_in(caplog.messages), "secret_expiring")
    return [(each["secret"], each["days_left"]) for each in found]


async def test_a_vault_that_lets_the_app_in_is_well_though_the_secret_that_is_asked_for_is_not_there(
    opened: Vault,
) -> None:
    async with client_of(opened) as client:
        secrets = KeyVaultSecrets(client, events=EventLog())
        await secrets.probe()
        assert opened.requests == ["GET /secrets/klaviyo-health-probe"]
        opened.fail_next(403, code="ForbiddenByRbac")
        with pytest.raises(CredentialsRefused, match="the role 'Key Vault Secrets User'"):
            await secrets.probe()
        opened.fail_next(503)
        with pytest.raises(Unavailable):
            await secrets.probe()
    await SettingsSecrets({}).probe()
