"""AsyncAPI of all events: what the specification asks of the parts we use, and that it says what the rows say.

No package on the index holds AsyncAPI's own JSON Schema, so its rules for the objects used here are written down below
(https://www.asyncapi.com/docs/reference/specification/v3.0.0).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError

from shared.manifest import manifest
from shared.messaging.asyncapi import document

SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "events" / "samples").glob("*.json"))
DOCUMENT: dict[str, Any] = json.loads(json.dumps(document(manifest())))


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "patternProperties": {r"^x-[\w\d\.\x2d_]+$": {}},
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
REFERENCE = {"type": "object", "required": ["$ref"], "properties": {"$ref": TEXT}, "additionalProperties": False}
TAGS = {"type": "array", "uniqueItems": True, "items": _object(["name"], {"name": TEXT})}
BINDING = _object(["bindingVersion"], {"bindingVersion": {"const": "0.2.0"}, "attributes": {"type": "object"}})
MESSAGE = _object(
    ["name", "payload", "headers"],
    {
        "name": TEXT,
        "summary": TEXT,
        "contentType": {"type": "string", "pattern": "^[a-z]+/[a-z+.-]+$"},
        "headers": {"type": "object", "required": ["type"], "properties": {"type": {"const": "object"}}},
        "payload": {"type": "object"},
        "bindings": _object(["googlepubsub"], {"googlepubsub": BINDING}),
    },
)
CHANNEL = _object(
    ["address", "messages"],
    {"address": TEXT, "description": TEXT, "messages": {"type": "object", "additionalProperties": REFERENCE}},
)
OPERATION = _object(
    ["action", "channel"],
    {
        "action": {"enum": ["send", "receive"]},
        "channel": REFERENCE,
        "messages": {"type": "array", "items": REFERENCE},
        "summary": TEXT,
        "tags": TAGS,
    },
)
COMPONENT_KEY = {"pattern": r"^[\w\d.\-_]+$"}


def _map(each: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": COMPONENT_KEY, "additionalProperties": each}


RULES = _object(
    ["asyncapi", "info", "channels", "operations", "components"],
    {
        "asyncapi": {"const": "3.0.0"},
        "info": _object(["title", "version"], {"title": TEXT, "version": TEXT, "description": TEXT}),
        "defaultContentType": TEXT,
        "servers": _map(_object(["host", "protocol"], {"host": TEXT, "protocol": TEXT, "description": TEXT})),
        "channels": _map(CHANNEL),
        "operations": _map(OPERATION),
        "components": _object([], {"messages": _map(MESSAGE), "schemas": _map({"type": "object"})}),
    },
)


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for each in part for found in references(each)]
    if not isinstance(part, dict):
        return []
    here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return here + [found for each in part.values() for found in references(each)]


def resolve(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def payload_schema(kind: str) -> dict[str, Any]:
    return {**resolve(f"#/components/messages/{kind}")["payload"], "components": DOCUMENT["components"]}


def test_the_document_keeps_the_specifications_rules() -> None:
    Draft7Validator(RULES).validate(DOCUMENT)


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)

    assert len(found) > 200
    for reference in found:
        resolve(reference)


def test_an_operations_messages_are_messages_of_its_channel() -> None:
    rows = manifest()
    raw = {each.name for each in rows.subscriptions() if rows.services[each.service].functions[each.function].raw}
    for name, operation in DOCUMENT["operations"].items():
        channel = operation["channel"]["$ref"]
        assert operation["messages"] or name in raw, name
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/"), name


def test_topics_types_and_subscriptions_are_those_of_the_rows() -> None:
    rows = manifest()
    published = {kind: name for name, row in rows.services.items() for kind in row.publishes}

    assert DOCUMENT["channels"].keys() == rows.topics.topics.keys()
    assert DOCUMENT["components"]["messages"].keys() == published.keys()
    receiving = {name for name, each in DOCUMENT["operations"].items() if each["action"] == "receive"}
    assert receiving == {each.name for each in rows.subscriptions()}
    sending = {
        (name.partition(".")[0], message["$ref"].rpartition("/")[2])
        for name, each in DOCUMENT["operations"].items()
        if each["action"] == "send"
        for message in each["messages"]
    }
    assert sending == {(name, kind) for kind, name in published.items()}


def test_a_subscription_says_its_filter_and_where_its_dead_letters_go() -> None:
    operation = DOCUMENT["operations"]["warehouse.plan_shipments.order-events"]

    assert operation["x-filter"] == (
        'attributes."ce-type" = "order.approved" OR attributes."ce-type" = "order.confirmed"'
    )
    assert operation["x-dead-letter-topic"] == "warehouse.plan_shipments.order-events.dead-letter"
    assert operation["x-push-path"] == "/events/plan_shipments"
    assert "x-filter" not in DOCUMENT["operations"]["data_warehouse.collect_event.order-events"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_what_the_document_says(path: Path) -> None:
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(payload_schema(path.stem), format_checker=checker)
    sample = json.loads(path.read_text("utf-8"))

    validator.validate(sample)
    validator.validate({**sample, "data": {**sample["data"], "new_optional_field": 1}})


@pytest.mark.parametrize(
    "change", [{"type": "order.confirmed"}, {"dataschema": "https://x/v2"}, {"source": "/crm"}, {"data": {}}]
)
def test_another_type_version_publisher_or_data_is_not(change: dict[str, Any]) -> None:
    sample = json.loads(next(path for path in SAMPLES if path.stem == "order.cancelled").read_text("utf-8"))

    with pytest.raises(ValidationError):
        Draft202012Validator(payload_schema("order.cancelled")).validate({**sample, **change})


def test_the_document_is_the_same_each_time() -> None:
    assert json.dumps(document(manifest()), sort_keys=True) == json.dumps(DOCUMENT, sort_keys=True)
