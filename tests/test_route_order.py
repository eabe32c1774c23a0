"""Which function an address leads to: in Azure the first one by name whose route matches, not the plainest route."""

import importlib.util
from collections.abc import Sequence
from itertools import combinations

import pytest

import function_app
from local.host.functions import HostedFunction, Http, read_functions
from local.host.http.routes import Routes, address, parts_of
from local.host.settings import HostSettings
from local.host.worker.performing import Performer

SETTINGS = HostSettings(values={"TICK_SCHEDULE": "0 * * * * *", "QUEUE_NAME": "q"})


@pytest.fixture(scope="module")
def served() -> list[HostedFunction]:
    spec = importlib.util.spec_from_file_location("another_function_app", function_app.__file__)
    assert spec
    assert spec.loader
    another = importlib.util.module_from_spec(spec)  # the functions of an app can be asked for only once
    spec.loader.exec_module(another)
    functions = read_functions(Performer(another.app).functions, SETTINGS)
    return [function for function in functions if isinstance(function.trigger, Http)]


def trigger(function: HostedFunction) -> Http:
    assert isinstance(function.trigger, Http)
    return function.trigger


def overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether some address matches both routes."""
    for a, b in zip(one, other, strict=False):
        if a.startswith("{*") or b.startswith("{*"):
            return True
        if not a.startswith("{") and not b.startswith("{") and a.lower() != b.lower():
            return False
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return len(one) == len(other) or longer[len(shorter)].startswith("{*")


def openness(route: Sequence[str]) -> list[int]:
    """Return what sorts the plainer of two routes first: literal parts, then parameters, then a catch-all."""
    return [2 if part.startswith("{*") else int(part.startswith("{")) for part in route]


def hidden(functions: Sequence[HostedFunction]) -> list[tuple[str, str]]:
    """Return the pairs of which the second has the plainer route, and the first takes its addresses."""
    found = []
    for one, other in combinations(functions, 2):
        first, second = sorted((one, other), key=lambda function: function.name.lower())
        a, b = (parts_of(f"/{trigger(each).route}") for each in (first, second))
        shares_a_method = set(trigger(first).methods) & set(trigger(second).methods)
        if shares_a_method and overlap(a, b) and openness(a) > openness(b):
            found.append((first.name, second.name))
    return found


def test_no_function_takes_the_addresses_of_another_with_a_plainer_route(served: list[HostedFunction]) -> None:
    assert hidden(served) == []


def test_each_address_leads_to_its_own_function(served: list[HostedFunction]) -> None:
    routes = Routes(served, "api")
    for function in served:
        path = address("api", trigger(function)).replace("{*", "{").replace("{", "").replace("}", "")
        for method in trigger(function).methods:
            found = routes.find(method, path)
            assert found
            assert found.function.name == function.name


@pytest.mark.parametrize(
    ("first", "second", "is_hidden"),
    [
        ("a/{id}", "a/all", True),
        ("a/all", "a/{id}", False),
        ("ui/{*path}", "ui/settings.json", True),
        ("ui/{*path}", "ui", True),
        ("ui/{*path}", "UI/{name}", True),
        ("{*path}", "a/b", True),
        ("a/{id}/b", "a/{id}/c", False),
        ("a/{id}/b", "a/{id}", False),
    ],
)
def test_a_pair_of_which_the_first_hides_the_second_is_seen(first: str, second: str, is_hidden: bool) -> None:
    pair = [HostedFunction(name, "req", Http(route, ("GET",)), {}) for name, route in (("x", first), ("y", second))]
    assert hidden(pair) == ([("x", "y")] if is_hidden else [])
