"""``python -m local klaviyo``: runs the simulator until Ctrl-C."""

import argparse
import asyncio
import gc
import os
import sys

import orjson

from local.klaviyo.account.accounts import DEFAULT_KEY, DEFAULT_LIST, Account
from local.klaviyo.account.lists import Flow, ProfileList
from local.klaviyo.behaviour.settings import Behaviour
from local.klaviyo.http.endpoints import ALL_SCOPES
from local.klaviyo.server import serving
from local.klaviyo.simulator import Simulator
from local.processes import LocalProblem

DEFAULT_PORT = 8642

_MAX_PORT = 65535
_SWITCH_SECONDS = 0.001
"""Seconds between switches of threads: a new request waits at most this long while a thread reads a body."""
_GARBAGE_AFTER = 200_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.description = (
        "Simulate Klaviyo's API on this machine. The first line on standard output is the base address. "
        f"The key '{DEFAULT_KEY}' has all scopes. The list '{DEFAULT_LIST}' exists. Ctrl-C ends the simulator."
    )
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help="default %(default)s; 0 takes a free port")
    parser.add_argument("--counts-only", action="store_true", help="count profiles, but keep none, for many millions")
    parser.add_argument("--no-limits", action="store_true", help="keep no rate limits")
    parser.add_argument("--latency", type=_seconds, metavar="SECONDS", help="the duration of each answer")
    parser.add_argument("--jitter", type=_seconds, metavar="SECONDS", help="a random addition of at most this much")
    parser.add_argument("--job-seconds", type=_seconds, metavar="SECONDS", help="the duration of an import job")
    parser.add_argument("--seed", type=int, help="the same seed gives the same faults")
    parser.add_argument("--list", action="append", default=[], metavar="ID[=NAME]", help="add a list; repeatable")
    parser.add_argument(
        "--flow",
        action="append",
        default=[],
        type=_flow,
        metavar="LIST=NAME",
        help="add a live flow to a list; repeatable",
    )
    parser.add_argument("--key", default=DEFAULT_KEY, help="the private key to accept (default %(default)s)")
    parser.add_argument("--scopes", type=_scopes, default=ALL_SCOPES, metavar="SCOPE,…", help="the scopes of the key")
    parser.add_argument(
        "--account", action="append", default=[], type=_account, metavar="ID=KEY", help="add an account; repeatable"
    )
    parser.add_argument("--faults", default="{}", metavar="JSON", help="further settings, as in PUT /simulator/faults")


async def run(arguments: argparse.Namespace) -> int:
    """Serve until cancelled; raises `LocalProblem` when an argument or the port cannot be used."""
    account = Account(keys={arguments.key: arguments.scopes})
    if arguments.counts_only:
        account.count_only()
    for text in arguments.list:
        identifier, _, name = text.partition("=")
        account.lists[identifier] = ProfileList(identifier, name or identifier)
    for list_id, flow in arguments.flow:
        if list_id not in account.lists:
            raise LocalProblem(f"--flow names list '{list_id}', which does not exist; add the list with --list.")
        flows = account.lists[list_id].flows
        account.lists[list_id].flows = (*flows, Flow(f"{list_id}F{len(flows) + 1}", flow))
    others = [Account(identifier, keys={key: ALL_SCOPES}, lists=()) for identifier, key in arguments.account]
    simulator = Simulator([account, *others], behaviour=_behaviour(arguments))
    # An import of 10,000 profiles makes some 100,000 objects without cycles, so collecting more rarely is faster.
    gc.set_threshold(_GARBAGE_AFTER, 20, 20)
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        async with serving(simulator, port=arguments.port, in_threads=True) as base_url:
            print(base_url, flush=True)
            await asyncio.Event().wait()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise LocalProblem(f"Port {arguments.port} cannot be used ({reason}): choose another with --port.") from error
    return 0


def _behaviour(arguments: argparse.Namespace) -> Behaviour:
    settings = {
        "limits": False if arguments.no_limits else None,
        "latency": arguments.latency,
        "jitter": arguments.jitter,
        "job_seconds": arguments.job_seconds,
        "seed": arguments.seed,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    try:
        return Behaviour().changed(given).changed(orjson.loads(arguments.faults))
    except ValueError as error:
        raise LocalProblem(f"--faults or --seed cannot be used: {error}") from error


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= _MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_MAX_PORT}, not '{text}'")
    return port


def _account(text: str) -> tuple[str, str]:
    identifier, _, key = text.partition("=")
    if not identifier or not key:
        raise argparse.ArgumentTypeError("an account is an id and a private key, such as AbC123=pk_other")
    return identifier, key


def _flow(text: str) -> tuple[str, str]:
    list_id, _, name = text.partition("=")
    if not list_id or not name:
        raise argparse.ArgumentTypeError(f"a flow is the id of a list and a name, such as {DEFAULT_LIST}=Welcome")
    return list_id, name


def _scopes(text: str) -> frozenset[str]:
    scopes = frozenset(text.split(","))
    if unknown := sorted(scopes - ALL_SCOPES):
        raise argparse.ArgumentTypeError(f"there is no scope '{unknown[0]}'; there are {', '.join(sorted(ALL_SCOPES))}")
    return scopes


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"seconds are a number from 0 on, not '{text}'")
    return seconds
