"""Loads the functions app of one folder with Azure's own runtime library, and invokes its functions on request.

    python library_host.py FOLDER

A process of its own, as the library keeps one app a process. One line of JSON each way: first what was indexed, then
for each line on standard input (function, trigger, value, metadata) what came of it. The host's part of the protocol is
gRPC in Azure; here `protos` is replaced by plain objects, and invocations go in by the library's own native entry.
"""

import asyncio
import json
import os
import sys
from types import SimpleNamespace
from typing import Any, TextIO

import azure_functions_runtime as library
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native


class Message(SimpleNamespace):
    """Stands in for any protobuf message."""


class StatusResult(Message):
    Failure = 0
    Success = 1


class BindingInfo(Message):
    undefined = 0
    out = 1
    inout = 2


PROTOS = SimpleNamespace(
    BindingInfo=BindingInfo,
    FunctionMetadataResponse=Message,
    RpcException=Message,
    RpcFunctionMetadata=Message,
    RpcRetryOptions=Message,
    StatusResult=StatusResult,
    WorkerInitResponse=Message,
    WorkerMetadata=Message,
)


async def main(folder: str, requests: TextIO, answers: TextIO) -> None:
    sys.path[0] = folder  # in place of this script's folder, as Azure puts the app's folder there
    os.chdir(folder)
    library.start_threadpool_executor()
    loaded = await load(folder)
    write(answers, {"error": loaded} if isinstance(loaded, str) else {"functions": loaded})
    ids = {} if isinstance(loaded, str) else {name: function["id"] for name, function in loaded.items()}
    while line := await asyncio.to_thread(requests.readline):
        request = json.loads(line)
        write(answers, await invoke(ids[request["function"]], **request))


async def load(folder: str) -> dict[str, Any] | str:
    """Return the functions of the app by name, or why the library refused it."""
    init = Message(capabilities={}, function_app_directory=folder)
    request = Message(request=Message(worker_init_request=init), properties={"protos": PROTOS, "host": "127.0.0.1"})
    result = (await library.worker_init_request(request)).result
    if result.status != StatusResult.Success:
        return str(result.exception.message)
    found = (await library.functions_metadata_request(request)).function_metadata_results or []
    return {
        function.name: {
            "id": function.function_id,
            "bindings": [json.loads(binding) for binding in function.raw_bindings],
        }
        for function in found
    }


async def invoke(
    function_id: str, *, function: str, trigger: str, value: Any, metadata: dict[str, Any]
) -> dict[str, Any]:
    ok, returned, outputs, error, trace = await invocation_request_native(
        invocation_id=f"invocation-of-{function}",
        function_id=function_id,
        inputs=[(trigger, incoming(value))],
        trigger_metadata={name: Datum(json.dumps(each), "json") for name, each in metadata.items()},
    )
    return {
        "ok": ok,
        "returned": returned and outgoing(returned),
        "outputs": {name: outgoing(datum) for name, datum in outputs},
        "error": error,
        "trace": trace,
    }


def incoming(value: Any) -> Datum:
    """Return *value* as the host would send it: text for a queue, a request for HTTP, else JSON."""
    if isinstance(value, str):
        return Datum(value, "string")
    if "method" not in value:
        return Datum(json.dumps(value), "json")
    texts = {key: {name: Datum(text, "string") for name, text in value[key].items()} for key in MAPPINGS}
    body = Datum(value["body"].encode(), "bytes")
    return Datum(
        {"method": Datum(value["method"], "string"), "url": Datum(value["url"], "string"), "body": body, **texts},
        "http",
    )


MAPPINGS = ("headers", "params", "query")


def outgoing(datum: Datum) -> Any:
    if datum.type == "json":
        return json.loads(datum.value)
    if datum.type == "http":
        value = datum.value
        return {
            "status": int(value["status_code"].value),
            "headers": {name.lower(): text.value for name, text in value["headers"].items()},
            "body": value["body"].value.decode(),
        }
    return datum.value if isinstance(datum.value, str | None) else repr(datum.value)


def write(answers: TextIO, value: Any) -> None:
    print(json.dumps(value), file=answers, flush=True)


if __name__ == "__main__":
    answering = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the app prints must not get between the answers
    asyncio.run(main(sys.argv[1], sys.stdin, answering))
