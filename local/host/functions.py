"""Reads the functions of an app and their bindings."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import azure.functions as func

from local.host.ncrontab import BadSchedule, Schedule
from local.host.settings import HostSettings
from local.processes import LocalProblem

RETURN = "$return"
"""The name of the output that takes the return value of the function."""

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


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as a trigger or an output: its name, and the setting that names its storage."""

    name: str
    connection: str


@dataclass(frozen=True, slots=True)
class HostedFunction:
    """A function: its trigger, the *argument* that the trigger fills, and its outputs by name of the argument."""

    name: str
    call: Callable[..., Any]
    argument: str
    trigger: Http | Timer | Queue
    outputs: Mapping[str, Queue]


def read_functions(app: func.FunctionApp, settings: HostSettings) -> list[HostedFunction]:
    """Return the functions of *app*, sorted by name.

    Raises `LocalProblem` for a binding that this host does not know, a missing setting or a bad schedule.
    """
    try:
        functions = app.get_functions()
    except ValueError as error:
        raise LocalProblem(str(error)) from error
    return sorted((_read(function, settings) for function in functions), key=lambda function: function.name)


def _read(function: func.Function, settings: HostSettings) -> HostedFunction:
    name = str(function.get_function_name())
    trigger = function.get_trigger()
    read: Http | Timer | Queue | None = None
    argument = ""
    outputs: dict[str, Queue] = {}
    for binding in function.get_bindings():
        fields = binding.get_dict_repr()
        if binding is trigger:
            argument, read = binding.name, _trigger(name, str(binding.type), fields, settings)
        elif binding.type == "queue":
            outputs[binding.name] = _queue(name, fields, settings)
        elif binding.type != "http":
            raise LocalProblem(f"Function '{name}' has a binding '{binding.type}', which this host does not know.")
    if read is None:
        raise LocalProblem(f"Function '{name}' has no trigger.")
    hosted = HostedFunction(name, function.get_user_function(), argument, read, outputs)
    _check_arguments(hosted)
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
            return Timer(Schedule(text), bool(fields.get("runOnStartup")))
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


def _check_arguments(function: HostedFunction) -> None:
    """Raise `LocalProblem` unless arguments and bindings have the same names; Azure refuses such a function too."""
    for name in (function.argument, *function.outputs):
        if not _BINDING.fullmatch(name):
            raise LocalProblem(f"Function '{function.name}': the binding name {name} is invalid for older hosts.")
    bound = {function.argument, *function.outputs} - {RETURN}
    taken = set(inspect.signature(function.call).parameters)
    if bound != taken:
        odd = ", ".join(f"'{name}'" for name in sorted(bound ^ taken))
        raise LocalProblem(f"Function '{function.name}': {odd} must be both an argument and a binding.")
