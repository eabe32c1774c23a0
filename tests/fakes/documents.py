"""Documents in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import orjson

from shared.domain.errors import ConfigurationError, Conflict, Damaged
from shared.ports import Document, check_line
from tests.fakes.faults import Faults


class MemoryDocuments:
    """The `Documents` port in memory; mutable.

    What lies where is in *blobs*; what shall go wrong, and what was called, in *faults*.
    Like storage, it gives everybody else a turn before and after each effect.
    """

    def __init__(self, documents: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.faults = Faults()
        self.blobs: dict[str, bytes] = {}
        self._tags: dict[str, str] = {}
        self._appended: set[str] = set()
        self._numbers = count(1)
        for path, value in (documents or {}).items():
            self.put(path, value)

    def put(self, path: str, value: Mapping[str, Any]) -> str:
        """Write *value* as somebody else, whatever was there; return the new tag."""
        return self._write(path, orjson.dumps(value))

    def value(self, path: str) -> Any:
        """Return the document at *path*; raises `KeyError` when there is none."""
        return orjson.loads(self.blobs[path])

    def lines(self, path: str) -> list[Any]:
        """Return the lines at *path*, parsed; raises `KeyError` when there is nothing."""
        return [orjson.loads(line) for line in self.blobs[path].splitlines()]

    def paths(self, prefix: str = "") -> list[str]:
        """Return the paths that begin with *prefix*, in order."""
        return sorted(path for path in self.blobs if path.startswith(prefix))

    async def get(self, path: str) -> Document | None:
        await self._begin("get", path)
        body = self.blobs.get(path)
        document = None if body is None else Document(_parsed(body, path), self._tags[path])
        await self._end("get", path)
        return document

    async def insert(self, path: str, value: Mapping[str, Any]) -> str | None:
        body = orjson.dumps(value)
        await self._begin("insert", path)
        tag = None if path in self.blobs else self._write(path, body)
        await self._end("insert", path)
        return tag

    async def replace(self, path: str, value: Mapping[str, Any], *, etag: str) -> str:
        body = orjson.dumps(value)
        await self._begin("replace", path)
        if self._tags.get(path) != etag:
            raise Conflict(f"'{path}' was changed by somebody else.")
        tag = self._write(path, body)
        await self._end("replace", path)
        return tag

    async def delete(self, path: str, *, etag: str | None = None) -> None:
        await self._begin("delete", path)
        if path in self.blobs and etag not in (None, self._tags.get(path)):
            raise Conflict(f"'{path}' was changed by somebody else.")
        self.blobs.pop(path, None)
        self._tags.pop(path, None)
        await self._end("delete", path)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        await self._begin("names", prefix)
        for path in self.paths(prefix):
            yield path
        await self._end("names", prefix)

    async def folders(self, prefix: str) -> AsyncIterator[str]:
        await self._begin("folders", prefix)
        below = (path[len(prefix) :].partition("/") for path in self.paths(prefix))
        for name in sorted({name for name, slash, _ in below if slash}):
            yield name
        await self._end("folders", prefix)

    async def write_lines(self, path: str, lines: AsyncIterator[bytes]) -> None:
        body = b"".join([line + b"\n" async for line in lines])
        await self._begin("write_lines", path)
        self._write(path, body)
        await self._end("write_lines", path)

    async def read_lines(self, path: str, *, at: int = 0) -> AsyncIterator[bytes]:
        await self._begin("read_lines", path)
        *lines, rest = self.blobs.get(path, b"").split(b"\n")
        position = 0
        for line in [*lines, rest] if rest else lines:
            if position >= at:
                yield line
            position += len(line) + 1
        await self._end("read_lines", path)

    async def append_line(self, path: str, line: bytes) -> None:
        check_line(line)
        await self._begin("append_line", path)
        if path in self.blobs and path not in self._appended:
            raise ConfigurationError(f"No line can be added to '{path}'.")
        self._write(path, self.blobs.get(path, b"") + line + b"\n")
        self._appended.add(path)
        await self._end("append_line", path)

    def _write(self, path: str, body: bytes) -> str:
        self.blobs[path] = body
        self._appended.discard(path)
        self._tags[path] = f'"{next(self._numbers)}"'
        return self._tags[path]

    async def _begin(self, call: str, path: str) -> None:
        await asyncio.sleep(0)
        await self.faults.before(call, path)

    async def _end(self, call: str, path: str) -> None:
        await self.faults.after(call, path)
        await asyncio.sleep(0)


def _parsed(body: bytes, path: str) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Damaged(f"'{path}' is not JSON; mend it or delete it.") from error
    if not isinstance(value, dict):
        raise Damaged(f"'{path}' is not a JSON object; mend it or delete it.")
    return value
