"""The rules from a row's columns to a profile's attributes."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from shared.domain.config.document_model import Model, PartModel
from shared.domain.config.field_problems import OF_A_NAME, wrong, wrong_items
from shared.domain.config.field_types import MOST, NULL_IS_DEFAULT, Text, text_of
from shared.domain.sentences import Sentence, say

ValueType = Literal["integer", "number", "boolean", "date", "datetime", "text"]
"""What the values of a column stand for."""
_NUMBERS: tuple[ValueType, ...] = ("integer", "number")
_DATES: tuple[ValueType, ...] = ("date", "datetime")

LOCATION_NUMBER_FIELDS = ("latitude", "longitude")
"""Klaviyo also accepts these as numbers."""


def _own_name(name: str) -> str:
    if not name or name.startswith("$"):
        text = "must not be empty or begin with '$', which is Klaviyo's own"
        raise wrong(say("not_a_property_name", text), kind=OF_A_NAME)
    return name


def _email_column(value: Any) -> Any:
    if isinstance(value, dict):
        raise wrong(say("email_is_a_column", "must be the name of a column; an e-mail address takes nothing else"))
    return value


def _date_format(value: Any) -> str:
    """Return *value*, a form of dates from which day, month and year can be read back."""
    text, moment = text_of(value), datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    try:
        is_known = set(re.findall("%(.?)", text)) <= _KNOWN_MARKS
        is_usable = is_known and datetime.strptime(moment.strftime(text), text).date() == moment.date()  # noqa: DTZ007 - for its day
    except (ValueError, re.error):
        is_usable = False
    if not is_usable:
        rule = "must be a form of dates such as '%d.%m.%Y', with a day, a month and a year"
        raise wrong(Sentence("not_a_date_format", {}, rule))
    return text


def _constant(value: Any) -> Any:
    """Return *value*, which all profiles have: a text, a number, true or false."""
    if isinstance(value, str):
        text = text_of(value.strip())
        if not text.isprintable():
            raise wrong(say("not_one_line", "must be a text that can be read, on one line"))
        return text
    if isinstance(value, bool) or (isinstance(value, int | float) and isfinite(value) and abs(value) <= MOST):
        return value
    raise wrong(say("not_a_constant", "must be a text, a number, true or false"))


class Entry(PartModel):
    """Where an attribute comes from: a *column*, or the constant *value*.

    *type* says what the values of the column stand for; None takes them as they come. *decimal_comma* tells that
    numbers are written as 1234,56, None that they are written as the export says for its files. *date_format* is the
    form of dates, as Python's `strptime` reads it.
    """

    column: Text | None = None
    value: Annotated[Any, BeforeValidator(_constant)] = None
    type: ValueType | None = None
    decimal_comma: bool | None = None
    date_format: Annotated[str, BeforeValidator(_date_format)] | None = None

    def document(self) -> Any:
        """Return the entry as it stands in a mapping: the name of a column where nothing else is said."""
        said = self.model_dump(exclude_none=True)
        return said["column"] if said.keys() == {"column"} else said


class _EntryForms:
    """Reads an entry of a mapping: the name of a column, or an object.

    *types* are those that the attribute may have. *constant* says which constants the attribute takes.
    """

    def __init__(self, *types: ValueType, constant: Literal["any", "text", "none"]) -> None:
        self._types = types
        self._constant = constant

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            self._read,
            handler.generate_schema(Entry),
            serialization=core_schema.plain_serializer_function_ser_schema(Entry.document),
        )

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        text = {"type": "string", "minLength": 1}
        typed: dict[str, Any] = {"column": text, "type": {"enum": [*self._types, None]}}
        typed["decimal_comma"] = {"type": ["boolean", "null"]}
        typed["date_format"] = {"type": ["string", "null"], "minLength": 1}
        forms = [text, {"type": "object", "properties": typed, "required": ["column"], "additionalProperties": False}]
        if self._constant != "none":
            kinds = ["string", "number", "boolean"] if self._constant == "any" else ["string", "number"]
            value = {"value": {"type": kinds}}
            forms += [{"type": "object", "properties": value, "required": ["value"], "additionalProperties": False}]
        return {"anyOf": forms}

    def _read(self, value: Any, read_entry: ValidatorFunctionWrapHandler) -> Entry:
        if isinstance(value, str):
            return Entry(column=text_of(value))
        if not isinstance(value, dict | Entry):
            raise wrong(say("not_an_entry", "must be the name of a column, or an object with column or value"))
        entry: Entry = read_entry(value)
        if problems := list(self._problems(entry)):
            raise wrong_items(problems)
        return entry

    def _problems(self, entry: Entry) -> Iterator[tuple[str | None, Sentence]]:
        if (entry.column is None) == (entry.value is None):
            yield None, say("column_or_value", "must have either column or value")
            return
        if entry.value is not None:
            yield from self._problems_of_constant(entry)
            return
        if entry.type is not None and entry.type not in self._types:
            yield "type", say("not_a_choice", "must be one of {choices}", choices=", ".join(self._types))
        if entry.decimal_comma is not None and not self._is(entry, _NUMBERS):
            yield (
                "decimal_comma",
                say("of_another_type", "is for the type {types} only", types=" or ".join(_NUMBERS)),
            )
        if entry.date_format is not None and not self._is(entry, _DATES):
            yield "date_format", say("of_another_type", "is for the type {types} only", types=" or ".join(_DATES))

    def _problems_of_constant(self, entry: Entry) -> Iterator[tuple[str | None, Sentence]]:
        if self._constant == "none":
            yield "value", say("no_constant", "must not be the same for all profiles; name a column")
        elif self._constant == "text" and isinstance(entry.value, bool):
            yield "value", say("not_a_constant_text", "must be a text or a number")
        for name in ("type", "decimal_comma", "date_format"):
            if getattr(entry, name) is not None:
                yield name, say("beside_a_constant", "must not stand beside value")

    def _is(self, entry: Entry, types: Iterable[ValueType]) -> bool:
        return (entry.type or self._types[0]) in types


def _unmapped(entry: Entry | None) -> bool:
    return entry is None


_UNMAPPED = Field(exclude_if=_unmapped)
TextEntry = Annotated[Annotated[Entry, _EntryForms("text", constant="text")] | None, _UNMAPPED]
"""Where a text comes from, or None where the attribute is not mapped; documents leave None out."""
DegreesEntry = Annotated[Annotated[Entry, _EntryForms("number", constant="none")] | None, _UNMAPPED]
PhoneEntry = Annotated[Annotated[Entry, _EntryForms("text", constant="none")] | None, _UNMAPPED]
IdEntry = Annotated[Annotated[Entry, _EntryForms("text", "integer", constant="none")] | None, _UNMAPPED]
PropertyEntry = Annotated[
    Entry, _EntryForms("text", "integer", "number", "boolean", "date", "datetime", constant="any")
]


class Location(PartModel):
    """Where each part of a profile's location comes from; the parts have Klaviyo's names."""

    address1: TextEntry = None
    address2: TextEntry = None
    city: TextEntry = None
    country: TextEntry = None
    region: TextEntry = None
    zip: TextEntry = None
    timezone: TextEntry = None
    ip: TextEntry = None
    latitude: DegreesEntry = None
    longitude: DegreesEntry = None

    def entries(self) -> dict[str, Entry]:
        """Return where each part that is mapped comes from."""
        return _entries(self, Location.model_fields)


class Mapping(Model):
    """Where each attribute of a profile comes from; columns that the mapping does not name never leave the storage.

    The names are Klaviyo's standard attributes (its OpenAPI, ``ProfileUpsertQueryResourceObject``); *properties* are
    the customer's own.
    """

    WHAT = "The mapping"

    email: Annotated[Text, BeforeValidator(_email_column)]
    phone_number: PhoneEntry = None
    external_id: IdEntry = None
    first_name: TextEntry = None
    last_name: TextEntry = None
    organization: TextEntry = None
    locale: TextEntry = None
    title: TextEntry = None
    image: TextEntry = None
    location: Annotated[Location, NULL_IS_DEFAULT] = Field(
        default_factory=Location, exclude_if=lambda location: not location.entries()
    )
    properties: Annotated[dict[Annotated[str, BeforeValidator(_own_name)], PropertyEntry], NULL_IS_DEFAULT] = Field(
        default_factory=dict, exclude_if=lambda own: not own
    )

    @classmethod
    def unknown_field(cls) -> Sentence:
        """Return the sentence for a field that is not known, with the known ones; the last is ``properties``."""
        text = "is not a known field (known: {known}, which takes your own)"
        return say("unknown_field", text, known=", ".join(cls.model_fields))

    def texts(self) -> dict[str, Entry]:
        """Return where each mapped standard attribute comes from, without the e-mail address and the location."""
        return _entries(self, TEXT_FIELDS)

    def typed_by_source(self) -> frozenset[str]:
        """Return the columns whose types are those of the source: of properties that the mapping gives no type."""
        entries = self.properties.values()
        return frozenset(each.column for each in entries if each.column is not None and each.type is None)

    def columns(self) -> tuple[str, ...]:
        """Return every column that the mapping names, once each."""
        entries = (*self.texts().values(), *self.location.entries().values(), *self.properties.values())
        return tuple(dict.fromkeys((self.email, *(entry.column for entry in entries if entry.column is not None))))

    def document(self) -> dict[str, Any]:
        """Return the mapping as it stands in an export."""
        return self.model_dump()


TEXT_FIELDS = tuple(name for name in Mapping.model_fields if name not in ("email", "location", "properties"))
"""The standard attributes that ``Mapping.texts`` returns."""


def _entries(model: Model, names: Iterable[str]) -> dict[str, Entry]:
    return {name: entry for name in names if (entry := getattr(model, name)) is not None}


_KNOWN_MARKS = frozenset("dmYyjbBHIMSfpz%")
"""The marks of `strptime` that mean the same on every machine."""
