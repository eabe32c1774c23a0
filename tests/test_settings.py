"""Of the settings: what is read, what is refused, and that nothing secret is shown."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from shared.domain.config.schedule import Schedule
from shared.domain.errors import ConfigurationError
from shared.settings import (
    LONGEST_LEG,
    PLATFORM_SETTINGS,
    SETTING_NAMES,
    STORAGE,
    AuthMode,
    Settings,
    StorageAccount,
)
from tests.given_settings import CONNECTION, KEY, refusal_of, settings_of

READ_BY_THE_HOST: set[str] = set()
ONE_FOR_A_NAME = {"SECRET_KLAVIYO_ACME"}


class Recorded(Mapping[str, str]):
    """An environment that notes which names were asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def test_every_setting_that_is_read_is_in_the_list_of_settings_and_the_other_way_round() -> None:
    environment = Recorded({STORAGE: CONNECTION, "AUTH_MODE": "entra"})
    Settings.from_environment(environment)
    own = {name for name in environment.asked if "__" not in name}
    assert own - {*PLATFORM_SETTINGS, "WEBSITE_AUTH_ENABLED"} == SETTING_NAMES - READ_BY_THE_HOST - ONE_FOR_A_NAME
    assert READ_BY_THE_HOST | ONE_FOR_A_NAME <= SETTING_NAMES


def test_a_connection_is_read_under_the_names_that_the_functions_host_uses() -> None:
    environment = Recorded(
        {STORAGE: CONNECTION, "SEGMENTS_STORAGE": "SEGMENTS_ACCOUNT", "SEGMENTS_ACCOUNT": CONNECTION}
    )
    Settings.from_environment(environment)
    for prefix in (STORAGE, "SEGMENTS_ACCOUNT"):
        suffixes = {"", "__blobServiceUri", "__accountName", "__clientId"}
        suffixes |= {"__queueServiceUri"} if prefix == STORAGE else set()
        assert {name for name in environment.asked if name.startswith(prefix)} == {prefix + each for each in suffixes}


def test_without_any_setting_but_the_storage_the_defaults_hold() -> None:
    settings = settings_of()
    account = StorageAccount(CONNECTION, None, None)
    assert settings == Settings(storage=account, segments_storage=account)
    assert settings.klaviyo_base_url == "https://a.klaviyo.com"


def test_a_setting_that_is_blank_counts_as_not_set() -> None:
    blank = dict.fromkeys(SETTING_NAMES - {STORAGE} - ONE_FOR_A_NAME, " ")
    assert settings_of(**blank) == settings_of()


def test_every_setting_is_taken_over() -> None:
    settings = settings_of(
        EXPORTS_CONTAINER="our-exports",
        SEGMENTS_CONTAINER="our-segments",
        KEY_VAULT_URL=" https://acme.vault.azure.net/ ",
        AZURE_CLIENT_ID="0000-1111",
        KLAVIYO_BASE_URL="http://127.0.0.1:8080/",
        LEG_BUDGET_SECONDS="2.5",
        REQUESTS_IN_FLIGHT="3",
        SETTLE_LIMIT_HOURS="1.5",
        MAX_LATENESS_HOURS="0",
        QUIET_MINUTES="2.5",
        RUN_RETENTION_DAYS="7",
        REFRESH_SCHEDULE="0 6 * * *",
        REFRESH_TIME_ZONE="Europe/Kyiv",
        ALLOW_KEY_ENTRY="True",
        TICK_SCHEDULE="0 * * * * *",
        AUTH_MODE="entra",
        SECRET_KLAVIYO_ACME="pk_1\n",
    )
    account = StorageAccount(CONNECTION, None, None)
    assert settings == Settings(
        storage=account,
        segments_storage=account,
        exports_container="our-exports",
        segments_container="our-segments",
        key_vault_url="https://acme.vault.azure.net",
        identity_client_id="0000-1111",
        klaviyo_base_url="http://127.0.0.1:8080",
        leg_budget_seconds=2.5,
        requests_in_flight=3,
        settle_limit=timedelta(minutes=90),
        max_lateness=timedelta(0),
        quiet=timedelta(minutes=2.5),
        refresh=Schedule(cron="0 6 * * *", time_zone="Europe/Kyiv"),
        run_retention=timedelta(days=7),
        allows_key_entry=True,
        tick_schedule="0 * * * * *",
        auth_mode=AuthMode.ENTRA,
        secrets={"SECRET_KLAVIYO_ACME": "pk_1"},
    )


