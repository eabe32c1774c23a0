"""The types of fields that only answers have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from shared.domain.config.field_types import Described
from shared.domain.sentences import Value

Address = Annotated[str, Described(pattern="^/api/")]
"""An address of the API: a path on this host."""
Time = Annotated[str, Described(format="date-time")]
"""A time as `utc_text` writes it."""
Share = Annotated[float, Described(minimum=0, maximum=1)]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about an export; *pointer* is the JSON pointer of the field that it is about, None for no field."""

    code: str
    params: Mapping[str, Value]
    detail: str
    pointer: str | None
