"""The types of fields: which values each type accepts, and the sentence for all others."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, ValidationInfo
from pydantic_core import CoreSchema, PydanticUseDefault, core_schema

from shared.domain.config.field_problems import wrong
from shared.domain.identifiers import ID_PATTERN, ID_RULE, is_id
from shared.domain.sentences import say
from shared.domain.times import utc_text

MOST = 2**53
"""A float holds every whole number up to this exactly, so every JSON parser reads the same number."""
_EARLIEST, _LATEST = 1970, 9000
"""The years of times: near the ends of the calendar, a change of the time zone would overflow."""
_FROM_ON = "must be a whole number from {least:,} on"
_FROM_TO = "must be a whole number from {least:,} to {most:,}"


class Described:
    """Adds the rule of a field to its JSON Schema, as in ``Described(minLength=1)``.

    *always* describes what people write and what the app answers.
    *written* describes only what people write: a stored value, which an answer shows, may be older than the rule.
    """

    def __init__(self, *, written: dict[str, Any] | None = None, **always: Any) -> None:
        self._written = written or {}
        self._always = always

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), **self._always, **(self._written if handler.mode == "validation" else {})}


class _NullIsDefault:
    """Reads null as the default of the field."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_default_for_null, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        return {"anyOf": [described, {"type": "null"}]} if handler.mode == "validation" else described


def text_of(value: Any) -> str:
    """Return *value*; refuses anything but a text that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise wrong(say("text_missing", "must be a text that is not empty"))


def whole_of(value: Any, least: int, most: int | None, *, or_null: bool = False) -> int:
    """Return *value*, a whole number from *least* to *most*, or from *least* on where *most* is None.

    JSON knows one kind of number: 10.0 is the whole number 10.
    *or_null* tells that the field may be null, which the sentence of a refusal then says.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) <= MOST:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value and (most is None or value <= most):
        return value
    text = _FROM_ON if most in (None, MOST) else _FROM_TO
    raise wrong(say("not_a_whole_number", text + (", or null" if or_null else ""), least=least, most=most))


def _identifier(value: Any) -> str:
    text = text_of(value)
    if is_id(text):
        return text
    raise wrong(say("not_an_id", ID_RULE))


def _in_address(value: Any, info: ValidationInfo) -> Any:
    if info.context and info.context.id and value != info.context.id:
        raise wrong(say("not_the_id_in_the_address", "must be the id in the address"))
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or not _EARLIEST <= moment.year <= _LATEST:
        raise wrong(say("not_a_time", "must be a time with its time zone"))
    return moment


def _count(value: Any) -> int:
    return whole_of(value, 0, MOST)


def _default_for_null(value: Any) -> Any:
    if value is None:
        raise PydanticUseDefault
    return value


Text = Annotated[str, BeforeValidator(text_of), Described(minLength=1)]
"""A text that is not empty."""
Identifier = Annotated[str, BeforeValidator(_identifier), Described(pattern=ID_PATTERN)]
"""The id of a connection, an export or a run."""
ID_IN_ADDRESS = BeforeValidator(_in_address)
"""For the id in a document whose address has the id too: the two must be equal, and the document may leave it out."""
Moment = Annotated[
    datetime, BeforeValidator(_moment), PlainSerializer(utc_text, when_used="json"), Described(format="date-time")
]
"""A time with its time zone; in documents a text in ISO 8601."""
Count = Annotated[int, BeforeValidator(_count), Described(minimum=0)]
"""A whole number from 0 on."""
READ_ONLY = Field(json_schema_extra={"readOnly": True})
"""For fields that the app itself records."""
NULL_IS_DEFAULT = _NullIsDefault()
"""For fields with a default: null is read as if the field were missing."""
