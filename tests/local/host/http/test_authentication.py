"""The stand-in for App Service Authentication: who gets through, as whom, and what nobody from outside can say."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import aiohttp
import azure.functions as func
import pytest
import yarl

from local.host.host import Timing, running_host
from local.host.http.authentication import COOKIE, EXCLUDED, Authentication, local_path
from local.host.http.sign_in_page import PEOPLE
from local.host.settings import HostSettings
from local.host.worker.inside import WorkerInside
from shared.api.access.callers import Caller, Role, identify
from shared.api.http.problems import Forbidden
from shared.settings import AuthMode
from tests.infra.snapshots.evaluated import kept

FORGED = base64.b64encode(b'{"claims":[{"typ":"oid","val":"x"},{"typ":"roles","val":"Exports.Admin"}]}').decode()
OUTSIDE = {"X-MS-CLIENT-PRINCIPAL": FORGED, "x-ms-client-principal-name": "mallory", "X-Ms-Token-Aad-Id-Token": "t"}


@asynccontextmanager
async def signing_in() -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """Run a host behind the stand-in; its function answers every address with the headers that it got."""
    app = func.FunctionApp()

    @app.route("{*path}", methods=["GET", "POST"])
    async def ask(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse(json.dumps(dict(req.headers)))

    settings, timing = HostSettings(values={}), Timing(grace=0.05)
    async with running_host(WorkerInside(app), settings, "", 0, timing, Authentication()) as host:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=20)) as session:
            yield host.url, session


async def sign_in(url: str, session: aiohttp.ClientSession, who: str, to: str = "/api/ui/") -> aiohttp.ClientResponse:
    page = await (await session.get(f"{url}/.auth/login/aad?post_login_redirect_uri={quote(to)}")).text()
    assert f'value="{who}"' in page
    form = {"who": who, "to": to}
    return await session.post(f"{url}/.auth/login/aad/callback", data=form, allow_redirects=False)


async def got(session: aiohttp.ClientSession, address: str, **headers: str) -> dict[str, str]:
    """Return the headers, names in lower case, that the function got."""
    answer = await session.get(yarl.URL(address, encoded=True), headers=headers)
    assert answer.status == 200
    return {name.lower(): value for name, value in json.loads(await answer.read()).items()}


async def test_who_is_not_signed_in_gets_an_empty_401_whatever_the_headers_say() -> None:
    async with signing_in() as (url, session):
        for path in ("/api/exports", "/api/ui.json", "/admin/functions", "/", "/api/healthy"):
            refused = await session.get(f"{url}{path}", headers=OUTSIDE)
            assert (refused.status, await refused.read()) == (401, b"")


@pytest.mark.parametrize(
    "path", ["/api/health", "/api/ui", "/api/ui/", "/api/ui/exports/vip", "/api/ui/%2e%2e/exports"]
)
async def test_an_excluded_path_is_open_and_nobody_from_outside_can_say_who_asks(path: str) -> None:
    async with signing_in() as (url, session):
        headers = await got(session, f"{url}{path}", **OUTSIDE)
        assert [name for name in headers if name.startswith("x-ms-")] == []


@pytest.mark.parametrize(
    ("who", "role"),
    [("reader", Role.READ), ("contributor", Role.CONTRIBUTE), ("administrator", Role.ADMINISTER)],
)
async def test_the_app_knows_who_has_signed_in_and_in_which_role(who: str, role: Role) -> None:
    person = PEOPLE[who]
    async with signing_in() as (url, session):
        answer = await sign_in(url, session, who, "/api/ui/exports?search=vip")
        assert (answer.status, answer.headers["Location"]) == (302, "/api/ui/exports?search=vip")
        assert "httponly" in answer.headers["Set-Cookie"].lower()
        headers = await got(session, f"{url}/api/exports", **OUTSIDE)
    expected = Caller(role, f"The user with object id {person.object_id}", person.name)
    assert identify(AuthMode.ENTRA, headers) == expected
    assert headers["x-ms-client-principal-name"] == person.name
    assert "x-ms-token-aad-id-token" not in headers


async def test_a_person_without_a_role_is_signed_in_and_may_do_nothing() -> None:
    async with signing_in() as (url, session):
        await sign_in(url, session, "nobody")
        headers = await got(session, f"{url}/api/exports")
    with pytest.raises(Forbidden):
        identify(AuthMode.ENTRA, headers)


async def test_who_signs_out_is_unknown_even_with_the_old_cookie() -> None:
    async with signing_in() as (url, session):
        await sign_in(url, session, "reader")
        [cookie] = [each.value for each in session.cookie_jar if each.key == COOKIE]
        left = await session.get(f"{url}/.auth/logout?post_logout_redirect_uri=/api/ui/", allow_redirects=False)
        assert (left.status, left.headers["Location"]) == (302, "/api/ui/")
        for headers in ({}, {"Cookie": f"{COOKIE}={cookie}"}):
            assert (await session.get(f"{url}/api/exports", headers=headers)).status == 401


async def test_signing_out_without_an_address_ends_on_a_page_that_says_so() -> None:
    async with signing_in() as (url, session):
        assert "You are signed out" in await (await session.get(f"{url}/.auth/logout")).text()


async def test_nobody_signs_in_from_another_site_as_nobody_known_or_where_there_is_nothing() -> None:
    async with signing_in() as (url, session):
        callback = f"{url}/.auth/login/aad/callback"
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await session.post(callback, data={"who": "reader"}, headers=foreign)).status == 403
        assert (await session.post(callback, data={"who": "root"})).status == 400
        assert (await session.get(f"{url}/.auth/me")).status == 404
        assert len(session.cookie_jar) == 0


@pytest.mark.parametrize(
    "to",
    [None, "", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y", "/ї"],
)
def test_signing_in_leads_to_no_page_of_others(to: str | None) -> None:
    assert local_path(to, "/") == "/"


async def test_an_address_cannot_write_into_the_page_of_the_sign_in() -> None:
    async with signing_in() as (url, session):
        to = quote('/"><script>alert(1)</script>')
        page = await (await session.get(f"{url}/.auth/login/aad?post_login_redirect_uri={to}")).text()
    assert "<script>" not in page


def test_what_is_open_here_is_open_in_azure() -> None:
    [settings] = [
        each["properties"]
        for each in kept("entra").resources
        if each["type"] == "Microsoft.Web/sites/config" and each["name"].endswith("/authsettingsV2")
    ]
    assert tuple(settings["globalValidation"]["excludedPaths"]) == EXCLUDED
