"""What people see of the broker: per subscription, and in sum."""

from datetime import datetime
from typing import Any

from shared.messaging.embedded.delivery import micros
from shared.messaging.embedded.registry import Registry
from shared.storage.sqlite_file import SqliteFile

_OUTSTANDING = """
SELECT s.name, d.backlog, (SELECT published_at FROM messages WHERE id = d.oldest)
FROM (SELECT subscription, count(*) AS backlog, min(message_id) AS oldest FROM deliveries GROUP BY subscription) AS d
JOIN subscriptions AS s ON s.id = d.subscription
WHERE s.active AND s.keeps_for IS NULL"""
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


def backlog(file: SqliteFile) -> int:
    """Return how many deliveries are not acknowledged, dead letters and retired subscriptions apart."""
    [(total,)] = file.read(
        "SELECT count(*) FROM deliveries WHERE subscription IN "
        "(SELECT id FROM subscriptions WHERE active AND keeps_for IS NULL)"
    )
    return int(total)
