"""Reads one profile of an import; reading 10,000 profiles takes less than 0.1 seconds."""

import re
from typing import Any, Literal, NamedTuple

import orjson

from local.klaviyo.rules.email_addresses import REFUSED_DOMAIN, is_address

PhoneRule = Literal["dropped", "refused"]

MAX_PROFILE_BYTES = 100_000
MAX_EXTERNAL_ID = 255

_ITEM = {"type", "attributes"}
PROFILE_TEXTS = (
    "email",
    "phone_number",
    "external_id",
    "first_name",
    "last_name",
    "organization",
    "locale",
    "title",
    "image",
)
"""The attributes that are texts, in the order of Klaviyo's answers."""
TEXTS = frozenset(PROFILE_TEXTS)
PLACE = ("address1", "address2", "city", "country", "latitude", "longitude", "region", "zip", "timezone", "ip")
"""The parts of a location, in the order of Klaviyo's answers."""
PLACE_NUMBERS = frozenset({"latitude", "longitude"})
PLACE_TEXTS = frozenset(PLACE) - PLACE_NUMBERS
_ONLY_TEXT = {str}
_EXTERNAL_ID_TOO_LONG = f"Ensure this field has no more than {MAX_EXTERNAL_ID} characters."
_NOT_SIMULATED = frozenset({"id", "meta", "_kx"})
E164 = r"\+[1-9][0-9]{6,14}"
"""A pattern for a phone number."""
_IS_E164 = re.compile(E164, re.ASCII).fullmatch
NEARLY_TOO_LARGE = MAX_PROFILE_BYTES - 1000


class ProfileFault(NamedTuple):
    """What is wrong with a profile; *pointer* is the JSON pointer within the profile."""

    detail: str
    pointer: str = ""


class ProfileRefused(Exception):
    """A profile cannot be accepted, for all of *faults*."""

    def __init__(self, *faults: ProfileFault) -> None:
        super().__init__(faults)
        self.faults = faults


class ProfileReader:
    """Reads profiles by Klaviyo's rules; *phone_numbers* says what happens to a number that is not E.164."""

    def __init__(self, phone_numbers: PhoneRule) -> None:
        self._phone_numbers = phone_numbers

    def read(self, item: Any) -> tuple[str, bytes]:
        """Return the identifier of the profile *item*, and its attributes as JSON; raises `ProfileRefused`."""
        attributes = _attributes(item)
        faults: list[ProfileFault] = []
        has_nulls = False
        for name, value in attributes.items():
            if type(value) is not str or name not in TEXTS:
                has_nulls |= _check(name, value, faults)
        email = attributes.get("email")
        lower = email.lower() if isinstance(email, str) else None
        if isinstance(email, str) and (not is_address(email) or email.lower().endswith(REFUSED_DOMAIN)):
            faults.append(ProfileFault("Invalid email address", "/attributes/email"))
        external_id = attributes.get("external_id")
        if type(external_id) is str and len(external_id) > MAX_EXTERNAL_ID:
            faults.append(ProfileFault(_EXTERNAL_ID_TOO_LONG, "/attributes/external_id"))
        phone = attributes.get("phone_number")
        has_bad_phone = type(phone) is str and not _IS_E164(phone)
        if has_bad_phone and self._phone_numbers == "refused":
            faults.append(ProfileFault("Invalid phone number format.", "/attributes/phone_number"))
        if faults:
            raise ProfileRefused(*faults)
        if has_nulls:
            attributes = _without_nulls(attributes)
        if lower != email:
            attributes = {**attributes, "email": lower}
        if has_bad_phone:
            attributes = {name: value for name, value in attributes.items() if name != "phone_number"}
        return lower or _other_identifier(attributes), _encoded(item, attributes)


def _attributes(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ProfileRefused(ProfileFault("An object is expected here."))
    if item.keys() != _ITEM:
        _refuse_item(item)
    if item["type"] != "profile":
        raise ProfileRefused(ProfileFault("The type of the resource must be 'profile'.", "/type"))
    attributes = item["attributes"]
    if not isinstance(attributes, dict):
        raise ProfileRefused(ProfileFault("An object is expected here.", "/attributes"))
    return attributes


def _refuse_item(item: dict[str, Any]) -> None:
    for name in sorted(_ITEM - item.keys()):
        raise ProfileRefused(ProfileFault(f"'{name}' is a required field for the resource 'profile'.", f"/{name}"))
    for name in sorted(item.keys() - _ITEM):
        raise ProfileRefused(ProfileFault(_unknown(name), f"/{name}"))


def _check(name: str, value: Any, faults: list[ProfileFault]) -> bool:
    """Check an attribute that is not a plain text, and add to *faults*; return whether it is or has a null."""
    pointer = f"/attributes/{name}"
    if name in ("properties", "location"):
        if value is None:
            return True
        if not isinstance(value, dict):
            faults.append(ProfileFault(f"'{name}' must be an object.", pointer))
            return False
        return None in value.values() if name == "properties" else _check_place(value, faults)
    if name not in TEXTS:
        faults.append(ProfileFault(_unknown(name), pointer))
    elif value is not None:
        faults.append(ProfileFault("Not a valid string.", pointer))
    return value is None


def _check_place(place: dict[str, Any], faults: list[ProfileFault]) -> bool:
    if place.keys() <= PLACE_TEXTS and {*map(type, place.values())} == _ONLY_TEXT:
        return False
    for name, value in place.items():
        pointer = f"/attributes/location/{name}"
        if name in PLACE_NUMBERS:
            if isinstance(value, bool) or not isinstance(value, str | int | float | None):
                faults.append(ProfileFault("Not a valid coordinate.", pointer))
        elif name not in PLACE_TEXTS:
            faults.append(ProfileFault(f"'{name}' is not a valid field for 'location'.", pointer))
        elif not isinstance(value, str | None):
            faults.append(ProfileFault("Not a valid string.", pointer))
    return None in place.values()


def _without_nulls(attributes: dict[str, Any]) -> dict[str, Any]:
    """Remove nulls, also directly within location and properties, because a bulk import clears no field."""
    return {
        name: {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value
        for name, value in attributes.items()
        if value is not None
    }


def _other_identifier(attributes: dict[str, Any]) -> str:
    for name in ("phone_number", "external_id"):
        if attributes.get(name):
            return f"{name}:{attributes[name]}"
    raise ProfileRefused(ProfileFault("One or more identifiers is required", "/attributes"))


def _encoded(item: dict[str, Any], attributes: dict[str, Any]) -> bytes:
    encoded = orjson.dumps(attributes)
    if len(encoded) > NEARLY_TOO_LARGE and len(orjson.dumps(item)) > MAX_PROFILE_BYTES:
        raise ProfileRefused(ProfileFault(f"A profile must not be larger than {MAX_PROFILE_BYTES} bytes."))
    return encoded


def _unknown(name: str) -> str:
    if name in _NOT_SIMULATED:
        return f"This simulator does not take '{name}'; Klaviyo does."
    return f"'{name}' is not a valid field for the resource 'profile'."
