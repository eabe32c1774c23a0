"""Says what reached it, and answers oddly where it is asked to."""

import json
from typing import Any

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

_TOLD = ("x-told", "cookie", "content-encoding", "transfer-encoding", "x-ms-client-principal")
_ODD: dict[str, dict[str, Any]] = {
    "text": {"body": "text"},
    "json": {"body": b"{}", "mimetype": "application/json"},
    "length": {"body": "text", "headers": {"Content-Length": "4"}},
    "wrong-length": {"body": "text", "headers": {"Content-Length": "5"}},
    "not-modified": {"status_code": 304},
    "not-modified-with-body": {"body": "text", "status_code": 304},
    "no-content": {"status_code": 204},
    "no-content-with-body": {"body": "text", "status_code": 204},
    "cookie": {"body": "text", "headers": {"Set-Cookie": "a=b; HttpOnly"}},
    "non-ascii": {"body": "text", "headers": {"X-Odd": "\N{SNOWMAN}"}},
    "line-feed": {"body": "text", "headers": {"X-Odd": "a\nb"}},
    "own-header": {"body": "text", "headers": {"X-Probe": "function"}},
}


def told(name: str, req: func.HttpRequest) -> func.HttpResponse:
    """Answer what reached the function *name*."""
    body = req.get_body()
    seen = {
        "function": name,
        "method": req.method,
        "address": "/" + req.url.split("://")[-1].partition("/")[2],
        "route_params": dict(req.route_params),
        "params": dict(req.params),
        "headers": {each: req.headers[each] for each in _TOLD if each in req.headers},
        "body_bytes": len(body),
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@app.route("echo/{*path}", methods=["GET", "POST"])
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Take everything below an address."""
    return told("echo", req)


@app.route("pair/{name}", methods=["GET"])
async def first_open(req: func.HttpRequest) -> func.HttpResponse:
    """Win over the next function, whose route is plainer and whose name comes later."""
    return told("first_open", req)


@app.route("pair/plain", methods=["GET"])
async def first_plain(req: func.HttpRequest) -> func.HttpResponse:
    """Never be called."""
    return told("first_plain", req)


@app.route("headed", methods=["GET", "HEAD"])
async def headed(req: func.HttpRequest) -> func.HttpResponse:
    """Answer HEAD."""
    return told("headed", req)


@app.route("locked", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
async def locked(req: func.HttpRequest) -> func.HttpResponse:
    """Ask for a key."""
    return told("locked", req)


@app.route("odd/{kind}", methods=["GET"])
async def odd(req: func.HttpRequest) -> func.HttpResponse | None:
    """Answer as the address says; without such an answer, raise or answer nothing."""
    kind = req.route_params["kind"]
    if kind == "nothing":
        return None
    return func.HttpResponse(**_ODD[kind])


@app.route("posted/{name}", methods=["POST"])
async def posted(req: func.HttpRequest) -> func.HttpResponse:
    """Take one method only."""
    return told("posted", req)
