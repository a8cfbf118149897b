"""Which subscriptions there are: the rows of `triggers/`, each with a number in the broker's file."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from shared.manifest import Subscription

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS subscriptions (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        ordered INTEGER NOT NULL,
        active INTEGER NOT NULL,
        keeps_for INTEGER                       -- keeps the dead letters of this one, and is never pushed
    )""",
    """CREATE TABLE IF NOT EXISTS counters (
        subscription INTEGER PRIMARY KEY,
        delivered INTEGER NOT NULL DEFAULT 0,
        retried INTEGER NOT NULL DEFAULT 0,
        dead_lettered INTEGER NOT NULL DEFAULT 0
    )""",
)

_STORE = """
INSERT INTO subscriptions (name, ordered, active, keeps_for) VALUES (?, ?, 1, ?)
ON CONFLICT (name) DO UPDATE SET ordered = excluded.ordered, active = 1 RETURNING id"""
_WAKE = """
UPDATE deliveries SET due_at = ? WHERE subscription = ? AND due_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM deliveries AS earlier
    WHERE earlier.subscription = deliveries.subscription AND deliveries.ordering_key <> ''
    AND earlier.ordering_key = deliveries.ordering_key AND earlier.message_id < deliveries.message_id)"""
_REST = """
UPDATE deliveries SET due_at = NULL, owner = NULL
WHERE subscription = (SELECT id FROM subscriptions WHERE name = ? AND keeps_for IS NULL)"""


class Registry:
    """The subscriptions by number and by topic. Every process that shares a file is given the same rows."""

    def __init__(self, subscriptions: Sequence[Subscription], topics: Iterable[str]) -> None:
        self._rows = subscriptions
        self.pushed: dict[int, Subscription] = {}
        self.keeping: dict[str, int] = {}
        """The number of the subscription that keeps a dead-letter topic's messages, by that topic."""
        self.number: dict[str, int] = {}
        self._by_topic: dict[str, list[tuple[int, Subscription]]] = {topic: [] for topic in topics}

    def load(self, cursor: sqlite3.Cursor, now: int) -> None:
        """Write what changed in the rows since the last start, in an open transaction, and number them."""
        known = {row[0]: row[1:] for row in cursor.execute("SELECT name, ordered, active FROM subscriptions")}
        for each in self._rows:
            if known.pop(each.name, None) != (each.ordered, 1):
                _store(cursor, each, now)
            known.pop(each.dead_letter_topic, None)
        for name, (_, active) in known.items():
            if active:
                _retire(cursor, name)
        self.number = dict(cursor.execute("SELECT name, id FROM subscriptions"))
        for each in self._rows:
            self.pushed[self.number[each.name]] = each
            self.keeping[each.dead_letter_topic] = self.number[each.dead_letter_topic]
            self._by_topic.setdefault(each.topic, []).append((self.number[each.name], each))

    def targets(self, topic: str, attributes: dict[str, str]) -> list[tuple[int, Subscription | None]]:
        """Return who gets a message: each subscription that wants it, or the keeper (with None) of a dead-letter topic.

        Raises LookupError for a topic that no row names.
        """
        if (keeper := self.keeping.get(topic)) is not None:
            return [(keeper, None)]
        if topic not in self._by_topic:
            raise LookupError(f"no topic {topic!r}")
        return [pair for pair in self._by_topic[topic] if pair[1].wants(attributes)]

    def numbers(self, except_services: Iterable[str]) -> str:
        """Return the numbers of all pushed subscriptions but these services', as a JSON list."""
        left_out = set(except_services)
        return json.dumps([number for number, each in self.pushed.items() if each.service not in left_out])


def _store(cursor: sqlite3.Cursor, each: Subscription, now: int) -> None:
    """Write a new, returned or changed row; deliveries that rested under it become due."""
    [(number,)] = cursor.execute(_STORE, (each.name, each.ordered, None)).fetchall()
    cursor.execute(_STORE, (each.dead_letter_topic, False, number)).fetchall()
    cursor.execute("INSERT OR IGNORE INTO counters (subscription) VALUES (?)", (number,))
    if not each.ordered:
        cursor.execute("UPDATE deliveries SET ordering_key = '' WHERE subscription = ?", (number,))
    cursor.execute(_WAKE, (now, number))


def _retire(cursor: sqlite3.Cursor, name: str) -> None:
    """Let the deliveries of a row that is gone rest, in case it comes back."""
    cursor.execute("UPDATE subscriptions SET active = 0 WHERE name = ?", (name,))
    cursor.execute(_REST, (name,))
