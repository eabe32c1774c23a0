"""How an export overrides what the app finds out about its files."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from shared.domain.config.document_model import PartModel
from shared.domain.config.field_problems import wrong, wrong_items
from shared.domain.config.field_types import NULL_IS_DEFAULT, Described, Text, text_of
from shared.domain.rows.text_encodings import ENCODINGS, codec_of
from shared.domain.sentences import Sentence, say

MAX_NULL_VALUES = 50
MAX_NULL_VALUE = 64
MAX_COLUMNS = 2000
_DELIMITER = r"[\t !#$%&()*+,./:;<=>?@\[\]^_`{|}~-]"
_is_delimiter = re.compile(_DELIMITER).fullmatch


def _encoding(value: Any) -> str:
    name = text_of(value)
    if codec_of(name):
        return name
    text = "must be an encoding that files can be read in, such as {known}"
    raise wrong(say("not_an_encoding", text, known=", ".join(ENCODINGS)))


def _delimiter(value: Any) -> str:
    if isinstance(value, str) and _is_delimiter(value):
        return value
    text = "must be one character: a comma, a semicolon, a tab or another sign, but no quote, letter or digit"
    raise wrong(say("not_a_delimiter", text))


def _columns(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(name, str) and name for name in value):
        raise wrong(say("not_a_list_of_texts", "must be a list of texts with at least one in it"))
    if info.context and len(value) > MAX_COLUMNS:
        raise wrong(say("too_many", "must be at most {limit} names", limit=MAX_COLUMNS))
    if problems := [*_repeated(value)]:
        raise wrong_items(problems)
    return tuple(value)


def _repeated(names: Iterable[str]) -> Iterator[tuple[int | None, Sentence]]:
    seen = set[str]()
    for index, name in enumerate(names):
        if name in seen:
            yield index, say("there_twice", "is there twice")
        seen.add(name)


def _null_values(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise wrong(say("not_a_list_of_texts", "must be a list of texts"))
    if info.context and len(value) > MAX_NULL_VALUES:
        raise wrong(say("too_many", "must be at most {limit} texts", limit=MAX_NULL_VALUES))
    if info.context and (problems := [*_too_long(value)]):
        raise wrong_items(problems)
    return tuple(value)


def _too_long(texts: Iterable[str]) -> Iterator[tuple[int | None, Sentence]]:
    for index, text in enumerate(texts):
        if len(text) > MAX_NULL_VALUE:
            yield index, say("too_long", "must have at most {limit} characters", limit=MAX_NULL_VALUE)


_UNSET = Field(exclude_if=lambda value: value is None)


class Reading(PartModel):
    """What an export says of its files; None stands for what the app finds out, and documents leave it out.

    *columns* are the names of the columns of CSV; where a file has a header, they take the place of its names.
    *null_values* are texts of CSV that stand for no value. *decimal_comma* tells that numbers are written as 1234,56.
    """

    WHAT = "The reading"

    encoding: Annotated[
        Annotated[str, BeforeValidator(_encoding), Described(minLength=1, examples=["windows-1251"])] | None, _UNSET
    ] = None
    delimiter: Annotated[
        Annotated[str, BeforeValidator(_delimiter), Described(pattern=f"^{_DELIMITER}$")] | None, _UNSET
    ] = None
    escape: Annotated[Literal["doubled", "backslash"] | None, _UNSET] = None
    header: Annotated[bool | None, _UNSET] = None
    columns: Annotated[
        Annotated[
            tuple[Text, ...],
            BeforeValidator(_columns),
            Described(minItems=1, written={"maxItems": MAX_COLUMNS, "uniqueItems": True}),
        ]
        | None,
        _UNSET,
    ] = None
    null_values: Annotated[
        tuple[Annotated[str, Described(written={"maxLength": MAX_NULL_VALUE})], ...],
        BeforeValidator(_null_values),
        Described(written={"maxItems": MAX_NULL_VALUES}),
        Field(exclude_if=lambda texts: not texts),
        NULL_IS_DEFAULT,
    ] = ()
    decimal_comma: Annotated[bool | None, _UNSET] = None

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> "Reading":
        if info.context and self.header is False and self.columns is None:
            raise wrong(say("columns_missing", "must have columns, the names of the columns, where header is false"))
        return self

    def document(self) -> dict[str, Any]:
        """Return what the export says, as it stands in the export."""
        return self.model_dump(mode="json")
