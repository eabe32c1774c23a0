"""One call of the management API: its address, the role that it needs, its handler and its description."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from shared.api.access.callers import Role
from shared.api.http.patience import CALL_SECONDS
from shared.api.http.request import Answer, Request

Handle = Callable[[Request], Coroutine[Any, Any, Answer]]

LINES = "lines"
"""Stands for the schema of an answer that is NDJSON."""
LINES_OR_CSV = "lines or csv"
"""Stands for the schema of an answer that is NDJSON, or CSV where the caller asks for that."""


@dataclass(frozen=True, slots=True)
class Route:
    """One call: *path* lies below ``/api``, *role* is the lowest role that may make the call.

    *answers* has the name of the schema of the answer for each status of success.
    *problems* are the statuses of failure beside those that every call may answer with.
    *seconds* is how long the call may take.
    Where *is_shared*, those who ask for the same at the same time get one answer.
    *query* and *headers* name the parameters. *body* is the name of the schema of the request body.
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
    seconds: float = CALL_SECONDS
    is_shared: bool = False

    @property
    def name(self) -> str:
        """Return the name of the operation, which is also the name of the function in Azure."""
        return self.handle.__name__

    @property
    def summary(self) -> str:
        """Return what the call does, in one sentence."""
        return (self.handle.__doc__ or "").partition("\n")[0]
