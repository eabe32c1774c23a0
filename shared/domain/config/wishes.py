"""The bodies of the calls that start a run, test a connection, preview an export and duplicate an export."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationInfo

from shared.domain.config.document_model import Model
from shared.domain.config.export import DisplayName, Export, ListId, checked_list_id
from shared.domain.config.field_problems import wrong
from shared.domain.config.field_types import NULL_IS_DEFAULT, Described, Identifier, text_of, whole_of
from shared.domain.runs.run import MAX_LIMIT
from shared.domain.sentences import say

MAX_LIST_ID = 100
PREVIEW_ROWS, MAX_PREVIEW_ROWS = 20, 100
"""How many rows a preview shows by default, and at most."""


def _limit(value: Any) -> int:
    return whole_of(value, 1, MAX_LIMIT)


def _preview_limit(value: Any) -> int:
    return whole_of(value, 1, MAX_PREVIEW_ROWS)


def _list_id(value: Any) -> str:
    list_id = text_of(value)
    if len(list_id) > MAX_LIST_ID:
        raise wrong(say("too_long", "must have at most {limit} characters", limit=MAX_LIST_ID))
    return list_id


def _open_list_id(value: Any, info: ValidationInfo) -> str:
    return "" if value in (None, "") else checked_list_id(value, info)


class RunWish(Model):
    """How somebody wants a run; *limit* is the number of rows after which the run ends, None for all rows."""

    limit: Annotated[int, BeforeValidator(_limit), Described(minimum=1, maximum=MAX_LIMIT)] | None = None


class ConnectionTestWish(Model):
    """The list that a test of a connection also asks about; None for no list."""

    WHAT = "What is to be tested"

    list_id: Annotated[str, BeforeValidator(_list_id), Described(minLength=1, maxLength=MAX_LIST_ID)] | None = None


class ListWish(Model):
    """The name of a list that is to be made."""

    WHAT = "The list"

    name: DisplayName


class PreviewedExport(Export):
    """An export as a preview takes it: an empty *list_id* stands for a list that is yet to be chosen."""

    list_id: Annotated[str, BeforeValidator(_open_list_id, json_schema_input_type=ListId | Literal[""] | None)] = ""


class PreviewWish(Model):
    """What a preview shows: *limit* rows, of the *export* in the body or, where this is None, of the stored export."""

    limit: Annotated[
        int, BeforeValidator(_preview_limit), Described(minimum=1, maximum=MAX_PREVIEW_ROWS), NULL_IS_DEFAULT
    ] = PREVIEW_ROWS
    export: PreviewedExport | None = None


class ExportCopy(Model):
    """The id and the name of a copy of an export; *display_name* is by default the original's with " (copy)"."""

    id: Identifier
    display_name: DisplayName | None = None
