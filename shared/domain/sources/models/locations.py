"""Where a model says that a file lies: a full address, of which only the path below the container counts."""

from urllib.parse import unquote, urlsplit

_CONTAINER_IN_USER = ("abfs", "abfss", "wasb", "wasbs")
"""Schemes of addresses like ``abfss://container@account.dfs.core.windows.net/path``."""
_EMULATOR = ("127.0.0.1", "localhost")
"""Hosts of emulators, whose paths begin with the account."""


class Outside(ValueError):
    """The address names no file below a container."""


def blob_at(location: str) -> str:
    """Return the name of the blob at *location*, whatever its host and its container are; raises `Outside`.

    Example: ``https://a.blob.core.windows.net/ci/BlobExport/VIP%20gold/1.csv`` is ``BlobExport/VIP gold/1.csv``.
    """
    try:
        parts = urlsplit(location)
        host = parts.hostname
    except ValueError:
        raise Outside from None
    if not parts.scheme or not host:
        raise Outside
    steps = parts.path.split("/")[1:]
    above = 0 if parts.scheme.lower() in _CONTAINER_IN_USER else 2 if host in _EMULATOR else 1
    below = [unquote(step) for step in steps[above:]]
    name = "/".join(below)
    if not name or any(step in ("", ".", "..") for step in name.split("/")) or "\\" in name or "\0" in name:
        raise Outside
    return name
