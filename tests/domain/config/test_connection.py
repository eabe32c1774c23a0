"""Connections as documents, as they are wished for, and the consent in them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.config.connection import Connection, SharedWith
from shared.domain.config.connection_wish import ConnectionWish
from shared.domain.config.consent import Consent, ConsentWish
from shared.domain.config.document_model import Writing
from shared.domain.config.field_problems import Problem, WrongFields
from shared.domain.consent_texts import CURRENT_TEXT, TEXTS
from shared.domain.errors import ConfigurationError

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LABEL = "A caller with a function key"
AGREED = {"accepted": True, "accepted_by": "dana@example.com", "text": CURRENT_TEXT}
WISH: dict[str, Any] = {"display_name": "Acme_Klaviyo", "secret_name": "klaviyo-acme", "consent": AGREED}


SHOWN = frozenset({"schema", "self", "kind", "may"})


def wished(document: Any, *, must_name: bool = True) -> ConnectionWish:
    return ConnectionWish.written(document, Writing("acme", SHOWN, must_name=must_name))


def good(*, must_name: bool = True, **changes: Any) -> ConnectionWish:
    return wished({**WISH, **changes}, must_name=must_name)


def problems(document: Any, **options: Any) -> list[Problem]:
    try:
        wished(document, **options)
    except WrongFields as wrong:
        return list(wrong.problems)
    return []


def saved(
    before: Connection | None = None, *, name: str | None = None, now: datetime = NOW, **changes: Any
) -> Connection:
    return good(must_name=name is None, **changes).over(before, name=name, label=LABEL, now=now)


def pointers(document: Any, **options: Any) -> list[str]:
    return [pointer for pointer, _ in problems(document, **options)]


moments = st.none() | st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds))
names = st.none() | st.text(min_size=1, max_size=5)
consents = st.builds(
    Consent,
    accepted=st.booleans(),
    accepted_by=names,
    claimed=st.booleans(),
    accepted_at=moments,
    text=names,
    withdrawn_by=names,
    withdrawn_label=names,
    withdrawn_at=moments,
)


@given(
    st.builds(
        Connection,
        id=st.just("acme"),
        display_name=st.text(min_size=1, max_size=5),
        secret_name=st.text(min_size=1, max_size=5),
        account_id=names,
        shared_with=st.sampled_from(SharedWith),
        consent=consents,
        created_at=moments,
        changed_at=moments,
        changed_by=names,
    )
)
def test_a_connection_is_read_back_as_it_was_written(connection: Connection) -> None:
    assert Connection.from_document(json.loads(json.dumps(connection.document()))) == connection


def test_a_document_of_before_is_readable_and_shared_with_administrators_only() -> None:
    document = {"schema": 1, "id": "acme", "display_name": "any name", "secret_name": "s", "consent": AGREED}
    connection = Connection.from_document(document)
    assert connection.shared_with is SharedWith.ADMINISTRATORS
    connection.check_consent()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"shared_with": "everybody"}, "/shared_with"),
        ({"shared_with": ["contributors"]}, "/shared_with"),
        ({"changed_at": "yesterday"}, "/changed_at"),
        ({"created_at": "2026-11-23T10:00:00"}, "/created_at"),
        ({"consent": {"accepted_at": 5}}, "/consent/accepted_at"),
    ],
)
def test_a_stored_field_that_cannot_be_read_is_named(changes: dict[str, Any], pointer: str) -> None:
    document = {"id": "acme", "display_name": "A", "secret_name": "s", **changes}
    with pytest.raises(ConfigurationError, match=f"{pointer}: "):
        Connection.from_document(document)


def connection_with(consent: Consent) -> Connection:
    return Connection(id="acme", display_name="A", secret_name="s", consent=consent)


@pytest.mark.parametrize("text", [None, "1999-01"])
def test_an_agreement_to_no_known_text_is_none(text: str | None) -> None:
    connection = connection_with(Consent(accepted=True, text=text))
    with pytest.raises(ConfigurationError, match="is no text that this app knows"):
        connection.check_consent()


def test_an_agreement_to_any_published_text_holds() -> None:
    assert max(TEXTS) == CURRENT_TEXT
    for text in TEXTS:
        connection_with(Consent(accepted=True, text=text)).check_consent()


def test_the_text_says_what_imports_can_cost_and_cause() -> None:
    assert "can count for Klaviyo's bill" in TEXTS[CURRENT_TEXT]["en"]
    assert "can be e-mailed" in TEXTS[CURRENT_TEXT]["en"]


def test_a_new_connection_records_what_was_wished_by_whom_and_when() -> None:
    connection = saved(api_key="pk_1", secret_name=None, shared_with="contributors")
    assert connection == Connection(
        id="acme",
        display_name="Acme_Klaviyo",
        secret_name="klaviyo-acme",
        account_id=None,
        shared_with=SharedWith.CONTRIBUTORS,
        consent=Consent(
            accepted=True,
            accepted_by="dana@example.com",
            claimed=True,
            accepted_at=NOW,
            text=CURRENT_TEXT,
            language="en",
        ),
        created_at=NOW,
        changed_at=NOW,
        changed_by=LABEL,
    )
    assert "pk_1" not in json.dumps(connection.document())


def test_what_is_shown_can_be_sent_back_and_changes_nothing() -> None:
    before = saved(name="dana@example.com")
    shown = {**before.document(), "self": "/api/connections/acme", "kind": "klaviyo", "may": ["use"]}
    after = wished(shown).over(before, name=None, label=LABEL, now=LATER)
    assert after is before
    after = wished({**shown, "display_name": "Another"}).over(before, name=None, label=LABEL, now=LATER)
    assert after.consent == before.consent
    assert (after.created_at, after.changed_at, after.changed_by) == (NOW, LATER, LABEL)


def test_everything_that_is_wrong_with_a_wish_is_named_at_once_and_no_key_is_repeated() -> None:
    found = problems(
        {
            "id": "other",
            "display_name": "1st",
            "secret_name": "a b",
            "api_key": "pk secret",
            "account_id": "../x",
            "shared_with": "all",
            "consent": {"accepted": True, "text": "2020-01", "by": "me"},
            "apikey": "pk_2",
        }
    )
    assert sorted(pointer for pointer, _ in found) == [
        "/account_id",
        "/api_key",
        "/apikey",
        "/consent/accepted_by",
        "/consent/by",
        "/consent/text",
        "/display_name",
        "/id",
        "/secret_name",
        "/shared_with",
    ]
    assert "pk" not in str(found)


@pytest.mark.parametrize("name", ["A", "Acme_Klaviyo", "a1_", "B" * 100])
def test_a_display_name_begins_with_a_letter_and_goes_on_with_letters_digits_and_underscores(name: str) -> None:
    assert good(display_name=name).display_name == name


@pytest.mark.parametrize("name", ["", "1a", "_a", "a b", "a-b", "é", "aé", "a\n", "a" * 101, 5, None])
def test_another_display_name_is_refused(name: Any) -> None:
    assert pointers({**WISH, "display_name": name}) == ["/display_name"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret_name": None}, ["/secret_name"]),
        ({"secret_name": ""}, ["/secret_name"]),
        ({"secret_name": "../x"}, ["/secret_name"]),
        ({"secret_name": "x" * 128}, ["/secret_name"]),
        ({"api_key": "pk_1", "secret_name": "database-password"}, ["/secret_name"]),
        ({"api_key": "pk_1", "secret_name": "klaviyo-other"}, []),
        ({"api_key": "pk_1", "secret_name": None}, []),
        ({"api_key": "", "secret_name": None}, ["/api_key"]),
        ({"api_key": "pk\n1", "secret_name": None}, ["/api_key"]),
        ({"api_key": 5, "secret_name": None}, ["/api_key"]),
        ({"api_key": " ", "secret_name": None}, ["/api_key"]),
        ({"api_key": " pk_1\n", "secret_name": None}, []),
        ({"api_key": None}, []),
    ],
)
def test_a_key_comes_as_the_name_of_a_secret_or_goes_into_one_for_klaviyo(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(pointers({**WISH, **changes})) == expected


def test_the_account_is_kept_unless_it_is_named_or_shall_be_learnt_anew() -> None:
    before = saved(account_id="AbC123")
    assert saved(before).account_id == "AbC123"
    assert saved(before, account_id=None).account_id is None
    assert saved(before, account_id="DeF456").account_id == "DeF456"


def test_a_consent_of_which_nothing_is_said_stays_and_a_new_connection_has_none() -> None:
    before = saved()
    assert saved(before, consent=None, now=LATER).consent == before.consent
    assert not saved(consent=None).consent.is_given


def test_an_agreement_stays_that_of_whoever_agreed_first_unless_another_one_is_named() -> None:
    before = saved()
    assert saved(before, now=LATER).consent == before.consent
    assert saved(before, name="eve@example.com", now=LATER).consent == before.consent
    other = saved(before, consent={**AGREED, "accepted_by": "Eve"}, now=LATER).consent
    assert (other.accepted_by, other.accepted_at, other.claimed) == ("Eve", LATER, True)


def test_an_agreement_to_another_text_is_a_new_one() -> None:
    before = Consent(accepted=True, accepted_by="Dana", accepted_at=NOW, text="2025-01")
    wish = ConsentWish(accepted=True, text=CURRENT_TEXT, accepted_by="Dana")
    for name in (None, "eve@example.com"):
        after = wish.over(before, name=name, label=LABEL, now=LATER)
        assert (after.text, after.accepted_at) == (CURRENT_TEXT, LATER)


def test_whoever_is_signed_in_agrees_in_their_own_name() -> None:
    consent = saved(name="eve@example.com").consent
    assert (consent.accepted_by, consent.claimed) == ("eve@example.com", False)
    assert pointers({**WISH, "consent": {"accepted": True, "text": CURRENT_TEXT}}, must_name=False) == []


def test_a_withdrawal_keeps_on_record_what_was_agreed_to_and_is_noted_once() -> None:
    before = saved()
    after = saved(before, name="eve@example.com", consent={"accepted": False}, now=LATER)
    assert not after.consent.is_given
    assert (after.consent.accepted_by, after.consent.accepted_at) == ("dana@example.com", NOW)
    assert (after.consent.withdrawn_by, after.consent.withdrawn_label) == ("eve@example.com", LABEL)
    assert after.consent.withdrawn_at == LATER
    assert saved(after, consent={"accepted": False}, now=NOW).consent == after.consent
    assert str(after.withdrawal) == "A caller with a function key withdrew the consent of connection 'acme'."
    with pytest.raises(ConfigurationError, match=r"withdrew the consent .* An administrator has to accept it again"):
        after.check_consent()
    again = saved(after, now=LATER).consent
    assert again.is_given
    assert again.withdrawn_at is None


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 257, 5])
def test_a_name_that_is_none_agrees_to_nothing(name: Any) -> None:
    assert "/consent/accepted_by" in pointers({**WISH, "consent": {**AGREED, "accepted_by": name}})


@pytest.mark.parametrize("consent", [5, "yes", ["accepted"], True])
def test_a_consent_that_is_no_object_is_refused(consent: Any) -> None:
    assert pointers({**WISH, "consent": consent}) == ["/consent"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=3))
def test_a_wish_of_anything_is_answered_with_problems_never_with_a_crash(value: Any) -> None:
    for document in (value, dict.fromkeys((*WISH, "api_key", "account_id", "shared_with", "id"), value)):
        problems(document)
    problems({**WISH, "consent": dict.fromkeys(AGREED, value)})


def test_a_wish_that_is_printed_does_not_show_its_key() -> None:
    wish = good(secret_name=None, api_key="pk_0123456789secret")
    assert wish.api_key == "pk_0123456789secret"
    assert "pk_" not in f"{wish!r} {wish}"
