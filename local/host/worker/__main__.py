"""The worker's process: ``python -m local.host.worker N``, where N is the file of the socket that leads to the host."""

import asyncio
import importlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import azure.functions as func

from local.host.worker.calls import Raised
from local.host.worker.frames import read_frame, write_frame
from local.host.worker.log import log_to_standard_error
from local.host.worker.performing import Performer
from local.host.worker.turns import asked_for, note_waits

APP = "function_app"


async def serve(to_host: socket.socket) -> None:
    """Load the app of the current folder, and perform calls until the host has gone."""
    reader, writer = await asyncio.open_connection(sock=to_host)
    try:
        performer = Performer(_load_app())
    except ValueError as error:
        write_frame(writer, str(error))
        await writer.drain()
        return
    write_frame(writer, performer.functions)
    running: set[asyncio.Task[None]] = set()
    if path := asked_for():
        running.add(asyncio.create_task(note_waits(path)))

    async def perform(number: int, name: str, asked: Any) -> None:
        try:
            done = await performer.perform(name, asked)
        except asyncio.CancelledError:  # by the function itself; nobody else cancels here
            done = Raised("The function was cancelled.")
        write_frame(writer, (number, done))
        await writer.drain()

    try:
        while True:
            task = asyncio.create_task(perform(*await read_frame(reader)))
            running.add(task)
            task.add_done_callback(running.discard)
    except EOFError:
        os._exit(0)  # no host tells an app about its end


def _load_app() -> func.FunctionApp:
    sys.path.insert(0, str(Path.cwd()))
    for value in vars(importlib.import_module(APP)).values():
        if isinstance(value, func.FunctionApp):
            return value
    raise ValueError(f"{APP}.py has no FunctionApp.")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group, and it is the host's to decide
    log_to_standard_error()
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1]))))
