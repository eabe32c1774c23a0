"""A list is made from the page, unless there is one with that name."""

from typing import Any

import pytest

from shared.domain.errors import ExportError, Throttled, Unavailable
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, Api, entra
from tests.builders import World

LISTS = "connections/acme/lists"


async def made(api: Api, name: Any, **options: Any) -> Any:
    return await api.post(LISTS, {"name": name}, **options)


async def test_a_list_is_made_and_the_audit_trail_says_who_did_it() -> None:
    api = Api()
    reply = await made(api, "Осіння кампанія")
    assert reply.status == 201
    assert api.world.sink.list_names[reply.json["id"]] == reply.json["name"] == "Осіння кампанія"
    [line] = (await api.get("audit")).lines
    assert (line["what"], line["subject"], line["after"]) == (
        "list.made",
        "connections/acme",
        {"list": "Осіння кампанія"},
    )


@pytest.mark.parametrize("name", ["VIP newsletter", "vip NEWSLETTER"])
async def test_a_name_that_exists_is_refused_with_the_id_of_its_list(name: str) -> None:
    api = Api()
    problem = (await made(api, name)).problem(409)
    assert problem["code"] == "list_exists"
    assert problem["list_id"] == "Y6nRLr"
    assert api.world.sink.faults.calls["make_list"] == 0
    assert api.world.documents.paths("audit/") == []


@pytest.mark.parametrize("name", ["", " ", None, 7, "two\nlines", "x" * 201])
async def test_a_name_that_is_none_is_refused(name: Any) -> None:
    assert (await made(Api(), name)).problem(400)["errors"][0]["pointer"] == "/name"


async def test_whoever_may_use_the_connection_makes_lists() -> None:
    api = entra(World(connection={"shared_with": "administrators"}))
    assert (await made(api, "New", role=READER)).status == 403
    assert (await made(api, "New", role=CONTRIBUTOR)).status == 403
    assert (await made(api, "New", role=ADMIN)).status == 201


@pytest.mark.parametrize("error", [Throttled("150 lists a day.", after=40_000.0), Unavailable("No answer.")])
async def test_what_klaviyo_cannot_do_now_is_tried_later(error: ExportError) -> None:
    api = Api()
    api.world.sink.faults.fail("make_list", error=error)
    assert (await made(api, "New")).status == 503
