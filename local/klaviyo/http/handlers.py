"""The handlers of the endpoints."""

from collections.abc import Callable, Mapping

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.jobs import Job
from local.klaviyo.account.lists import ProfileList
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.calls import AdmittedCall, HandlerResult
from local.klaviyo.http.endpoints import MORE_OF_LIST, MORE_OF_PROFILE
from local.klaviyo.http.filters import filter_asked, filter_values
from local.klaviyo.http.paging import Page, page_asked
from local.klaviyo.http.problems import Refused, invalid_parameter, not_found
from local.klaviyo.http.resources import (
    Resource,
    account_resource,
    error_resource,
    flow_resource,
    job_resource,
    list_resource,
    profile_resource,
    sparse,
)
from local.klaviyo.rules.import_body import Import, read_import
from local.klaviyo.rules.list_body import list_name

IMPORT = "bulk_import_profiles"


def prepare_import(body: bytes, account: Account, rules: Behaviour) -> Import | Refused:
    """Return the import of *body*, or its refusal; nothing changes, so another thread may do this."""
    try:
        return read_import(body, lists=account.lists, named_rows=rules.named_rows, phone_numbers=rules.phone_numbers)
    except Refused as refused:
        return refused


def _import(admitted: AdmittedCall) -> HandlerResult:
    wanted = admitted.prepared or prepare_import(admitted.body, admitted.account, admitted.behaviour)
    if isinstance(wanted, Refused):
        raise wanted
    return _one(admitted, job_resource(admitted.start_job(wanted), admitted.now), status=202)


def _jobs(admitted: AdmittedCall) -> HandlerResult:
    jobs, now = admitted.account.jobs.all, admitted.now
    statuses = filter_values(admitted.call.query, "status")
    page = page_asked(admitted.call.query, sort="created_at").pick(
        len(jobs),
        lambda position: jobs[position].is_known(now) and (statuses is None or jobs[position].status(now) in statuses),
    )
    return _page(admitted, page, [job_resource(jobs[position], now) for position in page.positions])


def _job(admitted: AdmittedCall) -> HandlerResult:
    return _one(admitted, job_resource(_known_job(admitted), admitted.now))


def _import_errors(admitted: AdmittedCall) -> HandlerResult:
    job = _known_job(admitted)
    page = page_asked(admitted.call.query).pick(len(job.failures))
    return _page(admitted, page, [error_resource(job, job.failures[position]) for position in page.positions])


def _accounts(admitted: AdmittedCall) -> HandlerResult:
    return _page(admitted, Page([0], None), [account_resource(admitted.account)])


