"""Exports over HTTP: which role may do what, and hears what."""

from shared.domain.errors import CONNECTION_TROUBLE, CredentialsRefused
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, entra
from tests.api.exports.sample_exports import NEW, VIP, body, shared_world

DANA = "dana@example.com"


async def test_a_contributor_works_with_exports_over_shared_connections_only() -> None:
    api = entra(shared_world())
    api.world.put_export(id="secret", connection_id="ours")
    assert (await api.put(NEW, body(), role=CONTRIBUTOR)).json["changed_by"] == DANA
    (await api.put("exports/other", body(connection_id="ours"), role=CONTRIBUTOR)).problem(403)
    (await api.put("exports/other", body(connection_id=None), role=CONTRIBUTOR)).problem(403)
    (await api.put("exports/secret", body(), role=CONTRIBUTOR)).problem(403)
    (await api.put(NEW, body(connection_id="ours"), role=CONTRIBUTOR)).problem(403)
    (await api.delete("exports/secret", role=CONTRIBUTOR)).problem(403)
    (await api.post("exports/secret/duplicate", {"id": "mine"}, role=CONTRIBUTOR)).problem(403)
    (await api.post("exports/secret/preview", role=CONTRIBUTOR)).problem(403)
    (await api.post(f"{NEW}/preview", {"export": body(connection_id="ours")}, role=CONTRIBUTOR)).problem(403)
    assert (await api.get("exports/secret", role=CONTRIBUTOR)).json["may"] == []
    assert (await api.post(f"{NEW}/duplicate", {"id": "mine"}, role=CONTRIBUTOR)).status == 201
    assert (await api.post(f"{NEW}/preview", role=CONTRIBUTOR)).status == 200
    assert (await api.delete(NEW, role=CONTRIBUTOR)).status == 200
    assert api.world.documents.paths("exports/") == ["exports/mine.json", "exports/secret.json", "exports/vip.json"]


async def test_a_contributor_does_not_hear_the_names_of_secrets() -> None:
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False)):
        api = entra(shared_world())
        api.world.sink.faults.fail(
            "list_details", error=CredentialsRefused("Secret 'klaviyo-acme' is no good.", public=CONNECTION_TROUBLE)
        )
        problem = (await api.put(f"{NEW}?validate=klaviyo", body(), role=role)).problem(409)
        assert ("klaviyo-acme" in problem["detail"]) is hears
    assert api.world.documents.paths("exports/news") == []


async def test_a_reader_sees_exports_and_changes_none() -> None:
    api = entra(shared_world())
    assert (await api.get(VIP, role=READER)).json["may"] == []
    assert (await api.get("exports", role=READER)).status == 200
    for reply in (
        await api.put(VIP, body(), role=READER),
        await api.delete(VIP, role=READER),
        await api.post(f"{VIP}/duplicate", {"id": "mine"}, role=READER),
        await api.post(f"{VIP}/preview", role=READER),
        await api.get("segments", role=READER),
    ):
        reply.problem(403)
