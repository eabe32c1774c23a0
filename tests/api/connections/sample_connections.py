"""Connection 'acme', which is there, and connection 'beta', which a test makes."""

from typing import Any

from shared.domain.consent_texts import CURRENT_TEXT
from tests.api.calling import Api, Reply
from tests.builders import World, ndjson, people
from tests.fakes.sink import SECRET

ACME = "connections/acme"
NEW = "connections/beta"
KEY = "pk_0123456789secret"
AGREED = {"accepted": True, "accepted_by": "Dana", "text": CURRENT_TEXT}
BODY: dict[str, Any] = {"display_name": "Beta_Klaviyo", "api_key": KEY, "consent": AGREED}
WITHDRAWN = {"accepted": False}


def fields(**changes: Any) -> dict[str, Any]:
    """Return the body of a PUT of the connection that is there, with *changes*."""
    return {"display_name": "Acme_Klaviyo", "secret_name": SECRET, **changes}


def stored(api: Api, connection_id: str = "acme") -> dict[str, Any]:
    document: dict[str, Any] = api.world.documents.value(f"connections/{connection_id}.json")
    return document


def there_is_no_key_in(api: Api, *replies: Reply) -> None:
    """Check that the key is nowhere but in the vault."""
    assert not any(b"pk_" in body for body in api.world.documents.blobs.values())
    assert not any("pk_" in reply.text or "pk_" in str(reply.headers) for reply in replies)


def world_of(rows: int = 100, **changes: Any) -> World:
    return World({"vip/1.ndjson": ndjson(people(rows))}, max_profiles=10, in_flight=1, **changes)
