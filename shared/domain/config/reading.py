"""How an export overrides what the app finds out about its files."""

from typing import Annotated

from pydantic import Field

from shared.domain.config.document_model import Model
from shared.domain.config.field_types import Text


class Reading(Model):
    """What an export says of its files; None stands for what the app finds out.

    *null_values* are texts of CSV that stand for no value. *decimal_comma* tells that numbers are written as 1234,56.
    """

    encoding: Text | None = None
    delimiter: Text | None = None
    escape: Text | None = None
    header: bool | None = None
    columns: tuple[Text, ...] | None = None
    null_values: Annotated[tuple[str, ...], Field()] = ()
    decimal_comma: bool | None = None
