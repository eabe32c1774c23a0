"""A simulated managed identity: the token endpoint that App Service gives to an app.

Azure's own credential classes work against this endpoint.
"""

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

PATH = "/msi/token"
TENANT = "00000000-0000-0000-0000-000000000001"
_DAY_SECONDS = 24 * 3600
_API_VERSION = "2019-08-01"


@dataclass
class ManagedIdentity:
    """The token endpoint that a process finds by IDENTITY_ENDPOINT and IDENTITY_HEADER. Mutable."""

    url: str = ""
    """The value for IDENTITY_ENDPOINT."""
    header: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    """The value for IDENTITY_HEADER."""
    client_id: str | None = None
    """The only user-assigned identity that gets tokens; None accepts every client id."""
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    """Fixed tokens by resource; a token for any other resource is made on request, without a signature."""
    audience: str | None = None
    """A wrong audience for the tokens that are made, to simulate a mistake; None uses the requested resource."""
    lifetime: int = _DAY_SECONDS
    """Lifetime in seconds of the tokens that are made."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """The resource and the client id of every request that got a token."""

    def environment(self) -> dict[str, str]:
        """Return the environment variables that App Service gives to an app with an identity."""
        return {"IDENTITY_ENDPOINT": self.url, "IDENTITY_HEADER": self.header}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer with a token, or with an error in App Service's words."""
        if request.headers.get("X-IDENTITY-HEADER") != self.header:
            return _refused(403, "Wrong X-IDENTITY-HEADER.")
        resource, client_id = request.query.get("resource", ""), request.query.get("client_id")
        if request.query.get("api-version") != _API_VERSION or not resource:
            return _refused(400, "Bad Request.")
        if self.client_id not in (None, client_id):
            return _refused(400, "Unable to load the proper Managed Identity.")
        self.asked.append((resource, client_id))
        now = int(time.time())
        token = self.tokens.get(resource) or self._made(resource, now)
        body = {"access_token": token, "expires_on": str(now + self.lifetime), "resource": resource}
        return web.json_response({**body, "token_type": "Bearer", "client_id": client_id})

    def _made(self, resource: str, now: int) -> str:
        claims = {
            "aud": self.audience or resource,
            "iss": f"https://sts.windows.net/{TENANT}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "appid": self.client_id,
            "tid": TENANT,
        }
        return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _part(document: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(document)).decode().rstrip("=")


def _refused(status: int, message: str) -> web.Response:
    body = {"statusCode": status, "message": message, "correlationId": "00000000-0000-0000-0000-000000000000"}
    return web.json_response(body, status=status)
