"""One optimistic transaction over a SQLite file: what it read, what it will write, whether both still fit together."""

import random
import sqlite3
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from shared.storage.buffered import BufferedTransaction, Slot
from shared.storage.documents import Document, Page
from shared.storage.sqlite_file import SqliteFile
from shared.storage.sqlite_queries import Table

D = TypeVar("D", bound=Document)


class KeptBack(Protocol):
    """What a batch will have written."""

    def found(self, slot: Slot) -> tuple[int | None, str | None] | None:
        """Return the version and body that the present batch will leave there, None if it keeps nothing back there."""


class Home(Protocol):
    """What a transaction needs of its database."""

    file: SqliteFile

    def table(self, kind: type[Document]) -> Table:
        """Return the statements of a collection."""

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed."""

    @property
    def gathering(self) -> KeptBack:
        """What the present batch keeps back here."""


class SqliteTransaction(BufferedTransaction[int]):
    """A transaction whose versions are random numbers beside each body."""

    __slots__ = ("_fresh", "_home", "saw_kept")

    def __init__(self, home: Home, source: str, traceparent: Callable[[], str | None]) -> None:
        super().__init__(source, traceparent)
        self._home = home
        self._fresh: dict[Slot, int] = {}
        self.saw_kept = False
        """Whether it read what is not committed yet."""

    def _read(self, kind: type[Document], key: str) -> tuple[int | None, str | None]:
        kept = self._home.gathering.found((kind.collection, key))
        if kept is not None:
            self.saw_kept = True
            return kept
        found = self._home.file.read(self._home.table(kind).get, (key,))
        return found[0] if found else (None, None)

    def _slot(self, document: Document) -> Slot:
        self._home.table(type(document))  # defines it: inside the commit's write lock that would come too late
        return super()._slot(document)

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed: a hint, not verified, blind to what this transaction writes."""
        return self._home.query(kind, **asked)

    def leaves(self) -> dict[Slot, tuple[int | None, str | None]]:
        """Return version and body of everything as this will leave it."""
        return {
            slot: (None, None) if body is None else (self._version_of(slot), body)
            for slot, (_, body) in self._writes.items()
        }

    def is_consistent(self) -> bool:
        """Say whether everything read stood so at one moment; a single read always did."""
        if len(self._seen) < 2:
            return True
        found = self._home.file.read_together(
            [(self._home.table(kind).version, (key,)) for (_, key), (kind, _, _) in self._seen.items()]
        )
        return all(_version(rows) == version for rows, (_, version, _) in zip(found, self._seen.values(), strict=True))

    def apply(self, cursor: sqlite3.Cursor) -> bool:
        """Verify and write, inside the write lock; False on a conflict."""
        for slot, (kind, version, _) in self._seen.items():
            if slot not in self._writes:
                found = cursor.execute(self._home.table(kind).version, slot[1:]).fetchall()
                if _version(found) != version:
                    return False
        return all(
            self._apply_one(cursor, slot, self._home.table(kind), body) for slot, (kind, body) in self._writes.items()
        )

    def _apply_one(self, cursor: sqlite3.Cursor, slot: Slot, table: Table, body: str | None) -> bool:
        key, seen = slot[1], self._seen.get(slot)
        if body is None:
            return self._remove(cursor, table, key, None if seen is None else (seen[1],))
        fresh = self._version_of(slot)
        if seen is None:
            cursor.execute(table.upsert, (fresh, body, key))
        elif seen[1] is None:
            cursor.execute(table.insert, (fresh, body, key))
        else:
            cursor.execute(table.update, (fresh, body, key, seen[1]))
        return cursor.rowcount == 1

    def _version_of(self, slot: Slot) -> int:
        """Return the version that the document gets: random, so that a recreated one is never taken for the old."""
        return self._fresh.setdefault(slot, random.getrandbits(62) + 1)

    @staticmethod
    def _remove(cursor: sqlite3.Cursor, table: Table, key: str, seen: tuple[int | None] | None) -> bool:
        if seen is None:
            cursor.execute(table.delete, (key,))
            return True
        if seen[0] is None:
            return not cursor.execute(table.version, (key,)).fetchall()
        return cursor.execute(table.delete_version, (key, seen[0])).rowcount == 1


def _version(rows: list[Any]) -> int | None:
    return int(rows[0][0]) if rows else None
