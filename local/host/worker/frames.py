"""Sends objects through a socket between two processes of this machine that started each other."""

import asyncio
import pickle
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")


async def read_frame(reader: asyncio.StreamReader) -> Any:
    """Return the next object; raises `EOFError` when the other process has gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - from a process of our own
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise EOFError from error


def write_frame(writer: asyncio.StreamWriter, value: Any) -> None:
    """Send *value*."""
    data = pickle.dumps(value)
    writer.write(_LENGTH.pack(len(data)) + data)
