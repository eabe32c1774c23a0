"""The other end of `library_host.py`: an app under Azure's own runtime library, in a process of its own."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds that an answer may take before the test fails."""

LONGEST_LINE = 1024 * 1024
"""An invocation's answer is one line, and the description of the API is long."""

_SCRIPT = Path(__file__).with_name("library_host.py")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of an invocation: *returned* is the HTTP answer, *outputs* what was set on output bindings."""

    ok: bool
    returned: Any
    outputs: dict[str, Any]
    error: str | None
    trace: str | None

    @property
    def status(self) -> int:
        """Return the status of the HTTP answer."""
        return int(self._done().returned["status"])

    @property
    def document(self) -> Any:
        """Return the JSON body of the HTTP answer."""
        return json.loads(self._done().returned["body"])

    def sent(self, output: str) -> list[Any]:
        """Return the JSON messages that were set on *output*."""
        return [json.loads(message) for message in self._done().outputs[output]]

    def _done(self) -> "Invocation":
        assert self.ok, self.trace
        return self


class LoadedApp:
    """An app that was offered to the library: its *functions*, or the *error* why it was refused."""

    def __init__(self, line: "_Line", indexed: dict[str, Any]) -> None:
        self._line = line
        self.error: str = indexed.get("error", "")
        self.functions: dict[str, dict[str, Any]] = indexed.get("functions", {})
        self.invoked: set[str] = set()

    async def http(self, function: str, method: str, path: str, /, **route: str) -> Invocation:
        """Invoke an HTTP function."""
        url = f"http://localhost/api/{path}"
        value = {"method": method, "url": url, "headers": {}, "params": route, "query": {}, "body": ""}
        return await self._invoke(function, value, {})

    async def timer(self, function: str) -> Invocation:
        """Invoke a timer function."""
        return await self._invoke(function, {"IsPastDue": False, "ScheduleStatus": {}, "Schedule": {}}, {})

    async def queue(self, function: str, body: str) -> Invocation:
        """Invoke a queue function."""
        return await self._invoke(function, body, {"Id": "message-1", "DequeueCount": 1})

    async def _invoke(self, function: str, value: Any, metadata: dict[str, Any]) -> Invocation:
        self.invoked.add(function)
        bindings = self.functions[function]["bindings"]
        trigger = next(binding["name"] for binding in bindings if binding["type"].endswith("Trigger"))
        await self._line.write({"function": function, "trigger": trigger, "value": value, "metadata": metadata})
        return Invocation(**await self._line.read())


@asynccontextmanager
async def loaded_app(folder: Path, environment: Mapping[str, str], log: Path) -> AsyncIterator[LoadedApp]:
    """Offer the app in *folder* to the library while the block runs; what it prints and logs goes to *log*."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(_SCRIPT), str(folder)),
            env=dict(environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=output,
            limit=LONGEST_LINE,
        )
    line = _Line(process, log)
    try:
        yield LoadedApp(line, await line.read())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class _Line:
    """Lines of JSON to and from the process."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        assert process.stdin
        assert process.stdout
        self._requests, self._answers, self._log = process.stdin, process.stdout, log

    async def write(self, value: dict[str, Any]) -> None:
        self._requests.write(json.dumps(value).encode() + b"\n")
        await self._requests.drain()

    async def read(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            answer = await self._answers.readline()
        assert answer, f"The library's process ended without an answer:\n{self._log.read_text(errors='replace')}"
        document: dict[str, Any] = json.loads(answer)
        return document
