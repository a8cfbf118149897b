"""The worker's side of tests.azure_runtime, run on its own: python azure_worker.py <runtime> <app>.

Reads a request a line from its input and writes an answer a line, as the host would over gRPC.
"""
# ruff: noqa: E402  (where the runtime lies is known only when this runs)

import os
import sys
import time
import types
from pathlib import Path

BEGAN = time.monotonic()
RUNTIME, APP = sys.argv[1], str(Path(sys.argv[2]).resolve())
ANSWERS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what the app prints must not look like an answer
# The app's dependencies come before the runtime's own, and the app's folder comes last, as in Microsoft's worker.
sys.path += [f"{APP}/.python_packages/lib/site-packages", RUNTIME, APP]
# The messages lie in a package named `tests` whose __init__ wants gRPC; under a name of our own it is not run.
protos = types.ModuleType("azure_protos")
protos.__path__ = [f"{RUNTIME}/tests/protos"]  # type: ignore[attr-defined]
sys.modules["azure_protos"] = protos

import asyncio
import json
from typing import Any

import azure_functions_runtime as microsoft
from azure_protos import FunctionRpc_pb2 as rpc
from azure_protos.shared import NullableTypes_pb2 as nullable

NAMES = {name: getattr(rpc, name) for name in dir(rpc) if name[0].isupper()}
NAMES |= {name: getattr(nullable, name) for name in dir(nullable) if name.startswith("Nullable")}
MESSAGES = types.SimpleNamespace(**NAMES)


class Request:
    """A message as the runtime takes it."""

    def __init__(self, **content: Any) -> None:
        self.request = rpc.StreamingMessage(**content)
        self.properties = {"host": "", "protos": MESSAGES}


async def main() -> None:
    microsoft.start_threadpool_executor()
    begun = await microsoft.worker_init_request(
        Request(worker_init_request=rpc.WorkerInitRequest(function_app_directory=APP))
    )
    listed = await microsoft.functions_metadata_request(
        Request(functions_metadata_request=rpc.FunctionsMetadataRequest())
    )
    functions = {each.name: each for each in listed.function_metadata_results}
    say(
        functions={name: _trigger(each) for name, each in functions.items()},
        succeeded=[begun.result.status == 1, listed.result.status == 1],
        reason=f"{begun.result.exception.message} {listed.result.exception.message}".strip(),
        python=sys.version.split()[0],
        since_start_s=time.monotonic() - BEGAN,
    )
    for line in sys.stdin:
        asked = json.loads(line)
        say(**await answer(functions[asked["function"]].function_id, asked))
    microsoft.stop_threadpool_executor()


def _trigger(function: Any) -> dict[str, Any]:
    bindings = [json.loads(each) for each in function.raw_bindings]
    [trigger] = [each for each in bindings if each["type"] == "httpTrigger"]
    return {"route": trigger["route"], "methods": trigger["methods"], "auth": trigger["authLevel"]}


async def answer(function_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Invoke a function; an exception is what the host makes of it, a 500 without a body."""
    http = rpc.RpcHttp(method=asked["method"], url=asked["url"], headers=asked["headers"])
    if asked["body"]:
        http.body.bytes = asked["body"].encode()
    data = rpc.ParameterBinding(name="req", data=rpc.TypedData(http=http))
    done = await microsoft.invocation_request(
        Request(invocation_request=rpc.InvocationRequest(invocation_id="1", function_id=function_id, input_data=[data]))
    )
    since = time.monotonic() - BEGAN
    if done.result.status != 1:
        return {"status": 500, "headers": {}, "body": "", "since_start_s": since}
    given = done.return_value.http
    body = given.body.bytes or given.body.string.encode()
    return {
        "status": int(given.status_code),
        "headers": {name.lower(): value for name, value in given.headers.items()},
        "body": body.decode(),
        "since_start_s": since,
    }


def say(**content: Any) -> None:
    ANSWERS.write(json.dumps(content) + "\n")
    ANSWERS.flush()


asyncio.run(main())
