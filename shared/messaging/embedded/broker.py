"""The broker's doors: publish, lease, settle; each is one commit. Also its reports, replays and housekeeping."""

import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from shared.manifest import Subscription
from shared.messaging.embedded import dead_letters, queue, registry, reports
from shared.messaging.embedded.delivery import Delivery, Nack, micros, moment
from shared.messaging.embedded.registry import Registry
from shared.messaging.embedded.wakeups import send, wake_folder
from shared.messaging.publisher import Letter, Message
from shared.storage.guard import leaving
from shared.storage.sqlite_file import SqliteFile
from shared.values.clock import Clock

R = TypeVar("R")

_NEXT_DUE = """
SELECT due_at FROM deliveries
WHERE due_at IS NOT NULL AND +subscription IN (SELECT value FROM json_each(?)) ORDER BY due_at LIMIT 1"""
_LEFT_OVER = """
DELETE FROM messages WHERE id > :after AND id <= :until AND id < (SELECT max(id) FROM messages)
AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = messages.id)"""


def _nobody(_: str) -> bool:
    return False


class Broker:
    """One process's end of the broker. Threads share it; every process is given the same subscriptions.

    `is_gone` tells whether the process instance of this name has ended, so that its leases are taken over at once;
    `topics` names topics that may have no subscription; `jitter` returns numbers from 0 to 1.
    """

    def __init__(
        self,
        path: Path,
        subscriptions: Sequence[Subscription],
        instance_id: str,
        clock: Clock,
        *,
        topics: Iterable[str] = (),
        is_gone: Callable[[str], bool] = _nobody,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.clock, self.instance_id = clock, instance_id
        self.wake_folder = wake_folder(path)
        self.wake_folder.mkdir(parents=True, exist_ok=True)
        self._is_gone, self._jitter = is_gone, jitter
        self._registry = Registry(subscriptions, topics)
        self._file = SqliteFile(path)
        self._last_id = 0
        self._purged_until = 0
        self._owner = self._commit(self._open)

    def sync(self) -> None:
        """Return when every commit so far is safe against power loss."""
        self._file.sync()

    @property
    def services(self) -> frozenset[str]:
        """Every service that has a subscription."""
        return frozenset(each.service for each in self._registry.pushed.values())

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Keep all messages or none; return their ids once they are safe. LookupError for an unknown topic."""
        leaving("a publish")
        return self.settle((), (), messages)

    def lease(self, limit: int, now: datetime, services_at_limit: Iterable[str] = ()) -> list[Delivery]:
        """Take up to `limit` due deliveries, oldest first, none of these services'; give up those tried too often."""
        gone = self._gone()
        among = self._registry.numbers(services_at_limit)
        due, at = self._next_due(among), micros(now)
        if not gone and (due is None or due > at):
            return []

        def take(cursor: sqlite3.Cursor) -> list[Delivery]:
            queue.take_over(cursor, gone, at)
            leased = queue.lease(cursor, self._registry, self._owner, at, limit, among)
            lapsed = [each for each in leased if each.attempt > each.subscription.retry.max_attempts]
            self._give_up(cursor, [Nack(each, "its last ack deadline passed") for each in lapsed], at)
            return [each for each in leased if each.attempt <= each.subscription.retry.max_attempts]

        return self._commit(take)

    def settle(
        self,
        acked: Iterable[Delivery],
        nacked: Iterable[Nack],
        messages: Sequence[Message] = (),
        *,
        returned: Iterable[Delivery] = (),
    ) -> list[str]:
        """In one commit: acknowledge, schedule failures again or give them up, undo unused leases, and publish.

        Returns the ids of `messages` once they are safe; without any, nothing waits for the disk, and a power cut may
        deliver again. LookupError for an unknown topic, and then nothing of it is done.
        """
        routed = [(each, self._registry.targets(each.topic, each.attributes)) for each in messages]
        now = micros(self.clock())

        def change(cursor: sqlite3.Cursor) -> list[int]:
            queue.acknowledge(cursor, acked, now)
            self._give_up(cursor, queue.retry(cursor, nacked, now, self._jitter), now)
            queue.give_back(cursor, returned)
            return self._insert(cursor, routed, now)

        ids = self._commit(change)
        if messages:  # wake before the sync: a message that a power cut takes is published again by who got no answer
            send(self.wake_folder, {each.attributes["ce-type"] for each in messages if "ce-type" in each.attributes})
            self.sync()
        return [str(each) for each in ids]

    def next_due(self, services_at_limit: Iterable[str] = ()) -> datetime | None:
        """Return when the next delivery is due, None if there is none; a leased one is due when its lease lapses."""
        due = self._next_due(self._registry.numbers(services_at_limit))
        return None if due is None else moment(due)

    def subscriptions_report(self, now: datetime) -> list[dict[str, Any]]:
        """Return each subscription's backlog, age and counters."""
        return reports.subscriptions_report(self._file, self._registry, now)

    def names(self) -> set[str]:
        """Return the names of the subscriptions that the triggers declare."""
        return {each.name for each in self._registry.pushed.values()}

    def backlog(self) -> int:
        """Return how many deliveries are outstanding; dead letters are not."""
        return reports.backlog(self._file)

    def undelivered(self, order_id: str) -> list[dict[str, Any]]:
        """Return each outstanding delivery of an event of this order, in the words of a recorded line."""
        return reports.undelivered(self._file, order_id)

    def dead_letters(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the oldest dead letters with their reasons."""
        return dead_letters.listed(self._file, limit)

    def replay(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> int:
        """Deliver dead letters (all, a subscription's, or these) afresh, each to its own subscription alone.

        Returns how many. ValueError if an id is no number; ids that are no dead letters are passed over.
        """
        now = micros(self.clock())

        def again(cursor: sqlite3.Cursor) -> int:
            taken = dead_letters.taken_out(cursor, self._registry.pushed.values(), subscription, ids)
            routed = [(message, [(self._registry.number[source.name], source)]) for source, message in taken]
            return len(self._insert(cursor, routed, now))

        replayed = self._commit(again)
        send(self.wake_folder, ())
        self.sync()
        return replayed

    def letters(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> list[Letter]:
        """Return dead letters as they were published first, and leave them; ValueError if an id is no number."""
        found = dead_letters.kept(self._file, self._registry.pushed.values(), subscription, ids)
        return [Letter(*each) for each in found]

    def send(self, subscription: Subscription, messages: Sequence[Message]) -> int:
        """Deliver messages to one subscription alone, safely kept when this returns; return how many."""
        targets = [(self._registry.number[subscription.name], subscription)]
        now = micros(self.clock())
        self._commit(lambda cursor: self._insert(cursor, [(each, targets) for each in messages], now))
        send(self.wake_folder, ())
        self.sync()
        return len(messages)

    def purge(self, limit: int = 1000) -> int:
        """Remove messages that have no delivery left, looking at up to `limit` from where the last call ended."""
        window = self._file.read(
            "SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?", (self._purged_until, limit)
        )
        after, self._purged_until = self._purged_until, window[-1][0] if len(window) == limit else 0
        if len(window) < 2:  # the newest message stays: the next id is counted from it
            return 0
        bounds = {"after": after, "until": window[-1][0]}
        return self._commit(lambda cursor: cursor.execute(_LEFT_OVER, bounds).rowcount)

    def close(self) -> None:
        """Give back leases and files."""
        self._commit(lambda cursor: queue.take_over(cursor, [self._owner], micros(self.clock())))
        self._file.close()

    def _open(self, cursor: sqlite3.Cursor) -> int:
        """Bring tables and subscriptions up to date; return this instance's number."""
        for statement in (*registry.SCHEMA, *queue.SCHEMA):
            cursor.execute(statement)
        self._registry.load(cursor, micros(self.clock()))
        cursor.execute("INSERT OR IGNORE INTO instances (name) VALUES (?)", (self.instance_id,))
        [(number,)] = cursor.execute("SELECT id FROM instances WHERE name = ?", (self.instance_id,)).fetchall()
        return int(number)

    def _commit(self, work: Callable[[sqlite3.Cursor], R]) -> R:
        results: list[R] = []

        def run(cursor: sqlite3.Cursor) -> bool:
            results.append(work(cursor))
            return True

        self._file.write(run)
        return results[0]

    def _insert(self, cursor: sqlite3.Cursor, routed: Sequence[tuple[Message, queue.Targets]], now: int) -> list[int]:
        if not routed:
            return []
        ids = queue.insert(cursor, max(self._last_id + 1, now), routed, now)
        self._last_id = ids[-1]
        return ids

    def _give_up(self, cursor: sqlite3.Cursor, exhausted: Iterable[Nack], now: int) -> None:
        letters = queue.give_up(cursor, exhausted, now)
        self._insert(cursor, [(each, self._registry.targets(each.topic, {})) for each in letters], now)

    def _next_due(self, among: str) -> int | None:
        found = self._file.read(_NEXT_DUE, (among,))
        return int(found[0][0]) if found else None

    def _gone(self) -> list[int]:
        others = self._file.read("SELECT id, name FROM instances WHERE id <> ?", (self._owner,))
        return [number for number, name in others if self._is_gone(name)]
