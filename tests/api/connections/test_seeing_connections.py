"""Connections over HTTP: who sees what of which."""

import pytest

from tests.api.calling import CONTRIBUTOR, READER, Api, entra
from tests.api.connections.sample_connections import ACME, BODY, NEW, fields
from tests.builders import World, connection_document


async def test_an_unknown_connection_is_not_found() -> None:
    api = Api()
    for reply in (await api.get(NEW), await api.delete(NEW)):
        assert reply.problem(404)["detail"] == "There is no connection 'beta'."


async def test_connections_are_listed_in_order_of_id_page_by_page() -> None:
    api = Api()
    ids = ["acme", *(f"acme-{number}" for number in range(10, 55))]
    for each in ids:
        api.world.documents.put(f"connections/{each}.json", connection_document(id=each))
    seen: list[str] = []
    address: str | None = "connections"
    while address:
        page = (await api.get(address)).json
        assert len(page["connections"]) <= 20
        seen += [each["id"] for each in page["connections"]]
        address = page["next"]
    assert seen == ids


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
async def test_all_but_administrators_see_names_only_and_change_nothing(role: str) -> None:
    api = entra(World())
    name = {"id": "acme", "display_name": "Acme_Klaviyo", "kind": "klaviyo", "may": [], "self": "/api/connections/acme"}
    alone = await api.get(ACME, role=role)
    assert alone.json == name
    listed = (await api.get("connections", role=role)).json["connections"]
    assert listed == [{**name, "etag": alone.headers["ETag"]}]
    (await api.put(ACME, fields(), role=role)).problem(403)
    (await api.put(NEW, BODY, role=role)).problem(403)
    (await api.delete(ACME, role=role)).problem(403)
    assert api.secrets.faults.log == []
    assert (await api.get("consent", role=role)).status == 200


async def test_contributors_see_that_they_may_use_what_is_shared_with_them() -> None:
    api = entra(World(connection={"shared_with": "contributors"}))
    assert (await api.get(ACME, role=CONTRIBUTOR)).json["may"] == ["use"]
    assert (await api.get(ACME, role=READER)).json["may"] == []
    assert set((await api.get(ACME, role=CONTRIBUTOR)).json) == {"id", "display_name", "kind", "may", "self"}
