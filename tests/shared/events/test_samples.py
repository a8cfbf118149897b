"""Each event type has one sample file that holds a whole envelope as it goes over the wire."""

import json
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from shared import events
from shared.events import Envelope, Event, class_name, event_class
from shared.events.envelope import wrap
from shared.values.money import Money, total
from shared.values.personal import Email, Personal

SAMPLES = Path(events.__file__).parent / "samples"
PATHS = sorted(SAMPLES.glob("*.json"))
MODULES = sorted(path.stem for path in SAMPLES.parent.glob("*.py") if path.stem not in ("__init__", "envelope"))

each_sample = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def event_classes() -> list[type[Event]]:
    """Every concrete event class: those with a type of their own."""
    found = []
    for name in MODULES:
        module = import_module(f"shared.events.{name}")
        for value in vars(module).values():
            concrete = isinstance(value, type) and issubclass(value, Event) and "type" in vars(value)
            if concrete and value.__module__ == module.__name__:
                found.append(value)
    return found


def read(kind: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{kind}.json").read_text("utf-8"))


def money(value: dict[str, str]) -> Money:
    return Money.of(value["amount"], value["currency"])


def test_there_is_one_sample_for_each_class_and_no_other() -> None:
    assert [path.stem for path in PATHS] == sorted(kind.type for kind in event_classes())


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.type)
def test_type_class_and_module_have_one_name(kind: type[Event]) -> None:
    assert event_class(kind.type) is kind
    assert kind.__name__ == class_name(kind.type)
    assert kind.__module__ == f"shared.events.{kind.type.partition('.')[0]}"
    assert kind.subject_field in kind.model_fields


def test_a_type_that_nobody_publishes_has_no_class() -> None:
    for kind in ("order.vanished", "weather.changed", "order", ""):
        with pytest.raises(LookupError, match="unknown event type"):
            event_class(kind)


@each_sample
def test_a_sample_is_an_envelope_of_its_class(path: Path) -> None:
    envelope = Envelope.model_validate_json(path.read_bytes())
    kind = event_class(path.stem)
    event = kind.model_validate(envelope.data)

    assert (envelope.type, envelope.dataschema) == (path.stem, kind.dataschema())
    assert envelope.subject == event.subject
    assert set(envelope.attributes) == {"ce-id", "ce-type", "ce-source", "ce-time", "ce-subject", "traceparent"}


@each_sample
def test_what_is_read_from_a_sample_is_written_as_the_sample(path: Path) -> None:
    there = read(path.stem)
    envelope = Envelope.model_validate(there)
    event = event_class(path.stem).model_validate(envelope.data)

    back = wrap(event, event_id=envelope.id, source=envelope.source, at=envelope.time, traceparent=envelope.traceparent)

    assert back.model_dump(mode="json", exclude_none=True) == there


@each_sample
def test_a_reader_of_today_ignores_a_field_of_tomorrow(path: Path) -> None:
    data = read(path.stem)["data"]
    kind = event_class(path.stem)

    assert kind.model_validate({**data, "a_later_field": 1}) == kind.model_validate(data)


@pytest.mark.parametrize("kind", ["order.confirmed", "order.held", "order.approved", "order.action_required"])
def test_an_order_adds_up_exactly(kind: str) -> None:
    order = event_class(kind).model_validate(read(kind)["data"]).order  # type: ignore[attr-defined]
    for line in order.lines:
        assert line.total == line.unit_price * line.quantity - line.discount + line.rounding + line.tax

    assert order.subtotal == total([line.unit_price * line.quantity for line in order.lines], "USD")
    assert order.discount == total([line.discount for line in order.lines], "USD")
    assert order.shipping == total([charge.net for charge in order.shipping_charges], "USD")
    assert order.tax == total([line.tax for line in order.lines], "USD") + order.shipping_tax
    assert order.total == order.subtotal - order.discount + order.rounding + order.shipping + order.tax


def test_the_samples_tell_one_story_of_one_order() -> None:
    order = read("order.confirmed")["data"]["order"]
    shipped = read("shipment.dispatched")["data"]

    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("OLJCESPC7Z", 2), ("6E92ZMYYFZ", 1)]
    assert money(order["total"]) == Money.of("54.89", "USD")
    for kind in ("shipment.dispatched", "shipment.delivered", "shipment.planned", "invoice.issued", "invoice.posted"):
        assert read(kind)["data"]["order_id"] == order["order_id"]
        assert read(kind)["data"]["shipment_id"] == shipped["shipment_id"]
        assert read(kind)["data"]["total"] == order["total"]
    for kind in ("payment.authorized", "payment.captured"):
        assert read(kind)["data"]["amount"] == order["total"]


def test_the_journal_sample_balances() -> None:
    postings = read("journal.posted")["data"]["postings"]

    assert total([money(p["debit"]) for p in postings], "USD") == total([money(p["credit"]) for p in postings], "USD")
    assert all(bool(money(p["debit"])) != bool(money(p["credit"])) for p in postings)


def parts_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """The model and every model inside it."""
    if model in seen:
        return seen
    seen.add(model)
    for field in model.model_fields.values():
        for each in inside(field.annotation):
            if isinstance(each, type) and issubclass(each, BaseModel):
                parts_of(each, seen)
    return seen


def inside(annotation: Any) -> list[Any]:
    return [annotation, *(below for part in get_args(annotation) for below in inside(part))]


def marks(model: type[BaseModel], name: str) -> list[Any]:
    """What a field is annotated with, also behind `| None`."""
    field = model.model_fields[name]
    found = list(field.metadata)
    if get_origin(field.annotation) in (Union, UnionType):
        for option in get_args(field.annotation):
            found += option.__metadata__ if get_origin(option) is Annotated else []
    return found


PERSONAL = {"first_name", "last_name", "street_address", "city", "zip_code", "ip", "phone"}


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.type)
def test_personal_fields_are_marked_by_their_type(kind: type[Event]) -> None:
    normalised = next(mark for mark in Email.__metadata__ if hasattr(mark, "func"))
    for model in parts_of(kind, set()):
        for name in model.model_fields:
            if "email" in name:
                assert normalised in marks(model, name), f"{model.__name__}.{name} is no Email"
            elif name in PERSONAL:
                found = marks(model, name)
                assert any(isinstance(mark, Personal) for mark in found), f"{model.__name__}.{name} is not marked"


def test_the_samples_name_nobody_real() -> None:
    for path in PATHS:
        text = path.read_text("utf-8")
        assert text.count("@") == text.count("@example.com")
