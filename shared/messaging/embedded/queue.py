"""The queue's tables, and each step of a message through them. Every function runs inside the caller's transaction."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import orjson

from shared.manifest import Subscription
from shared.messaging.embedded.dead_letters import dead_letter
from shared.messaging.embedded.delivery import Delivery, Nack, backoff, micros, moment
from shared.messaging.embedded.registry import Registry
from shared.messaging.publisher import Message

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        data BLOB NOT NULL,
        attributes TEXT NOT NULL,
        ordering_key TEXT NOT NULL,
        published_at INTEGER NOT NULL           -- microseconds since 1970, as are all times here
    )""",
    """CREATE TABLE IF NOT EXISTS deliveries (
        message_id INTEGER NOT NULL,
        subscription INTEGER NOT NULL,
        attempt INTEGER NOT NULL,               -- how often it was leased
        due_at INTEGER,                         -- backoff's or lease's end; NULL: kept, or behind another of its key
        owner INTEGER,                          -- the instance that holds the lease
        ordering_key TEXT NOT NULL,             -- empty unless the subscription is ordered
        PRIMARY KEY (message_id, subscription)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS due ON deliveries (due_at) WHERE due_at IS NOT NULL",
    """CREATE INDEX IF NOT EXISTS in_order ON deliveries (subscription, ordering_key, message_id)
        WHERE ordering_key <> ''""",
    "CREATE TABLE IF NOT EXISTS instances (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
)

Targets = Sequence[tuple[int, Subscription | None]]

_INSERT = "INSERT INTO deliveries VALUES (?, ?, 0, ?, NULL, '')"
_INSERT_ORDERED = """
INSERT INTO deliveries SELECT :message, :subscription, 0, CASE WHEN EXISTS (
    SELECT 1 FROM deliveries WHERE subscription = :subscription AND ordering_key = :key AND ordering_key <> ''
) THEN NULL ELSE :now END, NULL, :key"""
_RELEASE_NEXT = """
UPDATE deliveries SET due_at = :now WHERE due_at IS NULL AND subscription = :subscription AND message_id = (
    SELECT min(message_id) FROM deliveries
    WHERE subscription = :subscription AND ordering_key = :key AND ordering_key <> '')"""
_DUE = """
SELECT d.subscription, d.message_id, d.attempt, d.due_at, m.data, m.attributes, m.ordering_key, m.published_at
FROM deliveries AS d CROSS JOIN messages AS m ON m.id = d.message_id
WHERE d.due_at <= ? AND +d.subscription IN (SELECT value FROM json_each(?))
ORDER BY d.due_at, d.message_id, d.subscription LIMIT ?"""
_COUNT_KEPT = """
UPDATE counters SET dead_lettered = dead_lettered + 1
WHERE subscription = (SELECT keeps_for FROM subscriptions WHERE id = ?)"""
_HELD = "WHERE message_id = ? AND subscription = ? AND attempt = ?"
"""The attempt fences: who lost its lease to a later attempt changes nothing any more."""
_LEASE = "UPDATE deliveries SET attempt = attempt + 1, due_at = ?, owner = ? WHERE message_id = ? AND subscription = ?"
_ACK = f"DELETE FROM deliveries {_HELD}"  # noqa: S608  (constants)
_RETRY = f"UPDATE deliveries SET due_at = ?, owner = NULL {_HELD}"  # noqa: S608
_GIVE_BACK = f"UPDATE deliveries SET attempt = attempt - 1, due_at = ?, owner = NULL {_HELD}"  # noqa: S608


def insert(cursor: sqlite3.Cursor, first_id: int, routed: Iterable[tuple[Message, Targets]], now: int) -> list[int]:
    """Add messages that someone wants, with a delivery for each who does; return an id for every message.

    Ids rise with time (microseconds since 1970, at least one more than the last), so that a power cut that takes
    commits not yet synced makes no later message reuse an id that a consumer has seen.
    """
    [(last,)] = cursor.execute("SELECT coalesce(max(id), 0) FROM messages")
    number = max(last, first_id - 1)
    ids, messages = [], []
    unordered: list[tuple[int, int, int | None]] = []
    for message, targets in routed:
        number += 1
        ids.append(number)
        if targets:
            attributes = orjson.dumps(message.attributes).decode()
            messages.append((number, message.topic, message.data, attributes, message.ordering_key, now))
        for subscription, row in targets:
            if row is None:
                cursor.execute(_COUNT_KEPT, (subscription,))
                unordered.append((number, subscription, None))
            elif row.ordered and message.ordering_key:
                values = {"message": number, "subscription": subscription, "key": message.ordering_key, "now": now}
                cursor.execute(_INSERT_ORDERED, values)
            else:
                unordered.append((number, subscription, now))
    cursor.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)", messages)
    cursor.executemany(_INSERT, unordered)
    return ids


def lease(cursor: sqlite3.Cursor, registry: Registry, owner: int, now: int, limit: int, among: str) -> list[Delivery]:
    """Hand out up to `limit` due deliveries of subscriptions `among` (a JSON list), each until its ack deadline."""
    found = [
        Delivery(registry.pushed[number], number, message_id, attempt + 1, *rest)
        for number, message_id, attempt, *rest in cursor.execute(_DUE, (now, among, limit))
    ]
    leases = [
        (now + each.subscription.retry.ack_deadline_s * 1_000_000, owner, each.message_id, each.subscription_id)
        for each in found
    ]
    cursor.executemany(_LEASE, leases)
    return found


def acknowledge(cursor: sqlite3.Cursor, acked: Iterable[Delivery], now: int) -> None:
    """Remove deliveries that succeeded; the next message of each ordering key becomes due."""
    by_subscription = defaultdict(list)
    for each in acked:
        by_subscription[each.subscription_id].append(each)
    for number, group in by_subscription.items():
        done = cursor.executemany(_ACK, [(each.message_id, number, each.attempt) for each in group]).rowcount
        count(cursor, "delivered", number, done)
        if group[0].subscription.ordered:
            release_next(cursor, group, now)


def release_next(cursor: sqlite3.Cursor, left: Iterable[Delivery], now: int) -> None:
    """Make due what waits behind deliveries that left the queue."""
    keys = {(each.subscription_id, each.ordering_key) for each in left if each.ordering_key}
    for subscription, key in keys:
        cursor.execute(_RELEASE_NEXT, {"now": now, "subscription": subscription, "key": key})


def retry(cursor: sqlite3.Cursor, nacked: Iterable[Nack], now: int, jitter: Callable[[], float]) -> list[Nack]:
    """Schedule failed deliveries again by their subscription's backoff; return those that have no attempt left."""
    exhausted = []
    for nack in nacked:
        each, policy = nack.delivery, nack.delivery.subscription.retry
        if each.attempt >= policy.max_attempts:
            exhausted.append(nack)
            continue
        due = micros(moment(now) + backoff(policy, each.attempt, jitter()))
        changed = cursor.execute(_RETRY, (due, each.message_id, each.subscription_id, each.attempt)).rowcount
        count(cursor, "retried", each.subscription_id, changed)
    return exhausted


