"""The rules from a row's columns to a profile's attributes."""

from dataclasses import dataclass, field
from typing import Any

from shared.domain.config.reading import Reader

TEXT_FIELDS = (
    "phone_number",
    "external_id",
    "first_name",
    "last_name",
    "organization",
    "locale",
    "title",
    "image",
)
LOCATION_TEXT_FIELDS = ("address1", "address2", "city", "country", "region", "zip", "timezone", "ip")
LOCATION_NUMBER_FIELDS = ("latitude", "longitude")
"""Klaviyo's standard attributes beside the e-mail address (its OpenAPI, ``ProfileUpsertQueryResourceObject``)."""

Columns = dict[str, str]
"""Attribute → the column that it comes from."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column each attribute of a profile comes from; columns that it does not name never leave."""

    email: str
    fields: Columns = field(default_factory=dict)
    location: Columns = field(default_factory=dict)
    properties: Columns = field(default_factory=dict)

    @classmethod
    def read(cls, reader: Reader) -> "Mapping":
        """Read the mapping of an export, noting what is wrong in *reader*."""
        email = reader.text("email")
        fields = {name: reader.text(name) for name in TEXT_FIELDS if reader.raw(name) is not None}
        known = ("email", *TEXT_FIELDS, "location", "properties")
        reader.allow_only(known, more=f" (known: {', '.join(known)}, which takes your own)")
        return cls(email, fields, _location(reader.nested("location")), _properties(reader.nested("properties")))

    def columns(self) -> tuple[str, ...]:
        """Return every column that the mapping names, once each."""
        named = (*self.fields.values(), *self.location.values(), *self.properties.values())
        return tuple(dict.fromkeys((self.email, *named)))

    def document(self) -> dict[str, Any]:
        """Return the mapping as it stands in an export."""
        document: dict[str, Any] = {"email": self.email, **self.fields}
        if self.location:
            document["location"] = dict(self.location)
        if self.properties:
            document["properties"] = dict(self.properties)
        return document


def _location(reader: Reader) -> Columns:
    known = (*LOCATION_TEXT_FIELDS, *LOCATION_NUMBER_FIELDS)
    reader.allow_only(known, more=f" (known: {', '.join(known)})")
    return {name: reader.text(name) for name in known if reader.raw(name) is not None}


def _properties(reader: Reader) -> Columns:
    for name in reader.names():
        if not name or name.startswith("$"):
            reader.wrong(name, "must not be empty or begin with '$', which is Klaviyo's own")
    return {name: reader.text(name) for name in reader.names()}
