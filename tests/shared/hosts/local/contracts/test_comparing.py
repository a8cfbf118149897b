"""What counts as a break of a contract, whom it hits, and how that is said."""

from copy import deepcopy
from typing import Any

import pytest

from shared.hosts.local.contracts.__main__ import compare
from tests.shared.hosts.local.contracts.example import ASYNCAPI, OPENAPI, Change, content, drop, put


def told(before: dict[str, Any], change: Change, path: str) -> list[str]:
    after = deepcopy(before)
    change(after)
    return [str(each) for each in compare({path: before}, {path: after})]


def of_route(change: Change) -> list[str]:
    return told(OPENAPI, change, "docs/openapi/checkout.json")


def of_event(change: Change) -> list[str]:
    return told(ASYNCAPI, change, "docs/asyncapi.json")


POST = ("paths", "/orders", "post")
ORDERS = ("components", "schemas", "Order")
LINES = ("components", "schemas", "Line")
EVERYONE = "hits gke-checkout, operator"
SENT, READ = "checkout POST /orders: request", "checkout POST /orders: answer 201"

ROUTES: dict[str, tuple[Change, list[str]]] = {
    "a route is gone": (
        drop("paths", "/orders/{order_id}"),
        ["BREAK  checkout GET /orders/{order_id}: removed; hits crm"],
    ),
    "a route is new": (
        put("paths", "/quotes", to={"post": {"tags": ["routes"], "responses": {"200": {}}}}),
        ["ok     checkout POST /quotes: new"],
    ),
    "a door of the broker is no caller's": (drop("paths", "/events/hear"), []),
    "a caller is turned away": (
        put(*POST, "x-callers", to=["operator"]),
        ["BREAK  checkout POST /orders: no longer admits gke-checkout; hits gke-checkout"],
    ),
    "a caller is admitted": (
        put("paths", "/orders/{order_id}", "get", "x-callers", to=["crm", "payment"]),
        ["ok     checkout GET /orders/{order_id}: admits payment, too"],
    ),
    "a parameter became required": (
        put(*POST, "parameters", 0, "required", to=True),
        [f"BREAK  checkout POST /orders: parameter header Idempotency-Key: became required; {EVERYONE}"],
    ),
    "a parameter is gone": (
        drop(*POST, "parameters", 1),
        [f"BREAK  checkout POST /orders: parameter query dry: removed; {EVERYONE}"],
    ),
    "a parameter takes fewer values": (
        put(*POST, "parameters", 1, "schema", "enum", to=["yes"]),
        [f"BREAK  checkout POST /orders: parameter query dry: 'no' is no longer one of its values; {EVERYONE}"],
    ),
    "a request needs a body": (
        put(*POST, "requestBody", "required", to=True),
        [f"BREAK  {SENT} body became required; {EVERYONE}"],
    ),
    "the success has another status": (
        lambda whole: whole["paths"]["/orders"]["post"].update(responses={"200": content("Order"), "409": {}}),
        [
            f"BREAK  checkout POST /orders: answers 201 no longer; {EVERYONE}",
            f"BREAK  checkout POST /orders: answers 200, too; {EVERYONE}",
        ],
    ),
    "it may be refused in another way": (
        put(*POST, "responses", "402", to={}),
        ["ok     checkout POST /orders: answers 402, too"],
    ),
    "an answer comes in another form": (
        lambda whole: whole["paths"]["/orders"]["post"]["responses"]["201"].update(content={"text/csv": {}}),
        [f"BREAK  {READ} as application/json removed; {EVERYONE}", f"ok     {READ} as text/csv new"],
    ),
}
FIELDS: dict[str, tuple[Change, list[str]]] = {
    "what is read loses a field": (
        drop(*ORDERS, "properties", "at"),
        [f"BREAK  {READ} at: removed; {EVERYONE}"],
    ),
    "what is read has a field more": (
        put(*ORDERS, "properties", "colour", to={"type": "string"}),
        [f"ok     {READ} colour: new"],
    ),
    "what was always read may be missing": (
        put(*ORDERS, "required", to=["order_id", "total"]),
        [f"BREAK  {READ} lines: became optional; {EVERYONE}"],
    ),
    "what is read is always there": (
        put(*ORDERS, "required", to=["order_id", "total", "lines", "at"]),
        [f"ok     {READ} at: became required"],
    ),
    "what is read may be null": (
        put(*ORDERS, "properties", "at", to={"type": ["string", "null"], "format": "date-time"}),
        [f"BREAK  {READ} at: string became null or string; {EVERYONE}"],
    ),
    "what is read is never null": (
        put(*ORDERS, "properties", "note", to={"type": "string"}),
        [f"ok     {READ} note: null or string became string"],
    ),
    "what is read has a value more": (
        put(*ORDERS, "properties", "status", "enum", to=["held", "confirmed", "lost"]),
        [f"BREAK  {READ} status: 'lost' is a new one of its values; {EVERYONE}"],
    ),
    "what is read has a value less": (
        put(*ORDERS, "properties", "status", "enum", to=["held"]),
        [f"ok     {READ} status: 'confirmed' is no longer one of its values"],
    ),
    "what is read has another format": (
        put(*ORDERS, "properties", "at", "format", to="date"),
        [f"BREAK  {READ} at: format date-time became date; {EVERYONE}"],
    ),
    "what is read is of another type": (
        put("components", "schemas", "Money", "properties", "amount", to={"type": "number"}),
        [f"BREAK  {READ} total.amount: string became number; {EVERYONE}"],
    ),
    "what is read may be something else": (
        put(*ORDERS, "properties", "gift", to={"$ref": "#/components/schemas/Card"}),
        [f"ok     {READ} gift: Card or Voucher became Card"],
    ),
    "what is sent and read has a field that must be sent": (
        lambda whole: (
            put(*LINES, "properties", "colour", to={"type": "string"})(whole),
            put(*LINES, "required", to=["sku", "colour"])(whole),
        )[0],
        [f"BREAK  {SENT} colour: new and required; {EVERYONE}", f"ok     {READ} lines[].colour: new"],
    ),
    "what is sent became required": (
        put(*LINES, "required", to=["sku", "quantity"]),
        [f"BREAK  {SENT} quantity: became required; {EVERYONE}", f"ok     {READ} lines[].quantity: became required"],
    ),
    "what is sent is taken no more": (
        drop(*LINES, "properties", "quantity"),
        [f"BREAK  {SENT} quantity: removed; {EVERYONE}", f"BREAK  {READ} lines[].quantity: removed; {EVERYONE}"],
    ),
    "a limit narrows": (
        put(*LINES, "properties", "quantity", "minimum", to=2),
        [
            f"BREAK  {SENT} quantity: minimum 1 became 2; {EVERYONE}",
            f"ok     {READ} lines[].quantity: minimum 1 became 2",
        ],
    ),
    "a limit widens": (
        put(*LINES, "properties", "sku", "maxLength", to=64),
        [f"ok     {SENT} sku: maxLength 32 became 64", f"ok     {READ} lines[].sku: maxLength 32 became 64"],
    ),
    "a pattern is asked for": (
        put(*LINES, "properties", "sku", "pattern", to="^[A-Z]+$"),
        [f"BREAK  {SENT} sku: pattern none became ^[A-Z]+$; {EVERYONE}",
         f"ok     {READ} lines[].sku: pattern none became ^[A-Z]+$"],
    ),
}  # fmt: skip
HEARERS = "hits crm.record, data_warehouse.collect"
EVENTS: dict[str, tuple[Change, list[str]]] = {
    "a type is gone": (
        lambda whole: (
            drop("channels", "order-events", "messages", "order.gone")(whole),
            drop("components", "messages", "order.gone")(whole),
        )[0],
        ["BREAK  event order.gone: removed; hits data_warehouse.collect"],
    ),
    "a type is new": (
        lambda whole: (
            put("channels", "order-events", "messages", "order.found", to={})(whole),
            put("components", "messages", "order.found", to={"payload": {}})(whole),
        )[0],
        ["ok     event order.found: new"],
    ),
    "a type moves to another topic": (
        put("channels", to={"a": {"messages": {"order.placed": {}}}, "order-events": {"messages": {"order.gone": {}}}}),
        [f"BREAK  event order.placed: moved from order-events to a; {HEARERS}"],
    ),
    "a field is gone": (
        put("components", "messages", "order.placed", "payload", "allOf", 1, "properties", "data",
            to={"$ref": "#/components/schemas/Line"}),
        [f"BREAK  event order.placed: field data.{name}: removed; {HEARERS}"
         for name in ("at", "gift", "lines", "note", "order_id", "status", "total")]
        + [f"ok     event order.placed: field data.{name}: new" for name in ("parts", "quantity", "sku")],
    ),
    "the major version rises": (
        put("components", "messages", "order.placed", "payload", "allOf", 1, "properties", "dataschema", "const",
            to="order.placed/v2"),
        [f"BREAK  event order.placed: field dataschema: 'order.placed/v2' is a new one of its values; {HEARERS}",
         "ok     event order.placed: field dataschema: 'order.placed/v1' is no longer one of its values"],
    ),
    "an attribute is gone": (
        drop("components", "messages", "order.placed", "headers", "properties", "ce-type"),
        [f"BREAK  event order.placed: attribute ce-type: removed; {HEARERS}"],
    ),
    "somebody else hears it": (drop("operations", "crm.record.order-events"), []),
}  # fmt: skip


@pytest.mark.parametrize(("change", "lines"), [*ROUTES.values(), *FIELDS.values()], ids=[*ROUTES, *FIELDS])
def test_a_change_of_a_route_is_told(change: Change, lines: list[str]) -> None:
    assert of_route(change) == lines


@pytest.mark.parametrize(("change", "lines"), EVENTS.values(), ids=EVENTS)
def test_a_change_of_an_event_is_told(change: Change, lines: list[str]) -> None:
    assert of_event(change) == lines


def test_a_service_that_is_gone_breaks_its_callers() -> None:
    [breaks, *_] = compare({"docs/openapi/crm.json": OPENAPI}, {})
    assert str(breaks) == "BREAK  crm GET /orders/{order_id}: removed; hits crm"
