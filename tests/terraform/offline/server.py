"""Serves providers from this process: Terraform attaches to them instead of starting programs of its own."""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

from tests.terraform.offline.provider import Provider
from tests.terraform.offline.wire import read_message

SCHEMAS = Path(__file__).parent.parent / "schemas"
_SERVICE = "/tfplugin6.Provider/"
_CAPITAL = re.compile("([A-Z])")
_ANY_SIZE = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


class _Calls(grpc.GenericRpcHandler):
    """Routes the protocol's methods to a provider's."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def service(self, call: Any) -> Any:
        if not call.method.startswith(_SERVICE):
            return None
        name = _CAPITAL.sub(r"_\1", call.method.removeprefix(_SERVICE)).lower().removeprefix("_")
        method: Callable[[Any], bytes] | None = getattr(self._provider, name, None)
        return grpc.unary_unary_rpc_method_handler(lambda asked, _: method(read_message(asked))) if method else None


def schemas(folder: Path = SCHEMAS) -> dict[str, Any]:
    """Return the cut schemas by provider."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


@contextmanager
def serving(folder: Path = SCHEMAS, *, settled: bool = False) -> Iterator[dict[str, str]]:
    """Serve every provider of a folder of schemas; yields the variables that make Terraform attach to them.

    `settled`: plans have every value, as after an apply.
    """
    servers, attached = [], {}
    with tempfile.TemporaryDirectory(prefix="providers-") as sockets:
        for name, schema in schemas(folder).items():
            address = f"{sockets}/{name}.sock"
            server = grpc.server(
                ThreadPoolExecutor(8), handlers=[_Calls(Provider(schema, settled=settled))], options=_ANY_SIZE
            )
            server.add_insecure_port(f"unix:{address}")
            server.start()
            servers.append(server)
            attached[f"registry.terraform.io/hashicorp/{name}"] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": address},
            }
        try:
            yield {"TF_REATTACH_PROVIDERS": json.dumps(attached), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        finally:
            for server in servers:
                server.stop(0).wait()
