"""The shapes of what is said about connections."""

from shared.api.description.describe import Schema, describe, nullable, obj
from shared.domain.config.connection import Connection, SharedWith
from shared.domain.config.consent import MAX_NAME_LENGTH, Consent
from shared.domain.config.scopes import Scope
from shared.ports import Account, Flow, ListInfo

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
KIND: Schema = {"type": "string", "enum": ["klaviyo"]}


def connection_schemas(page: Schema) -> dict[str, Schema]:
    """Return the shapes by name; *page* is that of a page of connections."""
    return {
        "Connection": _connection(),
        "Connections": page,
        "ConnectionCheck": _check(),
        "ConnectionWish": _connection_wish(),
        "ConsentTexts": obj(
            {"current": TEXT, "texts": {"type": "object", "additionalProperties": TEXT}}, required=("current", "texts")
        ),
        "Lists": _lists(),
        "ListWish": obj({"list_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 100}}),
        "RemovedConnection": _removed(),
    }


def _connection() -> Schema:
    """Return the shape of a connection; only administrators see more than its name."""
    schema = describe(Connection)
    shown: dict[str, Schema] = {"kind": KIND, "may": TEXTS, "self": TEXT}
    more: dict[str, Schema] = {"schema": {"type": "integer"}, "is_broken": {"type": "boolean"}}
    schema["properties"] |= {**shown, **more}
    schema["required"] = ["id", *shown]
    return schema


def _connection_wish() -> Schema:
    agreed = describe(Consent)["properties"]
    agreed["accepted_by"] |= {"minLength": 1, "maxLength": MAX_NAME_LENGTH}
    agreed["text"] |= {"minLength": 1, "description": "The version that is agreed to, as GET /consent names it."}
    read_only = {name: {**schema, "readOnly": True} for name, schema in _connection()["properties"].items()}
    properties: dict[str, Schema] = {
        **read_only,
        "display_name": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,99}$"},
        "secret_name": {
            "type": ["string", "null"],
            "pattern": "^[0-9A-Za-z-]{1,127}$",
            "description": "The secret with the key, in the vault of the app; there must be this or api_key.",
        },
        "api_key": {
            "type": ["string", "null"],
            "pattern": "^[!-~]{1,1000}$",
            "writeOnly": True,
            "description": "Written into the secret, kept nowhere else.",
        },
        "account_id": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9]{1,32}$"},
        "shared_with": {"type": "string", "enum": list(SharedWith)},
        "consent": nullable(obj(agreed)),
    }
    del properties["is_broken"]
    return obj(properties, required=("display_name",))


def _check() -> Schema:
    scopes: Schema = {"type": "array", "items": describe(Scope)}
    properties: dict[str, Schema] = {
        "is_usable": {"type": "boolean"},
        "problems": TEXTS,
        "account": nullable(describe(Account)),
        "scopes": nullable(obj({"missing": scopes, "unchecked": scopes}, required=("missing", "unchecked"))),
        "list": nullable(describe(ListInfo)),
        "live_flows": nullable({"type": "array", "items": describe(Flow)}),
    }
    return obj(properties, required=tuple(properties))


def _lists() -> Schema:
    one = obj({"id": TEXT, "name": TEXT}, required=("id", "name"))
    properties: dict[str, Schema] = {"lists": {"type": "array", "items": one}, "is_complete": {"type": "boolean"}}
    return obj(properties, required=tuple(properties))


def _removed() -> Schema:
    fates = obj({"remove": TEXTS, "detach": TEXTS}, required=("remove", "detach"))
    properties: dict[str, Schema] = {"id": TEXT, "exports": fates, "kept_secret": nullable(TEXT)}
    return obj(properties, required=tuple(properties))
