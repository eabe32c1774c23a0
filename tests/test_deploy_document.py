"""What docs/deploy.md says of parameters, costs and roles is what the repository has."""

import json
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from local.bench.costs import LEAST_BILLED_MS, billed_ms, idle_hour
from local.bench.counting import Kind, kind_of
from shared.api.access.callers import ROLES
from shared.domain.config.consent import CURRENT_TEXT
from shared.domain.config.scopes import SCOPES
from tests.infra.infrastructure import Infrastructure
from tests.infra.parameter_table import parameter_table

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
REPOSITORY = Infrastructure.of_the_repository()
NUMBER = r"\d[\d,]*(?:\.\d+)?"
UNIT = r"(?: (?:GB-s|GB|USD))?"
TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
SUM = re.compile(rf"\(?{NUMBER}{UNIT}(?:\)? [{TIMES}+{MINUS}] \(?{NUMBER}{UNIT}\)?)+ = {NUMBER}")


def between(start: str, end: str) -> str:
    """Return what stands between two marks of the document."""
    return TEXT.split(start)[1].split(end)[0].strip() + "\n"


def test_the_table_has_every_parameter_with_its_default() -> None:
    assert between("<!-- parameters -->", "<!-- /parameters -->") == parameter_table(REPOSITORY)


def test_the_parameters_that_azd_cannot_set_are_named() -> None:
    unset = {name for name in REPOSITORY.main.parameters if name not in REPOSITORY.azd_parameters()}
    [sentence] = [line for line in TEXT.splitlines() if "cannot be set through `azd`" in line]

    assert set(re.findall(r"`(\w+)`", sentence.split("cannot")[0])) == unset


def test_every_service_that_a_subscription_has_to_know_is_named() -> None:
    used = {each.target.split("/")[0] for file in REPOSITORY.files.values() for each in file.resources.values()}
    [line] = [line for line in TEXT.splitlines() if "az provider register" in line]
    [named] = re.findall(r"for each in ([\w ]+);", line)

    assert {f"Microsoft.{each}" for each in named.split()} == used - {"Microsoft.Authorization", "Microsoft.Resources"}


def sums() -> list[str]:
    return SUM.findall(TEXT)


def test_there_are_sums_to_be_checked() -> None:
    assert len(sums()) >= 15


@pytest.mark.parametrize("said", sums())
def test_every_sum_is_right(said: str) -> None:
    left, right = re.sub(rf"(?<=\d){UNIT}", "", said).replace(",", "").split(" = ")
    digits = len(right.partition(".")[2])

    # Only digits, brackets and signs are left, so this is arithmetic and nothing else.
    assert re.fullmatch(r"[\d.()+*\- ]+", expression := left.replace(TIMES, "*").replace(MINUS, "-"))
    assert round(eval(expression), digits) == float(right)  # noqa: S307 - see above


async def test_an_idle_hour_asks_for_what_the_document_counts(azurite: str) -> None:
    del azurite  # it is asked for its reasons to skip
    asked = await idle_hour(10)

    assert f"| {asked.requests[Kind.LIST]:,} {TIMES} 720" in TEXT
    assert f"| {asked.requests[Kind.READ]:,} {TIMES} 720" in TEXT
    assert f"| {asked.executions['tick']} {TIMES} 720" in TEXT
    assert f"| {asked.billed_seconds:g} {TIMES} 2 GB {TIMES} 720" in TEXT
    assert set(+asked.requests) == {Kind.LIST, Kind.READ}


async def test_further_exports_cost_two_reads_a_minute_each(azurite: str) -> None:
    del azurite
    few, many = await idle_hour(1), await idle_hour(4)

    assert many.requests[Kind.READ] - few.requests[Kind.READ] == 3 * 2 * 60
    assert many.requests[Kind.LIST] == few.requests[Kind.LIST]


def test_the_document_counts_the_alerts_that_there_are() -> None:
    source = REPOSITORY.texts["infra/modules/alerts.bicep"]
    often = source.count("frequency: 'PT5M'")
    rarely = len(re.findall(r"frequency: 'PT\w+'", source)) - often

    assert f"| alerts asked every 5 minutes | {often} |" in TEXT
    assert f"| alerts asked more rarely | {rarely} |" in TEXT


def test_the_roles_of_the_app_registration_are_those_of_the_api() -> None:
    roles = json.loads(between("```json\n", "```"))

    assert {role["value"] for role in roles} == set(ROLES)
    assert len({UUID(role["id"]) for role in roles}) == len(ROLES)
    assert all(role["isEnabled"] and role["allowedMemberTypes"] == ["User", "Application"] for role in roles)
    [admin] = [role["id"] for role in roles if role["value"] == "Exports.Admin"]
    assert f'\\"appRoleId\\": \\"{admin}\\"' in TEXT


def test_the_consent_that_is_sent_is_to_the_current_text() -> None:
    assert f'"text": "{CURRENT_TEXT}"' in TEXT


def test_the_scopes_of_the_key_are_all_that_the_app_uses() -> None:
    [line] = [line for line in TEXT.splitlines() if line.startswith("- A private Klaviyo key")]

    assert set(re.findall(r"`([\w:]+)`", line)) == {scope.name for scope in SCOPES}


def test_every_link_to_a_heading_or_a_file_leads_somewhere() -> None:
    headings = {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in TEXT.splitlines()}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = target.partition("#")
        if target.startswith("https:"):
            continue
        assert not path or (ROOT / "docs" / path).exists(), target
        assert path or anchor in headings, target


@pytest.mark.parametrize(
    ("took", "billed"), [(0, 1_000), (LEAST_BILLED_MS, 1_000), (1_001, 1_100), (1_100, 1_100), (22_650, 22_700)]
)
def test_a_call_is_billed_by_tenths_and_a_second_at_least(took: int, billed: int) -> None:
    assert billed_ms(took) == billed
    assert timedelta(milliseconds=billed) >= timedelta(milliseconds=took)


@pytest.mark.parametrize(
    ("method", "path", "query", "kind"),
    [
        ("GET", "/devstoreaccount1/exports", {"restype": "container", "comp": "list"}, Kind.LIST),
        ("PUT", "/devstoreaccount1/exports", {"restype": "container"}, Kind.LIST),
        ("GET", "/devstoreaccount1/exports/exports/vip.json", {}, Kind.READ),
        ("PUT", "/devstoreaccount1/exports/exports/vip.json", {}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/audit/2026-11.ndjson", {"comp": "appendblock"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/a", {"comp": "block", "blockid": "1"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/a", {"comp": "blocklist"}, Kind.WRITE),
        ("PUT", "/devstoreaccount1/exports/leases/a", {"comp": "lease"}, Kind.OTHER),
        ("HEAD", "/devstoreaccount1/exports/a", {}, Kind.OTHER),
        ("GET", "/devstoreaccount1/exports", {"restype": "container"}, Kind.OTHER),
        ("GET", "/devstoreaccount1/exports/a", {"comp": "blocklist"}, Kind.OTHER),
        ("DELETE", "/devstoreaccount1/exports/a", {}, Kind.FREE),
    ],
)
def test_a_request_is_billed_as_azure_maps_it(method: str, path: str, query: dict[str, str], kind: Kind) -> None:
    assert kind_of(method, path, query) is kind
