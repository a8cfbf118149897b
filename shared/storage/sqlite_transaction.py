"""One optimistic transaction over a SQLite file: what it read, what it will write, whether both still fit together."""

import json
import random
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.events.envelope import Envelope, Event, wrap
from shared.storage.database import WRITES_PER_COMMIT
from shared.storage.documents import Document, Page
from shared.storage.queries import Cursor
from shared.storage.sqlite_file import SqliteFile
from shared.storage.sqlite_queries import Table
from shared.values.identifiers import new_id

D = TypeVar("D", bound=Document)

LARGEST_BODY = 1_000_000  # Firestore takes 1 MiB, names and all
_ABSENT = 0

Slot = tuple[str, str]


class Home(Protocol):
    """What a transaction needs of its database."""

    file: SqliteFile

    def table(self, kind: type[Document]) -> Table:
        """Return the statements of a collection."""

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed."""

    def show_gathered(self) -> None:
        """Commit what the present batch keeps back, so that a read sees it."""


class SqliteTransaction:
    """Reads now without locks, keeps what will be written (bodies: a document changed after `put` shows nowhere)."""

    __slots__ = ("_home", "_seen", "_source", "_traceparent", "_writes", "events")

    def __init__(self, home: Home, source: str, traceparent: Callable[[], str | None]) -> None:
        self._home = home
        self._source = source
        self._traceparent = traceparent
        self._seen: dict[Slot, tuple[Table, int, str | None]] = {}
        self._writes: dict[Slot, tuple[Table, str | None]] = {}
        self.events: list[Envelope] = []

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document as this transaction will leave it, or None; its version is verified when committing."""
        table = self._home.table(kind)
        slot = (table.name, key)
        if slot in self._writes:
            body = self._writes[slot][1]
        else:
            if slot not in self._seen:
                self._home.show_gathered()
                found = self._home.file.read(table.get, (key,))
                self._seen[slot] = (table, *found[0]) if found else (table, _ABSENT, None)
            body = self._seen[slot][2]
        return kind.load(body) if body is not None else None

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed: a hint, not verified, blind to what this transaction writes."""
        return self._home.query(kind, **asked)

    def put(self, document: Document) -> None:
        """Write the document as it is now; ValueError for a key or a size that Firestore would refuse."""
        self._writes[self._slot(document)] = (self._home.table(type(document)), _body(document))

    def create(self, document: Document) -> None:
        """Write a document whose key must be free; ValueError if this transaction itself knows that it is not."""
        slot = self._slot(document)
        known = self._writes.get(slot) or self._seen.get(slot)
        if known is None:
            self._seen[slot] = (self._home.table(type(document)), _ABSENT, None)
        elif known[-1] is not None:
            raise ValueError(f"{slot[0]}/{slot[1]} exists, as this transaction has read or written")
        self.put(document)

    def delete(self, document: Document) -> None:
        """Remove the document; removing what is not there is no error."""
        self._writes[self._slot(document)] = (self._home.table(type(document)), None)

    def emit(self, event: Event, at: datetime) -> str:
        """Publish an event if and when this transaction commits; returns its id."""
        event_id = new_id("evt", at)
        self.events.append(wrap(event, event_id=event_id, source=self._source, at=at, traceparent=self._traceparent()))
        return event_id

    @property
    def weight(self) -> int:
        """How many writes this is, events included."""
        return len(self._writes) + len(self.events)

    def has_effect(self) -> bool:
        """Say whether anything is to be written; ValueError for more than 500 writes, events included."""
        if self.weight > WRITES_PER_COMMIT:
            raise ValueError(f"{self.weight} writes in one commit; at most {WRITES_PER_COMMIT}")
        return self.weight > 0

    def is_blind(self) -> bool:
        """Say whether nothing was read by key, so that no other writer can be in conflict with this."""
        return not self._seen

    def is_consistent(self) -> bool:
        """Say whether everything read stood so at one moment; a single read always did."""
        if len(self._seen) < 2:
            return True
        found = self._home.file.read_together(
            [(table.version, (key,)) for (_, key), (table, _, _) in self._seen.items()]
        )
        return all(_version(rows) == version for rows, (_, version, _) in zip(found, self._seen.values(), strict=True))

    def apply(self, cursor: sqlite3.Cursor) -> bool:
        """Verify and write, inside the write lock; False on a conflict."""
        for slot, (table, version, _) in self._seen.items():
            if slot not in self._writes and _version(cursor.execute(table.version, slot[1:]).fetchall()) != version:
                return False
        return all(self._apply_one(cursor, slot, table, body) for slot, (table, body) in self._writes.items())

    def _apply_one(self, cursor: sqlite3.Cursor, slot: Slot, table: Table, body: str | None) -> bool:
        key, seen = slot[1], self._seen.get(slot)
        if body is None:
            return self._remove(cursor, table, key, seen)
        fresh = random.getrandbits(62) + 1  # so that a deleted and recreated document is never taken for the old one
        if seen is None:
            cursor.execute(table.upsert, (fresh, body, key))
        elif seen[1] == _ABSENT:
            cursor.execute(table.insert, (fresh, body, key))
        else:
            cursor.execute(table.update, (fresh, body, key, seen[1]))
        return cursor.rowcount == 1

    @staticmethod
    def _remove(cursor: sqlite3.Cursor, table: Table, key: str, seen: tuple[Table, int, str | None] | None) -> bool:
        if seen is None:
            cursor.execute(table.delete, (key,))
            return True
        if seen[1] == _ABSENT:
            return not cursor.execute(table.version, (key,)).fetchall()
        return cursor.execute(table.delete_version, (key, seen[1])).rowcount == 1

    @staticmethod
    def _slot(document: Document) -> Slot:
        key = document.document_key
        if not key or "/" in key or (len(key) > 100 and len(key.encode()) > 400):
            raise ValueError(f"a key holds 1 to 400 bytes and no slash, got {key[:120]!r}")
        return document.collection, key


def cursor_after(key: str, body: str, order_by: str | None) -> str:
    """Return the cursor of a page that ends with this row; `order_by` is None in the order of keys."""
    return str(Cursor(None if order_by is None else json.loads(body)[order_by], key))


def _version(rows: list[Any]) -> int:
    return int(rows[0][0]) if rows else _ABSENT


def _body(document: Document) -> str:
    body = document.model_dump_json()
    if len(body) > LARGEST_BODY:
        raise ValueError(f"{document.collection}/{document.document_key} is larger than {LARGEST_BODY} characters")
    return body
