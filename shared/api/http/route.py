"""What there is to say about one call of the management API."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from shared.api.access.callers import Role
from shared.api.http.request import Answer, Request

Handle = Callable[[Request], Awaitable[Answer]]

LINES = "lines"
"""The shape of an answer that is NDJSON."""


@dataclass(frozen=True, slots=True)
class Route:
    """One call: *path* stands below ``/api``, *role* is the least that may make it.

    *answers* gives for each good status the shape of its body, *problems* the statuses that are not possible anywhere;
    *query* and *headers* name its parameters, *body* the shape of what is sent.
    """

    method: str
    path: str
    role: Role
    handle: Handle
    answers: Mapping[int, str]
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    body: str | None = None
    problems: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the operation, which is that of the function in Azure, too."""
        return self.handle.__name__

    @property
    def summary(self) -> str:
        """Return what it does, in a sentence."""
        return (self.handle.__doc__ or "").partition("\n")[0]

    @property
    def takes_body(self) -> bool:
        """Tell whether a body is looked at."""
        return self.body is not None
