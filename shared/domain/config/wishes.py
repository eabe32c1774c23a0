"""What else somebody may ask for: the bodies of the calls that start, test, preview and duplicate."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from shared.domain.config.export import DisplayName, Export
from shared.domain.config.kinds import NULL_IS_DEFAULT, Described, Identifier, text_of, whole_of
from shared.domain.config.model import Model
from shared.domain.config.problems import wrong
from shared.domain.runs.run import MAX_LIMIT
from shared.domain.sentences import say

MAX_LIST_ID = 100
PREVIEW_ROWS, MAX_PREVIEW_ROWS = 20, 100
"""So many rows are shown, where nothing is said, and at most."""


def _limit(value: Any) -> int:
    return whole_of(value, 1, MAX_LIMIT)


def _preview_limit(value: Any) -> int:
    return whole_of(value, 1, MAX_PREVIEW_ROWS)


def _list_id(value: Any) -> str:
    list_id = text_of(value)
    if len(list_id) > MAX_LIST_ID:
        raise wrong(say("too_long", "must have at most {limit} characters", limit=MAX_LIST_ID))
    return list_id


class RunWish(Model):
    """What somebody asks of a run; *limit* is the number of rows after which it ends, None for all of them."""

    limit: Annotated[int, BeforeValidator(_limit), Described(minimum=1, maximum=MAX_LIMIT)] | None = None


class ListWish(Model):
    """What somebody asks about when they test a connection: a list, or none."""

    WHAT = "What is to be tested"

    list_id: Annotated[str, BeforeValidator(_list_id), Described(minLength=1, maxLength=MAX_LIST_ID)] | None = None


class PreviewWish(Model):
    """What somebody wants to see of a run before there is one; *export* of None is the one that is stored."""

    limit: Annotated[
        int, BeforeValidator(_preview_limit), Described(minimum=1, maximum=MAX_PREVIEW_ROWS), NULL_IS_DEFAULT
    ] = PREVIEW_ROWS
    export: Export | None = None


class ExportCopy(Model):
    """What a copy of an export is called; without *display_name* it is called after what it is a copy of."""

    id: Identifier
    display_name: DisplayName | None = None
