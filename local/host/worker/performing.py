"""Performs calls in the worker: makes what a function takes, calls it, and gathers what it gives."""

import asyncio
import inspect
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from types import GenericAlias
from typing import Any

import azure.functions as func

from local.host.worker.calls import Asked, Described, Done, HttpAnswered, HttpAsked, MessageAsked, Raised, TimerAsked

RETURN = "$return"
"""The name of the output that takes the return value of the function."""


class Performer:
    """The functions of an app. An app can be taken over only once."""

    def __init__(self, app: func.FunctionApp) -> None:
        """Take over *app*; raises `ValueError` for two functions of one name, and for a type that Azure refuses."""
        self._functions: dict[str, tuple[Described, Callable[..., Any]]] = {}
        for function in app.get_functions():
            described = _described(function)
            self._functions[described.name] = described, function.get_user_function()

    @property
    def functions(self) -> list[Described]:
        """Return all functions."""
        return [described for described, _ in self._functions.values()]

    async def perform(self, name: str, asked: Asked) -> Done | Raised:
        """Call the function *name* with *asked* from its trigger."""
        described, call = self._functions[name]
        kinds = {str(binding["name"]): binding["type"] for binding in described.bindings}
        outputs = {name: _Output() for name, kind in kinds.items() if kind == "queue" and name != RETURN}
        trigger = next(name for place, name in enumerate(kinds) if place == described.trigger)
        try:
            result = await _await(call, {trigger: _argument(asked), **outputs})
            if result is not None and RETURN not in kinds and not isinstance(asked, HttpAsked):
                raise TypeError(f"Function '{name}' returned a value, but no binding takes one.")
            values = {name: output.get() for name, output in outputs.items()}
            if kinds.get(RETURN) == "queue":
                values[RETURN] = result
            answer = _answer(result) if isinstance(asked, HttpAsked) else None
            return Done(answer, {name: _bodies(value) for name, value in values.items()})
        except Exception:  # noqa: BLE001 - whatever the function raises is told to the host
            return Raised(traceback.format_exc())


class _Output(func.Out[Any]):
    """An output binding: keeps the value that a function sets until the function returns."""

    def __init__(self) -> None:
        self._value: Any = None

    def set(self, val: Any) -> None:
        """Keep *val* for sending."""
        self._value = val

    def get(self) -> Any:
        """Return the value that was set."""
        return self._value


class _Message(func.QueueMessage):
    """A message as a function gets it."""

    def __init__(self, asked: MessageAsked) -> None:
        super().__init__(id=asked.id, body=asked.body)
        self._asked = asked

    @property
    def dequeue_count(self) -> int | None:
        """Return how often the message was taken from the queue."""
        return self._asked.dequeue_count

    @property
    def insertion_time(self) -> datetime | None:
        """Return when the message was put into the queue."""
        return self._asked.inserted_on

    @property
    def expiration_time(self) -> datetime | None:
        """Return when the queue drops the message."""
        return self._asked.expires_on


class _Timer(func.TimerRequest):
    """The argument of a timer's function."""

    def __init__(self, asked: TimerAsked) -> None:
        self._asked = asked

    @property
    def past_due(self) -> bool:
        """Return whether the call is late."""
        return self._asked.past_due


def _described(function: func.Function) -> Described:
    trigger, bindings = function.get_trigger(), function.get_bindings()
    place = next((place for place, binding in enumerate(bindings) if binding is trigger), None)
    fields = [{**binding.get_dict_repr(), "name": binding.name, "type": str(binding.type)} for binding in bindings]
    name, arguments = str(function.get_function_name()), inspect.signature(function.get_user_function()).parameters
    for argument in arguments.values():
        if any(isinstance(each, GenericAlias) for each in getattr(argument.annotation, "__args__", ())):
            text = f"Function '{name}': Azure's worker refuses the type of '{argument.name}'; write List for list."
            raise ValueError(text)
    return Described(name, tuple(arguments), tuple(fields), place)


def _argument(asked: Asked) -> object:
    match asked:
        case HttpAsked():
            return func.HttpRequest(
                asked.method,
                asked.url,
                headers=asked.headers,
                params=asked.params,
                route_params=asked.route_params,
                body=asked.body,
            )
        case MessageAsked():
            return _Message(asked)
        case TimerAsked():
            return _Timer(asked)


def _answer(result: object) -> HttpAnswered | None:
    if isinstance(result, str):
        result = func.HttpResponse(result)
    if not isinstance(result, func.HttpResponse):
        return None
    is_text = result.mimetype.startswith("text/")
    kind = f"{result.mimetype}; charset={result.charset}" if is_text else result.mimetype
    return HttpAnswered(result.status_code, list(result.headers.items()), result.get_body(), kind)


async def _await(call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    if inspect.iscoroutinefunction(call):
        return await call(**arguments)
    return await asyncio.to_thread(call, **arguments)


def _bodies(value: Any) -> list[bytes]:
    """Return the messages of an output's value, by the rules of Azure's Python worker."""
    if value is None:
        return []
    if isinstance(value, bytes):
        return [value]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_body(item) for item in value]
    return [_body(value)]


def _body(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, func.QueueMessage):
        return bytes(value.get_body())
    raise TypeError(f"A queue output takes text, QueueMessage or a list of them, not {type(value).__name__}.")
