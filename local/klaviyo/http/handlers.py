"""What each endpoint does."""

from collections.abc import Callable, Mapping

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.account.resources import (
    Resource,
    account_resource,
    error_resource,
    flow_resource,
    job_resource,
    list_resource,
    profile_resource,
    sparse,
)
from local.klaviyo.http.calls import Asked, Done
from local.klaviyo.http.endpoints import MORE_OF_LIST, MORE_OF_PROFILE
from local.klaviyo.http.filters import filter_asked, filter_values
from local.klaviyo.http.paging import Page, page_asked
from local.klaviyo.http.problems import Refused, invalid_parameter, not_found
from local.klaviyo.rules.behaviour import Behaviour
from local.klaviyo.rules.validation import Import, read_import

IMPORT = "bulk_import_profiles"


def prepare_import(body: bytes, account: Account, rules: Behaviour) -> Import | Refused:
    """Return what *body* asks for, or why it is refused; it changes nothing, so that another thread may do it."""
    try:
        return read_import(body, lists=account.lists, named_rows=rules.named_rows, phone_numbers=rules.phone_numbers)
    except Refused as refused:
        return refused


def _import(asked: Asked) -> Done:
    wanted = asked.prepared or prepare_import(asked.body, asked.account, asked.behaviour)
    if isinstance(wanted, Refused):
        raise wanted
    return _one(asked, job_resource(asked.start_job(wanted), asked.now), status=202)


def _jobs(asked: Asked) -> Done:
    jobs, now = asked.account.jobs.all, asked.now
    statuses = filter_values(asked.call.query, "status")
    page = page_asked(asked.call.query, sort="created_at").pick(
        len(jobs),
        lambda position: jobs[position].is_known(now) and (statuses is None or jobs[position].status(now) in statuses),
    )
    return _page(asked, page, [job_resource(jobs[position], now) for position in page.positions])


def _job(asked: Asked) -> Done:
    return _one(asked, job_resource(_known_job(asked), asked.now))


def _import_errors(asked: Asked) -> Done:
    job = _known_job(asked)
    page = page_asked(asked.call.query).pick(len(job.failures))
    return _page(asked, page, [error_resource(job, job.failures[position]) for position in page.positions])


def _accounts(asked: Asked) -> Done:
    return _page(asked, Page([0], None), [account_resource(asked.account)])


def _lists(asked: Asked) -> Done:
    query = dict(asked.call.query)
    order = query.pop("sort", "")
    lists = [each for each in asked.account.lists.values() if _is_wanted(each, query)]
    if order:
        if order.removeprefix("-") not in _LIST_ORDERS:
            raise invalid_parameter("sort", f"'{order}' is not a valid sort here.")
        lists.sort(key=_LIST_ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    page = page_asked(query, default=10, maximum=10).pick(len(lists))
    return _page(asked, page, [list_resource(lists[position]) for position in page.positions])


def _list(asked: Asked) -> Done:
    more = _more(asked, MORE_OF_LIST, "profile_count")
    return _one(asked, list_resource(_known_list(asked), with_count=more))


def _members(asked: Asked) -> Done:
    members = _known_list(asked)
    page = page_asked(asked.call.query, sort="joined_group_at").pick(len(members))
    with_consent = _more(asked, MORE_OF_PROFILE, "subscriptions")
    resources = [
        profile_resource(
            asked.account.profiles, members.members[place], joined=members.joined[place], with_consent=with_consent
        )
        for place in page.positions
    ]
    return _page(asked, page, resources)


def _flows(asked: Asked) -> Done:
    flows = _known_list(asked).flows
    return _page(asked, Page(list(range(len(flows))), None), [flow_resource(flow) for flow in flows])


def _all_flows(asked: Asked) -> Done:
    flows = [flow for each in asked.account.lists.values() for flow in each.flows]
    page = page_asked(asked.call.query, default=50, maximum=50).pick(len(flows))
    return _page(asked, page, [flow_resource(flows[position]) for position in page.positions])


def _profiles(asked: Asked) -> Done:
    profiles = asked.account.profiles
    emails = filter_values(asked.call.query, "email")
    asked_page = page_asked(asked.call.query)
    if emails is None:
        page = asked_page.pick(len(profiles))
        found = page.positions
    else:
        positions = {profiles.find(email.lower()) for email in emails}
        matches = sorted(position for position in positions if position is not None)
        page = asked_page.pick(len(matches))
        found = [matches[place] for place in page.positions]
    with_consent = _more(asked, MORE_OF_PROFILE, "subscriptions")
    return _page(
        asked,
        page,
        [profile_resource(profiles, position, joined=None, with_consent=with_consent) for position in found],
    )


HANDLERS: dict[str, Callable[[Asked], Done]] = {
    IMPORT: _import,
    "get_bulk_import_profiles_jobs": _jobs,
    "get_bulk_import_profiles_job": _job,
    "get_errors_for_bulk_import_profiles_job": _import_errors,
    "get_accounts": _accounts,
    "get_lists": _lists,
    "get_list": _list,
    "get_profiles_for_list": _members,
    "get_flows_triggered_by_list": _flows,
    "get_flows": _all_flows,
    "get_profiles": _profiles,
}
"""By the endpoint's name; each raises `Refused`."""


def _known_job(asked: Asked) -> Job:
    job = asked.account.jobs.get(asked.identifier, asked.now)
    if job is None:
        raise not_found(f"A job with id {asked.identifier} does not exist.")
    return job


def _known_list(asked: Asked) -> ProfileList:
    found = asked.account.lists.get(asked.identifier)
    if found is None:
        raise not_found(f"A list with id {asked.identifier} does not exist.")
    return found


def _is_wanted(profile_list: ProfileList, query: Mapping[str, str]) -> bool:
    wanted = filter_asked(query, "id", "name")
    return wanted is None or getattr(profile_list, wanted[0]) in wanted[1]


_LIST_ORDERS: dict[str, Callable[[ProfileList], str]] = {
    "id": lambda each: each.id,
    "name": lambda each: each.name,
    "created": lambda _: "",  # all of one age
    "updated": lambda _: "",
}


def _more(asked: Asked, parameter: str, known: str) -> bool:
    """Say whether *parameter* asks for *known*, the only thing beyond the usual that it can ask for."""
    names = set(filter(None, asked.call.query.get(parameter, "").split(",")))
    for name in sorted(names - {known}):
        raise invalid_parameter(parameter, f"'{name}' cannot be asked for here.")
    return known in names


def _one(asked: Asked, resource: Resource, status: int = 200) -> Done:
    return Done(status, {"data": _shown(asked, resource), "links": {"self": _here(asked)}})


def _page(asked: Asked, page: Page, resources: list[Resource]) -> Done:
    data = [_shown(asked, resource) for resource in resources]
    return Done(200, {"data": data, "links": page.links(_here(asked), asked.call.query)})


def _shown(asked: Asked, resource: Resource) -> Resource:
    """Return *resource* with the attributes that were asked for, and its own address on this machine."""
    shown = sparse(resource, asked.call.query)
    return {**shown, "links": {"self": f"{asked.call.base_url}{shown['links']['self']}"}}


def _here(asked: Asked) -> str:
    return f"{asked.call.base_url}{asked.call.path}"
