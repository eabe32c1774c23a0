"""Tests that use nothing but this process: no connection, no other process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FORBIDDEN = frozenset(
    {
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
    }
)
"""What Python reports of networks and processes, by the names of its audit events."""

_alone = False
_is_watched = False


class NotAlone(Exception):
    """A test was about to open a connection or to start a process; neither happened."""


@contextmanager
def alone() -> Iterator[None]:
    """Raise `NotAlone` at the first connection or process while the block runs."""
    global _alone, _is_watched  # noqa: PLW0603 - the hooks of Python belong to the whole process, and stay for ever
    if not _is_watched:
        sys.addaudithook(_look)
        _is_watched = True
    _alone = True
    try:
        yield
    finally:
        _alone = False


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if _alone and event in FORBIDDEN:
        raise NotAlone(f"{event}{arguments!r}: the tests of this folder open no connection and start no process.")