def test_segments_may_lie_in_another_account() -> None:
    settings = settings_of(
        SEGMENTS_STORAGE="LAKE", LAKE__blobServiceUri="https://lake.blob.core.windows.net/", LAKE__clientId="2222"
    )
    assert settings.segments_storage == StorageAccount(None, "https://lake.blob.core.windows.net", "2222")
    assert settings.storage == StorageAccount(CONNECTION, None, None)


def test_the_name_of_an_account_is_enough_for_the_public_cloud() -> None:
    settings = Settings.from_environment({f"{STORAGE}__accountName": "acme"})
    assert settings.storage == StorageAccount(None, "https://acme.blob.core.windows.net", None)


@pytest.mark.parametrize(
    "text",
    [
        "UseDevelopmentStorage=true",
        CONNECTION,
        CONNECTION + ";",
        f"AccountName=acme;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:10000/acme;",
        "BlobEndpoint=https://acme.blob.core.windows.net;SharedAccessSignature=sv=1&sig=abc%3D",
    ],
)
def test_a_connection_string_of_any_form_is_taken(text: str) -> None:
    assert settings_of(**{STORAGE: text}).storage.connection_string == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (KEY, "is not a connection string"),
        (f"acme;AccountKey={KEY}", "is not a connection string"),
        (f"AccountKey={KEY}", "is not a connection string"),
        (f"Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKey={KEY}", "is not a connection string"),
        ("AccountName=acme", "has no AccountKey, or a damaged one"),
        (f"AccountName=acme;AccountKey={KEY[:-1]}", "has no AccountKey, or a damaged one"),
        (f"AccountName=acme;AccountKey=*{KEY}", "has no AccountKey, or a damaged one"),
    ],
)
def test_a_damaged_connection_string_is_refused_without_being_shown(text: str, words: str) -> None:
    message = refusal_of(**{STORAGE: text})
    assert words in message
    assert STORAGE in message
    assert KEY[:-1] not in message


def test_a_connection_string_in_the_place_of_a_settings_name_is_refused_without_being_shown() -> None:
    message = refusal_of(SEGMENTS_STORAGE=CONNECTION)
    assert "SEGMENTS_STORAGE must be the name of another setting" in message
    assert KEY not in message


def test_a_missing_storage_is_named() -> None:
    with pytest.raises(ConfigurationError, match="Setting AzureWebJobsStorage is missing"):
        Settings.from_environment({})
    assert "Setting LAKE is missing" in refusal_of(SEGMENTS_STORAGE="LAKE")


@pytest.mark.parametrize("account", ["Acme", "ab", "acme.blob.core.windows.net", "https://acme", "a" * 25])
def test_what_is_no_name_of_an_account_is_refused(account: str) -> None:
    assert f"{STORAGE}__accountName must be the name of a storage account" in refusal_of(
        **{STORAGE: "", f"{STORAGE}__accountName": account}
    )


@pytest.mark.parametrize("name", ["EXPORTS_CONTAINER", "SEGMENTS_CONTAINER"])
@pytest.mark.parametrize("text", ["Exports", "ab", "a" * 64, "a--b", "-ab", "ab-", "a_b", "a/b", "exports\nx"])
def test_what_is_no_name_of_a_container_is_refused(name: str, text: str) -> None:
    assert f"Setting {name} must be the name of a blob container" in refusal_of(**{name: text})


@pytest.mark.parametrize("text", ["1.5", "0", "-1", "many", "nan", "inf", "101", "1e400", "0x8"])
def test_requests_in_flight_are_a_whole_number(text: str) -> None:
    assert refusal_of(REQUESTS_IN_FLIGHT=text) == (
        f"Setting REQUESTS_IN_FLIGHT must be a whole number from 1 to 100, not '{text}'."
    )


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("LEG_BUDGET_SECONDS", "1 to 1320"),
        ("SETTLE_LIMIT_HOURS", "0 to 8784"),
        ("MAX_LATENESS_HOURS", "0 to 8784"),
        ("QUIET_MINUTES", "0 to 1440"),
        ("RUN_RETENTION_DAYS", "1 to 3650"),
    ],
)
@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", "1e12", "1,5", "1٢"])
def test_what_is_no_number_within_bounds_is_refused(name: str, bounds: str, text: str) -> None:
    assert refusal_of(**{name: text}) == f"Setting {name} must be a number from {bounds}, not '{text}'."


