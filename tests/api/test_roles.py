"""Every call for every role: the table of routes is what is true, and the one in the documents says the same."""

import re

import pytest

from local.openapi import TABLE, with_table
from shared.api.access.callers import ROLES
from shared.api.http.route import Route
from shared.api.routes import ROUTES
from tests.api.calling import Api, Reply, entra


async def call(api: Api, route: Route, role: str | None) -> Reply:
    """Make the call about what is not there, so that only the right to make it is asked for."""
    address = re.sub(r"{\w+}", "nobody", route.path)
    return await api.call(route.method, address, {} if route.body else None, role=role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_a_role_makes_the_calls_that_the_table_gives_it_and_no_others(route: Route, role: str) -> None:
    reply = await call(entra(), route, role)
    if ROLES[role] < route.role:
        assert reply.problem(403)["type"].endswith(":forbidden")
    else:
        assert reply.status in {200, 202, 400, 404} | ({503} & set(route.problems))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_nobody_makes_a_call_without_being_signed_in(route: Route) -> None:
    (await call(entra(), route, None)).problem(401)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_whoever_has_a_function_key_makes_every_call(route: Route) -> None:
    assert (await call(Api(), route, None)).status in {200, 202, 400, 404} | ({503} & set(route.problems))


def test_the_table_in_the_documents_is_current() -> None:
    told = TABLE.read_text()
    assert "<!-- calls -->" in told
    assert told == with_table(told), "write it anew with 'make openapi'"
