"""A stand-in for App Service Authentication, which stands before the host in Azure and knows who is signed in.

It takes no tokens of Entra ID: whoever signs in here chooses a role.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

import orjson
from aiohttp import web
from multidict import CIMultiDict

from local.host.http.answers import empty
from local.host.http.sign_in_page import PEOPLE, SignedIn, sign_in_page, signed_out_page

EXCLUDED = ("/api/health", "/api/ui", "/api/ui/*")
"""What anybody may ask for, as the deployment sets it."""
LOGIN = "/.auth/login/aad"
CALLBACK = f"{LOGIN}/callback"
LOGOUT = "/.auth/logout"
LOGGED_OUT = f"{LOGOUT}/complete"
COOKIE = "AppServiceAuthSession"
_ITS_OWN = ("x-ms-client-principal", "x-ms-token-")
"""How the headers begin that only App Service Authentication may write."""
_LARGEST_FORM = 10_000


@dataclass(slots=True)
class Authentication:
    """Who is signed in, by cookie; forgotten when the host ends. Mutable."""

    sessions: dict[str, SignedIn] = field(default_factory=dict, repr=False)

    async def let_in(self, request: web.BaseRequest) -> web.BaseRequest | web.Response:
        """Return *request* with the headers that say who asks, or the answer of the stand-in itself.

        An excluded path is looked at as it was sent, before dots are resolved: nobody has seen which way Azure does it,
        and this way lets more in.
        """
        path, _, query = request.raw_path.partition("?")
        if path.startswith("/.auth/"):
            return await self._own(request, path, {name: values[-1] for name, values in parse_qs(query).items()})
        headers = CIMultiDict(
            (name, value) for name, value in request.headers.items() if not name.lower().startswith(_ITS_OWN)
        )
        if any(fnmatchcase(path, excluded) for excluded in EXCLUDED):
            return request.clone(headers=headers)
        person = self.sessions.get(_cookie(request.headers))
        if person is None:
            return empty(HTTPStatus.UNAUTHORIZED)
        headers.update(principal_headers(person))
        return request.clone(headers=headers)

    async def _own(self, request: web.BaseRequest, path: str, query: Mapping[str, str]) -> web.Response:
        asked = (request.method, path)
        if asked == ("GET", LOGIN):
            return _page(sign_in_page(CALLBACK, local_path(query.get("post_login_redirect_uri"), "/")))
        if asked == ("POST", CALLBACK):
            return self._sign_in(parse_qs((await request.content.read(_LARGEST_FORM)).decode(errors="replace")))
        if asked == ("GET", LOGOUT):
            return self._sign_out(request, local_path(query.get("post_logout_redirect_uri"), LOGGED_OUT))
        if asked == ("GET", LOGGED_OUT):
            return _page(signed_out_page(LOGIN))
        return empty(HTTPStatus.NOT_FOUND)

    def _sign_in(self, form: Mapping[str, list[str]]) -> web.Response:
        person = PEOPLE.get(form.get("who", [""])[-1])
        if person is None:
            return empty(HTTPStatus.BAD_REQUEST)
        session = secrets.token_urlsafe(32)
        self.sessions[session] = person
        response = _redirect(local_path(form.get("to", ["/"])[-1], "/"))
        response.set_cookie(COOKIE, session, path="/", httponly=True)
        return response

    def _sign_out(self, request: web.BaseRequest, to: str) -> web.Response:
        self.sessions.pop(_cookie(request.headers), None)
        response = _redirect(to)
        response.del_cookie(COOKIE, path="/", httponly=True)
        return response


def principal_headers(person: SignedIn) -> dict[str, str]:
    """Return the headers with which App Service Authentication says that *person* asks."""
    claims = [
        ("http://schemas.microsoft.com/identity/claims/objectidentifier", person.object_id),
        ("preferred_username", person.name),
        *(("roles", role) for role in person.roles),
    ]
    principal = {
        "auth_typ": "aad",
        "name_typ": "preferred_username",
        "role_typ": "roles",
        "claims": [{"typ": kind, "val": value} for kind, value in claims],
    }
    return {
        "X-MS-CLIENT-PRINCIPAL": base64.b64encode(orjson.dumps(principal)).decode(),
        "X-MS-CLIENT-PRINCIPAL-ID": person.object_id,
        "X-MS-CLIENT-PRINCIPAL-NAME": person.name,
        "X-MS-CLIENT-PRINCIPAL-IDP": "aad",
    }


def local_path(text: str | None, otherwise: str) -> str:
    """Return *text* where it is a path on this host, so that signing in leads to nobody else's page."""
    is_path = text is not None and text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if text and is_path and text.isascii() and text.isprintable() else otherwise


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _page(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _redirect(to: str) -> web.Response:
    return web.Response(status=HTTPStatus.FOUND, headers={"Location": to, "Cache-Control": "no-store"})
