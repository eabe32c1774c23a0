"""The kinds of values that only answers have."""

from typing import Annotated

from shared.domain.config.kinds import Described

Address = Annotated[str, Described(pattern="^/api/")]
"""Where something is shown: a path on this host."""
Time = Annotated[str, Described(format="date-time")]
"""A time as `utc_text` writes it."""
Share = Annotated[float, Described(minimum=0, maximum=1)]
