"""Anything at all over HTTP: whatever comes is answered as described, and no key or address of a person leaks."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.api.access.callers import ROLES
from shared.api.description.parameters import QUERIES
from shared.api.http.route import Route
from shared.api.queue_messages import wake_up
from shared.api.routes import ROUTES
from shared.domain.identifiers import is_id
from shared.domain.runs.run import Run, RunStatus
from shared.store.run_markers import Marker
from tests.api.calling import Api, Reply, entra, principal_header
from tests.builders import connection_document, export_document
from tests.damage import EMAIL, damaged, json_values

NOW = datetime(2026, 11, 20, tzinfo=UTC)
KEY = "pk_0123456789secret"
CONNECTION = {
    "display_name": "Acme_Klaviyo",
    "api_key": KEY,
    "secret_name": "klaviyo-acme",
    "account_id": "AbC123",
    "shared_with": "contributors",
    "consent": {"accepted": True, "accepted_by": EMAIL, "text": "2026-11"},
}
EXPORT = {
    **{name: value for name, value in export_document().items() if name != "schema"},
    "mapping": {"email": "EMail", "location": {"city": "City"}, "properties": {"tier": "Tier"}},
    "limits": {"max_rejected_share": 0.5, "max_rows": 10},
    "schedule": {"cron": "0 6 * * *", "time_zone": "Europe/Kyiv"},
    "phone_region": "UA",
}
GOOD: dict[str, dict[str, Any]] = {
    "ConnectionWish": CONNECTION,
    "ExportWish": EXPORT,
    "ExportCopy": {"id": "copy"},
    "ConnectionTestWish": {"list_id": "L"},
    "ListWish": {"name": "New"},
}
BODIES = [route for route in ROUTES if route.body]
FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD_IDS = [
    "..",
    ".",
    "%2e%2e",
    "a/b",
    "//",
    "\0",
    "a\0",
    "A",
    "x" * 64,
    "x" * 5000,
    "é",
    "\u0430",
    "a\n",
    "-a",
    "a b",
    "",
]
ids = st.sampled_from(ODD_IDS) | st.text(min_size=1, max_size=70)


def address(path: str, given: Callable[[str], str]) -> str:
    """Return the address with what *given* says for each name in it."""
    parts = [given(part[1:-1]) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(quote(part, safe="") for part in parts)


def there(route: Route) -> str:
    """Return the address of what is there; the run is not."""
    return address(route.path, {"connection_id": "acme", "export_id": "vip", "run_id": "r"}.__getitem__)


def check(reply: Reply, route: Route, api: Api, caplog: pytest.LogCaptureFixture, document: Any = None) -> None:
    """Check that the answer is one that the description knows, and that nothing leaked."""
    assert reply.status in {*route.answers, *route.problems, 400, 401, 403, *((411, 413) if route.body else ())}
    if reply.status not in route.answers:
        check_pointers(reply.problem(reply.status), document)
    assert KEY not in reply.text + str(reply.headers)
    assert KEY not in caplog.text
    assert not any(KEY.encode() in body for body in api.world.documents.blobs.values())
    assert EMAIL not in caplog.text
    runs = [body for path, body in api.world.documents.blobs.items() if path.startswith(("runs/", "active/"))]
    assert not any(EMAIL.encode() in body for body in runs)
    if reply.status >= 400:
        assert EMAIL not in reply.text


def check_pointers(problem: Mapping[str, Any], document: Any) -> None:
    """Check that each problem is about a place that is in *document*, or about one that is missing in such a place."""
    for each in problem.get("errors", []):
        assert each["detail"]
        *way, _last = each["pointer"].split("/") if each["pointer"] else ("",)
        holder = document
        for step in way[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if holder is None or (isinstance(holder, dict) and name not in holder):
                break  # what is missing is missing with all that belongs into it
            holder = holder[int(name)] if isinstance(holder, list) else holder[name]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@FUZZ
@given(given_id=ids)
async def test_an_id_that_can_be_none_is_refused_in_every_address(
    route: Route, given_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api()
    if "{" not in route.path:
        return
    reply = await api.call(route.method, address(route.path, lambda _name: given_id), {} if route.body else None)
    check(reply, route, api, caplog, {})
    if not is_id(given_id):
        assert "This is not the id of" in reply.problem(400)["detail"]


def documents(route: Route) -> st.SearchStrategy[Any]:
    """Return a strategy for what may be sent to *route*: what it takes, damaged, and anything else."""
    return damaged(GOOD.get(route.body or "", {"limit": 5})) | json_values


@pytest.mark.parametrize("route", BODIES, ids=lambda route: route.name)
@FUZZ
@given(data=st.data())
async def test_any_json_in_any_field_is_taken_or_refused_with_its_place(
    route: Route, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    api, document = Api(), data.draw(documents(route))
    reply = await api.call(route.method, there(route), body=orjson.dumps(document))
    check(reply, route, api, caplog, document)


ODD_BODIES = {
    "nested_arrays": b"[" * 65_000,
    "nested_objects": b'{"a":' * 13_000,
    "as_deep_as_the_parser_goes": b'{"limit":' + b"[" * 1_000 + b"]" * 1_000 + b"}",
    "duplicate_names": b'{"limit":1,"limit":1}',
    "duplicate_names_inside": b'{"mapping":{"email":"A","email":"B"}}',
    "nan": b'{"limit":NaN}',
    "infinity": b'{"limit":-Infinity}',
    "an_endless_number": b'{"limit":' + b"9" * 60_000 + b"}",
    "more_than_a_float_has": b'{"limit":1e400}',
    "a_number_over_64_bits": b'{"limit":18446744073709551616}',
    "a_lone_surrogate": b'{"display_name":"\\ud800"}',
    "an_encoded_surrogate": b'{"display_name":"\xed\xa0\x80"}',
    "a_byte_order_mark": b"\xef\xbb\xbf{}",
    "utf_16": "{}".encode("utf-16"),
    "no_text": bytes(range(256)),
    "blanks": b"  ",
    "two_documents": b"{}{}",
    "a_text": b'"text"',
}


@pytest.mark.parametrize("name", ODD_BODIES)
@pytest.mark.parametrize("route", BODIES, ids=lambda route: route.name)
async def test_what_is_no_plain_json_object_is_refused(
    route: Route, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api()
    reply = await api.call(route.method, there(route), body=ODD_BODIES[name])
    assert reply.problem(400)["detail"]
    assert "Traceback" not in caplog.text
    assert api.world.documents.paths("audit/") == []


@pytest.mark.parametrize("route", BODIES, ids=lambda route: route.name)
@FUZZ
@given(body=st.binary(max_size=300))
@example(body=b"x" * (64 * 1024 + 1))
async def test_any_bytes_are_answered(route: Route, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    api = Api()
    check(await api.call(route.method, there(route), body=body), route, api, caplog)


odd_texts = (
    st.text(max_size=30)
    | st.integers().map(str)
    | st.sampled_from(["", "*", '"1"', 'W/"1", *', "true", "vip", "remove", "failed", "2026-11", "2026-13", "\u0661"])
    | st.sampled_from(["9" * 30, "x" * 5000, "a\0", "1e3", "+1", " 1", "0x1", "-0", "null", EMAIL])
)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@FUZZ
@given(data=st.data())
async def test_any_parameters_and_headers_are_answered(
    route: Route, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api()
    names = [QUERIES[name].get("name", name) for name in route.query]
    query = data.draw(st.dictionaries(st.sampled_from([*names, "unknown"]), odd_texts, max_size=3))
    headers = data.draw(st.dictionaries(st.sampled_from(["If-Match", "If-None-Match", "Idempotency-Key"]), odd_texts))
    body = orjson.dumps(GOOD.get(route.body, {})) if route.body else b""
    reply = await api.call(route.method, f"{there(route)}?{urlencode(query)}", body=body, headers=headers)
    check(reply, route, api, caplog, GOOD.get(route.body or "", {}))
    assert all(value.isascii() and value.isprintable() for value in reply.headers.values())


types = st.sampled_from(["roles", "oid", "preferred_username", "name", "groups", ""])
values = st.sampled_from([*ROLES, "exports.admin", "Exports.Admin ", "0d1f", EMAIL])
claims = st.lists(
    st.fixed_dictionaries({"typ": types, "val": values})
    | st.fixed_dictionaries({}, optional={"typ": types | json_values, "val": values | json_values}),
    max_size=4,
) | st.lists(st.fixed_dictionaries({"typ": types, "val": values}), max_size=4)
principals = st.fixed_dictionaries(
    {"claims": claims | json_values},
    optional={"role_typ": st.sampled_from(["roles", "oid", ""]) | json_values, "name_typ": json_values},
)
headers_of_principals = (
    (principals | json_values).map(lambda document: principal_header(document)["X-MS-CLIENT-PRINCIPAL"])
    | st.binary(max_size=80).map(lambda body: base64.b64encode(body).decode())
    | st.text(max_size=80)
    | st.just(base64.b64encode(b"[" * 60_000).decode())
)


@settings(FUZZ, max_examples=400)
@given(header=headers_of_principals)
async def test_nobody_comes_in_by_a_principal_without_a_role(header: str, caplog: pytest.LogCaptureFixture) -> None:
    reply = await entra().get("connections", headers={"X-MS-CLIENT-PRINCIPAL": header})
    assert reply.status in (200, 401, 403)
    assert EMAIL not in caplog.text
    if reply.status == 200:
        told = json.loads(base64.b64decode(header))
        types = {"roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role", told.get("role_typ") or ""}
        assert any(claim["val"] in ROLES and claim["typ"] in types for claim in told["claims"])
        assert any(claim["typ"] == "oid" for claim in told["claims"])
    else:
        assert EMAIL not in json.dumps(reply.problem(reply.status))


async def test_anybody_with_a_role_comes_in_so_that_the_search_above_means_something() -> None:
    claims = [{"typ": "roles", "val": "Exports.Read"}, {"typ": "oid", "val": "1"}]
    assert (await entra().get("connections", headers=principal_header({"claims": claims}))).status == 200


DAMAGED = {
    "connections/acme.json": connection_document(),
    "exports/vip.json": export_document(),
    "runs/vip/r/run.json": Run("r", "vip", "http", NOW, status=RunStatus.PARTIAL, ended_at=NOW).document(),
    "active/vip/r.json": Marker("vip", "r", "http", NOW).document(),
}


@pytest.mark.parametrize("path", DAMAGED)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@settings(FUZZ, max_examples=15)
@given(data=st.data())
async def test_a_damaged_document_is_told_of_and_crashes_no_call(
    route: Route, path: str, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    api = Api()
    for each, document in DAMAGED.items():
        api.world.documents.put(each, document)
    no_object = st.sampled_from([b"", b"[]", b"{", b"[" * 2_000])
    api.world.documents._write(path, data.draw(damaged(DAMAGED[path]).map(orjson.dumps) | no_object))
    body = orjson.dumps(GOOD.get(route.body, {})) if route.body else b""
    reply = await api.call(route.method, there(route), body=body)
    assert reply.status in {*route.answers, *route.problems}
    assert "Traceback" not in caplog.text


@FUZZ
@given(
    body=st.binary(max_size=60)
    | json_values.map(orjson.dumps)
    | damaged({"export_id": "vip", "run_id": "r"}).map(orjson.dumps)
)
@example(body=b"[" * 60_000)
@example(body=b'{"export_id": ["a"], "run_id": {}}')
def test_a_queue_message_is_a_wake_up_or_dropped(body: bytes) -> None:
    found = wake_up(body)
    if found is not None:
        assert is_id(found.export_id)
        assert is_id(found.run_id)
