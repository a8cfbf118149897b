"""What the processes of the SQLite tests run."""

import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

from shared.events.envelope import Event
from shared.storage.database import Transaction
from shared.storage.documents import Document
from shared.storage.durability import scope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now


class Counter(Document):
    collection = "counters"
    key_field = "name"
    name: str
    count: int = 0
    filling: str = ""


class Counted(Event):
    type: ClassVar[str] = "counter.counted"
    subject_field: ClassVar[str] = "name"
    name: str


def open_database(folder: Path) -> SqliteDatabase:
    return SqliteDatabase(folder / "counting.sqlite", "counting", LocalInstance(folder / "instances"))


def increment(database: SqliteDatabase, name: str, filling: str = "") -> int:
    def work(tx: Transaction) -> int:
        counter = tx.get(Counter, name) or Counter(name=name)
        counter.count += 1
        counter.filling = filling
        tx.put(counter)
        return counter.count

    return database.transact(work)


def hammer(folder: Path, own: str, times: int) -> None:
    """Increment one counter that everybody wants and one of our own."""
    database = open_database(folder)
    for _ in range(times):
        with scope(lambda events: None):
            increment(database, "shared")
            increment(database, own)
    database.close()


def write_until_killed(folder: Path, own: str, acknowledged: Connection) -> None:
    """Tell each count once it is safe: two documents and one event a transaction."""
    database = open_database(folder)

    def work(tx: Transaction) -> int:
        mine = tx.get(Counter, own) or Counter(name=own)
        twin = tx.get(Counter, f"{own}-twin") or Counter(name=f"{own}-twin")
        mine.count, twin.count = mine.count + 1, twin.count + 1
        mine.filling = twin.filling = "x" * 2000
        tx.put(mine)
        tx.put(twin)
        tx.emit(Counted(name=own), utc_now())
        return mine.count

    def never_published(events: object) -> None:
        return None

    database.discard_sent = lambda event_ids: None  # type: ignore[method-assign]
    while True:
        with scope(never_published):
            count = database.transact(work)
        acknowledged.send(count)


def reread_every_commit(folder: Path, own: str, times: int) -> None:
    """Commit, read it back over another connection, and checkpoint after nearly every commit, as others do too."""
    database = open_database(folder)
    database.file.write(lambda cursor: bool(cursor.execute("PRAGMA wal_autocheckpoint=3")))
    for expected in range(1, times + 1):
        assert increment(database, own, filling=str(expected) * 3000) == expected
        found = database.get(Counter, own)
        assert found is not None and (found.count, found.filling) == (expected, str(expected) * 3000)
    database.close()


def emit_and_wait(folder: Path, ready: Connection) -> None:
    """Leave an event unpublished, say so and who we are, and live on until told or killed."""
    instance = LocalInstance(folder / "instances")
    database = SqliteDatabase(folder / "counting.sqlite", "counting", instance)
    database.transact(lambda tx: tx.emit(Counted(name="a"), utc_now()))
    ready.send((instance.id, os.getpid()))
    ready.recv()
