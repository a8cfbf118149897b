"""The Database port on one SQLite file: the laptop's adapter, which works by Firestore's rules."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from shared.errors import Contention
from shared.events.envelope import Envelope
from shared.storage.database import WRITES_PER_COMMIT, Transaction
from shared.storage.documents import Document, Page, Totals
from shared.storage.durability import Scope, current_scope
from shared.storage.guard import open_transaction
from shared.storage.instances import Instance
from shared.storage.queries import Cursor, cursor_after, query_of
from shared.storage.sequences import SequenceOf, no_sequence
from shared.storage.sqlite_file import SqliteFile
from shared.storage.sqlite_gathering import RERUNS, Gathering, Kept, pause
from shared.storage.sqlite_outbox import SqliteOutbox
from shared.storage.sqlite_queries import Table
from shared.storage.sqlite_transaction import SqliteTransaction
from shared.values.clock import utc_now

D = TypeVar("D", bound=Document)
R = TypeVar("R")


class SqliteDatabase:
    """One service's database in one file, shared by the processes of a machine. Open it after forking, close it."""

    def __init__(
        self,
        path: Path,
        service: str,
        instance: Instance,
        traceparent: Callable[[], str | None] = lambda: None,
        clock: Callable[[], datetime] = utc_now,
        sequence_of: SequenceOf = no_sequence,
    ) -> None:
        self.service = service
        self.file = SqliteFile(path)
        self._traceparent = traceparent
        self._outbox = SqliteOutbox(self.file, instance, clock, sequence_of)
        self._tables: dict[type[Document], Table] = {}
        self._defined: set[str] = set()
        self.gathering = Gathering(self)

    def transact(self, work: Callable[[Transaction], R], *, deferrable: bool = False) -> R:
        """Run work optimistically and commit; on a conflict again, up to 30 times, then Contention.

        What work raises is raised and nothing is written; if it rests on reads of different moments, or on what is
        only kept back, work runs again.
        """
        for attempt in range(1 + RERUNS):
            scope = self._touch()
            tx = self.begin(self._traceparent)
            try:
                with open_transaction(self.service):
                    result = work(tx)
            except Exception:
                if tx.saw_kept:
                    self.gathering.show_all()
                    continue
                if tx.is_consistent():
                    raise
            else:
                kept = Kept(tx, work, result, self._traceparent(), copy_context())
                if self.gathering.keep(kept, scope, deferrable=deferrable) or self.gathering.commit_with(tx, scope):
                    return result
            time.sleep(pause(attempt))
        raise Contention(f"a transaction of {self.service} met other writers {1 + RERUNS} times")

    def begin(self, traceparent: Callable[[], str | None]) -> SqliteTransaction:
        """Return a new transaction whose events belong to this trace."""
        return SqliteTransaction(self, f"/{self.service}", traceparent)

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document under this key, or None."""
        self._touch()
        self.gathering.show(kind.collection, (key,))
        found = self.file.read(self.table(kind).get, (key,))
        return kind.load(found[0][1]) if found else None

    def get_many(self, kind: type[D], keys: Sequence[str]) -> list[D | None]:
        """Return the documents under these keys, all of one moment, in the order asked; None for what is missing."""
        if not keys:
            return []
        self._touch()
        self.gathering.show(kind.collection, keys)
        bodies = dict(self.file.read(*self.table(kind).get_many(keys)))
        return [kind.load(bodies[key]) if key in bodies else None for key in keys]

    def query(
        self,
        kind: type[D],
        /,
        *,
        order_by: str | None = None,
        since: Any = None,
        until: Any = None,
        descending: bool = False,
        limit: int = 100,
        cursor: str | None = None,
        **equals: Any,
    ) -> Page[D]:
        """Find documents by a declared index, by default in the order of their keys; a null in `order_by` is left out.

        UndeclaredIndex without an index, Invalid for a cursor that is none of this list. Bounds are inclusive.
        """
        if limit < 1:
            raise ValueError("a page holds at least one document")
        self._touch()
        self.gathering.show(kind.collection)
        table = self.table(kind)
        query = query_of(equals, order_by, since, until, descending)
        by_key = order_by is None or order_by == kind.key_field
        rows: list[tuple[str, str]] = []
        for sql, values in table.page(query, Cursor.read(cursor, ordered=not by_key)):
            if len(rows) <= limit:
                rows += self.file.read(sql, [*values, limit + 1 - len(rows)])
        items = [kind.load(body) for _, body in rows[:limit]]
        return Page(items, cursor_after(*rows[limit - 1], None if by_key else order_by) if len(rows) > limit else None)

    def aggregate(
        self,
        kind: type[D],
        /,
        *,
        sums: Sequence[str] = (),
        order_by: str | None = None,
        since: Any = None,
        until: Any = None,
        **equals: Any,
    ) -> Totals:
        """Count matching documents and sum fields; TypeError if a field holds anything but whole numbers (or null)."""
        self._touch()
        self.gathering.show(kind.collection)
        row = self.file.read(*self.table(kind).totals(query_of(equals, order_by, since, until), sums))[0]
        totals = dict(zip(sums, row[1:], strict=True))
        if not all(isinstance(total, int) for total in totals.values()):
            raise TypeError(f"{kind.__name__}: {', '.join(sums)} must be whole numbers")
        return Totals(row[0], totals)

    def purge(self, kind: type[Document], now: datetime, limit: int = 400) -> int:
        """Remove up to `limit` (at most 500) documents whose `ttl_field` lies before now; returns how many."""
        table, removed = self.table(kind), 0
        delete, bounds = table.expired(now, min(limit, WRITES_PER_COMMIT))

        def remove(cursor: sqlite3.Cursor) -> bool:
            nonlocal removed
            removed = cursor.execute(delete, bounds).rowcount
            return True

        with open_transaction(self.service):
            if self.file.read(*table.first_expired(now)):
                self._write(remove, self._touch())
        return removed

    def unsent(self, limit: int = 100) -> list[Envelope]:
        """Return events, oldest first, that their process didn't publish: it is gone, or it left them for 30 s."""
        if self._touch() is None:
            self.file.sync()
        return self._outbox.unsent(limit)

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return, in the order of commits, unsent events of the sequences of these; they are as safe as these are."""
        return self._outbox.unsent_before(events)

    def discard_sent(self, event_ids: Sequence[str]) -> None:
        """Forget outbox rows that the broker has: with the next commit of this process, or its next `flush`."""
        self._outbox.discard(event_ids)

    def flush(self) -> None:
        """Delete discarded outbox rows now; the host calls this about once a second."""
        self._outbox.flush()

    def outstanding(self) -> int:
        """Count outbox rows that this process doesn't know to be published."""
        return self._outbox.outstanding()

    def close(self) -> None:
        """Give back files and connections; what was discarded is deleted first."""
        self.flush()
        self.file.close()

    def table(self, kind: type[Document]) -> Table:
        """Return the statements of a collection; its table and indexes exist from here on."""
        table = self._tables.get(kind)
        return table if table is not None else self._define(kind)

    def _define(self, kind: type[Document]) -> Table:
        table = Table(kind)
        wanted = table.definitions
        if not wanted.keys() <= self._defined:
            self._defined = {name for (name,) in self.file.read("SELECT name FROM sqlite_master")}
        missing = [sql for name, sql in wanted.items() if name not in self._defined]
        if missing:
            self.file.write(lambda cursor: all([cursor.execute(sql) for sql in missing]))
        self._tables[kind] = table
        return table

    def _touch(self) -> Scope | None:
        scope = current_scope()
        if scope is not None:
            scope.touched(self)
        return scope

    def commit_gathered(self, scope: Scope) -> None:
        """Commit the transactions that a batch kept back."""
        self.gathering.commit(scope)

    def apply_all(self, transactions: Sequence[SqliteTransaction], scope: Scope | None) -> bool:
        """Commit these as one, in their order; False, and nothing is written, if there is a conflict."""
        rows = [row for tx in transactions if tx.events for row in self._outbox.rows(tx.events)]

        def apply(cursor: sqlite3.Cursor) -> bool:
            if not all(tx.apply(cursor) for tx in transactions):
                return False
            self._outbox.insert(cursor, rows)
            return True

        committed = self._write(apply, scope)
        if committed:
            _tell_emitted(self, transactions, scope)
        return committed

    def apply_each(self, transactions: Sequence[SqliteTransaction], scope: Scope | None) -> list[bool]:
        """Commit those without a conflict as one, in their order; say which those are."""
        done: list[bool] = []

        def apply(cursor: sqlite3.Cursor) -> bool:
            for tx in transactions:
                cursor.execute("SAVEPOINT one")
                done.append(tx.apply(cursor))
                if done[-1]:
                    self._outbox.insert(cursor, self._outbox.rows(tx.events))
                else:
                    cursor.execute("ROLLBACK TO one")
                cursor.execute("RELEASE one")
            return True

        self._write(apply, scope)
        _tell_emitted(self, [tx for tx, well in zip(transactions, done, strict=True) if well], scope)
        return done

    def sync(self) -> None:
        """Return when every commit made or seen so far is safe against power loss."""
        self.file.sync()

    def _write(self, apply: Callable[[sqlite3.Cursor], bool], scope: Scope | None) -> bool:
        """Commit once, taking sent outbox rows along; without a scope it is safe against power loss at once."""
        if scope is not None:
            scope.committing(self)
        sent = self._outbox.discarded()

        def apply_all(cursor: sqlite3.Cursor) -> bool:
            if not apply(cursor):
                return False
            self._outbox.delete(cursor, sent)
            return True

        committed = self.file.write(apply_all)
        if committed:
            self._outbox.deleted(sent)
            if scope is None:
                self.file.sync()
        return committed


def _tell_emitted(outbox: SqliteDatabase, transactions: Sequence[SqliteTransaction], scope: Scope | None) -> None:
    for tx in transactions:
        if tx.events and scope is not None:
            scope.emitted(outbox, tx.events)