def give_up(cursor: sqlite3.Cursor, exhausted: Iterable[Nack], now: int) -> list[Message]:
    """Remove deliveries that have no attempt left; return the dead letters to insert in the same transaction."""
    letters = []
    for each, detail in exhausted:
        if cursor.execute(_ACK, (each.message_id, each.subscription_id, each.attempt)).rowcount:
            letters.append(dead_letter(each, detail))
            release_next(cursor, [each], now)
    return letters


def give_back(cursor: sqlite3.Cursor, returned: Iterable[Delivery]) -> None:
    """Undo leases whose deliveries were never pushed."""
    rows = [(each.due_at, each.message_id, each.subscription_id, each.attempt) for each in returned]
    cursor.executemany(_GIVE_BACK, rows)


def take_over(cursor: sqlite3.Cursor, gone: Iterable[int], now: int) -> None:
    """Make due at once what instances that are gone had leased, and forget them."""
    for owner in gone:
        cursor.execute("UPDATE deliveries SET due_at = ?, owner = NULL WHERE owner = ?", (now, owner))
        cursor.execute("DELETE FROM instances WHERE id = ?", (owner,))


_COUNT = {
    "delivered": "UPDATE counters SET delivered = delivered + ? WHERE subscription = ?",
    "retried": "UPDATE counters SET retried = retried + ? WHERE subscription = ?",
}


def count(cursor: sqlite3.Cursor, what: Literal["delivered", "retried"], subscription: int, by: int) -> None:
    """Add to a counter of a subscription; `insert` counts the dead letters."""
    if by:
        cursor.execute(_COUNT[what], (by, subscription))
