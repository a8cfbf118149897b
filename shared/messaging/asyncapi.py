"""AsyncAPI 3.0 of all events: who publishes what to which topic, and who hears it, from the rows and the event classes.

https://www.asyncapi.com/docs/reference/specification/v3.0.0. A channel is a topic, a message an event type in the
CloudEvents envelope, a receiving operation a push subscription.
"""

from typing import Any

from shared.events import Envelope, Event, event_class
from shared.manifest import Manifest, ServiceRow, Subscription
from shared.values.json_schema import Mode, Schema, json_schemas

_ABOUT = (
    "CloudEvents 1.0, structured JSON as the data of a Pub/Sub message. Types are `<aggregate>.<past_tense>`, the "
    "major version is in `dataschema`; a new optional field is no new version. Delivery is at least once and in no "
    "order, except to a subscription with `x-ordered`: it gets the events of one subject one at a time, as published."
)
_SERVERS = {
    "pubsub": {
        "host": "pubsub.googleapis.com",
        "protocol": "googlepubsub",
        "description": "Google Cloud Pub/Sub; on a laptop the embedded broker, with the same push bodies.",
    }
}
_BINDING = "0.2.0"


def document(manifest: Manifest) -> dict[str, Any]:
    """Return the document of every event that a service publishes."""
    publishers = {kind: name for name, row in manifest.services.items() for kind in row.publishes}
    classes = {kind: event_class(kind) for kind in sorted(publishers)}
    wanted: dict[tuple[str, Mode], Any] = {(kind, "validation"): found for kind, found in classes.items()}
    data, schemas = json_schemas({**wanted, ("envelope", "validation"): Envelope})
    messages = {kind: _message(found, publishers[kind], data[kind, "validation"]) for kind, found in classes.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Online Boutique events", "version": "1", "description": _ABOUT},
        "defaultContentType": "application/cloudevents+json",
        "servers": _SERVERS,
        "channels": _channels(manifest, publishers),
        "operations": _operations(manifest),
        "components": {"messages": messages, "schemas": schemas},
    }


def _channels(manifest: Manifest, publishers: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, row in manifest.topics.topics.items():
        kinds = [kind for kind in publishers if manifest.topics.of(kind) == name]
        messages = {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds}
        found[name] = {"address": name, "description": row.about, "messages": messages, "x-ordered": row.ordered}
    return found


def _message(kind: type[Event], publisher: str, data: Schema) -> dict[str, Any]:
    constant = {"type": kind.type, "source": f"/{publisher}", "dataschema": kind.dataschema(), "specversion": "1.0"}
    payload = {
        "allOf": [
            {"$ref": "#/components/schemas/Envelope"},
            {
                "type": "object",
                "required": [*constant, "data"],
                "properties": {**{name: {"const": value} for name, value in constant.items()}, "data": data},
            },
        ]
    }
    attributes = {f"ce-{name}": {"const": constant[name]} for name in ("type", "source")}
    texts = {name: {"type": "string"} for name in ("ce-id", "ce-subject", "ce-time", "traceparent")}
    required = sorted({*attributes, *texts} - {"traceparent"})
    binding = {"attributes": {name: each["const"] for name, each in attributes.items()}, "bindingVersion": _BINDING}
    return {
        "name": kind.type,
        "summary": (kind.__doc__ or "").split("\n\n")[0],
        "contentType": "application/cloudevents+json",
        "headers": {"type": "object", "required": required, "properties": {**attributes, **texts}},
        "payload": payload,
        "bindings": {"googlepubsub": binding},
    }


def _operations(manifest: Manifest) -> dict[str, Any]:
    sending = {
        f"{name}.sends.{topic}": _send(row, topic, kinds)
        for name, row in manifest.services.items()
        for topic, kinds in _by_topic(manifest, row).items()
    }
    published = {kind for row in manifest.services.values() for kind in row.publishes}
    receiving = {each.name: _receive(manifest, each, published) for each in manifest.subscriptions()}
    return {**sending, **receiving}


def _by_topic(manifest: Manifest, row: ServiceRow) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in row.publishes:
        found.setdefault(manifest.topics.of(kind), []).append(kind)
    return found


def _send(row: ServiceRow, topic: str, kinds: list[str]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": _references(topic, kinds),
        "summary": f"{row.service} publishes to {topic}.",
        "tags": [{"name": row.service}],
    }


def _receive(manifest: Manifest, subscription: Subscription, published: set[str]) -> dict[str, Any]:
    topic = subscription.topic
    on_topic = {kind for kind in published if manifest.topics.of(kind) == topic}
    kinds = on_topic if subscription.types is None else subscription.types
    operation = {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": _references(topic, sorted(kinds)),
        "summary": f"{subscription.service}.{subscription.function} hears {topic}.",
        "tags": [{"name": subscription.service}],
        "x-push-path": subscription.path,
        "x-dead-letter-topic": subscription.dead_letter_topic,
        "x-retry": subscription.retry.model_dump(mode="json"),
        "x-ordered": subscription.ordered,
    }
    if subscription.raw:
        operation["x-filter"] = subscription.filter
    elif subscription.types is not None:
        operation["x-filter"] = " OR ".join(f'attributes."ce-type" = "{kind}"' for kind in sorted(kinds))
    return operation


def _references(topic: str, kinds: list[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{topic}/messages/{kind}"} for kind in kinds]