def _lists(admitted: AdmittedCall) -> HandlerResult:
    query = dict(admitted.call.query)
    order = query.pop("sort", "")
    lists = [each for each in admitted.account.lists.values() if _is_wanted(each, query)]
    if order:
        if order.removeprefix("-") not in _LIST_ORDERS:
            raise invalid_parameter("sort", f"'{order}' is not a valid sort here.")
        lists.sort(key=_LIST_ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    page = page_asked(query, default=10, maximum=10).pick(len(lists))
    return _page(admitted, page, [list_resource(lists[position]) for position in page.positions])


def _new_list(admitted: AdmittedCall) -> HandlerResult:
    made = admitted.account.make_list(list_name(admitted.body), admitted.now)
    return _one(admitted, list_resource(made), status=201)


def _list(admitted: AdmittedCall) -> HandlerResult:
    more = _more(admitted, MORE_OF_LIST, "profile_count")
    return _one(admitted, list_resource(_known_list(admitted), with_count=more))


def _members(admitted: AdmittedCall) -> HandlerResult:
    members = _known_list(admitted)
    page = page_asked(admitted.call.query, sort="joined_group_at").pick(len(members))
    with_consent = _more(admitted, MORE_OF_PROFILE, "subscriptions")
    resources = [
        profile_resource(
            admitted.account.profiles, members.members[place], joined=members.joined[place], with_consent=with_consent
        )
        for place in page.positions
    ]
    return _page(admitted, page, resources)


def _flows(admitted: AdmittedCall) -> HandlerResult:
    flows = _known_list(admitted).flows
    return _page(admitted, Page(list(range(len(flows))), None), [flow_resource(flow) for flow in flows])


def _all_flows(admitted: AdmittedCall) -> HandlerResult:
    flows = [flow for each in admitted.account.lists.values() for flow in each.flows]
    page = page_asked(admitted.call.query, default=50, maximum=50).pick(len(flows))
    return _page(admitted, page, [flow_resource(flows[position]) for position in page.positions])


def _profiles(admitted: AdmittedCall) -> HandlerResult:
    profiles = admitted.account.profiles
    emails = filter_values(admitted.call.query, "email")
    asked_page = page_asked(admitted.call.query)
    if emails is None:
        page = asked_page.pick(len(profiles))
        found = page.positions
    else:
        positions = {profiles.find(email.lower()) for email in emails}
        matches = sorted(position for position in positions if position is not None)
        page = asked_page.pick(len(matches))
        found = [matches[place] for place in page.positions]
    with_consent = _more(admitted, MORE_OF_PROFILE, "subscriptions")
    return _page(
        admitted,
        page,
        [profile_resource(profiles, position, joined=None, with_consent=with_consent) for position in found],
    )


HANDLERS: dict[str, Callable[[AdmittedCall], HandlerResult]] = {
    IMPORT: _import,
    "get_bulk_import_profiles_jobs": _jobs,
    "get_bulk_import_profiles_job": _job,
    "get_errors_for_bulk_import_profiles_job": _import_errors,
    "get_accounts": _accounts,
    "get_lists": _lists,
    "create_list": _new_list,
    "get_list": _list,
    "get_profiles_for_list": _members,
    "get_flows_triggered_by_list": _flows,
    "get_flows": _all_flows,
    "get_profiles": _profiles,
}
"""Handlers by the name of their endpoint; each raises `Refused`."""


def _known_job(admitted: AdmittedCall) -> Job:
    job = admitted.account.jobs.get(admitted.identifier, admitted.now)
    if job is None:
        raise not_found(f"A job with id {admitted.identifier} does not exist.")
    return job


def _known_list(admitted: AdmittedCall) -> ProfileList:
    found = admitted.account.lists.get(admitted.identifier)
    if found is None:
        raise not_found(f"A list with id {admitted.identifier} does not exist.")
    return found


def _is_wanted(profile_list: ProfileList, query: Mapping[str, str]) -> bool:
    wanted = filter_asked(query, "id", "name")
    return wanted is None or getattr(profile_list, wanted[0]) in wanted[1]


_LIST_ORDERS: dict[str, Callable[[ProfileList], str]] = {
    "id": lambda each: each.id,
    "name": lambda each: each.name,
    "created": lambda _: "",  # all lists have the same time of creation
    "updated": lambda _: "",
}


def _more(admitted: AdmittedCall, parameter: str, known: str) -> bool:
    """Return whether *parameter* asks for *known*, the only additional field of its resource."""
    names = set(filter(None, admitted.call.query.get(parameter, "").split(",")))
    for name in sorted(names - {known}):
        raise invalid_parameter(parameter, f"'{name}' cannot be asked for here.")
    return known in names


def _one(admitted: AdmittedCall, resource: Resource, status: int = 200) -> HandlerResult:
    return HandlerResult(status, {"data": _shown(admitted, resource), "links": {"self": _here(admitted)}})


def _page(admitted: AdmittedCall, page: Page, resources: list[Resource]) -> HandlerResult:
    data = [_shown(admitted, resource) for resource in resources]
    return HandlerResult(200, {"data": data, "links": page.links(_here(admitted), admitted.call.query)})


def _shown(admitted: AdmittedCall, resource: Resource) -> Resource:
    """Return *resource* with the requested attributes, and with its address on this machine."""
    shown = sparse(resource, admitted.call.query)
    return {**shown, "links": {"self": f"{admitted.call.base_url}{shown['links']['self']}"}}


def _here(admitted: AdmittedCall) -> str:
    return f"{admitted.call.base_url}{admitted.call.path}"
