"""``python -m local COMMAND``: the tools for a laptop."""

import argparse
import asyncio
import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from local.processes import LocalProblem

FAILED = 1
INTERRUPTED = 130
"""The exit code that a shell expects of a command that Ctrl-C has ended."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its *module* has `add_arguments` and `run`, and is imported only when the command is chosen.

    A command that *serves* runs until a signal ends it; its exit code is 0 then.
    """

    module: str
    help: str
    serves: bool = False


COMMANDS = {
    "demo": Command("local.demo.command", "export a segment into a Klaviyo list and show the result"),
    "host": Command("local.host.command", "run the app's functions, like 'func start'", serves=True),
    "klaviyo": Command("local.klaviyo.command", "run the Klaviyo simulator", serves=True),
    "storage": Command("local.storage", "run the storage emulator and print its connection string", serves=True),
    "segment": Command("local.segment", "write the rows of a sample segment, or a folder of them"),
    "upload": Command(
        "local.upload", "upload a file of rows into a segment of the storage that the app's settings name"
    ),
    "openapi": Command("local.openapi", "write docs/openapi.json and the table of calls in docs/api.md"),
    "chaos": Command(
        "local.chaos.command", "kill the hosts at random moments, and compare every row with its expected outcome"
    ),
    "conformance": Command("local.conformance.command", "compare a functions host with what was seen of a real one"),
    "web": Command("local.web.command", "build the page of the app from web/ into shared/page/"),
    "screenshots": Command("local.screenshots.command", "make the pictures of the page in docs/pictures/"),
    "package": Command("local.package", "write the zip that is deployed"),
    "release": Command(
        "local.deployment.release",
        "write what a release has beside the package: the template that deploys it, its form",
    ),
    "documents": Command(
        "local.deployment.documents", "save the connections and exports of an installation, or load them into another"
    ),
    "costs": Command(
        "local.bench.costs.command", "count what Azure bills for a large run and an idle month, and what that costs"
    ),
    "recovery": Command(
        "local.bench.recovery", "measure how long a run stands still after a stop, a kill, and a silent storage"
    ),
    "bench": Command("local.bench.command", "measure the product against bare loops and Klaviyo's own client"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the command line names and return the exit code."""
    words = sys.argv[1:] if words is None else words
    try:
        name, arguments, module = _parse(words)
        return asyncio.run(_run(module.run(arguments), serves=COMMANDS[name].serves))
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the output has closed its end, like `head`. Python would raise again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _parse(words: Sequence[str]) -> tuple[str, argparse.Namespace, ModuleType]:
    parser = argparse.ArgumentParser(prog="python -m local", description="The tools for a laptop.")
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    subparsers = {
        name: parsers.add_parser(name, help=command.help, description=f"{command.help[0].upper()}{command.help[1:]}.")
        for name, command in COMMANDS.items()
    }
    chosen = next((word for word in words if not word.startswith("-")), None)
    if chosen not in COMMANDS:
        parser.parse_args(words)
        parser.error(f"unknown command '{chosen}'")
    module = importlib.import_module(COMMANDS[chosen].module)
    module.add_arguments(subparsers[chosen])
    return chosen, parser.parse_args(words), module


async def _run(command: Coroutine[Any, Any, int], *, serves: bool) -> int:
    """Await the command; SIGINT and SIGTERM cancel the command, so that it cleans up."""
    task = asyncio.create_task(command)
    caught: list[signal.Signals] = []
    with contextlib.suppress(NotImplementedError):  # on Windows, where Ctrl-C interrupts without it
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _cancel, task, caught, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not caught:
            raise
    return 0 if serves else 128 + caught[0]


def _cancel(task: "asyncio.Task[int]", caught: list[signal.Signals], number: signal.Signals) -> None:
    """Cancel the command, so that it cleans up; a second signal ends this process at once.

    The supervisor of each child process then stops the child.
    """
    if caught:
        os._exit(128 + number)
    caught.append(number)
    task.cancel()


if __name__ == "__main__":
    sys.exit(main())
