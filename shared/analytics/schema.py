"""Typed tables: one per event type, their columns derived from the event's class, in BigQuery's types.

`order.confirmed` is `order_confirmed`: event_id, time, day, subject, trace_id, then a column per field of the event. A
new optional field adds a column; nothing else changes one. Money is STRUCT<currency STRING, amount NUMERIC>.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from shared.events import Event, event_class
from shared.manifest import manifest
from shared.values.money import Money

Kind = Literal["STRING", "INT64", "NUMERIC", "BOOL", "TIMESTAMP", "DATE", "JSON", "STRUCT"]
_PLAIN: dict[type, Kind] = {
    bool: "BOOL",
    int: "INT64",
    str: "STRING",
    Decimal: "NUMERIC",
    datetime: "TIMESTAMP",
    AwareDatetime: "TIMESTAMP",
    date: "DATE",
    dict: "JSON",
}


@dataclass(frozen=True)
class Column:
    """A column or a field of a STRUCT; `repeated` makes it an ARRAY. Every column may be null."""

    name: str
    kind: Kind
    repeated: bool = False
    fields: tuple["Column", ...] = ()


HEAD = (
    Column("event_id", "STRING"),
    Column("time", "TIMESTAMP"),
    Column("day", "DATE"),
    Column("subject", "STRING"),
    Column("trace_id", "STRING"),
)
"""The columns that every event type's table begins with."""
EVENTS = (
    Column("id", "STRING"),
    Column("type", "STRING"),
    Column("source", "STRING"),
    Column("subject", "STRING"),
    Column("time", "TIMESTAMP"),
    Column("day", "DATE"),
    Column("order_id", "STRING"),
    Column("trace_id", "STRING"),
    Column("data", "JSON"),
)
"""The columns of `events`, the one log of all events."""


def table_name(event_type: str) -> str:
    """Return the table of an event type: `order.confirmed` -> `order_confirmed`."""
    return event_type.replace(".", "_")


def event_type(table: str) -> str:
    """Return the event type of a table: `order_confirmed` -> `order.confirmed`."""
    return table.replace("_", ".", 1)


def published_types() -> list[str]:
    """Return every event type that some row publishes, sorted."""
    return sorted({kind for service in manifest().services.values() for kind in service.publishes})


def columns(kind: type[Event]) -> tuple[Column, ...]:
    """Return an event's own columns, in the order of its fields; TypeError for a field that no column can hold."""
    return _fields(kind)


def tables() -> dict[str, tuple[Column, ...]]:
    """Return the own columns of every published event's table, by the table's name."""
    return {table_name(kind): columns(event_class(kind)) for kind in published_types()}


def _fields(model: type[BaseModel]) -> tuple[Column, ...]:
    return tuple(_column(name, field.annotation) for name, field in model.model_fields.items())


def _column(name: str, annotation: Any) -> Column:
    kind, arguments = get_origin(annotation), get_args(annotation)
    if kind is Annotated:
        return _column(name, arguments[0])
    if kind in (Union, UnionType):
        return _one_of(name, [each for each in arguments if each is not NoneType])
    if kind in (tuple, list):
        inner = _column(name, arguments[0])
        return Column(name, inner.kind, repeated=True, fields=inner.fields)
    if kind is Literal:
        return Column(name, _PLAIN[type(arguments[0])])
    return _single(name, kind or annotation)


def _one_of(name: str, options: Sequence[Any]) -> Column:
    if len(options) != 1:
        raise TypeError(f"{name} may be of several types; a column holds one")
    return _column(name, options[0])


def _single(name: str, kind: type) -> Column:
    if kind is Money:
        return Column(name, "STRUCT", fields=(Column("currency", "STRING"), Column("amount", "NUMERIC")))
    if issubclass(kind, BaseModel):
        return Column(name, "STRUCT", fields=_fields(kind))
    found = next((sql for plain, sql in _PLAIN.items() if issubclass(kind, plain)), None)
    if found is None:
        raise TypeError(f"{name} is a {kind.__name__}, for which there is no column type")
    return Column(name, found)
