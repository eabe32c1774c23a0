"""A simulated Key Vault on loopback, with the managed identity that may read it.

Azure's own clients work against this vault.
The vault has what those clients need: https, the challenge before the first token, versions, pages, error bodies.
"""

import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from re import fullmatch
from tempfile import TemporaryDirectory
from typing import Any

import trustme
from aiohttp import web

from local.identity import PATH, TENANT, ManagedIdentity

_HOST = "127.0.0.1"
_SET_AT = 1_790_000_000
_PAGE_SECRETS = 25
_NAME = r"[0-9A-Za-z-]{1,127}"


@dataclass
class _Version:
    id: str
    value: str


@dataclass(frozen=True, slots=True)
class _Failure:
    status: int
    code: str
    retry_after: int | None
    name: str


@dataclass
class Vault:
    """A running vault. Mutable."""

    url: str = ""
    identity: ManagedIdentity = field(default_factory=ManagedIdentity)
    """The identity whose token the vault accepts."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """The token of the identity, and the only token that the vault accepts."""
    ca_file: Path = Path()
    """The certificate to trust: for `connection_verify` of a client, or SSL_CERT_FILE of a process."""
    resource: str = ""
    """The resource of a token.

    The client trusts a resource when the vault's host name ends with a dot and the resource's host name.
    """
    requests: list[str] = field(default_factory=list)
    """Method and path of every request with the right token."""
    held: dict[str, list[_Version]] = field(default_factory=dict, repr=False)
    expiry: dict[str, int] = field(default_factory=dict)
    """Secrets that expire: name → seconds since 1970."""
    disabled: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    """Names of deleted secrets; such a secret can be recovered, and cannot be written before that."""
    read_only: bool = False
    """Whether the identity may read only."""
    described: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Content type and tags of each secret that a client wrote."""
    failures: list[_Failure] = field(default_factory=list)

    def set(self, name: str, value: str) -> None:
        """Write a new version of secret *name*."""
        self.held.setdefault(name.lower(), []).append(_Version(secrets.token_hex(16), value))

    def set_expiry(self, name: str, at: datetime) -> None:
        """Let secret *name* expire *at* that time; as in Azure, an expired secret can still be read."""
        self.expiry[name.lower()] = int(at.timestamp())

    def disable(self, name: str) -> None:
        """Disable secret *name*, so that nobody can read it."""
        self.disabled.add(name.lower())

    def delete(self, name: str) -> None:
        """Delete secret *name*; the secret can be recovered."""
        self.held.pop(name.lower(), None)
        self.deleted.add(name.lower())

    def fail_next(
        self, status: int, *, times: int = 1, code: str = "", retry_after: int | None = None, name: str = ""
    ) -> None:
        """Answer the next *times* requests with *status*; with a *name*, only requests for that secret.

        *code* is the inner reason, for example ForbiddenByRbac.
        """
        self.failures += [_Failure(status, code, retry_after, name)] * times

    def recover(self, name: str) -> None:
        """Forget the failures that are planned for secret *name*."""
        self.failures = [failure for failure in self.failures if failure.name != name]

    def environment(self) -> dict[str, str]:
        """Return the environment variables by which a process finds the vault and its identity."""
        return {
            "KEY_VAULT_URL": self.url,
            **self.identity.environment(),
            "SSL_CERT_FILE": str(self.ca_file),
        }


@asynccontextmanager
async def vault(
    values: Mapping[str, str] | None = None, *, authority: trustme.CA | None = None
) -> AsyncIterator[Vault]:
    """Run a vault with the secrets *values* (name → value) while the block runs, on free ports of loopback.

    *authority* signs the certificate; without one, the vault makes its own authority.
    """
    opened = Vault()
    for name, value in (values or {}).items():
        opened.set(name, value)
    runner = web.AppRunner(_application(opened), access_log=None)
    await runner.setup()
    try:
        with TemporaryDirectory() as folder:
            opened.ca_file = Path(folder) / "ca.pem"
            context = _tls(authority or trustme.CA(), opened.ca_file)
            await web.TCPSite(runner, _HOST, 0, ssl_context=context).start()
            await web.TCPSite(runner, _HOST, 0).start()
            tls_port, plain_port = (address[1] for address in runner.addresses)
            opened.url = f"https://{_HOST}:{tls_port}"
            opened.resource = opened.url.replace("127.0.0.1", "0.0.1")
            opened.identity.url = f"http://{_HOST}:{plain_port}{PATH}"
            opened.identity.tokens[opened.resource] = opened.token
            yield opened
    finally:
        await runner.cleanup()


