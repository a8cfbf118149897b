"""What every service answers beside its routes: pushed events, schedules, health, its document, what is outstanding."""

from typing import Any

from shared.http.openapi_errors import Responses, codes_of
from shared.manifest import FunctionRow

PUSH: dict[str, Any] = {
    "type": "object",
    "description": "Pub/Sub's push body (https://cloud.google.com/pubsub/docs/push).",
    "required": ["message"],
    "properties": {
        "message": {
            "type": "object",
            "properties": {
                "data": {"type": "string", "contentEncoding": "base64", "description": "A CloudEvent in JSON."},
                "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
                "messageId": {"type": "string"},
                "publishTime": {"type": "string", "format": "date-time"},
                "orderingKey": {"type": "string"},
            },
        },
        "subscription": {"type": "string"},
        "deliveryAttempt": {"type": "integer", "minimum": 1},
    },
}
WHEN: dict[str, Any] = {
    "type": "object",
    "description": "`now`: the moment to run as of, from 1970 to 8999; left out or null: the present.",
    "additionalProperties": False,
    "properties": {"now": {"type": ["string", "null"], "format": "date-time"}},
}
_EFFECT = {
    "description": "What came of it; `kept` waits for what it came before.",
    "schema": {"type": "string", "enum": ["applied", "suppressed", "kept", "unwanted", "dead-lettered"]},
}
_OBJECT = {"type": "object"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_HEALTH = {
    "type": "object",
    "required": ["service", "status"],
    "properties": {"service": {"type": "string"}, "status": {"const": "ok"}},
}


def event_door(summary: str, description: str, row: FunctionRow, responses: Responses) -> dict[str, Any]:
    """Return the operation to which the broker pushes; errors that no retry can help are dead-lettered and answer 204.

    They are answered as they are only if the body names no subscription of the function.
    """
    codes = codes_of("read") | codes_of("command") | codes_of("door") | {"undeliverable"}
    return {
        "tags": ["events"],
        "summary": summary,
        "description": description,
        "x-callers": ["push", "operator"],
        "x-idempotency": row.idempotency.value,
        "x-events": list(row.event),
        "requestBody": _json_body("PushBody", required=True),
        "responses": {
            "204": {
                "description": "Acknowledged. Any other answer is delivered again.",
                "headers": {"X-Effect": _EFFECT},
            },
            **responses.of(codes),
        },
    }


def dry_run_door(name: str, answer: Any, responses: Responses) -> dict[str, Any]:
    """Return the operation that tells what a push body would do, and does nothing."""
    return {
        "tags": ["dry runs"],
        "summary": f"What `/events/{name}` would do with a push body. Nothing is kept, published or sent.",
        "x-callers": ["operator"],
        "requestBody": _json_body("PushBody", required=True),
        "responses": {"200": _ok(answer), **responses.of(codes_of("door") | codes_of("read"))},
    }


def schedule_door(summary: str, description: str, answer: Any, responses: Responses) -> dict[str, Any]:
    """Return the operation that the scheduler calls."""
    codes = codes_of("read") | codes_of("door")
    return {
        "tags": ["schedules"],
        "summary": summary,
        "description": description,
        "x-callers": ["scheduler", "operator"],
        "requestBody": _json_body("When", required=False),
        "responses": {"200": _ok(answer or _OBJECT), **responses.of(codes)},
    }


def own_routes(responses: Responses) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the routes that every service has: path -> name and operation."""
    guarded = {"unauthenticated", "forbidden", "internal", "unavailable"}
    return {
        "/health": ("health", _own("Whether the service answers.", _HEALTH, None, responses)),
        "/openapi.json": ("openapi", _own("This document.", _OBJECT, None, responses)),
        "/outstanding": (
            "outstanding",
            _own("How much work is not finished and waits for no person, by name.", _COUNTS, guarded, responses),
        ),
    }


def _own(summary: str, answer: Any, guarded: set[str] | None, responses: Responses) -> dict[str, Any]:
    answers = {"200": _ok(answer), **responses.of(guarded or {"internal", "unavailable"})}
    operation = {"tags": ["service"], "summary": summary, "responses": answers}
    return {**operation, "x-callers": ["operator"]} if guarded else {**operation, "security": []}


def _json_body(schema: str, *, required: bool) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"required": required, "content": content}


def _ok(answer: Any) -> dict[str, Any]:
    return {"description": "Done.", "content": {"application/json": {"schema": answer}}}
