"""The admin addresses of the host: whether it is there, and a call of any function by hand."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from local.host.functions import HostedFunction, Http, Queue
from local.host.http.answers import empty
from local.host.invocation import Invoker, Work
from local.host.worker.calls import Asked, HttpAsked, MessageAsked, TimerAsked

ADMIN = "/admin/"
PING = "/admin/host/ping"
_FUNCTIONS = "/admin/functions/"


class Admin:
    """Answers requests below ``/admin``."""

    def __init__(self, functions: Mapping[str, HostedFunction], invoker: Invoker, work: Work) -> None:
        self._functions = functions
        self._invoker = invoker
        self._work = work

    async def answer(self, request: web.BaseRequest, path: str) -> web.Response:
        """Answer a request that has shown the master key, or a ping, which needs none."""
        if path == PING:
            return empty(HTTPStatus.OK)
        if path.startswith(_FUNCTIONS) and request.method == "POST":
            return await self._call(request, path.removeprefix(_FUNCTIONS))
        return empty(HTTPStatus.NOT_FOUND)

    async def _call(self, request: web.BaseRequest, name: str) -> web.Response:
        if not (function := self._functions.get(name)):
            return web.Response(status=HTTPStatus.NOT_FOUND, text="There is no such function.\n")
        try:
            given = json.loads(await request.content.read())["input"]
        except (ValueError, KeyError, TypeError):
            return web.Response(status=HTTPStatus.BAD_REQUEST, text='The body must be {"input": "..."}.\n')
        body = given if isinstance(given, str) else json.dumps(given)
        self._work.start(self._invoker.invoke(function, _by_hand(function, str(request.url), body.encode())))
        return empty(HTTPStatus.ACCEPTED)


def _by_hand(function: HostedFunction, url: str, body: bytes) -> Asked:
    """Return the value that the function's trigger would pass to the function."""
    if isinstance(function.trigger, Http):
        return HttpAsked("POST", url, body=body)
    return MessageAsked(body) if isinstance(function.trigger, Queue) else TimerAsked()
