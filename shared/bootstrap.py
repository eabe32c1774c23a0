"""The app of this process. It is wired up at the first call, not when Azure lists the functions."""

import asyncio
import gc
import os
import threading
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from shared.app import App
from shared.settings import runs_in_azure
from shared.stop_signal import hear_stop
from shared.watchdog import watch_over

_apps: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[App]]" = WeakKeyDictionary()


async def current_app() -> App:
    """Return the app of this process and wire it up at the first call.

    Each event loop has its own app, because connections belong to the loop in which they were made.
    Azure runs one loop in a process, in its main thread: that one hears a stop, and a watchdog looks after it.
    A laptop has none, so that a debugger may hold the app as long as it likes.
    """
    loop = asyncio.get_running_loop()
    opening = _apps.get(loop)
    if opening is None or _has_failed(opening):
        opening = _apps[loop] = loop.create_task(_open())
    return await asyncio.shield(opening)


def _has_failed(opening: "asyncio.Task[App]") -> bool:
    return opening.done() and (opening.cancelled() or opening.exception() is not None)


async def _open() -> App:
    open_app = await asyncio.to_thread(_loaded)  # beside the loop, which meanwhile answers with the page and its health
    # Asked for by pyarrow when it is loaded: its own allocator keeps some 30 MB more to itself.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # noqa: TID251 - nothing is read
    app = await open_app()
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        _settle_garbage()
        hear_stop(loop, app.resources.stop.tell)
        if runs_in_azure():
            watch_over(loop)
    return app


def _loaded() -> Callable[[], Awaitable[App]]:
    from shared.wiring import open_app  # noqa: PLC0415 - slow to import, and each cold start imports this module

    return open_app


def _settle_garbage() -> None:
    """Take what is there by now, modules and models above all, out of the sight of the garbage collector, once.

    It stays as long as the process. Each full collection walked through all of it, and held the event loop for 60 ms.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
