"""Reads the body of an import: Klaviyo accepts the whole body, or answers 400 with the places of its faults."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from local.klaviyo.behaviour.settings import NamedRows
from local.klaviyo.http.problems import Problem, Refused, invalid, too_large
from local.klaviyo.rules.imported_profiles import Attributes, ImportedProfiles
from local.klaviyo.rules.plain_profiles import plain_import
from local.klaviyo.rules.profile_reader import PhoneRule, ProfileReader, ProfileRefused

MAX_BYTES = 5_000_000
MAX_PROFILES = 10_000
PROFILES_POINTER = "/data/attributes/profiles/data"

_JOB = "profile-bulk-import-job"


@dataclass(frozen=True, slots=True)
class Import:
    """An import that can be accepted."""

    list_id: str | None
    profiles: ImportedProfiles


def read_import(
    body: bytes, *, lists: Container[str], named_rows: NamedRows = "all", phone_numbers: PhoneRule = "dropped"
) -> Import:
    """Return the import of *body*; *lists* are the ids of the existing lists; raises `Refused` (400, 413)."""
    if len(body) > MAX_BYTES:
        raise too_large(MAX_BYTES)
    return _read_together(body, lists) or read_one_by_one(
        body, lists=lists, named_rows=named_rows, phone_numbers=phone_numbers
    )


def _read_together(body: bytes, lists: Container[str]) -> Import | None:
    plain = plain_import(body)
    if plain is None or len(plain.profiles) > MAX_PROFILES:
        return None
    return Import(*plain) if plain.list_id is None or plain.list_id in lists else None


def read_one_by_one(body: bytes, *, lists: Container[str], named_rows: NamedRows, phone_numbers: PhoneRule) -> Import:
    """Return the import of *body*, whatever profiles it has; raises `Refused` (400)."""
    data = _data(body)
    list_id = _list_id(data)
    if list_id is not None and list_id not in lists:
        raise invalid(f"List ID {list_id} does not exist.", "/data")
    return Import(list_id, _profiles(_items(data), named_rows, ProfileReader(phone_numbers)))


def _data(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise invalid(f"JSON parse error - {error}.", "/") from error
    data = _object(_object(document, {"data"}, "").get("data"), {"type", "attributes", "relationships"}, "/data")
    if data.get("type") != _JOB:
        raise invalid(f"The type of the resource must be '{_JOB}'.", "/data/type")
    return data


def _list_id(data: dict[str, Any]) -> str | None:
    """Return the id of the list that the profiles join, None without a list."""
    if "relationships" not in data:
        return None
    pointer = "/data/relationships/lists"
    relationships = _object(data["relationships"], {"lists"}, "/data/relationships")
    lists = _object(relationships.get("lists"), {"data"}, pointer).get("data")
    if not isinstance(lists, list) or len(lists) > 1:
        raise invalid("'lists' must hold one list.", f"{pointer}/data")
    if not lists:
        return None
    resource = _object(lists[0], {"type", "id"}, f"{pointer}/data/0")
    if resource.get("type") != "list" or not isinstance(resource.get("id"), str):
        raise invalid("A list is named by its type, 'list', and its id.", f"{pointer}/data/0")
    list_id: str = resource["id"]
    return list_id


def _items(data: dict[str, Any]) -> list[Any]:
    attributes = _object(data.get("attributes"), {"profiles"}, "/data/attributes")
    items = _object(attributes.get("profiles"), {"data"}, "/data/attributes/profiles").get("data")
    if not isinstance(items, list) or not items:
        raise invalid("'data' must be a list of profiles, and not an empty one.", PROFILES_POINTER)
    if len(items) > MAX_PROFILES:
        raise invalid(f"There are {len(items)} profiles; at most {MAX_PROFILES} are allowed.", PROFILES_POINTER)
    return items


def _profiles(items: list[Any], named_rows: NamedRows, reader: ProfileReader) -> ImportedProfiles:
    identifiers: list[str] = []
    encoded: list[bytes] = []
    problems: list[Problem] = []
    for index, item in enumerate(items):
        try:
            identifier, attributes = reader.read(item)
        except ProfileRefused as refused:
            row = f"{PROFILES_POINTER}/{index}"
            problems += [Problem(fault.detail, row + fault.pointer) for fault in refused.faults]
        else:
            identifiers.append(identifier)
            encoded.append(attributes)
    if problems:
        _refuse(problems, named_rows)
    return ImportedProfiles(identifiers, Attributes.of(encoded))


def _refuse(problems: list[Problem], named_rows: NamedRows) -> NoReturn:
    if named_rows == "none":
        raise invalid("One or more profiles are invalid.", "/data/attributes/profiles")
    raise Refused(400, *(problems if named_rows == "all" else problems[:1]))


def _object(value: Any, known: set[str], pointer: str) -> dict[str, Any]:
    """Return *value*; raise `Refused` unless it is an object that has only *known* keys."""
    if not isinstance(value, dict):
        raise invalid("An object is expected here.", pointer or "/")
    if unknown := sorted(value.keys() - known):
        raise invalid(f"'{unknown[0]}' is not a valid field here.", f"{pointer}/{unknown[0]}")
    return value
