"""Messages that a subscription gave up: what is said about them, the list of them, and sending them again."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from shared.manifest import Subscription
from shared.messaging.embedded.delivery import PROJECT, Delivery, moment, publish_time
from shared.messaging.publisher import Message, attribute
from shared.storage.sqlite_file import SqliteFile
from shared.values.clock import rfc3339

_SOURCE = "CloudPubSubDeadLetterSource"
_ADDED = ("error-code", "error-detail", "subscription")

_KEPT = """
SELECT m.id, source.name, m.topic, m.data, m.attributes, m.ordering_key, m.published_at
FROM subscriptions AS keeper
JOIN subscriptions AS source ON source.id = keeper.keeps_for
JOIN deliveries AS d ON d.subscription = keeper.id
JOIN messages AS m ON m.id = d.message_id
WHERE coalesce(source.name = ?, 1) AND (? IS NULL OR m.id IN (SELECT value FROM json_each(?)))
ORDER BY m.id LIMIT ?"""


def dead_letter(delivery: Delivery, detail: str) -> Message:
    """Return the message for the dead-letter topic of a subscription that has no attempt left, as Pub/Sub does."""
    added = {
        "error-code": "max_attempts",
        "error-detail": attribute(detail),
        "subscription": delivery.subscription.name,
        f"{_SOURCE}DeliveryCount": str(min(delivery.attempt, delivery.subscription.retry.max_attempts)),
        f"{_SOURCE}Subscription": delivery.subscription.name,
        f"{_SOURCE}SubscriptionProject": PROJECT,
        f"{_SOURCE}TopicPublishTime": publish_time(delivery.published_at),
    }
    return Message(
        delivery.subscription.dead_letter_topic,
        delivery.data,
        delivery.attribute_values | added,
        delivery.ordering_key,
    )


def listed(file: SqliteFile, limit: int) -> list[dict[str, Any]]:
    """Return the oldest dead letters, each with its reason and its data (decoded if it is JSON)."""
    return [described(row) for row in file.read(_KEPT, (None, None, None, limit))]


def kept(
    file: SqliteFile, rows: Iterable[Subscription], subscription: str | None, ids: Sequence[str] | None
) -> list[tuple[str, Subscription, Message]]:
    """Return dead letters as `taken_out` would, each with its id, and leave them where they are."""
    numbers = None if ids is None else json.dumps([int(each) for each in ids])
    sources = {each.name: each for each in rows}
    found = file.read(_KEPT, (subscription, numbers, numbers, -1))
    return [(str(row[0]), sources[row[1]], _original(sources[row[1]], *row[3:6])) for row in found if row[1] in sources]


def _original(source: Subscription, data: bytes, attributes: str, ordering_key: str) -> Message:
    return Message(source.topic, data, original(orjson.loads(attributes)), ordering_key)


def taken_out(
    cursor: sqlite3.Cursor, rows: Iterable[Subscription], subscription: str | None, ids: Sequence[str] | None
) -> list[tuple[Subscription, Message]]:
    """Remove dead letters (all, those of a subscription, these ids); return whose each was, and the original message.

    Dead letters of a subscription that no row names any more stay.
    """
    numbers = None if ids is None else json.dumps([int(each) for each in ids])
    sources = {each.name: each for each in rows}
    taken = []
    found = cursor.execute(_KEPT, (subscription, numbers, numbers, -1)).fetchall()
    for number, name, _, data, attributes, ordering_key, _ in found:
        if (source := sources.get(name)) is None:
            continue
        cursor.execute("DELETE FROM deliveries WHERE message_id = ?", (number,))
        taken.append((source, _original(source, data, attributes, ordering_key)))
    return taken


def original(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes of a dead letter as they were when it was published first."""
    return {key: value for key, value in attributes.items() if key not in _ADDED and not key.startswith(_SOURCE)}


def described(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return what people see of a dead letter.

    `row` is its id, its subscription and that one's topic, data, attributes (JSON), ordering key and publish time in
    microseconds.
    """
    number, source, topic, data, text, _, published_at = row
    attributes = orjson.loads(text)
    return {
        "id": str(number),
        "subscription": source,
        "topic": topic,
        "event_id": attributes.get("ce-id"),
        "event_type": attributes.get("ce-type"),
        "error_code": attributes.get("error-code"),
        "error_detail": attributes.get("error-detail"),
        "published_at": attributes.get(f"{_SOURCE}TopicPublishTime") or rfc3339(moment(published_at)),
        "attempts": int(attributes.get(f"{_SOURCE}DeliveryCount", 1)),
        "data": _decoded(data),
        "attributes": attributes,
    }


def _decoded(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return data.decode(errors="replace")
