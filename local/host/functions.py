"""Reads the functions of an app and their bindings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.host.ncrontab import BadSchedule, Schedule
from local.host.settings import HostSettings
from local.host.worker.calls import Described
from local.host.worker.performing import RETURN
from local.processes import LocalProblem

_ALL_METHODS = ("GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS")


_ROUTE = re.compile(r"(?:(?:[^{}/:?*]+|\{\w+\})(?:/|$))*(?:\{\*\w+\})?")
_BINDING = re.compile(r"[A-Za-z][A-Za-z0-9]*|\$return")
"""Hosts before 2025 refuse a name with an underscore, and then run none of the functions."""


@dataclass(frozen=True, slots=True)
class Http:
    """An HTTP trigger; *route* is the path below the route prefix, *level* says which key opens the function."""

    route: str
    methods: tuple[str, ...]
    level: str = "function"


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer trigger."""

    schedule: Schedule
    at_start: bool
    is_monitored: bool = True
    """Whether the host remembers the last call, and makes up for one that it missed."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as a trigger or an output: its name, and the setting that names its storage."""

    name: str
    connection: str


@dataclass(frozen=True, slots=True)
class HostedFunction:
    """A function: its trigger, the *argument* that the trigger fills, and its outputs by name of the argument."""

    name: str
    argument: str
    trigger: Http | Timer | Queue
    outputs: Mapping[str, Queue]


def read_functions(described: Iterable[Described], settings: HostSettings) -> list[HostedFunction]:
    """Return the functions that a worker has *described*, sorted by name.

    Raises `LocalProblem` for a binding that this host does not know, a missing setting or a bad schedule.
    """
    return sorted((_read(function, settings) for function in described), key=lambda function: function.name)


def _read(function: Described, settings: HostSettings) -> HostedFunction:
    name = function.name
    read: Http | Timer | Queue | None = None
    argument = ""
    outputs: dict[str, Queue] = {}
    for place, fields in enumerate(function.bindings):
        kind = fields["type"]
        if place == function.trigger:
            argument, read = fields["name"], _trigger(name, kind, fields, settings)
        elif kind == "queue":
            outputs[fields["name"]] = _queue(name, fields, settings)
        elif kind != "http":
            raise LocalProblem(f"Function '{name}' has a binding '{kind}', which this host does not know.")
    if read is None:
        raise LocalProblem(f"Function '{name}' has no trigger.")
    hosted = HostedFunction(name, argument, read, outputs)
    _check_arguments(hosted, function.arguments)
    return hosted


def _trigger(name: str, kind: str, fields: Mapping[str, Any], settings: HostSettings) -> Http | Timer | Queue:
    if kind == "httpTrigger":
        methods = tuple(str(getattr(method, "value", method)) for method in fields.get("methods") or _ALL_METHODS)
        level = fields.get("authLevel") or "function"
        return Http(
            _route(name, str(fields.get("route") or name).strip("/")), methods, str(getattr(level, "value", level))
        )
    if kind == "queueTrigger":
        return _queue(name, fields, settings)
    if kind == "timerTrigger":
        text = settings.resolve(fields["schedule"], needed_by=f"the schedule of function '{name}'")
        try:
            return Timer(Schedule(text), bool(fields.get("runOnStartup")), fields.get("useMonitor") is not False)
        except BadSchedule as error:
            raise LocalProblem(f"The schedule of function '{name}' cannot be used: {error}.") from error
    raise LocalProblem(f"Function '{name}' has a trigger '{kind}', which this host does not know: use 'func start'.")


def _route(name: str, route: str) -> str:
    if not _ROUTE.fullmatch(route):
        raise LocalProblem(
            f"Function '{name}' has the route '{route}': this host knows plain {{names}}, and {{*names}} at the end, "
            "only; use 'func start'."
        )
    return route


def _queue(name: str, fields: Mapping[str, Any], settings: HostSettings) -> Queue:
    queue = settings.resolve(fields["queueName"], needed_by=f"the queue of function '{name}'")
    return Queue(queue, fields["connection"])


def _check_arguments(function: HostedFunction, arguments: Iterable[str]) -> None:
    """Raise `LocalProblem` unless arguments and bindings have the same names; Azure refuses such a function too."""
    for name in (function.argument, *function.outputs):
        if not _BINDING.fullmatch(name):
            raise LocalProblem(f"Function '{function.name}': the binding name {name} is invalid for older hosts.")
    bound = {function.argument, *function.outputs} - {RETURN}
    taken = set(arguments)
    if bound != taken:
        odd = ", ".join(f"'{name}'" for name in sorted(bound ^ taken))
        raise LocalProblem(f"Function '{function.name}': {odd} must be both an argument and a binding.")
