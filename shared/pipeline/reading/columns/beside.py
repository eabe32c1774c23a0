"""Does work in a thread beside the event loop, which fetches what the work asks for."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from shared.ports import Clock

_T = TypeVar("_T")
Fetch = Callable[[int, int], bytes]
"""Takes where a range begins and how long it is; returns its bytes."""


async def beside_the_loop(
    work: Callable[[Fetch], Iterator[_T]], fetch: Callable[[int, int], Awaitable[bytes]], clock: Clock
) -> AsyncGenerator[_T]:
    """Yield what *work* yields, which runs in a thread of its own; the bytes that it asks for are from *fetch*.

    The thread rests while the caller works on an item, and while bytes are on their way. It ends with this generator.
    Raises what *work* and *fetch* raise.
    """
    talk = _Talk(work)
    talk.begin()
    try:
        said = await clock.beside(talk.go_on(None))
        while said is not None:
            if isinstance(said, _Wanted):
                said = await clock.beside(talk.go_on(await fetch(said.offset, said.length)))
            else:
                yield said.item
                said = await clock.beside(talk.go_on(None))
    finally:
        talk.stop()
        await clock.beside(talk.ended)


@dataclass(frozen=True, slots=True)
class _Wanted:
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class _Made(Generic[_T]):
    item: _T


class _Stopped(Exception):
    """Nobody waits for the work any more."""


class _Talk(Generic[_T]):
    """What the event loop and the thread say to each other, always one of them at a time; mutable.

    What the thread says ends the future of `go_on`: what it wants, an item that it has made, None at its end.
    """

    def __init__(self, work: Callable[[Fetch], Iterator[_T]]) -> None:
        self._work = work
        self._answers: SimpleQueue[bytes | _Stopped | None] = SimpleQueue()
        self._said = _begun(Future[_Wanted | _Made[_T] | None]())
        self.ended = _begun(Future[None]())

    def begin(self) -> None:
        Thread(target=self._run, name="beside the loop", daemon=True).start()

    def go_on(self, answer: bytes | None) -> "Future[_Wanted | _Made[_T] | None]":
        self._said = said = _begun(Future[_Wanted | _Made[_T] | None]())
        self._answers.put(answer)
        return said

    def stop(self) -> None:
        self._answers.put(_Stopped())

    def _run(self) -> None:
        try:
            self._wait()
            for item in self._work(self._fetch):
                self._say(_Made(item))
            self._said.set_result(None)
        except _Stopped:
            pass
        except BaseException as error:  # noqa: BLE001 - the one who waits gets it, whatever it is
            self._said.set_exception(error)
        finally:
            self.ended.set_result(None)

    def _fetch(self, offset: int, length: int) -> bytes:
        answer = self._say(_Wanted(offset, length))
        return answer or b""

    def _say(self, said: "_Wanted | _Made[_T]") -> bytes | None:
        self._said.set_result(said)
        return self._wait()

    def _wait(self) -> bytes | None:
        answer = self._answers.get()
        if isinstance(answer, _Stopped):
            raise answer
        return answer


def _begun(future: Future[_T]) -> Future[_T]:
    """Return *future*, which cannot be cancelled any more: the thread is at work on it."""
    future.set_running_or_notify_cancel()
    return future
