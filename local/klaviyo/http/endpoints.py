"""The simulated endpoints, with Klaviyo's published scopes, limits and parameters of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.klaviyo.http.problems import not_found, wrong_method
from local.klaviyo.rules.rate_limits import Rate

ACCOUNTS_READ = "accounts:read"
FLOWS_READ = "flows:read"
LISTS_READ = "lists:read"
LISTS_WRITE = "lists:write"
PROFILES_READ = "profiles:read"
PROFILES_WRITE = "profiles:write"
ALL_SCOPES = frozenset({ACCOUNTS_READ, FLOWS_READ, LISTS_READ, LISTS_WRITE, PROFILES_READ, PROFILES_WRITE})

XS = Rate(1, 15)
S = Rate(3, 60)
M = Rate(10, 150)
L = Rate(75, 750)

PAGING = frozenset({"page[size]", "page[cursor]"})
JOB_FIELDS = "fields[profile-bulk-import-job]"
PROFILE_FIELDS = "fields[profile]"
MORE_OF_LIST = "additional-fields[list]"
MORE_OF_PROFILE = "additional-fields[profile]"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API; *name* is Klaviyo's operation id; ``{id}`` stands for one part of *path*."""

    name: str
    method: str
    path: str
    scopes: frozenset[str]
    rate: Rate
    parameters: frozenset[str] = frozenset()

    def match(self, path: str) -> str | None:
        """Return the id in *path*, an empty text when this endpoint has no id, None when *path* does not match."""
        before, has_id, after = self.path.partition("{id}")
        if not has_id:
            return "" if path == self.path else None
        if not (path.startswith(before) and path.endswith(after)):
            return None
        identifier = path[len(before) : len(path) - len(after)]
        return identifier if identifier and "/" not in identifier else None


def _endpoint(name: str, call: str, scopes: set[str], rate: Rate, parameters: frozenset[str] | set[str]) -> Endpoint:
    method, path = call.split()
    return Endpoint(name, method, path, frozenset(scopes), rate, frozenset(parameters))


_JOBS = "/api/profile-bulk-import-jobs"

ENDPOINTS = (
    _endpoint("bulk_import_profiles", f"POST {_JOBS}", {LISTS_WRITE, PROFILES_WRITE}, M, {JOB_FIELDS}),
    _endpoint(
        "get_bulk_import_profiles_jobs",
        f"GET {_JOBS}",
        {LISTS_READ, PROFILES_READ},
        M,
        PAGING | {"filter", "sort", JOB_FIELDS},
    ),
    _endpoint("get_bulk_import_profiles_job", f"GET {_JOBS}/{{id}}", {LISTS_READ, PROFILES_READ}, M, {JOB_FIELDS}),
    _endpoint(
        "get_errors_for_bulk_import_profiles_job",
        f"GET {_JOBS}/{{id}}/import-errors",
        {PROFILES_READ},
        M,
        PAGING | {"fields[import-error]"},
    ),
    _endpoint("get_accounts", "GET /api/accounts", {ACCOUNTS_READ}, XS, {"fields[account]"}),
    _endpoint("get_lists", "GET /api/lists", {LISTS_READ}, L, PAGING | {"filter", "sort", "fields[list]"}),
    _endpoint("create_list", "POST /api/lists", {LISTS_WRITE}, M, {"fields[list]"}),
    _endpoint("get_list", "GET /api/lists/{id}", {LISTS_READ}, L, {"fields[list]", MORE_OF_LIST}),
    _endpoint(
        "get_profiles_for_list",
        "GET /api/lists/{id}/profiles",
        {LISTS_READ, PROFILES_READ},
        L,
        PAGING | {"sort", PROFILE_FIELDS, MORE_OF_PROFILE},
    ),
    _endpoint(
        "get_flows_triggered_by_list",
        "GET /api/lists/{id}/flow-triggers",
        {FLOWS_READ, LISTS_READ},
        S,
        {"fields[flow]"},
    ),
    _endpoint("get_flows", "GET /api/flows", {FLOWS_READ}, S, PAGING | {"fields[flow]"}),
    _endpoint(
        "get_profiles",
        "GET /api/profiles",
        {PROFILES_READ},
        L,
        PAGING | {"filter", PROFILE_FIELDS, MORE_OF_PROFILE},
    ),
)

NAMES = frozenset(endpoint.name for endpoint in ENDPOINTS)


def find(method: str, path: str) -> tuple[Endpoint, str]:
    """Return the endpoint of a call and the id in its path; raises `Refused` (404, 405)."""
    path = path.rstrip("/")  # Klaviyo also accepts a slash at the end
    matches = [(endpoint, identifier) for endpoint in ENDPOINTS if (identifier := endpoint.match(path)) is not None]
    if not matches:
        raise not_found(f"There is nothing at {path}.")
    for endpoint, identifier in matches:
        if endpoint.method == method:
            return endpoint, identifier
    raise wrong_method(method, [endpoint.method for endpoint, _ in matches])


def rate_of(endpoint: Endpoint, query: Mapping[str, str]) -> tuple[str, Rate]:
    """Return the name and the limits of the rate windows of a call; a call for additional fields has tighter limits."""
    if "profile_count" in query.get(MORE_OF_LIST, ""):
        return f"{endpoint.name}+profile_count", XS
    return endpoint.name, endpoint.rate
