"""Export 'vip', which is there, and export 'news', which a test makes."""

from typing import Any

from tests.api.calling import Api
from tests.builders import World, connection_document, export_document, ndjson, people

VIP, NEW = "exports/vip", "exports/news"
HOURLY = {"cron": "0 * * * *", "time_zone": "UTC"}


def body(**changes: Any) -> dict[str, Any]:
    """Return the body of a PUT, with *changes*."""
    document = export_document(**changes)
    return {name: value for name, value in document.items() if name not in ("id", "schema")}


def stored(api: Api, export_id: str = "vip") -> dict[str, Any]:
    document: dict[str, Any] = api.world.documents.value(f"exports/{export_id}.json")
    return document


def shared_world(rows: int = 3, **changes: Any) -> World:
    """Return a world whose connection is shared with contributors; there is one more that is not."""
    world = World(
        {"vip/1.ndjson": ndjson(people(rows))}, connection={"shared_with": "contributors"}, max_profiles=10, **changes
    )
    world.documents.put("connections/ours.json", connection_document(id="ours"))
    return world
