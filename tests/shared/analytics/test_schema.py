"""Typed tables follow from the events' classes: a column per field, and nothing else changes one."""

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from shared.analytics.schema import Column, columns, published_types, tables
from shared.events import Event
from shared.manifest import manifest
from shared.values.clock import Timestamp
from shared.values.money import Money

MONEY = (Column("currency", "STRING"), Column("amount", "NUMERIC"))


class Part(Event):
    sku: str
    price: Money


class Everything(Event):
    text: str
    count: int
    share: Decimal
    sure: bool
    at: Timestamp
    on: date
    either: Literal["a", "b"]
    price: Money
    one: Part
    many: tuple[Part, ...]
    words: tuple[str, ...] = ()
    perhaps: int | None = None
    loose: dict[str, int] = {}


def test_each_kind_of_field_has_its_column() -> None:
    part = (Column("sku", "STRING"), Column("price", "STRUCT", fields=MONEY))
    assert columns(Everything) == (
        Column("text", "STRING"),
        Column("count", "INT64"),
        Column("share", "NUMERIC"),
        Column("sure", "BOOL"),
        Column("at", "TIMESTAMP"),
        Column("on", "DATE"),
        Column("either", "STRING"),
        Column("price", "STRUCT", fields=MONEY),
        Column("one", "STRUCT", fields=part),
        Column("many", "STRUCT", repeated=True, fields=part),
        Column("words", "STRING", repeated=True),
        Column("perhaps", "INT64"),
        Column("loose", "JSON"),
    )


def test_a_new_optional_field_adds_a_column_and_changes_none() -> None:
    class Tomorrow(Everything):
        later: str | None = None

    assert columns(Tomorrow) == (*columns(Everything), Column("later", "STRING"))


def test_a_field_of_several_types_has_no_column() -> None:
    class Torn(Event):
        either: int | str

    with pytest.raises(TypeError, match="either may be of several types"):
        columns(Torn)


def test_every_published_event_has_a_table() -> None:
    kinds = {kind for service in manifest().services.values() for kind in service.publishes}
    assert set(published_types()) == kinds
    assert set(tables()) == {kind.replace(".", "_") for kind in kinds}
