"""The app of this process, wired up at the first call and not when the functions are listed."""

import asyncio
from weakref import WeakKeyDictionary

from shared.app import App

_apps: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[App]]" = WeakKeyDictionary()


async def current_app() -> App:
    """Return the app of this process, wired up at the first call.

    One for each event loop, as connections belong to the loop they were made in; Azure has one loop a process.
    """
    loop = asyncio.get_running_loop()
    opening = _apps.get(loop)
    if opening is None or (opening.done() and opening.exception()):
        opening = _apps[loop] = loop.create_task(_open())
    return await asyncio.shield(opening)


async def _open() -> App:
    from shared.wiring import open_app  # noqa: PLC0415 - slow to import, and a cold start waits for what this module does

    return await open_app()
