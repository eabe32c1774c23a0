"""Real processes in tests: ended whatever happens, and a connection that tells when one is gone."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

PATIENCE = 30
"""Seconds after which a test gives up on a real process."""


class Lifeline:
    """A connection to a port of this machine, for as long as the block runs."""

    def __init__(self, port: int | str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE)

    def is_cut(self) -> bool:
        """Wait until the other end is closed; False when it still is not after a long while."""
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()


@contextmanager
def killed_at_last(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Kill *process* at the end of the block, as leaving `Popen` waits, for ever if a test failed half-way."""
    with process:
        try:
            yield process
        finally:
            process.kill()
