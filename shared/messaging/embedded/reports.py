"""What people see of the broker: per subscription, and in sum."""

from datetime import datetime
from typing import Any

import orjson

from shared.messaging.embedded.delivery import micros, moment
from shared.messaging.embedded.registry import Registry
from shared.storage.sqlite_file import SqliteFile
from shared.values.clock import rfc3339

_OUTSTANDING = """
SELECT s.name, d.backlog, (SELECT published_at FROM messages WHERE id = d.oldest)
FROM (SELECT subscription, count(*) AS backlog, min(message_id) AS oldest FROM deliveries GROUP BY subscription) AS d
JOIN subscriptions AS s ON s.id = d.subscription
WHERE s.active AND s.keeps_for IS NULL"""
_WAITING = """
SELECT m.attributes, m.published_at, s.name, d.attempt
FROM messages AS m JOIN deliveries AS d ON d.message_id = m.id JOIN subscriptions AS s ON s.id = d.subscription
WHERE instr(m.data, ?) AND m.attributes LIKE '%"ce-id"%' AND s.active AND s.keeps_for IS NULL"""
_COUNTED = """
SELECT s.name, c.delivered, c.retried, c.dead_lettered
FROM counters AS c JOIN subscriptions AS s ON s.id = c.subscription"""


def subscriptions_report(file: SqliteFile, registry: Registry, now: datetime) -> list[dict[str, Any]]:
    """Return one row for each subscription, in the order of the triggers.

    `delivered` counts acknowledgements (also of what the edge dead-lettered by itself), `retried` failed attempts that
    were scheduled again, `dead_lettered` what ever came to its dead-letter topic. The age is in seconds, None if idle.
    """
    outstanding = {name: (backlog, oldest) for name, backlog, oldest in file.read(_OUTSTANDING)}
    counted = {name: counts for name, *counts in file.read(_COUNTED)}
    report = []
    for each in registry.pushed.values():
        backlog, oldest = outstanding.get(each.name, (0, None))
        delivered, retried, dead_lettered = counted[each.name]
        report.append(
            {
                "name": each.name,
                "topic": each.topic,
                "service": each.service,
                "function": each.function,
                "backlog": backlog,
                "oldest_unacknowledged_s": None if oldest is None else max(micros(now) - oldest, 0) / 1e6,
                "delivered": delivered,
                "retried": retried,
                "dead_lettered": dead_lettered,
            }
        )
    return report


def undelivered(file: SqliteFile, order_id: str) -> list[dict[str, Any]]:
    """Return each delivery that is outstanding of an event that holds this order, with the attempts so far."""
    return [_line(orjson.loads(attributes), *rest) for attributes, *rest in file.read(_WAITING, (order_id,))]


def _line(attributes: dict[str, str], published_at: int, subscription: str, attempt: int) -> dict[str, Any]:
    traceparent = attributes.get("traceparent", "")
    return {
        "event": attributes["ce-id"],
        "type": attributes.get("ce-type", ""),
        "committed": attributes.get("ce-time"),
        "published": rfc3339(moment(published_at)),
        "trace": traceparent[3:35],
        "parent": traceparent[36:52],
        "subscription": subscription,
        "attempt": attempt,
    }


def backlog(file: SqliteFile) -> int:
    """Return how many deliveries are not acknowledged, dead letters and retired subscriptions apart."""
    [(total,)] = file.read(
        "SELECT count(*) FROM deliveries WHERE subscription IN "
        "(SELECT id FROM subscriptions WHERE active AND keeps_for IS NULL)"
    )
    return int(total)
