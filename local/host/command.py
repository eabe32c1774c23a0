"""``python -m local host``: runs the functions host."""

import argparse
import gc
import math
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local.azurite import USUAL_PORT, azurite, emulator_at
from local.host.functions import HostedFunction, Http, Queue
from local.host.host import Timing, running_host
from local.host.http.authentication import LOGIN, Authentication
from local.host.http.keys import Keys
from local.host.http.routes import address
from local.host.http.server import Guard
from local.host.settings import EMULATOR, STORAGE, HostSettings, read_settings, refuse_real_address
from local.host.storage_queues import is_by_identity
from local.host.worker.log import log_to_standard_error
from local.host.worker.process import WorkerProcess

DEFAULT_PORT = 7071
EARLIEST = 0.006
"""A timer fires up to so many seconds early, as was seen of Azure's host."""
_QUICK_PAUSE = 1.0
_REST = "/{*path}"
_PAGE = f"ui{_REST}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        metavar="N",
        help="0 takes a free port, and free ports for the storage emulator (default: %(default)s)",
    )
    parser.add_argument(
        "--auth",
        choices=("none", "keys", "entra"),
        default="none",
        help="keys: ask for a key like Azure, and print the keys at the start; entra: like Azure with App Service "
        "Authentication, with a choice of role where Microsoft would ask who you are (default: %(default)s)",
    )
    parser.add_argument(
        "--stop",
        choices=("silent", "told"),
        default="silent",
        help="told: the app's process gets SIGTERM before it is killed (default: %(default)s)",
    )
    parser.add_argument(
        "--polling",
        choices=("quick", "azure"),
        default="quick",
        help="azure: look at an idle queue as seldom as host.json says, instead of each second (default: %(default)s)",
    )
    parser.add_argument("--real", action="store_true", help="allow the app to send to the real Klaviyo")


async def run(arguments: argparse.Namespace) -> int:
    """Run the app of the current folder until cancelled."""
    log_to_standard_error()
    settings = read_settings(Path.cwd(), os.environ)
    if not arguments.real:
        refuse_real_address(settings.values)
    async with _storage(settings, USUAL_PORT if arguments.port else 0) as storage:
        os.environ.update(settings.values)  # for the worker, before it loads the app
        if storage:
            os.environ[STORAGE] = storage
        if arguments.auth != "none":
            os.environ["AUTH_MODE"] = arguments.auth
        guard = _guard(arguments.auth)
        longest_pause = _QUICK_PAUSE if arguments.polling == "quick" else math.inf
        worker = WorkerProcess()
        timing = Timing(
            longest_pause=longest_pause,
            early=lambda: random.uniform(0, EARLIEST),
            tells=arguments.stop == "told",
        )
        async with running_host(worker, settings, storage, arguments.port, timing, guard) as host:
            for line in listing(host.functions, settings.route_prefix, host.url, guard):
                print(line)
            print(f"\nWorker process {worker.pid} runs the app.")
            if page := page_address(host.functions, settings.route_prefix, host.url):
                print(f"The page: {page}")
            gc.freeze()  # else this host holds up answers while it collects garbage, as the real one does not
            print(f"Ready at {host.url}, Ctrl-C ends it.", flush=True)
            await host.serve()
    return 0


def listing(functions: list[HostedFunction], prefix: str, url: str, guard: Guard | None) -> Iterator[str]:
    """Yield lines that list the functions, in the style of ``func start``."""
    base = f"http://localhost:{urlsplit(url).port}"
    yield "Functions:"
    yield ""
    for function in sorted(functions, key=lambda function: not isinstance(function.trigger, Http)):
        if isinstance(function.trigger, Http):
            methods = ",".join(function.trigger.methods)
            yield f"  {function.name}: [{methods}] {base}{address(prefix, function.trigger)}"
        else:
            yield f"  {function.name}: {'queueTrigger' if isinstance(function.trigger, Queue) else 'timerTrigger'}"
    yield ""
    yield f'Call any function by hand: POST {base}/admin/functions/NAME with {{"input": "..."}}'
    if isinstance(guard, Keys):
        yield f"Function key: {guard.function}"
        yield f"Master key, for /admin: {guard.master}"
    elif guard:
        yield f"Sign in at {base}{LOGIN}, as whomever you like."
    else:
        yield "This host checks no function keys; Azure does, and so does this host with --auth keys."


def page_address(functions: list[HostedFunction], prefix: str, url: str) -> str | None:
    """Return where the app has its page; None for an app without one."""
    for function in functions:
        if isinstance(function.trigger, Http) and function.trigger.route == _PAGE:
            return f"http://localhost:{urlsplit(url).port}{address(prefix, function.trigger).removesuffix(_REST)}/"
    return None


def _guard(auth: str) -> Guard | None:
    """Return who looks at callers for the option *auth*, and tell the app of it, which is not loaded yet."""
    if auth == "none":
        return None
    os.environ["AUTH_MODE"] = auth
    return Keys.fresh() if auth == "keys" else Authentication()


@asynccontextmanager
async def _storage(settings: HostSettings, port: int) -> AsyncIterator[str]:
    """Yield the connection string of the storage that the settings name, or of an Azurite at *port*.

    An Azurite that already runs at *port* is used. Otherwise this function starts one, which ends with the host.
    The connection string is empty when the settings lead to the storage by the app's identity.
    """
    configured = settings.values.get(STORAGE, "")
    if configured and configured != EMULATOR:
        yield configured
        return
    if is_by_identity(settings.values, STORAGE):
        yield ""
        return
    if port and (running := await emulator_at(port)):
        print(f"Storage, which already runs and keeps running after the host:\n\n  {running}\n")
        yield running
        return
    async with azurite(port=port) as storage:
        print(f"Storage, which ends with the host:\n\n  {storage.connection_string}\n")
        yield storage.connection_string
