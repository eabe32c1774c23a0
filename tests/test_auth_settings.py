"""Of the settings: who checks the callers, and when the app believes that somebody does."""

import pytest

from shared.domain.errors import ConfigurationError
from shared.settings import (
    AUTHENTICATION,
    PLATFORM_SETTINGS,
    AuthMode,
    needs_function_key,
)
from tests.given_settings import refusal_of, settings_of


@pytest.mark.parametrize("text", ["Entra", "none", "keys,entra"])
def test_what_is_no_way_to_know_who_asks_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="AUTH_MODE must be one of keys, entra"):
        settings_of(AUTH_MODE=text)


@pytest.mark.parametrize("enabled", ["False", "0", ""])
def test_roles_are_not_believed_where_nobody_checks_them(enabled: str) -> None:
    with pytest.raises(ConfigurationError, match="App Service Authentication is turned off"):
        settings_of(AUTH_MODE="entra", WEBSITE_AUTH_ENABLED=enabled)
    assert settings_of(AUTH_MODE="keys", WEBSITE_AUTH_ENABLED=enabled).auth_mode is AuthMode.KEYS


@pytest.mark.parametrize("platform", PLATFORM_SETTINGS)
@pytest.mark.parametrize(
    ("says", "believed"),
    [
        ({}, False),
        ({"WEBSITE_AUTH_ENABLED": "True"}, True),
        ({"WEBSITE_AUTH_ENABLED": "yes"}, False),
        ({"APP_SERVICE_AUTHENTICATION": "true"}, True),
        ({"APP_SERVICE_AUTHENTICATION": "false"}, False),
        ({"APP_SERVICE_AUTHENTICATION": ""}, False),
        ({"WEBSITE_AUTH_ENABLED": "False", "APP_SERVICE_AUTHENTICATION": "true"}, False),
        ({"WEBSITE_AUTH_ENABLED": "true", "APP_SERVICE_AUTHENTICATION": "false"}, True),
    ],
)
def test_in_azure_roles_are_believed_only_where_it_is_said_that_somebody_checks_them(
    platform: str, says: dict[str, str], *, believed: bool
) -> None:
    environment = {"AUTH_MODE": "entra", platform: "app", **says}
    if believed:
        assert settings_of(**environment).auth_mode is AuthMode.ENTRA
    else:
        assert "App Service Authentication is turned off" in refusal_of(**environment)


@pytest.mark.parametrize("name", AUTHENTICATION)
def test_a_laptop_in_front_of_which_nobody_stands_believes_the_header_unless_it_is_told_not_to(name: str) -> None:
    assert settings_of(AUTH_MODE="entra").auth_mode is AuthMode.ENTRA
    assert settings_of(AUTH_MODE="entra", APP_SERVICE_AUTHENTICATION="").auth_mode is AuthMode.ENTRA
    assert "App Service Authentication is turned off" in refusal_of(AUTH_MODE="entra", **{name: "false"})


@pytest.mark.parametrize(("text", "needed"), [("entra", False), ("keys", True), ("", True), ("Entra", True)])
def test_the_hosts_keys_guard_the_api_unless_somebody_else_does(text: str, *, needed: bool) -> None:
    assert needs_function_key({"AUTH_MODE": text}) is needed
    assert needs_function_key({}) is True
