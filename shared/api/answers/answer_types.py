"""The types of fields that only answers have."""

from typing import Annotated

from shared.domain.config.field_types import Described

Address = Annotated[str, Described(pattern="^/api/")]
"""An address of the API: a path on this host."""
Time = Annotated[str, Described(format="date-time")]
"""A time as `utc_text` writes it."""
Share = Annotated[float, Described(minimum=0, maximum=1)]