def test_a_leg_as_long_as_an_older_deployment_allowed_is_cut_to_the_longest_of_today() -> None:
    settings = Settings.from_environment({STORAGE: "UseDevelopmentStorage=true", "LEG_BUDGET_SECONDS": "1200"})
    assert settings.leg_budget_seconds == LONGEST_LEG


def test_a_refresh_on_a_day_that_never_comes_is_refused_in_its_own_words() -> None:
    assert refusal_of(REFRESH_SCHEDULE="0 0 31 2 *") == (
        "Setting REFRESH_SCHEDULE must name a day that comes; none of its months has such a day, not '0 0 31 2 *'."
    )


@pytest.mark.parametrize("text", ["hourly", "0 0 6 * * *", "* * * *", "61 * * * *", "@daily"])
def test_a_refresh_is_scheduled_by_a_cron_expression_of_five_fields(text: str) -> None:
    assert refusal_of(REFRESH_SCHEDULE=text) == (
        f"Setting REFRESH_SCHEDULE must be a cron expression of five fields, such as '0 6 * * *', not '{text}'."
    )


def test_a_refresh_is_scheduled_in_utc_unless_a_time_zone_is_named() -> None:
    assert settings_of(REFRESH_SCHEDULE="0 6 * * *").refresh == Schedule(cron="0 6 * * *", time_zone="UTC")
    assert settings_of(REFRESH_TIME_ZONE="Europe/Kyiv").refresh is None
    assert refusal_of(REFRESH_TIME_ZONE="Kyiv") == (
        "Setting REFRESH_TIME_ZONE must be the IANA name of a time zone, such as 'Europe/Kyiv', not 'Kyiv'."
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://a.klaviyo.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "a.klaviyo.com",
        "https://",
        "https:///api",
        "https://[::1",
        "https://a.klaviyo.com:port",
        "https://a.klaviyo.com:99999",
        "https://pk_key@a.klaviyo.com",
        "https://a.klaviyo.com?x=1",
        "https://a.klaviyo.com#x",
        "https://a klaviyo.com",
    ],
)
def test_what_is_no_safe_address_of_klaviyo_is_refused_without_being_shown(url: str) -> None:
    message = refusal_of(KLAVIYO_BASE_URL=url)
    assert "Setting KLAVIYO_BASE_URL must be an https address (http only on this machine)" in message
    assert "pk_key" not in message


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
def test_klaviyo_may_be_played_on_this_machine(url: str) -> None:
    assert settings_of(KLAVIYO_BASE_URL=url).klaviyo_base_url == url


@pytest.mark.parametrize(
    "url", ["acme", "acme.vault.azure.net", "http://127.0.0.1:8443", "http://acme.vault.azure.net"]
)
def test_what_is_no_https_address_of_a_vault_is_refused(url: str) -> None:
    assert "Setting KEY_VAULT_URL must be an https address, without" in refusal_of(KEY_VAULT_URL=url)


@pytest.mark.parametrize("name", PLATFORM_SETTINGS)
def test_in_azure_no_key_is_taken_from_the_settings(name: str) -> None:
    assert settings_of(SECRET_KLAVIYO_ACME="pk_1").secrets == {"SECRET_KLAVIYO_ACME": "pk_1"}
    assert settings_of(SECRET_KLAVIYO_ACME="pk_1", **{name: "instance"}).secrets == {}


def test_no_secret_is_shown_where_settings_are() -> None:
    shown = repr(settings_of(SECRET_KLAVIYO_ACME="pk_1"))
    assert KEY not in shown
    assert "pk_1" not in shown


@pytest.mark.parametrize("text", ["klaviyo_", "-", "kl aviyo", "ключ-", "x" * 64])
def test_what_can_begin_no_name_of_a_secret_is_refused(text: str) -> None:
    assert settings_of(SECRETS_PREFIX="crm-").secret_prefix == "crm-"
    assert settings_of(SECRETS_PREFIX=" ").secret_prefix == "klaviyo-"
    assert "Setting SECRETS_PREFIX must be the beginning of names of secrets" in refusal_of(SECRETS_PREFIX=text)
