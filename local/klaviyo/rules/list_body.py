"""Reads the body of a request that makes a list."""

import orjson

from local.klaviyo.http.problems import invalid

MAX_NAME = 255
_NAME = "/data/attributes/name"


def list_name(body: bytes) -> str:
    """Return the name of the list that *body* asks for; raises `Refused`."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid("Invalid JSON body.") from None
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict) or data.get("type") != "list":
        raise invalid("The type of the resource must be list.", "/data/type")
    attributes = data.get("attributes")
    name = attributes.get("name") if isinstance(attributes, dict) else None
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        raise invalid(f"'name' must be a text of 1 to {MAX_NAME} characters.", _NAME)
    return name
