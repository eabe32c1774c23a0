"""Who am I: what callers hear about themselves, and about how the app is set up."""

import platform
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import VERSION
from shared.api.access.callers import Role
from shared.api.routes import ROUTES
from shared.domain.config.schedule import Schedule
from tests.api.calling import ADMIN, CONTRIBUTOR, LABEL, READER, Api, entra
from tests.api.shape_check import check

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
KYIV = Schedule(cron="0 12 * * *", time_zone="Europe/Kyiv")


async def test_a_caller_with_a_function_key_has_no_name_and_may_do_everything() -> None:
    reply = await Api().get("me")
    check(reply, 200, "Me")
    seen = reply.json
    assert (seen["name"], seen["label"], seen["role"]) == (None, LABEL, "administer")
    assert seen["may"] == [route.name for route in ROUTES]


@pytest.mark.parametrize(
    ("sent", "role", "word"),
    [
        (READER, Role.READ, "read"),
        (CONTRIBUTOR, Role.CONTRIBUTE, "contribute"),
        (ADMIN, Role.ADMINISTER, "administer"),
    ],
)
async def test_a_user_hears_their_name_their_role_and_the_calls_of_the_role(sent: str, role: Role, word: str) -> None:
    seen = (await entra().get("me", role=sent)).json
    assert (seen["name"], seen["label"], seen["role"]) == ("dana@example.com", "The user with object id 0d1f", word)
    assert seen["may"] == [route.name for route in ROUTES if route.role <= role]


async def test_it_says_how_the_app_is_set_up_and_no_more() -> None:
    api = entra(
        refresh=KYIV,
        run_retention=timedelta(days=45),
        key_vault_url="https://kv-secret-name.vault.azure.net",
        allows_key_entry=True,
    )
    reply = await api.get("me", role=READER)
    check(reply, 200, "Me")
    assert reply.json["app"] == {
        "auth_mode": "entra",
        "can_enter_keys": True,
        "refresh": {"cron": "0 12 * * *", "time_zone": "Europe/Kyiv", "next": "2026-11-23T10:00:00.000Z"},
        "tick_schedule": "*/30 * * * * *",
        "retention_days": 45.0,
        "version": VERSION,
        "python": platform.python_version(),
    }
    assert "kv-secret-name" not in reply.text


@pytest.mark.parametrize(
    ("settings", "can"),
    [
        ({}, False),
        ({"allows_key_entry": True}, False),
        ({"key_vault_url": "https://kv.vault.azure.net"}, False),
        ({"key_vault_url": "https://kv.vault.azure.net", "allows_key_entry": True}, True),
    ],
)
async def test_keys_can_be_entered_where_there_is_a_vault_that_the_app_may_write_to(
    settings: dict[str, Any], *, can: bool
) -> None:
    assert (await Api(**settings).get("me")).json["app"]["can_enter_keys"] is can


async def test_an_app_without_a_schedule_says_so() -> None:
    assert (await Api().get("me")).json["app"]["refresh"] is None


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads(PROJECT.read_text())["project"]["version"] == VERSION
