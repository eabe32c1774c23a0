"""What host and worker say to each other: plain data that any process can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Described:
    """A function as the worker found it: its arguments, its bindings, and which of these is its trigger."""

    name: str
    arguments: tuple[str, ...]
    bindings: tuple[Mapping[str, Any], ...]
    trigger: int | None


@dataclass(frozen=True, slots=True)
class HttpAsked:
    """A request for a function."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    route_params: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class MessageAsked:
    """A message of a queue for a function, with the queue's facts about the message."""

    body: bytes
    id: str | None = None
    dequeue_count: int = 1
    inserted_on: datetime | None = None
    expires_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimerAsked:
    """A call by the timer; *past_due* says that its time was missed."""

    past_due: bool = False


Asked = HttpAsked | MessageAsked | TimerAsked


@dataclass(frozen=True, slots=True)
class HttpAnswered:
    """An answer of a function, before the host makes HTTP of it."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Done:
    """A call that has returned: its answer, None where it is none, and the messages for each output."""

    answer: HttpAnswered | None
    outputs: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Raised:
    """A call that has raised; *traceback* is for the log."""

    traceback: str


class WorkerLost(Exception):
    """The worker died during the call, by itself or because the host has ended it."""


class Worker(Protocol):
    """Runs functions."""

    async def start(self) -> Sequence[Described]:
        """Load the app and return its functions. Raises `LocalProblem`."""
        ...

    async def call(self, name: str, asked: Asked) -> Done | Raised:
        """Call the function *name*. Raises `WorkerLost`."""
        ...

    async def kill(self) -> None:
        """End everything that runs in the worker, at once; a new worker takes its place."""
        ...

    async def tell(self) -> None:
        """Let the app know, if it listens, that the host stops."""
        ...

    async def stop(self) -> None:
        """End the worker for good, at once."""
        ...
