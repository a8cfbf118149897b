"""The outbox in SQLite: events lie beside the documents of their commit until the broker has them."""

# ruff: noqa: S608  (the table's name is a constant)

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from shared.events.envelope import Envelope
from shared.storage.documents import OUTBOX
from shared.storage.instances import Instance
from shared.storage.sequences import LEFT_FOR_LONG, SequenceOf
from shared.storage.sqlite_file import SqliteFile
from shared.values.clock import rfc3339

_IN_SEQUENCE = f"{OUTBOX}_in_sequence"
_DEFINITION = f'CREATE TABLE IF NOT EXISTS "{OUTBOX}" (id TEXT PRIMARY KEY, owner TEXT, at TEXT, body TEXT)'
_SEQUENCE = f"""ALTER TABLE "{OUTBOX}" ADD COLUMN sequence TEXT NOT NULL DEFAULT ''"""
_INDEX = f"""CREATE INDEX IF NOT EXISTS "{_IN_SEQUENCE}" ON "{OUTBOX}" (sequence) WHERE sequence <> ''"""
_INSERT = f'INSERT INTO "{OUTBOX}" (id, owner, at, body, sequence) VALUES (?, ?, ?, ?, ?)'
_DELETE = f'DELETE FROM "{OUTBOX}" WHERE id = ?'
_OWNERS = f'SELECT id, sequence, owner, at FROM "{OUTBOX}" ORDER BY rowid'
_SAME_SEQUENCES = f"""SELECT id, sequence FROM "{OUTBOX}"
WHERE sequence <> '' AND sequence IN (SELECT value FROM json_each(?)) ORDER BY rowid"""
_BODIES = f'SELECT body FROM "{OUTBOX}" WHERE id IN (SELECT value FROM json_each(?)) ORDER BY rowid'
_COUNT = f'SELECT count(*) FROM "{OUTBOX}" WHERE id NOT IN (SELECT value FROM json_each(?))'

Row = tuple[str, str, str, str, str]


class SqliteOutbox:
    """The outbox rows of one file, as one process sees them. Rows are in the order of their commits."""

    def __init__(
        self, file: SqliteFile, instance: Instance, clock: Callable[[], datetime], sequence_of: SequenceOf
    ) -> None:
        self._file = file
        self._instance = instance
        self._clock = clock
        self._sequence_of = sequence_of
        self._lock = threading.Lock()
        self._discarded: set[str] = set()
        if not file.read("SELECT 1 FROM sqlite_master WHERE name = ?", (_IN_SEQUENCE,)):
            file.write(_define)

    def rows(self, events: Sequence[Envelope]) -> list[Row]:
        """Return what to insert: this process owns the rows, from now."""
        owner, now = self._instance.id, rfc3339(self._clock())
        return [(event.id, owner, now, event.model_dump_json(), self._sequence_of(event)) for event in events]

    def insert(self, cursor: sqlite3.Cursor, rows: Sequence[Row]) -> None:
        """Write rows inside a commit."""
        for row in rows:
            cursor.execute(_INSERT, row)

    def discard(self, event_ids: Sequence[str]) -> None:
        """Remember rows that the broker has; the next commit or `flush` deletes them."""
        with self._lock:
            self._discarded.update(event_ids)

    def discarded(self) -> list[str]:
        """Return the ids that wait for their deletion."""
        if not self._discarded:
            return []
        with self._lock:
            return list(self._discarded)

    def delete(self, cursor: sqlite3.Cursor, event_ids: Sequence[str]) -> None:
        """Delete rows inside a commit; `deleted` follows once it has happened."""
        for event_id in event_ids:
            cursor.execute(_DELETE, (event_id,))

    def deleted(self, event_ids: Sequence[str]) -> None:
        """Stop remembering rows whose deletion is committed."""
        if event_ids:
            with self._lock:
                self._discarded.difference_update(event_ids)

    def flush(self) -> None:
        """Delete what waits for its deletion, if anything."""
        event_ids = self.discarded()
        if not event_ids:
            return

        def delete(cursor: sqlite3.Cursor) -> bool:
            self.delete(cursor, event_ids)
            return True

        self._file.write(delete)
        self.deleted(event_ids)

    def unsent(self, limit: int) -> list[Envelope]:
        """Return, oldest first, events whose owner is gone or that lie for more than 30 s, and that we didn't send.

        Earlier ones of their sequences come along, also those that their owner may still send itself.
        """
        now = self._clock()
        mine_sent = set(self.discarded())
        taken: list[str] = []
        waiting: dict[str, list[str]] = {}
        for event_id, sequence, owner, at in self._file.read(_OWNERS):
            if len(taken) >= limit:
                break
            if event_id in mine_sent:
                continue
            if self._is_left(owner, datetime.fromisoformat(at), now):
                taken += [*waiting.pop(sequence, ()), event_id]
            elif sequence:
                waiting.setdefault(sequence, []).append(event_id)
        return self._events(taken)

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return, oldest first, earlier events of the sequences of these that we don't know to be published.

        They lie before these in the WAL, so that the sync of these made them safe too.
        """
        sequences = {sequence for event in events if (sequence := self._sequence_of(event))}
        if not sequences:
            return []
        mine_sent, own = set(self.discarded()), {event.id for event in events}
        earlier: list[str] = []
        waiting: dict[str, list[str]] = {}
        for event_id, sequence in self._file.read(_SAME_SEQUENCES, (json.dumps(list(sequences)),)):
            if event_id in own:
                earlier += waiting.pop(sequence, ())
            elif event_id not in mine_sent:
                waiting.setdefault(sequence, []).append(event_id)
        return self._events(earlier)

    def outstanding(self) -> int:
        """Count rows that we don't know to be published."""
        count: int = self._file.read(_COUNT, (json.dumps(self.discarded()),))[0][0]
        return count

    def _events(self, event_ids: Sequence[str]) -> list[Envelope]:
        """Return these that are still there, oldest first."""
        if not event_ids:
            return []
        return [Envelope.model_validate_json(body) for (body,) in self._file.read(_BODIES, (json.dumps(event_ids),))]

    def _is_left(self, owner: str, at: datetime, now: datetime) -> bool:
        return now - at > LEFT_FOR_LONG or self._instance.is_gone(owner, at, now)


def _define(cursor: sqlite3.Cursor) -> bool:
    """Bring the table up to date, in an open transaction; files of old have no sequences yet."""
    cursor.execute(_DEFINITION)
    if "sequence" not in {column[1] for column in cursor.execute(f'PRAGMA table_info("{OUTBOX}")')}:
        cursor.execute(_SEQUENCE)
    cursor.execute(_INDEX)
    return True
