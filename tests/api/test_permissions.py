"""What each role may do with connections and exports."""

import pytest

from shared.api.access.callers import Caller, Role
from shared.api.access.permissions import ACTIONS, check_use, may_use, rights_on_connection, rights_on_export
from shared.api.http.problems import Forbidden
from shared.domain.config.connection import Connection, SharedWith
from shared.domain.config.consent import Consent
from shared.domain.config.export import Export
from shared.domain.consent_texts import CURRENT_TEXT
from tests.builders import export_document

OURS = Connection(id="acme", display_name="Acme_Klaviyo", secret_name="klaviyo-acme")
SHARED = OURS.model_copy(update={"shared_with": SharedWith.CONTRIBUTORS})
AGREED = SHARED.model_copy(update={"consent": Consent(accepted=True, text=CURRENT_TEXT)})
DETACHED = None
EXPORT = Export.from_document(export_document())


def caller(role: Role) -> Caller:
    return Caller(role, "Somebody")


@pytest.mark.parametrize(
    ("role", "connection", "may"),
    [
        (Role.READ, OURS, False),
        (Role.READ, SHARED, False),
        (Role.READ, DETACHED, False),
        (Role.CONTRIBUTE, OURS, False),
        (Role.CONTRIBUTE, SHARED, True),
        (Role.CONTRIBUTE, DETACHED, False),
        (Role.ADMINISTER, OURS, True),
        (Role.ADMINISTER, SHARED, True),
        (Role.ADMINISTER, DETACHED, True),
    ],
)
def test_a_connection_is_for_administrators_and_for_contributors_where_it_is_shared(
    role: Role, connection: Connection | None, *, may: bool
) -> None:
    assert may_use(caller(role), connection) is may
    if may:
        check_use(caller(role), connection)
    else:
        with pytest.raises(Forbidden):
            check_use(caller(role), connection)
    rights, blocked = rights_on_export(caller(role), EXPORT, connection, has_run=True)
    assert bool(rights) is may
    assert {*rights, *blocked} == {*ACTIONS}


def test_only_administrators_change_connections() -> None:
    assert rights_on_connection(caller(Role.READ), SHARED) == []
    assert rights_on_connection(caller(Role.CONTRIBUTE), OURS) == []
    assert rights_on_connection(caller(Role.CONTRIBUTE), SHARED) == ["use"]
    assert rights_on_connection(caller(Role.ADMINISTER), OURS) == ["use", "change", "remove", "test"]


@pytest.mark.parametrize(
    ("connection", "has_run", "blocked"),
    [
        (AGREED, True, {}),
        (AGREED, False, {"cancel": "nothing_to_cancel"}),
        (SHARED, True, {"run": "consent_missing"}),
        (DETACHED, True, dict.fromkeys(("run", "preview"), "connection_of_export_missing")),
    ],
)
def test_what_cannot_be_done_now_says_why_not(
    connection: Connection | None, has_run: bool, blocked: dict[str, str]
) -> None:
    may, why = rights_on_export(caller(Role.ADMINISTER), EXPORT, connection, has_run=has_run)
    assert {action: sentence.code for action, sentence in why.items()} == blocked
    assert may == [action for action in ACTIONS if action not in blocked]


@pytest.mark.parametrize(("role", "code"), [(Role.READ, "role_too_low"), (Role.CONTRIBUTE, "connection_not_shared")])
def test_who_may_not_work_with_an_export_is_told_why_for_each_action(role: Role, code: str) -> None:
    may, why = rights_on_export(caller(role), EXPORT, OURS, has_run=True)
    assert (may, {action: sentence.code for action, sentence in why.items()}) == ([], dict.fromkeys(ACTIONS, code))


def test_whoever_may_not_is_told_what_would_help() -> None:
    with pytest.raises(Forbidden, match=r"role Exports\.Contribute or more; you have Exports\.Read"):
        check_use(caller(Role.READ), SHARED)
    with pytest.raises(Forbidden, match=r"role Exports\.Admin; you have Exports\.Contribute\. An administrator"):
        caller(Role.CONTRIBUTE).require(Role.ADMINISTER)
    with pytest.raises(Forbidden, match="Connection 'acme' is not shared, so only administrators may do that"):
        check_use(caller(Role.CONTRIBUTE), OURS)
    with pytest.raises(Forbidden, match="The export has no connection"):
        check_use(caller(Role.CONTRIBUTE), DETACHED)
