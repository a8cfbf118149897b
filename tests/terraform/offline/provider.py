"""A provider that knows its schema and no cloud, on the other side of Terraform's plugin protocol (version 6).

Terraform itself checks names, types, nesting, what is required and what is referred to; `values` does the rest.
Methods are named as the protocol's, in snake case; each takes a read message and returns a written one.
"""

import json
from functools import cached_property
from typing import Any

from tests.terraform.offline.schema import Block, as_message
from tests.terraform.offline.values import Path, apply, faults, known_when_planned, label, plan
from tests.terraform.offline.wire import UNKNOWN, Message, message, read_message, read_value, value, varint

ERROR = 1
_LEGACY_TYPES = True
"""Said of plans, as providers made with the first SDK do: Terraform then forgives that null and empty are alike."""


class Provider:
    """One provider, of a schema as `terraform providers schema -json` writes it.

    With `settled` a plan has the values that are otherwise known after the apply, so that references can be followed.
    """

    def __init__(self, schema: Block, *, settled: bool = False) -> None:
        self.name: str = schema["name"]
        self._settled = settled
        self._own = schema["provider"]
        self._resources: dict[str, Block] = schema["resource_schemas"]
        self._sources: dict[str, Block] = schema["data_source_schemas"]
        self._ephemerals: dict[str, Block] = schema.get("ephemeral_resource_schemas", {})

    @cached_property
    def _schema(self) -> bytes:
        return message(
            (1, as_message(self._own)),
            *((2, message((1, name), (2, as_message(each)))) for name, each in self._resources.items()),
            *((3, message((1, name), (2, as_message(each)))) for name, each in self._sources.items()),
            (6, message((1, True), (2, True))),
            *((8, message((1, name), (2, as_message(each)))) for name, each in self._ephemerals.items()),
        )

    def get_provider_schema(self, asked: Message) -> bytes:
        return self._schema

    def get_metadata(self, asked: Message) -> bytes:
        return b""

    configure_provider = stop_provider = get_functions = get_metadata

    def validate_provider_config(self, asked: Message) -> bytes:
        if self.name == "azurerm" and not read_value(asked[1]).get("features"):  # its code demands it, not its schema
            return message((2, _diagnostic((), "Insufficient features blocks")))
        return b""

    def validate_resource_config(self, asked: Message) -> bytes:
        return _checked(self._resources[asked[1].decode()], asked)

    def validate_data_resource_config(self, asked: Message) -> bytes:
        return _checked(self._sources[asked[1].decode()], asked)

    def upgrade_resource_state(self, asked: Message) -> bytes:
        return message((1, value(json.loads(read_message(asked[3])[1]))))

    def read_resource(self, asked: Message) -> bytes:
        return message((1, asked[2]))

    def plan_resource_change(self, asked: Message) -> bytes:
        before, after = read_value(asked[2]), read_value(asked[3])
        block = self._resources[asked[1].decode()]["block"]
        if after is not None:
            for name, each in block.get("block_types", {}).items():
                if each.get("computed") and not after[name] and not self._settled:
                    after[name] = before[name] if before else UNKNOWN
            if after != before:
                plan(block, after)
                known_when_planned(asked[1].decode(), after)
                if self._settled:
                    apply(block, after, f"{asked[1].decode()}/{label(after)}")
        return message((1, value(after)), (5, _LEGACY_TYPES))

    def apply_resource_change(self, asked: Message) -> bytes:
        after, kind = read_value(asked[3]), asked[1].decode()
        if after is not None:
            apply(self._resources[kind]["block"], after, f"{kind}/{label(after)}")
        return message((1, value(after)), (4, _LEGACY_TYPES))

    def read_data_source(self, asked: Message) -> bytes:
        found, kind = read_value(asked[2]), asked[1].decode()
        plan(self._sources[kind]["block"], found)
        apply(self._sources[kind]["block"], found, f"{kind}/{label(found)}")
        return message((1, value(found)))

    def validate_ephemeral_resource_config(self, asked: Message) -> bytes:
        return _checked(self._ephemerals[asked[1].decode()], asked)

    def open_ephemeral_resource(self, asked: Message) -> bytes:
        found, kind = read_value(asked[2]), asked[1].decode()
        plan(self._ephemerals[kind]["block"], found)
        apply(self._ephemerals[kind]["block"], found, f"{kind}/{label(found)}")
        return message((3, value(found)))

    def close_ephemeral_resource(self, asked: Message) -> bytes:
        return b""

    renew_ephemeral_resource = close_ephemeral_resource


def _checked(schema: Block, asked: Message) -> bytes:
    found: Any = read_value(asked[2])
    return message(*((1, _diagnostic(path, what)) for path, what in faults(schema["block"], found)))


def _diagnostic(path: Path, what: str) -> bytes:
    steps = [(1, message((1, each)) if isinstance(each, str) else varint(3 << 3) + varint(each)) for each in path]
    return message((1, ERROR), (2, what), (4, message(*steps)))
