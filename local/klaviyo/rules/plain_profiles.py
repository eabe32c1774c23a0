"""Reads an import whose profiles are all plain, in a third of the time; every other import is read profile by profile.

A profile is plain where Klaviyo takes it as it is: nothing is wrong with it, and nothing of it is changed.
"""

import re
from array import array
from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter, methodcaller
from typing import Any, Literal, NamedTuple

import msgspec

from local.klaviyo.rules.email_addresses import ADDRESS, MAX_LENGTH, REFUSED_DOMAIN
from local.klaviyo.rules.profile_reader import E164, MAX_EXTERNAL_ID, NEARLY_TOO_LARGE, ImportedProfiles

_Text = str | msgspec.UnsetType
_Coordinate = str | int | float | msgspec.UnsetType
_UNSET = msgspec.UNSET


class _Place(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    address1: _Text = _UNSET
    address2: _Text = _UNSET
    city: _Text = _UNSET
    country: _Text = _UNSET
    latitude: _Coordinate = _UNSET
    longitude: _Coordinate = _UNSET
    region: _Text = _UNSET
    zip: _Text = _UNSET
    timezone: _Text = _UNSET
    ip: _Text = _UNSET


class _Attributes(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    email: str
    phone_number: _Text = _UNSET
    external_id: _Text = _UNSET
    first_name: _Text = _UNSET
    last_name: _Text = _UNSET
    organization: _Text = _UNSET
    locale: _Text = _UNSET
    title: _Text = _UNSET
    image: _Text = _UNSET
    location: _Place | msgspec.UnsetType = _UNSET
    properties: dict[str, Any] | msgspec.UnsetType = _UNSET


class _Profile(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["profile"]
    attributes: _Attributes


class _Profiles(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    data: list[_Profile]


class _Parts(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    profiles: _Profiles


class _List(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["list"]
    id: str


class _Lists(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    data: list[_List]


class _Relationships(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    lists: _Lists


class _Job(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["profile-bulk-import-job"]
    attributes: _Parts
    relationships: _Relationships | msgspec.UnsetType = _UNSET


class _Body(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    data: _Job


class PlainImport(NamedTuple):
    """An import of plain profiles; *lists* are the ids that it names."""

    lists: list[str]
    profiles: ImportedProfiles


def plain_import(body: bytes) -> PlainImport | None:
    """Return the import of *body*; None where a profile may not be plain, or anything is wrong."""
    if b"null" in body:
        return None
    try:
        job = _DECODE(body).data
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    attributes = [*map(_ATTRIBUTES, job.attributes.profiles.data)]
    if not attributes or not _are_addresses(emails := [*map(_EMAIL, attributes)]):
        return None
    ids, numbers = (_given(map(of, attributes)) for of in (_EXTERNAL_ID, _NUMBER))
    if max(map(len, ids), default=0) > MAX_EXTERNAL_ID or not _fit(_NUMBERS, numbers):
        return None
    encoded = _as_written(body, len(attributes))
    if encoded is None or max(sizes := [*map(len, encoded)]) > NEARLY_TOO_LARGE:
        return None
    lists = [each.id for each in job.relationships.lists.data] if job.relationships else []
    return PlainImport(lists, ImportedProfiles(emails, b"".join(encoded), array("I", accumulate(sizes))))


def _given(values: Iterable[_Text]) -> list[str]:
    return [value for value in values if value is not msgspec.UNSET]


def _are_addresses(emails: list[str]) -> bool:
    if max(map(len, emails)) > MAX_LENGTH:
        return False
    joined = "\n".join(emails)
    return joined.lower() == joined and REFUSED_DOMAIN not in joined and _fit(_ADDRESSES, emails)


def _fit(pattern: re.Pattern[str], values: list[str]) -> bool:
    """Tell whether each of *values* matches; *pattern* takes lines, and none that has another line in it."""
    joined = "\n".join(values)
    return not values or (joined.count("\n") == len(values) - 1 and pattern.fullmatch(joined) is not None)


def _as_written(body: bytes, count: int) -> list[bytes] | None:
    """Return the attributes of the *count* profiles as *body* has them; None where they cannot be cut out safely.

    What stands before the attributes of a profile stands in no string, as the quotes of a string have backslashes.
    """
    _, *pieces = body.split(_BEFORE)
    if len(pieces) != count:
        return None
    *others, last = pieces
    if not all(map(_ENDS, others)) or last.count(_BEHIND_LAST) != 1:
        return None
    return [*(piece[:-2] for piece in others), last[: last.index(_BEHIND_LAST) + 1]]


_DECODE = msgspec.json.Decoder(_Body).decode
_ATTRIBUTES = attrgetter("attributes")
_EMAIL, _NUMBER, _EXTERNAL_ID = attrgetter("email"), attrgetter("phone_number"), attrgetter("external_id")
_ADDRESSES = re.compile(rf"{ADDRESS}(?:\n{ADDRESS})*+", re.ASCII)
_NUMBERS = re.compile(rf"{E164}(?:\n{E164})*+", re.ASCII)
_BEFORE, _BEHIND_LAST = b'{"type":"profile","attributes":', b"}}]"
_ENDS = methodcaller("endswith", b"}},")