def _tls(authority: trustme.CA, ca_file: Path) -> ssl.SSLContext:
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(_HOST).configure_cert(context)
    return context


def _application(opened: Vault) -> web.Application:
    calls = _Calls(opened)
    application = web.Application(middlewares=[calls.authorize])
    application.add_routes(
        [
            web.get(PATH, opened.identity.answer),
            web.get("/secrets", calls.names),
            web.get("/secrets/{name}/versions", calls.versions),
            web.get("/secrets/{name}/{version:.*}", calls.get),
            web.get("/secrets/{name}", calls.get),
            web.put("/secrets/{name}", calls.put),
        ]
    )
    return application


class _Calls:
    """The vault's REST calls."""

    def __init__(self, opened: Vault) -> None:
        self._vault = opened

    @web.middleware
    async def authorize(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path.startswith("/secrets"):
            if request.headers.get("Authorization") != f"Bearer {self._vault.token}":
                return self._challenge()
            self._vault.requests.append(f"{request.method} {request.path.rstrip('/')}")
            if failure := self._next_failure(request.match_info.get("name", "")):
                return _forced(failure)
        answer: web.StreamResponse = await handler(request)
        return answer

    def _next_failure(self, name: str) -> _Failure | None:
        for number, failure in enumerate(self._vault.failures):
            if failure.name in ("", name):
                return self._vault.failures.pop(number)
        return None

    async def get(self, request: web.Request) -> web.Response:
        name, wanted = request.match_info["name"], request.match_info.get("version", "")
        if not fullmatch(_NAME, name):
            return _error(400, "BadParameter", f"The request URI contains an invalid name: {name}")
        found = [each for each in self._versions(name) if wanted in ("", each.id)]
        if not found:
            return _error(404, "SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault.")
        if name.lower() in self._vault.disabled:
            return _error(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled")
        return web.json_response({"value": found[-1].value, **self._described(name, found[-1])})

    async def put(self, request: web.Request) -> web.Response:
        name, body = request.match_info["name"], await request.json()
        if refusal := self._write_refusal(name):
            return refusal
        self._vault.set(name, body["value"])
        self._vault.described[name.lower()] = {key: body[key] for key in ("contentType", "tags") if key in body}
        version = self._versions(name)[-1]
        return web.json_response({"value": version.value, **self._described(name, version)})

    def _write_refusal(self, name: str) -> web.Response | None:
        if self._vault.read_only:
            words = "Caller is not authorized to perform action on resource."
            return _error(403, "Forbidden", words, "ForbiddenByRbac")
        if not fullmatch(_NAME, name):
            return _error(400, "BadParameter", f"The request URI contains an invalid name: {name}")
        if name.lower() in self._vault.deleted:
            words = f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused."
            return _error(409, "Conflict", words, "ObjectIsDeletedButRecoverable")
        return None

    async def names(self, request: web.Request) -> web.Response:
        names = sorted(self._vault.held)
        skip, size = int(request.query.get("$skiptoken", "0")), int(request.query.get("maxresults", _PAGE_SECRETS))
        shown = [{**self._described(name), "id": f"{self._vault.url}/secrets/{name}"} for name in names]
        more = f"{self._vault.url}/secrets?api-version=7.4&maxresults={size}&$skiptoken={skip + size}"
        page = shown[skip : skip + size]
        return web.json_response({"value": page, "nextLink": more if len(names) > skip + size else None})

    async def versions(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        shown = [self._described(name, version) for version in self._versions(name)]
        return web.json_response({"value": shown, "nextLink": None})

    def _versions(self, name: str) -> list[_Version]:
        return self._vault.held.get(name.lower(), [])

    def _described(self, name: str, version: _Version | None = None) -> dict[str, Any]:
        place = f"{self._vault.url}/secrets/{name}" + (f"/{version.id}" if version else "")
        enabled = name.lower() not in self._vault.disabled
        attributes = {"enabled": enabled, "created": _SET_AT, "updated": _SET_AT}
        if name.lower() in self._vault.expiry:
            attributes["exp"] = self._vault.expiry[name.lower()]
        return {"id": place, "attributes": attributes}

    def _challenge(self) -> web.Response:
        answer = _error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
        answer.headers["WWW-Authenticate"] = (
            f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="{self._vault.resource}"'
        )
        return answer


def _forced(failure: _Failure) -> web.Response:
    answer = _error(failure.status, "Forced", "The vault was told to fail.", failure.code)
    if failure.retry_after is not None:
        answer.headers["Retry-After"] = str(failure.retry_after)
    return answer


def _error(status: int, code: str, message: str, inner: str = "") -> web.Response:
    error: dict[str, Any] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return web.json_response({"error": error}, status=status)
