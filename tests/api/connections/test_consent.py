"""The consent of a connection: given, shown and withdrawn."""

import pytest

from shared.domain.consent_texts import CURRENT_TEXT, TEXTS, Language
from shared.domain.errors import CredentialsRefused, Unavailable
from shared.domain.runs.run import RunStatus, Tally
from tests.api.calling import ADMIN, LABEL, Api, entra
from tests.api.connections.sample_connections import ACME, AGREED, BODY, NEW, WITHDRAWN, fields, stored, world_of
from tests.api.shape_check import check
from tests.builders import checked, connection_document
from tests.fakes.sink import LIST


async def test_the_text_of_the_consent_is_there_to_be_shown() -> None:
    reply = await Api().get("consent")
    check(reply, 200, "ConsentTexts")
    assert reply.json["current"] == CURRENT_TEXT
    assert reply.json["languages"] == ["en", "uk"]
    assert reply.json["texts"] == {version: text["en"] for version, text in TEXTS.items()}


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("", "de, uk;q=0.5, en;q=0.7", "en"),
        ("", "en;q=0, uk;q=0.1", "uk"),
        ("", "fr, *;q=0.1", "en"),
        ("", "uk;q=nonsense, ;;", "en"),
        ("?language=uk", "en", "uk"),
        ("?language=en", "uk", "en"),
    ],
)
async def test_the_text_is_shown_in_the_language_of_the_reader_in_the_same_version(
    query: str, header: str, language: Language
) -> None:
    reply = await Api().get(f"consent{query}", headers={"Accept-Language": header})
    assert (reply.json["current"], reply.json["language"]) == (CURRENT_TEXT, language)
    assert reply.json["texts"][CURRENT_TEXT] == TEXTS[CURRENT_TEXT][language]
    assert reply.headers["Content-Language"] == language


async def test_a_language_that_there_is_not_is_a_bad_request() -> None:
    (await Api().get("consent?language=tlh")).problem(400)


async def test_the_language_that_was_agreed_to_is_recorded() -> None:
    api = Api()
    assert (await api.put(NEW, BODY)).json["consent"]["language"] == "en"
    first = (await api.put(NEW, {**BODY, "consent": {**AGREED, "language": "en"}})).json["consent"]
    await api.world.clock.advance(60)
    consent = (await api.put(NEW, {**BODY, "consent": {**AGREED, "language": "uk"}})).json["consent"]
    assert (consent["language"], consent["accepted_at"] > first["accepted_at"]) == ("uk", True)
    await api.world.clock.advance(60)
    assert (await api.put(NEW, BODY)).json["consent"] == consent  # nothing is said about the language
    problem = (await api.put(NEW, {**BODY, "consent": {**AGREED, "language": "tlh"}})).problem(400)
    assert [each["pointer"] for each in problem["errors"]] == ["/consent/language"]


async def test_a_consent_without_a_language_that_an_older_release_stored_stays_as_it_is() -> None:
    api = Api()
    api.world.documents.put(
        "connections/acme.json", connection_document(consent={**AGREED, "accepted_at": "2026-11-23T05:00:00.000Z"})
    )
    shown = (await api.get(ACME)).json
    assert shown["consent"]["language"] is None
    again = await api.put(ACME, {**shown, "consent": {**AGREED, "language": "en"}})
    assert (again.json["consent"]["accepted_at"], again.json["consent"]["language"]) == (
        "2026-11-23T05:00:00.000Z",
        None,
    )


async def test_who_agreed_to_what_is_recorded_as_claimed_where_only_a_function_key_is_known() -> None:
    api = Api()
    consent = (await api.put(NEW, BODY)).json["consent"]
    assert (consent["accepted_by"], consent["claimed"], consent["text"]) == ("Dana", True, CURRENT_TEXT)
    assert consent["accepted_at"] is not None


async def test_who_is_signed_in_agrees_in_their_own_name_whatever_name_they_give() -> None:
    api = entra()
    made = await api.put(NEW, BODY, role=ADMIN)
    consent = made.json["consent"]
    assert (consent["accepted_by"], consent["claimed"]) == ("dana@example.com", False)
    assert made.json["changed_by"] == "dana@example.com"


