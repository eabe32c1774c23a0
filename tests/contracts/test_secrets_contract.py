"""What whoever uses `Secrets` may count on, of the fake and of Key Vault alike."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Protocol

import pytest

from local.vault import Vault, vault
from shared.adapters.azure.secrets import KeyVaultSecrets
from shared.adapters.event_log import EventLog
from shared.domain.errors import ConfigurationError, CredentialsRefused
from shared.ports import Secrets
from tests.contracts.key_vault import client_of
from tests.fakes.secrets import MemorySecrets

EXPIRES = datetime(2027, 6, 30, tzinfo=UTC)


class Source(Protocol):
    """Where secrets are put, and read from."""

    secrets: Secrets

    def put(self, name: str, value: str) -> None: ...

    def let_expire(self, name: str, at: datetime) -> None: ...

    def delete(self, name: str) -> None: ...

    def forbid_writing(self) -> None: ...


class _Memory:
    def __init__(self) -> None:
        self._fake = MemorySecrets()
        self.secrets: Secrets = self._fake

    def put(self, name: str, value: str) -> None:
        self._fake.values[name] = value

    def let_expire(self, name: str, at: datetime) -> None:
        self._fake.expiry[name] = at

    def delete(self, name: str) -> None:
        self._fake.deleted.add(name)

    def forbid_writing(self) -> None:
        self._fake.read_only = True


class _Azure:
    def __init__(self, secrets: Secrets, opened: Vault) -> None:
        self.secrets = secrets
        self._opened = opened

    def put(self, name: str, value: str) -> None:
        self._opened.set(name, value)

    def let_expire(self, name: str, at: datetime) -> None:
        self._opened.set_expiry(name, at)

    def delete(self, name: str) -> None:
        self._opened.delete(name)

    def forbid_writing(self) -> None:
        self._opened.read_only = True


@pytest.fixture(params=["memory", "azure"])
async def source(request: pytest.FixtureRequest) -> AsyncIterator[Source]:
    if request.param == "memory":
        yield _Memory()
        return
    async with vault() as opened, client_of(opened) as client:
        yield _Azure(KeyVaultSecrets(client, events=EventLog()), opened)


async def test_a_secret_is_read_by_its_name(source: Source) -> None:
    source.put("klaviyo-acme", "pk_acme")
    source.put("klaviyo-other", "pk_other")
    assert await source.secrets.get("klaviyo-acme") == "pk_acme"
    assert await source.secrets.get("klaviyo-other", fresh=True) == "pk_other"


async def test_a_secret_tells_when_it_expires_where_its_source_knows(source: Source) -> None:
    source.put("klaviyo-acme", "pk_acme")
    source.put("klaviyo-other", "pk_other")
    source.let_expire("klaviyo-acme", EXPIRES)
    assert await source.secrets.expires("klaviyo-acme") == EXPIRES
    assert await source.secrets.expires("klaviyo-other") is None
    with pytest.raises(CredentialsRefused):
        await source.secrets.expires("klaviyo-gone")


async def test_blanks_around_a_key_are_none_of_it(source: Source) -> None:
    source.put("klaviyo-acme", " pk_acme\n")
    assert await source.secrets.get("klaviyo-acme") == "pk_acme"


@pytest.mark.parametrize("fresh", [False, True])
async def test_every_secret_that_cannot_be_used_is_refused_in_the_same_words(source: Source, fresh: bool) -> None:
    values = {"klaviyo-blank": "  \n", "klaviyo-words": "two words", "klaviyo-long": "x" * 1001, "DB-PASSWORD": "pk_1"}
    for name, value in values.items():
        source.put(name, value)
    said = set()
    for name in ("klaviyo-gone", "kla", *values):
        with pytest.raises(CredentialsRefused) as refused:
            await source.secrets.get(name, fresh=fresh)
        said.add(str(refused.value).replace(f"'{name}'", "'…'"))
    [words] = said
    assert "'…'" in words


async def test_the_prefix_counts_in_any_case_as_it_does_in_a_vault(source: Source) -> None:
    source.put("Klaviyo-Acme", "pk_acme")
    assert await source.secrets.get("Klaviyo-Acme") == "pk_acme"


async def test_no_secret_is_put_under_a_name_that_the_app_does_not_read(source: Source) -> None:
    with pytest.raises(ConfigurationError, match="The app writes no secret 'DB-PASSWORD'"):
        await source.secrets.put("DB-PASSWORD", "pk_acme")


async def test_a_rotated_secret_is_seen_by_who_asks_afresh_and_by_all_after(source: Source) -> None:
    source.put("klaviyo-acme", "pk_old")
    assert await source.secrets.get("klaviyo-acme") == "pk_old"
    source.put("klaviyo-acme", "pk_new")
    assert await source.secrets.get("klaviyo-acme") == "pk_old"
    assert await source.secrets.get("klaviyo-acme", fresh=True) == "pk_new"
    assert await source.secrets.get("klaviyo-acme") == "pk_new"


async def test_a_secret_that_was_missing_is_found_once_it_is_there(source: Source) -> None:
    with pytest.raises(CredentialsRefused):
        await source.secrets.get("klaviyo-acme")
    source.put("klaviyo-acme", "pk_acme")
    assert await source.secrets.get("klaviyo-acme") == "pk_acme"


async def test_a_secret_that_was_put_is_read_back_without_blanks_around_it(source: Source) -> None:
    await source.secrets.put("klaviyo-acme", " pk_acme\n")
    assert await source.secrets.get("klaviyo-acme") == "pk_acme"
    assert await source.secrets.get("klaviyo-acme", fresh=True) == "pk_acme"


async def test_whoever_put_a_secret_never_reads_the_one_before(source: Source) -> None:
    source.put("klaviyo-acme", "pk_old")
    assert await source.secrets.get("klaviyo-acme") == "pk_old"
    await source.secrets.put("klaviyo-acme", "pk_new")
    assert await source.secrets.get("klaviyo-acme") == "pk_new"


@pytest.mark.parametrize("name", ["", "klaviyo_acme", "a" * 128, "a/b", "ключ", "a\n"])
async def test_a_secret_is_not_put_under_a_name_that_none_can_have(source: Source, name: str) -> None:
    with pytest.raises(ConfigurationError, match="must be 1 to 127 letters"):
        await source.secrets.put(name, "pk_acme")


@pytest.mark.parametrize("value", ["", "  \n"])
async def test_an_empty_value_is_not_put(source: Source, value: str) -> None:
    source.put("klaviyo-acme", "pk_old")
    with pytest.raises(ConfigurationError, match="'klaviyo-acme' is empty"):
        await source.secrets.put("klaviyo-acme", value)
    assert await source.secrets.get("klaviyo-acme") == "pk_old"


async def test_whoever_may_not_put_a_secret_is_told_which_role_is_missing(source: Source) -> None:
    source.put("klaviyo-acme", "pk_old")
    source.forbid_writing()
    with pytest.raises(CredentialsRefused, match=r"'klaviyo-acme'.*'Key Vault Secrets Officer'"):
        await source.secrets.put("klaviyo-acme", "pk_new")
    assert await source.secrets.get("klaviyo-acme") == "pk_old"


async def test_a_secret_is_not_put_under_the_name_of_one_that_was_deleted_and_is_kept(source: Source) -> None:
    source.delete("klaviyo-acme")
    with pytest.raises(ConfigurationError, match=r"'klaviyo-acme'.* was deleted"):
        await source.secrets.put("klaviyo-acme", "pk_new")
