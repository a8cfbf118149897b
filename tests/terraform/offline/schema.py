"""A provider's schema, in the form of `terraform providers schema -json`: as the protocol has it, and walked.

A block has `attributes` and `block_types`; an attribute has a type, or a `nested_type` with attributes of its own.
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.terraform.offline.wire import UNKNOWN, message

Block = dict[str, Any]
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}


def as_message(schema: Block) -> bytes:
    """Write tfplugin6.Schema."""
    return message((1, schema["version"]), (2, _block(schema["block"])))


def _block(block: Block) -> bytes:
    attributes = [(2, _attribute(name, each)) for name, each in block.get("attributes", {}).items()]
    return message(*attributes, *((3, _nested(name, each)) for name, each in block.get("block_types", {}).items()))


def _nested(name: str, block: Block) -> bytes:
    mode = NESTING[block["nesting_mode"]]
    return message(
        (1, name), (2, _block(block["block"])), (3, mode), (4, block.get("min_items")), (5, block.get("max_items"))
    )


def _attribute(name: str, attribute: Block) -> bytes:
    nested = attribute.get("nested_type")
    return message(
        (1, name),
        (2, json.dumps(attribute["type"]) if "type" in attribute else None),
        (10, _object(nested) if nested else None),
        (4, attribute.get("required")),
        (5, attribute.get("optional")),
        (6, attribute.get("computed")),
        (7, attribute.get("sensitive")),
        (11, is_write_only(name, attribute)),
    )


def _object(nested: Block) -> bytes:
    return message(
        *((1, _attribute(name, each)) for name, each in nested["attributes"].items()),
        (3, NESTING[nested["nesting_mode"]]),
    )


def is_write_only(name: str, attribute: Block) -> bool:
    """Whether a value goes to the provider and never into state: the bindings kept the name alone (`…_wo`)."""
    return name.endswith("_wo") and bool(attribute.get("optional") or attribute.get("required"))


def parts(block: Block) -> Iterator[tuple[str, Block, str]]:
    """Yield name, inner block and nesting mode of everything that lies in a block."""
    for name, each in block.get("block_types", {}).items():
        yield name, each["block"], each["nesting_mode"]
    for name, each in block.get("attributes", {}).items():
        if "nested_type" in each:
            yield name, each["nested_type"], each["nested_type"]["nesting_mode"]


def contents(value: Any, mode: str) -> list[Any]:
    """Return the objects that a nested value holds; none of one that is not known yet."""
    if not value or value == UNKNOWN:
        return []
    if mode == "single":
        return [value]
    return list(value.values()) if mode == "map" else list(value)


def implied_type(block: Block) -> Any:
    """Return the object type of a block's content, in Terraform's JSON form."""
    own = {name: each["type"] for name, each in block.get("attributes", {}).items() if "type" in each}
    nested = {
        name: implied_type(inner) if mode == "single" else [mode, implied_type(inner)]
        for name, inner, mode in parts(block)
    }
    return ["object", own | nested]
