"""Turns accounts, lists, flows, profiles, jobs and errors into JSON:API resources; their links are paths."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.identifiers import ulid
from local.klaviyo.account.jobs import COMPLETE, QUEUED, Failure, Job
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.account.profiles import NEVER_SUBSCRIBED, Profiles
from local.klaviyo.http.problems import invalid_parameter
from local.klaviyo.rules.profile_reader import PLACE, PROFILE_TEXTS

_SINCE = "2026-01-05T09:00:00+00:00"


Resource = dict[str, Any]


def account_resource(account: Account) -> Resource:
    """Return the resource of an account."""
    contact = {
        "default_sender_name": account.name,
        "default_sender_email": "hello@example.com",
        "website_url": "https://example.com",
        "organization_name": account.name,
        "street_address": dict.fromkeys(("address1", "address2", "city", "region", "country", "zip")),
    }
    attributes = {
        "test_account": account.is_test,
        "contact_information": contact,
        "industry": None,
        "timezone": "Europe/Kyiv",
        "preferred_currency": "UAH",
        "public_api_key": account.id,
        "locale": "en-US",
    }
    return _resource("account", account.id, attributes, f"/api/accounts/{account.id}")


def list_resource(profile_list: ProfileList, *, with_count: bool = False) -> Resource:
    """Return the resource of a list, with its number of members only when *with_count*."""
    attributes: dict[str, Any] = {
        "name": profile_list.name,
        "created": _SINCE,
        "updated": _SINCE,
        "opt_in_process": profile_list.opt_in_process,
    }
    if with_count:
        attributes["profile_count"] = len(profile_list)
    return _resource("list", profile_list.id, attributes, f"/api/lists/{profile_list.id}")


def flow_resource(flow: Flow) -> Resource:
    """Return the resource of a flow that starts when somebody joins a list."""
    attributes = {
        "name": flow.name,
        "status": flow.status,
        "archived": flow.archived,
        "created": _SINCE,
        "updated": _SINCE,
        "trigger_type": "Added to List",
    }
    return _resource("flow", flow.id, attributes, f"/api/flows/{flow.id}")


def job_resource(job: Job, now: float) -> Resource:
    """Return the resource of an import job at *now*."""
    status = job.status(now)
    attributes = {
        "status": status,
        "created_at": _time(job.created),
        "total_count": job.total,
        "completed_count": job.completed,
        "failed_count": len(job.failures),
        "started_at": None if status == QUEUED else _time(job.started),
        "completed_at": _time(job.ends) if status == COMPLETE else None,
        "expires_at": _time(job.expires),
    }
    path = f"/api/profile-bulk-import-jobs/{job.id}"
    resource = _resource("profile-bulk-import-job", job.id, attributes, path)
    resource["relationships"] = {"lists": {"data": [{"type": "list", "id": job.list_id}] if job.list_id else []}}
    return resource


def error_resource(job: Job, failure: Failure) -> Resource:
    """Return the row error of a profile that a job could not import."""
    attributes = {
        "code": "invalid",
        "title": "Invalid input.",
        "detail": "The profile could not be imported.",
        "source": {"pointer": f"/data/attributes/profiles/data/{failure.index}"},
        "original_payload": orjson.loads(failure.encoded) if failure.names_payload else None,
    }
    identifier = ulid(job.ends, (job.number << 20) + failure.index)
    return _resource("import-error", identifier, attributes, f"/api/import-errors/{identifier}")


def profile_resource(profiles: Profiles, position: int, *, joined: float | None, with_consent: bool) -> Resource:
    """Return the resource of a profile.

    *joined* is when the profile joined the requested list, None outside of a list.
    The consent is included only when *with_consent*.
    """
    known = profiles.attributes(position)
    attributes: dict[str, Any] = {name: known.get(name) for name in PROFILE_TEXTS}
    attributes["created"] = _time(profiles.created(position))
    attributes["updated"] = _time(profiles.updated(position))
    attributes["last_event_date"] = None
    attributes["location"] = {**dict.fromkeys(PLACE), **known.get("location", {})}
    attributes["properties"] = known.get("properties", {})
    if joined is not None:
        attributes["joined_group_at"] = _time(joined)
    if with_consent:
        attributes["subscriptions"] = _subscriptions(profiles.consent(position))
    identifier = ulid(profiles.created(position), position)
    return _resource("profile", identifier, attributes, f"/api/profiles/{identifier}")


def sparse(resource: Resource, query: Mapping[str, str]) -> Resource:
    """Return *resource* with only the attributes that the parameter ``fields[type]`` names; raises `Refused`."""
    parameter = f"fields[{resource['type']}]"
    if parameter not in query:
        return resource
    wanted: dict[str, Any] = {}
    for name in filter(None, query[parameter].split(",")):
        outer, _, inner = name.partition(".")
        if outer == "id":
            continue
        value = resource["attributes"].get(outer, _MISSING)
        if value is _MISSING or (inner and not isinstance(value, dict)):
            raise invalid_parameter(parameter, f"'{name}' is not a valid field for the resource '{resource['type']}'.")
        wanted[outer] = {**wanted.get(outer, {}), inner: value.get(inner)} if inner else value
    return {**resource, "attributes": wanted}


_MISSING = object()


def _resource(kind: str, identifier: str, attributes: dict[str, Any], path: str) -> Resource:
    return {"type": kind, "id": identifier, "attributes": attributes, "links": {"self": path}}


def _subscriptions(consent: str) -> dict[str, Any]:
    marketing = {
        "can_receive_email_marketing": consent != "UNSUBSCRIBED",
        "consent": consent,
        "consent_timestamp": None if consent == NEVER_SUBSCRIBED else _SINCE,
        "suppression": [],
        "list_suppressions": [],
    }
    return {"email": {"marketing": marketing}}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
