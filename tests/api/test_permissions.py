"""What each role may do with connections and exports."""

import pytest

from shared.api.access.callers import Caller, Role
from shared.api.access.permissions import check_use, may_use, rights_on_connection, rights_on_export
from shared.api.http.problems import Forbidden
from shared.domain.config.connection import Connection, SharedWith

OURS = Connection(id="acme", display_name="Acme_Klaviyo", secret_name="klaviyo-acme")
SHARED = OURS.model_copy(update={"shared_with": SharedWith.CONTRIBUTORS})
DETACHED = None


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
    assert bool(rights_on_export(caller(role), connection)) is may


def test_only_administrators_change_connections() -> None:
    assert rights_on_connection(caller(Role.READ), SHARED) == []
    assert rights_on_connection(caller(Role.CONTRIBUTE), OURS) == []
    assert rights_on_connection(caller(Role.CONTRIBUTE), SHARED) == ["use"]
    assert rights_on_connection(caller(Role.ADMINISTER), OURS) == ["use", "change", "remove", "test"]


def test_a_detached_export_cannot_be_run() -> None:
    assert rights_on_export(caller(Role.ADMINISTER), SHARED) == [
        "run",
        "preview",
        "change",
        "remove",
        "duplicate",
        "cancel",
    ]
    assert rights_on_export(caller(Role.ADMINISTER), DETACHED) == ["change", "remove", "duplicate", "cancel"]


def test_whoever_may_not_is_told_what_would_help() -> None:
    with pytest.raises(Forbidden, match=r"role Exports\.Contribute or more; you have Exports\.Read"):
        check_use(caller(Role.READ), SHARED)
    with pytest.raises(Forbidden, match=r"role Exports\.Admin; you have Exports\.Contribute\. An administrator"):
        caller(Role.CONTRIBUTE).require(Role.ADMINISTER)
    with pytest.raises(Forbidden, match="Connection 'acme' is not shared, so only administrators may do that"):
        check_use(caller(Role.CONTRIBUTE), OURS)
    with pytest.raises(Forbidden, match="The export has no connection"):
        check_use(caller(Role.CONTRIBUTE), DETACHED)
