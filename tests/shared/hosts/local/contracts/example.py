"""A service and its events as documents, small enough to see what changes, and ways to change them."""

from collections.abc import Callable
from typing import Any

Change = Callable[[dict[str, Any]], None]
ORDER = {
    "type": "object",
    "required": ["order_id", "total", "lines"],
    "properties": {
        "order_id": {"type": "string", "pattern": "^ord_"},
        "status": {"enum": ["held", "confirmed"], "type": "string"},
        "total": {"$ref": "#/components/schemas/Money"},
        "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
        "at": {"type": "string", "format": "date-time"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "gift": {"anyOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Voucher"}]},
    },
}
LINE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sku"],
    "properties": {
        "sku": {"type": "string", "maxLength": 32},
        "quantity": {"type": "integer", "minimum": 1},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
    },
}
SCHEMAS = {
    "Order": ORDER,
    "Line": LINE,
    "Money": {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "string"}}},
    "Card": {"type": "object", "properties": {"text": {"type": "string"}}},
    "Voucher": {"type": "object", "properties": {"code": {"type": "string"}}},
}


def content(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


OPENAPI = {
    "paths": {
        "/orders": {
            "post": {
                "tags": ["routes"],
                "x-callers": ["operator", "gke-checkout"],
                "parameters": [
                    {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}},
                    {"in": "query", "name": "dry", "schema": {"enum": ["yes", "no"]}},
                ],
                "requestBody": content("Line"),
                "responses": {"201": content("Order"), "409": {}},
            }
        },
        "/orders/{order_id}": {
            "get": {"tags": ["routes"], "x-callers": ["crm"], "responses": {"200": {"content": {}}}}
        },
        "/events/hear": {"post": {"tags": ["events"], "x-callers": ["push"], "responses": {"204": {}}}},
    },
    "components": {"schemas": SCHEMAS},
}
ASYNCAPI = {
    "channels": {"order-events": {"messages": {"order.placed": {}, "order.gone": {}}}},
    "operations": {
        "crm.record.order-events": {
            "action": "receive",
            "messages": [{"$ref": "#/channels/order-events/messages/order.placed"}],
        },
        "data_warehouse.collect.order-events": {
            "action": "receive",
            "messages": [{"$ref": f"#/channels/order-events/messages/order.{each}"} for each in ("placed", "gone")],
        },
        "checkout.sends.order-events": {"action": "send", "messages": []},
    },
    "components": {
        "messages": {
            kind: {
                "headers": {"properties": {"ce-type": {"const": kind}}},
                "payload": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Envelope"},
                        {
                            "required": ["data"],
                            "properties": {
                                "data": {"$ref": "#/components/schemas/Order"},
                                "dataschema": {"const": f"{kind}/v1"},
                            },
                        },
                    ]
                },
            }
            for kind in ("order.placed", "order.gone")
        },
        "schemas": {**SCHEMAS, "Envelope": {"type": "object", "required": ["id"], "properties": {"id": {}}}},
    },
}


def put(*path: Any, to: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = to

    return change


def drop(*path: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        for name in path[:-1]:
            document = document[name]
        del document[path[-1]]

    return change
