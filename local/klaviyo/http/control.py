"""The simulator's own endpoints under ``/simulator/``, without keys and limits; Klaviyo has no such endpoints."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from local.klaviyo.account.accounts import Account
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.behaviour.settings import WrongSetting
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.simulator import Simulator

_LINES_AT_ONCE = 2000


def add_control_routes(app: web.Application, simulator: Simulator) -> None:
    """Add ``/simulator/…`` to *app*."""
    control = _Control(simulator)
    app.router.add_get("/simulator/stats", _answering(control.stats))
    app.router.add_get("/simulator/faults", _answering(control.faults))
    app.router.add_put("/simulator/faults", _answering(control.change_faults))
    app.router.add_put("/simulator/keys", _answering(control.change_keys))
    app.router.add_post("/simulator/reset", _answering(control.reset))
    app.router.add_put("/simulator/lists/{id}", _answering(control.add_list))
    app.router.add_put("/simulator/lists/{id}/flows", _answering(control.change_flows))
    app.router.add_get("/simulator/lists/{id}", control.members)


class _Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def stats(self, _request: web.Request) -> Any:
        return {**self._simulator.document(), "processor_seconds": time.process_time()}

    async def faults(self, _request: web.Request) -> Any:
        return self._simulator.behaviour.document()

    async def change_faults(self, request: web.Request) -> Any:
        self._simulator.change(orjson.loads(await request.read()))
        return self._simulator.behaviour.document()

    async def change_keys(self, request: web.Request) -> Any:
        """Replace an account's keys: ``{"keys": {"pk_…": ["scope", …] or null for all}, "account": "…"}``."""
        document = _fields(await request.read(), {"keys", "account"})
        keys = document.get("keys")
        if not isinstance(keys, dict) or not all(
            scopes is None or isinstance(scopes, list) for scopes in keys.values()
        ):
            raise WrongSetting("keys must be an object: a list of scopes, or null for all, by the text of each key.")
        account = self._account(document.get("account"))
        account.replace_keys({key: ALL_SCOPES if scopes is None else scopes for key, scopes in keys.items()})
        return {"account": account.id, "keys": len(account.keys)}

    async def reset(self, _request: web.Request) -> Any:
        self._simulator.reset()
        return self._simulator.document()

    async def add_list(self, request: web.Request) -> Any:
        """Create a list, or replace it by an empty one: ``{"name": "…", "opt_in_process": "…", "flows": […]}``."""
        identifier = request.match_info["id"]
        document = _fields(await request.read() or b"{}", {"name", "opt_in_process", "flows", "account"})
        flows = _read_flows(identifier, document.get("flows", []))
        opt_in_process = document.get("opt_in_process", "single_opt_in")
        made = ProfileList(identifier, str(document.get("name", identifier)), opt_in_process, flows)
        self._account(document.get("account")).lists[identifier] = made
        return {"id": made.id, "name": made.name}

    async def change_flows(self, request: web.Request) -> Any:
        """Replace the flows of a list: ``{"flows": […]}``; the members stay."""
        identifier = request.match_info["id"]
        document = _fields(await request.read(), {"flows", "account"})
        changed = self._account(document.get("account")).lists.get(identifier)
        if changed is None:
            raise WrongSetting(f"There is no list {identifier}.")
        changed.flows = _read_flows(identifier, document.get("flows"))
        return {"id": changed.id, "flows": [flow.id for flow in changed.flows]}

    async def members(self, request: web.Request) -> web.StreamResponse:
        """Stream the attributes of the members of a list, one line each, in the order of joining."""
        self._simulator.settle()
        identifier = request.match_info["id"]
        holder = next((account for account in self._simulator.accounts if identifier in account.lists), None)
        if holder is None:
            return _json({"error": f"There is no list {identifier}."}, 404)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        members = holder.lists[identifier].members
        for start in range(0, len(members), _LINES_AT_ONCE):
            lines = [holder.profiles.encoded(position) for position in members[start : start + _LINES_AT_ONCE]]
            await response.write(b"\n".join(lines) + b"\n")
        await response.write_eof()
        return response

    def _account(self, identifier: str | None) -> Account:
        for account in self._simulator.accounts:
            if identifier in (None, account.id):
                return account
        raise WrongSetting(f"There is no account {identifier}.")


_Handler = Callable[[web.Request], Awaitable[Any]]


def _answering(handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that answers with the result of *handler*, and with a 400 for a `ValueError`."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return _json(await handler(request), 200)
        except ValueError as error:
            return _json({"error": str(error)}, 400)

    return answer


def _read_flows(list_id: str, given: Any) -> tuple[Flow, ...]:
    """Read flows: each is a name, or ``{"name": "…", "status": "live", "archived": false}``."""
    if not isinstance(given, list):
        raise WrongSetting("flows must be a list of names, or of objects with name, status and archived.")
    flows = []
    for number, item in enumerate(given, 1):
        flow = item if isinstance(item, dict) else {"name": item}
        if unknown := sorted(flow.keys() - {"name", "status", "archived"}):
            raise WrongSetting(f"A flow has no field {', '.join(unknown)}.")
        name, status = str(flow.get("name", "")), str(flow.get("status", "live"))
        flows.append(Flow(f"{list_id}F{number}", name, status, archived=bool(flow.get("archived"))))
    return tuple(flows)


def _fields(body: bytes, known: set[str]) -> dict[str, Any]:
    document = orjson.loads(body)
    if not isinstance(document, dict):
        raise WrongSetting("A JSON object is expected.")
    if unknown := sorted(document.keys() - known):
        raise WrongSetting(f"There is no field {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
    return document


def _json(document: Any, status: int) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(document), content_type="application/json")
