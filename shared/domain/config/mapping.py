"""The rules from a row's columns to a profile's attributes."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from shared.domain.config.document_model import Model
from shared.domain.config.field_problems import OF_A_NAME, wrong
from shared.domain.config.field_types import NULL_IS_DEFAULT, Text
from shared.domain.sentences import Sentence, say

Columns = dict[str, str]
"""Attribute → the column that it comes from."""

LOCATION_NUMBER_FIELDS = ("latitude", "longitude")
"""Klaviyo also accepts these as numbers."""


def _own_name(name: str) -> str:
    if not name or name.startswith("$"):
        text = "must not be empty or begin with '$', which is Klaviyo's own"
        raise wrong(say("not_a_property_name", text), kind=OF_A_NAME)
    return name


Column = Annotated[Text | None, Field(exclude_if=lambda column: column is None)]
"""The column of an attribute, or None where the attribute is not mapped; documents leave None out."""


class Location(Model):
    """The column of each part of a profile's location; the parts have Klaviyo's names."""

    address1: Column = None
    address2: Column = None
    city: Column = None
    country: Column = None
    region: Column = None
    zip: Column = None
    timezone: Column = None
    ip: Column = None
    latitude: Column = None
    longitude: Column = None

    @classmethod
    def unknown_field(cls) -> Sentence:
        """Return the sentence for a field that is not known, with the known ones."""
        return say("unknown_field", "is not a known field (known: {known})", known=", ".join(cls.model_fields))

    def columns(self) -> Columns:
        """Return the column of each part that is mapped."""
        return self.model_dump()


class Mapping(Model):
    """The column of each attribute of a profile; columns that the mapping does not name never leave the storage.

    The names are Klaviyo's standard attributes (its OpenAPI, ``ProfileUpsertQueryResourceObject``); *properties* are
    the customer's own.
    """

    WHAT = "The mapping"

    email: Text
    phone_number: Column = None
    external_id: Column = None
    first_name: Column = None
    last_name: Column = None
    organization: Column = None
    locale: Column = None
    title: Column = None
    image: Column = None
    location: Annotated[Location, NULL_IS_DEFAULT] = Field(
        default_factory=Location, exclude_if=lambda location: not location.columns()
    )
    properties: Annotated[dict[Annotated[str, BeforeValidator(_own_name)], Text], NULL_IS_DEFAULT] = Field(
        default_factory=dict, exclude_if=lambda own: not own
    )

    @classmethod
    def unknown_field(cls) -> Sentence:
        """Return the sentence for a field that is not known, with the known ones; the last is ``properties``."""
        text = "is not a known field (known: {known}, which takes your own)"
        return say("unknown_field", text, known=", ".join(cls.model_fields))

    def texts(self) -> Columns:
        """Return the column of each mapped standard attribute, without the e-mail address and the location."""
        return self.model_dump(include=set(TEXT_FIELDS))

    def columns(self) -> tuple[str, ...]:
        """Return every column that the mapping names, once each."""
        named = (*self.texts().values(), *self.location.columns().values(), *self.properties.values())
        return tuple(dict.fromkeys((self.email, *named)))

    def document(self) -> dict[str, Any]:
        """Return the mapping as it stands in an export."""
        return self.model_dump()


TEXT_FIELDS = tuple(name for name in Mapping.model_fields if name not in ("email", "location", "properties"))
"""The standard attributes that ``Mapping.texts`` returns."""