async def test_withdrawing_the_consent_stops_what_runs_and_what_waits_and_says_by_whom() -> None:
    api = entra(world_of())
    world = api.world
    world.put_export(id="other", list_id=LIST)
    world.put_export(id="elsewhere", connection_id="beta")
    world.sink.faults.fail("send", f"{LIST}/2")
    running, behind, waiting = await world.start(), await world.start(), await world.start("other")
    elsewhere = await world.start("elsewhere")
    await world.leg(running)
    assert world.run(running).status is RunStatus.EXPORTING
    reply = await api.put(ACME, fields(consent=WITHDRAWN), role=ADMIN)
    assert set(reply.wake_ups) == {running, behind, waiting}
    consent = reply.json["consent"]
    assert (consent["accepted"], consent["withdrawn_by"]) == (False, "dana@example.com")
    await world.go(*reply.wake_ups, elsewhere)
    for wake_up in (running, behind, waiting):
        run = checked(world.run(wake_up))
        assert run.status is RunStatus.CANCELLED
        assert run.ending is not None
        assert run.ending.detail == "The user with object id 0d1f withdrew the consent of connection 'acme'."
    assert world.run(running).tally == Tally(read=10, accepted=10)
    assert world.run(elsewhere).status is RunStatus.FAILED
    told = [body for path, body in world.documents.blobs.items() if path.startswith(("runs/", "active/"))]
    assert not any(b"dana" in body for body in told)


async def test_a_run_that_only_settles_what_was_sent_is_left_to_it_when_the_consent_is_withdrawn() -> None:
    api = Api(world_of(sweeps_to_end=30))
    wake_up = await api.world.start()
    await api.world.leg(wake_up)
    assert api.world.run(wake_up).status is RunStatus.SETTLING
    assert (await api.put(ACME, fields(consent=WITHDRAWN))).wake_ups == []
    await api.world.go(wake_up)
    assert (api.world.run(wake_up).status, api.world.run(wake_up).tally.accepted) == (RunStatus.SUCCEEDED, 100)


async def test_what_was_requested_before_the_withdrawal_is_cancelled_even_where_no_note_was_left() -> None:
    api = Api(world_of())
    before = await api.world.start()
    api.world.documents.faults.fail("insert", "*/cancel.json", error=Unavailable("Storage does not answer."))
    (await api.put(ACME, fields(consent=WITHDRAWN))).problem(503)
    await api.world.clock.advance(1)
    await api.world.go(before)
    after = await api.world.start()
    await api.world.go(after)
    ends = [api.world.run(each).ending for each in (before, after)]
    assert [(end.status, end.detail) for end in ends if end] == [
        (RunStatus.CANCELLED, f"{LABEL} withdrew the consent of connection 'acme'."),
        (
            RunStatus.FAILED,
            f"{LABEL} withdrew the consent of connection 'acme'. An administrator has to accept it again.",
        ),
    ]
    assert api.world.sink.made == []


async def test_a_run_that_was_stopped_by_a_withdrawal_stays_stopped_when_the_consent_is_given_again() -> None:
    api = Api(world_of())
    wake_up = await api.world.start()
    await api.put(ACME, fields(consent=WITHDRAWN))
    assert (await api.put(ACME, fields(consent=AGREED))).json["consent"]["accepted"] is True
    await api.world.go(wake_up)
    assert api.world.run(wake_up).status is RunStatus.CANCELLED
    assert (await api.world.whole_run()).status is RunStatus.SUCCEEDED


async def test_a_consent_can_be_withdrawn_while_the_vault_is_away_and_once_more_where_it_was_cut_off() -> None:
    api = Api(world_of())
    api.secrets.faults.fail("*", error=CredentialsRefused("The vault refused."), times=99)
    wake_up = await api.world.start()
    api.world.documents.faults.fail("insert", "*/cancel.json", error=Unavailable("Storage does not answer."))
    (await api.put(ACME, fields(consent=WITHDRAWN))).problem(503)
    first = stored(api)["consent"]
    reply = await api.put(ACME, fields(consent=WITHDRAWN))
    assert (reply.status, reply.wake_ups) == (200, [wake_up])
    assert stored(api)["consent"] == first


async def test_a_withdrawal_stops_what_it_can_although_documents_are_damaged() -> None:
    api = Api(world_of())
    damaged, whole = await api.world.start(), await api.world.start()
    api.world.documents.put("exports/a-wreck.json", {})
    api.world.documents.blobs["exports/a-wreck.json"] = b"["
    path = f"runs/vip/{damaged.run_id}/run.json"
    document = api.world.documents.value(path)
    api.world.documents.put(path, {**document, "created_at": "yesterday"})
    reply = await api.put(ACME, fields(consent=WITHDRAWN))
    assert (reply.status, set(reply.wake_ups)) == (200, {damaged, whole})
    api.world.documents.put(path, document)  # somebody has mended it
    await api.world.go(damaged, whole)
    assert [run.status for run in api.world.all_runs()] == [RunStatus.CANCELLED] * 2
