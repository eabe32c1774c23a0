"""The description of the API: whether it is current, whole, and true of what is answered."""

from typing import Any

import jsonschema
import pytest

from local.openapi import DESCRIPTION, description
from shared.api.description.openapi import openapi
from shared.api.description.schemas import schemas
from shared.api.http.route import Route
from shared.api.routes import ROUTES
from tests.api.calling import RUNS, Api
from tests.api.shape_check import check


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*(references(each) for each in value.values()))
    return set().union(*(references(each) for each in value)) if isinstance(value, list) else set()


def test_the_description_in_the_repository_is_current() -> None:
    assert DESCRIPTION.read_text() == description(), "write it anew with 'make openapi'"


def test_everything_that_is_referred_to_is_there_and_everything_that_is_there_is_used() -> None:
    found = {name.removeprefix("#/components/schemas/") for name in references(openapi(ROUTES))}
    assert found == set(schemas())


def test_each_shape_is_a_json_schema() -> None:
    for schema in schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_call_says_what_it_does_in_a_sentence(route: Route) -> None:
    assert route.summary.endswith(".")
    assert route.summary[0].isupper()


def test_no_two_calls_have_one_name_or_one_address() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


async def test_the_description_is_served() -> None:
    reply = await Api().get("openapi.json")
    assert (reply.status, reply.json) == (200, openapi(ROUTES))


async def test_what_is_answered_about_runs_has_the_shape_that_is_described() -> None:
    api = Api()
    started = await api.post(RUNS)
    check(started, 202, "Run")
    check(await api.post("runs"), 202, "StartedRuns")
    await api.world.go(*started.wake_ups)
    check(await api.get(RUNS), 200, "Runs")
    check(await api.get(started.headers["Location"]), 200, "Run")
    check(await api.delete(started.headers["Location"]), 409, "Problem")
    check(await api.post(RUNS, {"rows": 1}), 400, "Problem")
