"""Whom a call waits for: a stand-in before a port notes it while the port has not answered.

A person who waits for an answer is told what did not answer; the port itself may be several calls below.
"""

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

STORAGE, SEGMENTS, VAULT, KLAVIYO = "the storage of the app", "the storage of the segments", "the vault", "Klaviyo"
"""What people call those who are asked."""

_Port = TypeVar("_Port")
_waiting: "ContextVar[list[str] | None]" = ContextVar("_waiting", default=None)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield the names of those whose answer the tasks begun in the block wait for, the latest one last."""
    names: list[str] = []
    token = _waiting.set(names)
    try:
        yield names
    finally:
        _waiting.reset(token)


def heard(port: _Port, name: str) -> _Port:
    """Return a stand-in for *port* that notes *name* while an answer of the port is waited for."""
    return cast("_Port", _Heard(port, name))


class _Heard:
    def __init__(self, port: Any, name: str) -> None:
        self._port = port
        self._name = name

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        return (lambda *given, **named: self._noted(found(*given, **named))) if callable(found) else found

    def __call__(self, *given: Any, **named: Any) -> Any:
        return heard(self._port(*given, **named), self._name)

    def _noted(self, answer: Any) -> Any:
        if inspect.isawaitable(answer):
            return _awaited(answer, self._name)
        return _iterated(answer, self._name) if isinstance(answer, AsyncIterator) else answer


async def _awaited(answer: Awaitable[Any], name: str) -> Any:
    with _noting(name):
        return await answer


async def _iterated(items: AsyncIterator[Any], name: str) -> AsyncGenerator[Any]:
    try:
        while True:
            with _noting(name):
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
            yield item
    finally:
        if isinstance(items, AsyncGenerator):
            await items.aclose()


@contextmanager
def _noting(name: str) -> Iterator[None]:
    names = _waiting.get()
    if names is None:
        yield
        return
    names.append(name)
    try:
        yield
    finally:
        names.remove(name)
