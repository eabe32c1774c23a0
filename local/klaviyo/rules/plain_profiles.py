"""Reads an import whose profiles are all plain, several times as fast as one by one.

A profile is plain where Klaviyo takes it as it is: nothing is wrong with it, and nothing of it is changed.
"""

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import msgspec

from local.klaviyo.rules.email_addresses import ADDRESS, MAX_LENGTH, REFUSED_DOMAIN, SHORT, SIMPLE_ADDRESS
from local.klaviyo.rules.imported_profiles import Attributes, ImportedProfiles
from local.klaviyo.rules.profile_reader import E164, MAX_EXTERNAL_ID

_Text = str | msgspec.UnsetType
_Value = str | int | float | bool | list[Any] | dict[str, Any]
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
    properties: dict[str, _Value] | msgspec.UnsetType = _UNSET


class _Profile(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    type: Literal["profile"]
    attributes: _Attributes


class PlainImport(NamedTuple):
    """An import of plain profiles into a list, or into none."""

    list_id: str | None
    profiles: ImportedProfiles


class _NotPlain(Exception):
    """The import may have a profile that is not plain."""


def plain_import(body: bytes) -> PlainImport | None:
    """Return the import of *body*; None where a profile may not be plain, or anything is wrong."""
    behind = _BEHIND_PROFILES.search(body, max(0, len(body) - _MAX_BEHIND))
    if behind is None or not body.startswith(_BEFORE_PROFILES):
        return None
    end = behind.start()
    try:
        emails = _emails(_pieces(body, len(_BEFORE_PROFILES), end))
    except (_NotPlain, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    list_id = behind["list"].decode() if behind["list"] else None
    return PlainImport(list_id, ImportedProfiles(emails, Attributes(body, len(emails), end)))


def _pieces(body: bytes, start: int, end: int) -> Iterator[bytes]:
    """Yield arrays of some profiles of *body*: what Python makes of them all would not fit into the processor's cache.

    A cut that does not stand between two profiles leaves arrays that are no JSON.
    """
    while start < end:
        cut = end if end - start <= _PIECE_BYTES else body.rfind(_NEXT_PROFILE, start, start + _PIECE_BYTES)
        if cut <= start:
            raise _NotPlain
        yield b"[%b]" % body[start:cut]
        start = cut + 1


def _emails(pieces: Iterable[bytes]) -> list[str]:
    """Return the addresses of the profiles; raises where one of these is not plain."""
    emails: list[str] = []
    for piece in pieces:
        attributes = [*map(_ATTRIBUTES, _DECODE(piece))]
        emails += map(_EMAIL, attributes)
        ids, numbers = (_given(map(of, attributes)) for of in (_EXTERNAL_ID, _NUMBER))
        if max(map(len, ids), default=0) > MAX_EXTERNAL_ID or not _are_numbers(numbers):
            raise _NotPlain
    if not emails or not _are_addresses(emails):
        raise _NotPlain
    return emails


def _given(values: Iterable[_Text]) -> list[str]:
    return [value for value in values if value is not msgspec.UNSET]


def _are_addresses(emails: list[str]) -> bool:
    longest, joined = max(map(len, emails)), "\n".join(emails)
    if longest > MAX_LENGTH or joined.lower() != joined or REFUSED_DOMAIN in joined:
        return False
    is_simple = longest <= SHORT and _fit(_SIMPLE_ADDRESSES, joined, len(emails))
    return is_simple or _fit(_ADDRESSES, joined, len(emails))


def _are_numbers(values: list[str]) -> bool:
    return not values or _fit(_NUMBERS, "\n".join(values), len(values))


def _fit(pattern: re.Pattern[str], joined: str, count: int) -> bool:
    """Tell whether each of *count* lines matches; *pattern* takes lines, and none that has another line in it."""
    return joined.count("\n") == count - 1 and pattern.fullmatch(joined) is not None


_DECODE = msgspec.json.Decoder(list[_Profile]).decode
_ATTRIBUTES = attrgetter("attributes")
_EMAIL, _NUMBER, _EXTERNAL_ID = attrgetter("email"), attrgetter("phone_number"), attrgetter("external_id")
_ADDRESSES = re.compile(rf"{ADDRESS}(?:\n{ADDRESS})*+", re.ASCII)
_SIMPLE_ADDRESSES = re.compile(rf"{SIMPLE_ADDRESS}(?:\n{SIMPLE_ADDRESS})*+", re.ASCII)
_NUMBERS = re.compile(rf"{E164}(?:\n{E164})*+", re.ASCII)
_BEFORE_PROFILES = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
_NEXT_PROFILE = b',{"type":"profile","attributes":'
_BEHIND_PROFILES = re.compile(
    rb'\]\}\}(?:,"relationships":\{"lists":\{"data":\[\{"type":"list","id":"(?P<list>\w{1,64})"\}\]\}\})?\}\}\Z'
)
_MAX_BEHIND = 200
_PIECE_BYTES = 25_000
"""A profile within a piece is smaller than Klaviyo's limit, also where numbers such as 1e15 are written out."""
