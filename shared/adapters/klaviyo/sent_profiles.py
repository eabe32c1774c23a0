"""The profiles of one batch as they are sent: without the attributes that Klaviyo has refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared.adapters.klaviyo.client.json_api import ApiError
from shared.adapters.klaviyo.profiles import encode_profile
from shared.domain.batches.batch import Batch

MAX_TAKEN_OUT = 5
"""After so many refused attributes the next refusal rejects the profile: each may cost one more request."""

Indexes = Sequence[int]
"""Positions of profiles in the batch (from 0), in order."""
Attributes = dict[str, Any]
Path = tuple[str, ...]
"""Where an attribute stands in a profile, such as ``("phone_number",)`` and ``("location", "latitude")``."""


class SentProfiles:
    """The profiles of *batch*, some of them without an attribute or several; mutable.

    An attribute is optional unless it is the e-mail address, which every profile of this app is known by.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._trimmed: dict[int, _Trimmed] = {}

    def payload_of(self, indexes: Indexes) -> bytes:
        """Return the encoded profiles *indexes*, joined by commas; they are never longer than those of the batch."""
        if not self._trimmed:
            return self._batch.payload_of(indexes)
        return b",".join([self._profile(index) for index in indexes])

    def take_out(self, index: int, errors: Sequence[ApiError]) -> ApiError | None:
        """Take the attributes that *errors* point at out of profile *index*; return the error that forbids it, if any.

        An error forbids it that points at no optional attribute of the profile as it was sent last. So an attribute
        that is refused again, although it is not there any more, costs the profile.
        """
        trimmed = self._trimmed.get(index) or _Trimmed(self._batch.profile(index))
        attributes: Attributes = orjson.loads(trimmed.profile)["attributes"]
        paths: dict[Path, None] = {}
        for error in errors:
            path = _optional_attribute(error.pointer, attributes)
            if path is None or trimmed.refused >= MAX_TAKEN_OUT:
                return error
            paths[path] = None
        names = [name for path in paths for name in _remove(path, attributes)]
        left_out, refused = (*trimmed.left_out, *names), trimmed.refused + len(paths)
        self._trimmed[index] = _Trimmed(encode_profile(attributes), left_out, refused)
        return None

    def forget(self, index: int) -> None:
        """Note that profile *index* is rejected, so that it has left nothing out."""
        self._trimmed.pop(index, None)

    def left_out(self) -> Iterator[tuple[int, str]]:
        """Yield the row of the source and the field in full, for each value that was left out."""
        for index, trimmed in sorted(self._trimmed.items()):
            for name in trimmed.left_out:
                yield self._batch.rows[index], name

    def _profile(self, index: int) -> bytes:
        trimmed = self._trimmed.get(index)
        return trimmed.profile if trimmed else self._batch.profile(index)


@dataclass(frozen=True, slots=True)
class _Trimmed:
    """A *profile* as it is sent now, the fields that it has *left_out*, and how many attributes Klaviyo *refused*."""

    profile: bytes
    left_out: tuple[str, ...] = ()
    refused: int = 0


def _optional_attribute(pointer: str, attributes: Attributes) -> Path | None:
    """Return the optional attribute that *pointer* leads to or into, None where it leads to none.

    Examples: ``attributes/phone_number``, ``attributes/location/latitude``, and ``attributes/properties/tags/3`` for
    the property ``tags``. A whole ``location`` or ``properties`` is an optional attribute as well.
    """
    root, _, inside = pointer.strip("/").partition("/")
    name, _, rest = inside.partition("/")
    if root != "attributes" or name == "email" or name not in attributes:
        return None
    if name not in _GROUPS or not rest:
        return (name,)
    as_escaped = rest.partition("/")[0].replace("~1", "/").replace("~0", "~")
    for key in (as_escaped, rest):  # the name of a property may hold a slash, and not everybody escapes it
        if key in attributes[name]:
            return name, key
    return None


def _remove(path: Path, attributes: Attributes) -> list[str]:
    """Remove the attribute at *path*, and a group that it leaves empty; return the fields that are gone, in full."""
    name = path[0]
    if name not in _GROUPS:
        del attributes[name]
        return [name]
    group = attributes.get(name, {})
    keys = [key for key in (path[1:] or tuple(group)) if key in group]
    for key in keys:
        del group[key]
    if not group:
        attributes.pop(name, None)
    return [f"{name}.{key}" for key in keys]


_GROUPS = ("location", "properties")
