"""How long a person waits for an answer, and what the person is told about whoever did not give one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from shared.app import App
from shared.domain.errors import Unavailable
from shared.domain.sentences import say
from shared.pipeline.watching.time_limit import in_time
from shared.ports import Clock
from shared.ports.heard import KLAVIYO, SEGMENTS, STORAGE, VAULT, heard, listening

CALL_SECONDS = 10.0
"""A call that asks storage, the vault or Klaviyo is answered within this time."""
MANY_SECONDS = 100.0
"""So long a call may take that works through all exports, one after the other."""

_Result = TypeVar("_Result")


def with_names(app: App) -> App:
    """Return *app* over ports that note by name who is waited for."""
    resources = replace(
        app.resources,
        store=app.store.through(lambda documents: heard(documents, STORAGE)),
        segments=heard(app.resources.segments, SEGMENTS),
        sinks=heard(app.resources.sinks, KLAVIYO),
    )
    return replace(app, resources=resources, secrets=heard(app.secrets, VAULT))


async def patiently(clock: Clock, seconds: float, work: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
    """Return what *work* returns; stop it and raise `Unavailable`, which names who did not answer, after *seconds*."""
    with listening() as names:
        return await in_time(seconds, clock, work(), late=lambda: _no_answer(names[-1] if names else None, seconds))


async def opened_in(seconds: float, open_app: Callable[[], Awaitable[App]]) -> App:
    """Return the app; wiring it up asks the storage, so this raises `Unavailable` where that takes too long."""
    try:
        async with asyncio.timeout(seconds):
            return await open_app()
    except TimeoutError as error:
        raise _no_answer(STORAGE, seconds) from error


def _no_answer(name: str | None, seconds: float) -> Unavailable:
    if name is None:
        text = "The call took longer than {seconds:g} seconds and was stopped; ask for less, or try again later."
        return Unavailable(say("call_took_too_long", text, seconds=seconds))
    text = "{name} did not answer within {seconds:g} seconds; try again later. /health/details says what is wrong."
    return Unavailable(say("no_answer_in_time", text, name=name[0].upper() + name[1:], seconds=seconds))
