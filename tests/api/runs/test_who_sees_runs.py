"""Runs over HTTP: which role may do what, and hears what."""

import pytest

from shared.domain.errors import CONNECTION_TROUBLE, ConfigurationError, CredentialsRefused, Unavailable
from tests.api.calling import ADMIN, CONTRIBUTOR, READER, RUNS, Api, entra
from tests.builders import World, connection_document, ndjson, people

SECRETIVE = (
    "The key in secret 'klaviyo-acme' leads to the Klaviyo account AbC123, but the connection is for DeF456.",
    "Key Vault https://kv.example has no secret 'klaviyo-acme'; create it, or mend secret_name of the connection.",
    "Klaviyo does not know the key in secret 'klaviyo-acme' (401).",
)


async def test_a_contributor_works_with_what_runs_over_a_shared_connection() -> None:
    api = sharing()
    started = await api.post(RUNS, role=CONTRIBUTOR)
    assert started.status == 202
    assert (await api.delete(started.headers["Location"], role=CONTRIBUTOR)).status == 202
    await api.world.go(*started.wake_ups)
    assert (await api.get(f"{started.headers['Location']}/rejections", role=CONTRIBUTOR)).status == 200
    assert [run["export_id"] for run in (await api.post("runs", role=CONTRIBUTOR)).json["runs"]] == ["vip"]


async def test_a_contributor_looks_at_the_others_and_changes_nothing() -> None:
    api = sharing()
    wake_up = await api.world.start("own")
    run = f"exports/own/runs/{wake_up.run_id}"
    assert (await api.get(run, role=CONTRIBUTOR)).status == 200
    for reply in (
        await api.post("exports/own/runs?queue=true", role=CONTRIBUTOR),
        await api.delete(run, role=CONTRIBUTOR),
        await api.delete(f"{run}?settle=no", role=CONTRIBUTOR),
        await api.post(f"{run}/wake", role=CONTRIBUTOR),
        await api.get(f"{run}/rejections", role=CONTRIBUTOR),
    ):
        assert "Connection 'other' is not shared, so only administrators may do that;" in reply.problem(403)["detail"]
    del api.world.documents.blobs["exports/own.json"]
    assert "only administrators" in (await api.delete(run, role=CONTRIBUTOR)).problem(403)["detail"]
    assert (await api.delete(run, role=ADMIN)).status == 202


async def test_each_run_says_what_the_caller_may_do_with_it() -> None:
    api = entra()
    ended = await api.world.whole_run()
    await api.world.clock.advance(60)
    active = await api.world.start()
    for role, may in ((ADMIN, True), (CONTRIBUTOR, True), (READER, False)):
        rights = [run["may"] for run in (await api.get(RUNS, role=role)).json["runs"]]
        assert rights == ([["cancel"], ["rejections", "unconfirmed"]] if may else [[], []])
        assert (await api.get(f"{RUNS}/{ended.id}", role=role)).json["may"] == rights[1]
    api.world.documents.put("connections/acme.json", connection_document())
    assert (await api.get(f"{RUNS}/{active.run_id}", role=CONTRIBUTOR)).json["may"] == []
    assert (await api.get(f"{RUNS}/{active.run_id}", role=ADMIN)).json["may"] == ["cancel"]


@pytest.mark.parametrize("sentence", SECRETIVE)
async def test_all_but_administrators_do_not_learn_the_details_of_a_connection_from_a_run(sentence: str) -> None:
    api = entra()
    api.world.sink.faults.fail("list_details", error=CredentialsRefused(sentence, public=CONNECTION_TROUBLE))
    run = await api.world.whole_run()
    addresses = (RUNS, f"{RUNS}/{run.id}", "exports/vip", "exports")
    for role, hears in ((ADMIN, True), (CONTRIBUTOR, False), (READER, False)):
        for address in addresses:
            text = (await api.get(address, role=role)).text
            assert ("klaviyo-acme" in text, CONNECTION_TROUBLE.detail in text) == (hears, not hears)
            assert "credentials_refused" in text


async def test_of_a_run_of_an_older_release_they_do_not_learn_them_either() -> None:
    api = entra()
    api.world.sink.faults.fail("list_details", error=CredentialsRefused(SECRETIVE[0]))
    run = await api.world.whole_run()
    document = api.world.documents.value(f"runs/vip/{run.id}/run.json")
    for ending in (document["error"], document["ending"]):
        for added in ("code", "params", "public"):
            del ending[added]
    api.world.documents.put(f"runs/vip/{run.id}/run.json", document)
    for role, hears in ((ADMIN, True), (READER, False)):
        error = (await api.get(f"{RUNS}/{run.id}", role=role)).json["error"]
        assert (error["detail"] == SECRETIVE[0], error["reason"]) == (hears, "credentials_refused")


async def test_all_but_administrators_do_not_learn_what_a_run_waits_for_at_the_vault() -> None:
    api = entra()
    away = Unavailable("Key Vault could not give secret 'klaviyo-acme'.", public=CONNECTION_TROUBLE)
    api.world.sink.faults.fail("list_details", error=away)
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    address = f"{RUNS}/{wake_up.run_id}"
    assert "klaviyo-acme" in (await api.get(address, role=ADMIN)).json["waiting"]["detail"]
    assert (await api.get(address, role=READER)).json["waiting"]["detail"] == CONNECTION_TROUBLE.detail


async def test_what_is_wrong_with_the_export_is_for_everybody() -> None:
    api = entra()
    sentence = "Klaviyo knows no list 'Y6nRLr' in the account of this connection; mend list_id of the export."
    api.world.sink.faults.fail("list_details", error=ConfigurationError(sentence))
    run = await api.world.whole_run()
    assert (await api.get(f"{RUNS}/{run.id}", role=READER)).json["error"]["detail"] == sentence


def sharing() -> Api:
    """Return an API with one connection that is shared with contributors, and one that is not."""
    world = World({"vip/1.ndjson": ndjson(people(3))}, connection={"shared_with": "contributors"})
    world.documents.put("connections/other.json", connection_document(id="other"))
    world.put_export(id="own", connection_id="other")
    return entra(world)
