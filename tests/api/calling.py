"""Calls the management API by address, as somebody outside does."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import azure.functions as func

from shared.api.http.entrance import answer
from shared.api.http.route import Route
from shared.api.routes import ROUTES
from shared.app import App
from shared.domain.runs.wake_up import WakeUp
from shared.settings import AuthMode, Settings, StorageAccount
from tests.builders import World, ndjson, people
from tests.fakes.secrets import MemorySecrets

if TYPE_CHECKING:
    from shared.control.check_health import Probe

NOWHERE = StorageAccount(None, "https://unused.example", None)
ADMIN, CONTRIBUTOR, READER = "Exports.Admin", "Exports.Contribute", "Exports.Read"
LABEL = "A caller with a function key"
"""The name in documents of a caller who has only a function key."""
RUNS = "exports/vip/runs"
"""The address of the runs of export 'vip', which every world has."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    response: func.HttpResponse
    wake_ups: list[WakeUp]

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def headers(self) -> Mapping[str, str]:
        return dict(self.response.headers)

    @property
    def text(self) -> str:
        return self.response.get_body().decode()

    @property
    def json(self) -> Any:
        assert self.headers["Cache-Control"] == "no-store"
        return json.loads(self.text)

    @property
    def lines(self) -> list[Any]:
        assert self.response.mimetype == "application/x-ndjson"
        return [json.loads(line) for line in self.text.splitlines()]

    def problem(self, status: int) -> dict[str, Any]:
        """Return the problem document, which must be well-formed and sends nothing."""
        document = self.json
        assert self.response.mimetype == "application/problem+json"
        assert self.status == document["status"] == status
        assert document["type"].startswith("urn:segment-export:problem:")
        assert document["title"]
        assert set(details([document])) == {document["detail"]}
        assert all(each["pointer"].startswith("/") or not each["pointer"] for each in document.get("errors", []))
        details(document.get("errors", []))
        assert self.wake_ups == []
        assert isinstance(document, dict)
        return document


def details(sentences: Any) -> list[str]:
    """Return the English text of each of *sentences*, which must have codes and the values in them."""
    for each in sentences:
        assert each["code"].replace("_", "").isalpha()
        assert isinstance(each["params"], dict)
        assert each["detail"]
    return [each["detail"] for each in sentences]


class Api:
    """The management API over fakes; mutable."""

    def __init__(self, world: World | None = None, **settings: Any) -> None:
        self.world = world or World({"vip/1.ndjson": ndjson(people(3))})
        self.secrets = MemorySecrets()
        self.probes: dict[str, Probe] = {}
        self.app = replace(app_over(self.world, self.secrets, **settings), probes=self.probes)
        self.opening: Exception | None = None
        """What goes wrong when the app is wired up, if it does."""

    async def open(self) -> App:
        if self.opening:
            raise self.opening
        return self.app

    async def call(
        self,
        method: str,
        address: str,
        document: Any = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        role: str | None = None,
    ) -> Reply:
        """Send a request to *address* (below ``/api``, or with it); *role* lets a user with that app role send it."""
        parts = urlsplit(address)
        route, values = _find(method, parts.path.removeprefix("/api/"))
        sent = {**(headers or {}), **({} if role is None else principal(role))}
        given = json.dumps(document).encode() if document is not None else body or b""
        asked = func.HttpRequest(
            method,
            f"http://localhost/api/{parts.path.removeprefix('/api/')}?{parts.query}",
            headers=sent,
            params=dict(parse_qsl(parts.query)),  # as the host reads it: without what is empty
            route_params=values,
            body=given,
        )
        out = _Out()
        return Reply(await answer(route, asked, self.open, out), out.wake_ups)

    async def get(self, address: str, **options: Any) -> Reply:
        return await self.call("GET", address, **options)

    async def post(self, address: str, document: Any = None, **options: Any) -> Reply:
        return await self.call("POST", address, document, **options)

    async def put(self, address: str, document: Any, **options: Any) -> Reply:
        return await self.call("PUT", address, document, **options)

    async def delete(self, address: str, **options: Any) -> Reply:
        return await self.call("DELETE", address, **options)


def app_over(world: World, secrets: MemorySecrets | None = None, **settings: Any) -> App:
    """Return the app over *world*."""
    return App(
        resources=world.resources,
        secrets=secrets or MemorySecrets(),
        settings=Settings(NOWHERE, NOWHERE, **settings),
        poison=world.poison,
        _closing=AsyncExitStack(),
    )


def entra(world: World | None = None, **settings: Any) -> Api:
    """Return the management API as it is behind App Service Authentication, over a connection that is shared."""
    shared = {"shared_with": "contributors"}
    world = world or World({"vip/1.ndjson": ndjson(people(3))}, connection=shared)
    return Api(world, auth_mode=AuthMode.ENTRA, **settings)


def trail(api: Api) -> list[dict[str, Any]]:
    """Return the lines of the audit trail, which must be of one month."""
    (path,) = api.world.documents.paths("audit/")
    return api.world.documents.lines(path)


def principal(*roles: str, oid: str = "0d1f", name: str = "dana@example.com") -> dict[str, str]:
    """Return the header that App Service Authentication sets for a user with *roles*."""
    claims = [{"typ": "roles", "val": role} for role in roles]
    claims += [{"typ": "oid", "val": oid}, {"typ": "preferred_username", "val": name}]
    return principal_header({"auth_typ": "aad", "name_typ": "name", "role_typ": "roles", "claims": claims})


def principal_header(document: Any) -> dict[str, str]:
    """Return *document* as the header has it."""
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(document).encode()).decode()}


class _Out:
    """A queue output binding; mutable."""

    def __init__(self) -> None:
        self.wake_ups: list[WakeUp] = []

    def set(self, val: Sequence[str]) -> None:
        self.wake_ups = [WakeUp(**json.loads(body)) for body in val]


def _find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route for *path*: as in Azure, the one that says more goes first."""
    for route in sorted(ROUTES, key=lambda each: [part.startswith("{") for part in each.path.split("/")]):
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", route.path)
        if route.method == method and (match := re.fullmatch(pattern, path)):
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    message = f"There is no {method} {path}."
    raise LookupError(message)
