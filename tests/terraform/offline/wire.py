"""As much of protobuf and of Terraform's values as its plugin protocol needs.

Messages are read as `{field number: value}` and written from (number, value) pairs. Values travel as MessagePack, where
an unknown one is extension type 0 (terraform's docs/plugin-protocol/object-wire-format.md).
"""

import json
from typing import Any

import msgpack

UNKNOWN = msgpack.ExtType(0, b"\0")

VARINT, BYTES = 0, 2
Message = dict[int, Any]


def varint(number: int) -> bytes:
    """Write a whole number, seven bits a byte, the lowest first."""
    written = bytearray()
    while True:
        number, low = number >> 7, number & 127
        written.append(low | (128 if number else 0))
        if not number:
            return bytes(written)


def message(*fields: tuple[int, Any]) -> bytes:
    """Write a message. What is false or None is left out, as proto3 does with a field's default."""
    written = b""
    for number, value in fields:
        if isinstance(value, str | bytes):
            content = value.encode() if isinstance(value, str) else value
            written += varint(number << 3 | BYTES) + varint(len(content)) + content
        elif value:
            written += varint(number << 3 | VARINT) + varint(int(value))
    return written


def read_message(content: bytes) -> Message:
    """Read a message; a field that comes more than once is a list."""
    found: dict[int, list[Any]] = {}
    place = 0
    while place < len(content):
        tag, place = _read_varint(content, place)
        value, place = _read_varint(content, place)
        if tag & 7 == BYTES:
            size, value = value, content[place : place + value]
            place += size
        found.setdefault(tag >> 3, []).append(value)
    return {number: values[0] if len(values) == 1 else values for number, values in found.items()}


def _read_varint(content: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[place]
        place += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, place


def value(anything: Any) -> bytes:
    """Write a DynamicValue."""
    return message((1, msgpack.packb(anything)))


def read_value(content: bytes | None) -> Any:
    """Read a DynamicValue, of either encoding."""
    found = read_message(content or b"")
    if 2 in found:
        return json.loads(found[2])
    return msgpack.unpackb(found[1], strict_map_key=False) if 1 in found else None
