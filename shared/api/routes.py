"""The management API in one table: which call does what, and what it takes to be let in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.api import audit, connections, klaviyo_accounts, runs
from shared.api.callers import Role
from shared.api.exchange import Answer, Request

Handle = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call: *path* stands below ``/api``, *role* is the least that may make it, *query* names its parameters."""

    method: str
    path: str
    role: Role
    handle: Handle
    query: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the operation, which is that of the function in Azure, too."""
        return self.handle.__name__

    @property
    def summary(self) -> str:
        """Return what it does, in a sentence."""
        return (self.handle.__doc__ or "").partition("\n")[0]


_PEOPLE = Role.CONTRIBUTE
"""For answers with data of people in them."""

ROUTES = (
    Route("POST", "exports/{export_id}/runs", Role.CONTRIBUTE, runs.start_run, ("queue",)),
    Route("GET", "exports/{export_id}/runs", Role.READ, runs.list_runs, ("limit", "before", "status", "trigger")),
    Route("GET", "exports/{export_id}/runs/{run_id}", Role.READ, runs.get_run),
    Route("DELETE", "exports/{export_id}/runs/{run_id}", Role.CONTRIBUTE, runs.cancel_run),
    Route("GET", "exports/{export_id}/runs/{run_id}/rejections", _PEOPLE, runs.list_rejections, ("limit", "after")),
    Route("GET", "exports/{export_id}/runs/{run_id}/unconfirmed", _PEOPLE, runs.list_unconfirmed, ("limit", "after")),
    Route("POST", "runs", Role.CONTRIBUTE, runs.start_all_runs, ("queue",)),
    Route("GET", "connections", Role.READ, connections.list_connections, ("limit", "after")),
    Route("GET", "connections/{connection_id}", Role.READ, connections.get_connection),
    Route("PUT", "connections/{connection_id}", Role.ADMINISTER, connections.put_connection),
    Route("DELETE", "connections/{connection_id}", Role.ADMINISTER, connections.delete_connection, ("exports",)),
    Route("POST", "connections/{connection_id}/test", Role.ADMINISTER, klaviyo_accounts.test_connection),
    Route("GET", "connections/{connection_id}/lists", Role.CONTRIBUTE, klaviyo_accounts.list_lists, ("search",)),
    Route("GET", "consent", Role.READ, connections.get_consent),
    Route("GET", "audit", Role.ADMINISTER, audit.list_audit, ("month", "limit", "after")),
)
"""Every call but ``GET /health``, which asks nobody and tells nothing."""
