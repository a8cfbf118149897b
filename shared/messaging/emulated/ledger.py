"""What was published and what was handled, per subscription: the emulator reports neither backlog nor counters.

A row is written before its event is published and closed when the push was acknowledged, so that an event is always
counted somewhere: in an outbox, or here. Rows are named by the event's id, so a redelivery or a second publish opens
none. It says what is outstanding, and nothing rests on it.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.manifest import Subscription
from shared.messaging.publisher import Message
from shared.storage.sqlite_file import SqliteFile
from shared.values.clock import Clock

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS deliveries (
        subscription TEXT NOT NULL,
        message TEXT NOT NULL,                  -- the event's id, or Pub/Sub's of a message that is no event
        at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,    -- that failed
        done_at REAL,
        PRIMARY KEY (subscription, message)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS open ON deliveries (subscription, at) WHERE done_at IS NULL",
    """CREATE TABLE IF NOT EXISTS counters (
        subscription TEXT PRIMARY KEY,
        delivered INTEGER NOT NULL DEFAULT 0,
        retried INTEGER NOT NULL DEFAULT 0,
        dead_lettered INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
)
KEEP_S, PURGE_AFTER = 600.0, 1000

_EXPECT = "INSERT OR IGNORE INTO deliveries (subscription, message, at) VALUES (?, ?, ?)"
_WITHDRAW = "DELETE FROM deliveries WHERE subscription = ? AND message = ? AND done_at IS NULL"
_DONE = """
INSERT INTO deliveries (subscription, message, at, done_at) VALUES (:subscription, :message, :now, :now)
ON CONFLICT DO UPDATE SET done_at = coalesce(done_at, excluded.done_at)"""
_FAILED = """
INSERT INTO deliveries (subscription, message, at, attempts) VALUES (:subscription, :message, :now, 1)
ON CONFLICT DO UPDATE SET attempts = attempts + 1 RETURNING attempts"""
_COUNT = """
INSERT INTO counters (subscription, delivered, retried, dead_lettered) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET delivered = delivered + excluded.delivered, retried = retried + excluded.retried,
dead_lettered = dead_lettered + excluded.dead_lettered"""
_FAILURES = "SELECT attempts FROM deliveries WHERE subscription = ? AND message = ?"
_WITH_DEAD_LETTERS = """
SELECT subscription FROM counters WHERE dead_lettered > 0
UNION SELECT subscription FROM deliveries WHERE done_at IS NULL ORDER BY subscription"""
_OPEN = "SELECT subscription, count(*), min(at) FROM deliveries WHERE done_at IS NULL GROUP BY subscription"

Expected = list[tuple[str, str]]
"""Subscription and message of each row."""


class Ledger:
    """One process's end of the ledger. Threads share it; every process is given the same subscriptions."""

    def __init__(self, path: Path, subscriptions: Sequence[Subscription], clock: Clock) -> None:
        self.subscriptions = {each.name: each for each in subscriptions}
        self._by_topic: dict[str, list[Subscription]] = {}
        for each in subscriptions:
            self._by_topic.setdefault(each.topic, []).append(each)
        self._clock, self._file, self._since_purge = clock, SqliteFile(path), 0
        self._file.write(_create)

    def expect(self, messages: Iterable[tuple[Message, str]]) -> Expected:
        """Open a row for every subscription that wants a message of this name; returns those that were not there."""
        wanted = [
            (each.name, name)
            for message, name in messages
            for each in self._by_topic.get(message.topic, ())
            if each.wants(message.attributes)
        ]
        now, opened = self._now(), Expected()

        def insert(cursor: sqlite3.Cursor) -> bool:
            opened.extend(pair for pair in wanted if cursor.execute(_EXPECT, (*pair, now)).rowcount)
            self._purge(cursor, len(opened), now)
            return bool(opened)

        if wanted:
            self._file.write(insert)
        return opened

    def withdraw(self, expected: Expected) -> None:
        """Close rows without a trace: their messages were not published."""
        self._file.write(lambda cursor: bool(cursor.executemany(_WITHDRAW, expected)))

    def acknowledged(self, subscription: str, message: str, *, dead: bool = False) -> None:
        """Note that a push was acknowledged; `dead` if the service has put it among the dead letters."""
        values = {"subscription": subscription, "message": message, "now": self._now()}

        def note(cursor: sqlite3.Cursor) -> bool:
            cursor.execute(_DONE, values)
            cursor.execute(_COUNT, (subscription, 1, 0, int(dead)))
            return True

        self._file.write(note)

    def failed(self, subscription: str, message: str) -> None:
        """Note that a push failed; after the last attempt the broker dead-letters it."""
        values = {"subscription": subscription, "message": message, "now": self._now()}
        most = self.subscriptions[subscription].retry.max_attempts

        def note(cursor: sqlite3.Cursor) -> bool:
            [(attempts,)] = cursor.execute(_FAILED, values).fetchall()
            if attempts == most:
                cursor.execute(_DONE, values)
            cursor.execute(_COUNT, (subscription, 0, int(attempts < most), int(attempts == most)))
            return True

        self._file.write(note)

    def failures(self, subscription: str, message: str) -> int:
        """Return how many pushes of a message have failed."""
        found = self._file.read(_FAILURES, (subscription, message))
        return int(found[0][0]) if found else 0

    def backlog(self) -> int:
        """Return how many deliveries are not acknowledged; dead letters are."""
        [(total,)] = self._file.read("SELECT count(*) FROM deliveries WHERE done_at IS NULL")
        return int(total)

    def with_dead_letters(self) -> list[Subscription]:
        """Return the subscriptions that ever gave up a message, or may have done so while nobody answered a push."""
        found = self._file.read(_WITH_DEAD_LETTERS)
        return [self.subscriptions[name] for (name,) in found if name in self.subscriptions]

    def report(self, now: datetime) -> list[dict[str, Any]]:
        """Return each subscription's backlog, age in seconds (None if idle) and counters, in the triggers' order."""
        outstanding = {name: (count, oldest) for name, count, oldest in self._file.read(_OPEN)}
        counted = {name: counts for name, *counts in self._file.read("SELECT * FROM counters")}
        return [_reported(each, outstanding, counted, now) for each in self.subscriptions.values()]

    def close(self) -> None:
        """Give back the file."""
        self._file.close()

    def _purge(self, cursor: sqlite3.Cursor, opened: int, now: float) -> None:
        self._since_purge += opened
        if self._since_purge >= PURGE_AFTER:
            self._since_purge = 0
            cursor.execute("DELETE FROM deliveries WHERE done_at < ?", (now - KEEP_S,))

    def _now(self) -> float:
        return self._clock().timestamp()


def _create(cursor: sqlite3.Cursor) -> bool:
    for statement in SCHEMA:
        cursor.execute(statement)
    return True


def _reported(
    each: Subscription, outstanding: dict[str, tuple[int, float]], counted: dict[str, list[int]], now: datetime
) -> dict[str, Any]:
    backlog, oldest = outstanding.get(each.name, (0, None))
    delivered, retried, dead_lettered = counted.get(each.name, (0, 0, 0))
    return {
        "name": each.name,
        "topic": each.topic,
        "service": each.service,
        "function": each.function,
        "backlog": backlog,
        "oldest_unacknowledged_s": None if oldest is None else max(now.timestamp() - oldest, 0.0),
        "delivered": delivered,
        "retried": retried,
        "dead_lettered": dead_lettered,
    }
