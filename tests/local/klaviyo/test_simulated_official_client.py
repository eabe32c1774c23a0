"""Klaviyo's own Python package against the simulator: its models check what is asked and what is answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.rules.profile_reader import PLACE_NUMBERS, PLACE_TEXTS, TEXTS
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from tests.fakes.clock import FakeClock
from tests.local.klaviyo.calling import LIST, import_body

klaviyo_api = pytest.importorskip("klaviyo_api")
exceptions = pytest.importorskip("openapi_client.exceptions")

PROFILE = {
    "email": "sarah.mason@klaviyo-demo.com",
    "phone_number": "+15005550006",
    "first_name": "Sarah",
    "location": {"city": "New York", "latitude": "40.7128", "longitude": -74.006},
    "properties": {"tier": "gold", "ltv": 123.45},
}


class Client:
    """The package's client, whose blocking calls run beside the event loop of the simulator."""

    def __init__(self, base_url: str, key: str, clock: FakeClock) -> None:
        self.api = klaviyo_api.KlaviyoAPI(key, max_retries=1, test_host=base_url)
        # Left alone, the HTTP library below really waits for what Retry-After says, three times.
        self.api.api_client.rest_client.pool_manager.connection_pool_kw["retries"] = False
        self.clock = clock

    async def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await asyncio.to_thread(function, *arguments, _request_timeout=(5.0, 20.0), **named)


@asynccontextmanager
async def official(key: str = "pk_simulator") -> AsyncIterator[Client]:
    clock = FakeClock(jumps=False)  # the package's calls run in threads, which the clock does not see
    welcomed = ProfileList(LIST, "VIP newsletter", flows=(Flow("F1", "Welcome"),))
    async with serving(Simulator([Account(lists=[welcomed])], clock=clock)) as base_url:
        client = Client(base_url, key, clock)
        yield client
        client.api.api_client.rest_client.pool_manager.clear()


async def test_it_imports_a_profile_and_finds_it_on_the_list() -> None:
    async with official() as client:
        started = await client.call(client.api.Profiles.bulk_import_profiles, import_body(PROFILE))
        assert started.data.attributes.status == "queued"
        assert started.data.attributes.total_count == 1
        await client.clock.advance(2)
        job = await client.call(client.api.Profiles.get_bulk_import_profiles_job, started.data.id)
        assert (job.data.attributes.status, job.data.attributes.completed_count) == ("complete", 1)
        members = await client.call(client.api.Lists.get_profiles_for_list, LIST)
        assert [member.attributes.email for member in members.data] == [PROFILE["email"]]
        member = members.data[0].attributes
        assert (member.first_name, member.phone_number, member.properties) == (
            PROFILE["first_name"],
            PROFILE["phone_number"],
            PROFILE["properties"],
        )
        assert (member.location.city, member.location.latitude, member.location.longitude) == (
            "New York",
            "40.7128",
            -74.006,
        )


async def test_it_reads_jobs_and_row_errors_page_by_page() -> None:
    async with official() as client:
        late = [{"email": f"p{number}@late.example.com"} for number in range(3)]
        ids = [
            (await client.call(client.api.Profiles.bulk_import_profiles, import_body(*late))).data.id for _ in range(3)
        ]
        await client.clock.advance(2)
        jobs = client.api.Profiles.get_bulk_import_profiles_jobs
        first = await client.call(jobs, sort="-created_at", page_size=2, filter='equals(status,"complete")')
        # The package finds the cursor by itself in https addresses only.
        cursor = dict(parse_qsl(urlsplit(first.links.next).query))["page[cursor]"]
        second = await client.call(
            jobs, sort="-created_at", page_size=2, filter='equals(status,"complete")', page_cursor=cursor
        )
        assert [job.id for job in first.data + second.data] == ids[::-1]
        assert second.links.next is None
        errors = await client.call(client.api.Profiles.get_errors_for_bulk_import_profiles_job, ids[0])
        assert [error.attributes.original_payload for error in errors.data] == late


async def test_it_reads_the_account_its_lists_and_their_flows() -> None:
    async with official() as client:
        accounts = await client.call(client.api.Accounts.get_accounts)
        assert accounts.data[0].attributes.contact_information.organization_name == "Simulated shop"
        lists = await client.call(client.api.Lists.get_lists)
        assert [each.attributes.name for each in lists.data] == ["VIP newsletter"]
        counted = await client.call(client.api.Lists.get_list, LIST, additional_fields_list=["profile_count"])
        assert counted.data.attributes.profile_count == 0
        flows = await client.call(client.api.Lists.get_flows_triggered_by_list, LIST)
        assert [flow.attributes.name for flow in flows.data] == ["Welcome"]
        found = await client.call(client.api.Lists.get_lists, filter='any(name,["VIP newsletter"])', sort="-name")
        assert [each.attributes.opt_in_process for each in found.data] == ["single_opt_in"]
        flows = await client.call(client.api.Flows.get_flows, fields_flow=["status"], page_size=1)
        assert [flow["attributes"]["status"] for flow in flows["data"]] == ["live"]  # no model of theirs for this


def test_the_simulator_knows_the_attributes_that_the_package_knows() -> None:
    models = pytest.importorskip("openapi_client.models.profile_upsert_query_resource_object_attributes")
    places = pytest.importorskip("openapi_client.models.profile_location")
    attributes = models.ProfileUpsertQueryResourceObjectAttributes.model_fields
    names = {field.alias or name for name, field in attributes.items()}
    assert names == TEXTS | {"location", "properties", "_kx"}
    assert places.ProfileLocation.model_fields.keys() == PLACE_TEXTS | PLACE_NUMBERS


async def test_it_finds_profiles_and_their_consent() -> None:
    async with official() as client:
        await client.call(client.api.Profiles.bulk_import_profiles, import_body(PROFILE, {"email": "a@b.co"}))
        await client.clock.advance(2)
        found = await client.call(
            client.api.Profiles.get_profiles,
            filter='any(email,["a@b.co","nobody@b.co"])',
            additional_fields_profile=["subscriptions"],
        )
        assert [profile.attributes.email for profile in found.data] == ["a@b.co"]
        assert found.data[0].attributes.subscriptions.email.marketing.consent == "NEVER_SUBSCRIBED"


@pytest.mark.parametrize(
    ("key", "profile", "status"),
    [("pk_other", PROFILE, 401), ("pk_simulator", {"email": "nonsense"}, 400)],
)
async def test_it_understands_refusals(key: str, profile: Any, status: int) -> None:
    async with official(key=key) as client:
        with pytest.raises(exceptions.ApiException) as caught:
            await client.call(client.api.Profiles.bulk_import_profiles, import_body(profile))
        assert caught.value.status == status


async def test_it_is_told_how_long_to_wait_by_a_429() -> None:
    async with official() as client:
        await client.call(client.api.Accounts.get_accounts)
        with pytest.raises(exceptions.ApiException) as caught:
            await client.call(client.api.Accounts.get_accounts)
        assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "1")
