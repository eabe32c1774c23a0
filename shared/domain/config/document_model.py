"""What every document that people write has in common: one model reads it, checks it and describes it.

A model reads in two ways. `Model.written` takes what somebody sends in: it names every field that it does not know, and
applies every rule. `read_stored` takes what is stored: it passes over fields that it does not know, since a newer
version of the app may have added them, and leaves out the rules that came later than the first stored documents.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator
from pydantic_core import ErrorDetails, ValidationError

from shared.domain.config.api_key import SECRET_PREFIX
from shared.domain.config.field_problems import OF_A_NAME, SENTENCE, Problem, WrongFields, pointer
from shared.domain.sentences import Sentence, say

_NOTHING = object()
"""Stands in the place of a required field that is missing.

No type accepts it, so a missing field is refused with the sentence of its type: "must be a text that is not empty".
"""


@dataclass(frozen=True, slots=True)
class Writing:
    """What the reader knows beside the document that somebody writes; pydantic calls this the context.

    *id* is the id in the address, empty where the address has none.
    *shown* are the fields that only answers have: a client may send them back, and the reader passes over them.
    *must_name* tells that a consent must name the person who agrees, because the caller is not signed in.
    *secret_prefix* begins the names of secrets with keys. *kept_secret* is the secret that the stored connection names:
    it may stay whatever its name, so that a consent can be withdrawn over a connection that is older than the rule.
    """

    id: str = ""
    shown: frozenset[str] = frozenset()
    must_name: bool = False
    secret_prefix: str = SECRET_PREFIX
    kept_secret: str | None = None


class Model(BaseModel):
    """A document or a part of one; immutable, compared by its fields.

    pydantic builds the validator of a model at the first use of the model, which keeps the cold start short.
    Making a model in code checks the types of its fields, and no rule that is only for what people write.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    WHAT: ClassVar[str] = "The body"
    """Begins the sentence that the document cannot be used."""

    @classmethod
    def written(cls, value: Any, writing: Writing | None = None) -> Self:
        """Read *value*, JSON that somebody wrote; raises `WrongFields` with everything that is wrong."""
        problems: list[Problem]
        try:
            return cls.model_validate(value, context=writing or Writing())
        except ValidationError as error:
            problems = problems_in(error, cls)
        raise WrongFields(cls.WHAT, problems)  # raised here: a traceback from the block above would lead to the values

    @classmethod
    def unknown_field(cls) -> Sentence:
        """Return the sentence for a field that this model does not know."""
        return say("unknown_field", "is not a known field", known=None)

    @classmethod
    def passed_over(cls, writing: Writing) -> Collection[str]:  # noqa: ARG003 - for those that pass something over
        """Return the fields that somebody may write although they change nothing."""
        return ()

    @model_validator(mode="before")
    @classmethod
    def _prepared(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict):
            return value
        kept = dict(value)
        if isinstance(info.context, Writing):
            for name in cls.passed_over(info.context):
                kept.pop(name, None)
            if info.context.id and "id" in cls.model_fields and kept.get("id") is None:
                kept["id"] = info.context.id
        missing = {name: _NOTHING for name, field in cls.model_fields.items() if field.is_required()}
        return {**missing, **kept}


class PartModel(Model):
    """A part of a document; a field that it does not know is refused with the names of those that it knows."""

    @classmethod
    def unknown_field(cls) -> Sentence:
        """Return the sentence for a field that is not known, with the known ones."""
        return say("unknown_field", "is not a known field (known: {known})", known=", ".join(cls.model_fields))


def read_only(kind: type[Model]) -> set[str]:
    """Return the fields of a model that the app itself records."""
    return {
        name
        for name, field in kind.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("readOnly")
    }


def problems_in(error: ValidationError, kind: type) -> list[Problem]:
    """Return the problems in *error*, which reading a document as a *kind* has raised, in our own sentences."""
    return [_problem(each, kind) for each in error.errors(include_url=False, include_input=False)]


_NO_OBJECT, _NO_LIST = say("not_an_object", "must be an object"), say("not_a_list", "must be a list")
_SENTENCES = {
    "missing": say("field_missing", "is missing"),
    "string_type": say("not_a_text", "must be a text"),
    "bool_type": say("not_true_or_false", "must be true or false"),
    "model_type": _NO_OBJECT,
    "dataclass_type": _NO_OBJECT,
    "dict_type": _NO_OBJECT,
    "mapping_type": _NO_OBJECT,
    "list_type": _NO_LIST,
    "tuple_type": _NO_LIST,
}
"""What we say for the types of pydantic's own errors."""
_WRONG_TYPE = say("wrong_type", "is not of its kind")
"""What we say for every other type."""


def _problem(error: ErrorDetails, kind: type) -> Problem:
    steps: Sequence[object] = error["loc"]
    if error["type"] == OF_A_NAME:
        *steps, _mark = steps  # pydantic's sign that the error is about the name
    return Problem(pointer(steps), _sentence(error, kind))


def _sentence(error: ErrorDetails, kind: type) -> Sentence:
    match error["type"]:
        case _ if SENTENCE in error.get("ctx", {}):
            ours: Sentence = error["ctx"][SENTENCE]
            return ours
        case "extra_forbidden":
            return _owner(kind, error["loc"][:-1]).unknown_field()
        case "enum" | "literal_error":
            choices = re.findall("'([^']*)'", error["ctx"]["expected"])
            return say("not_a_choice", "must be one of {choices}", choices=", ".join(choices))
        case other:
            return _SENTENCES.get(other, _WRONG_TYPE)


def _owner(hint: Any, steps: Iterable[object]) -> type[Model]:
    """Return the model of the object that lies at *steps* in a value of the type *hint*."""
    for each in steps:
        fields = _model_in(hint).model_fields
        if each in fields:  # a step that is no field is an index; all items have the same hint
            hint = fields[str(each)].annotation
    return _model_in(hint)


def _model_in(hint: Any) -> type[Model]:
    if isinstance(hint, type) and issubclass(hint, Model):
        return hint
    return next((found for part in get_args(hint) if (found := _model_in(part)) is not Model), Model)
