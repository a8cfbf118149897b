"""What only the SQLite adapter promises of its file: connections, locks, versions, and its own refusals."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.storage import sqlite_file
from shared.storage.database import Transaction
from shared.storage.guard import TransactionOpen
from shared.storage.sqlite import SqliteDatabase
from tests.shared.storage.test_sqlite_indexes import Hold, fill
from tests.shared.storage.writers import Counted, Counter, increment, open_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def test_refuses_a_document_larger_than_firestore_takes(database: SqliteDatabase) -> None:
    with pytest.raises(ValueError, match="larger"):
        database.transact(lambda tx: tx.put(Counter(name="a", filling="x" * 1_000_001)))


def test_versions_are_never_given_twice(database: SqliteDatabase) -> None:
    versions = set()
    for _ in range(50):
        increment(database, "a")
        versions.add(database.file.read('SELECT version FROM "counters"')[0][0])
    assert len(versions) == 50
    assert min(versions) > 0


def test_a_transaction_that_only_reads_takes_no_lock(database: SqliteDatabase) -> None:
    fill(database, 2)

    def work(tx: Transaction) -> int:
        return len([tx.get(Hold, "ord_000"), tx.get(Hold, "ord_001"), tx.get(Hold, "ord_002")])

    with database.file._mutex:
        assert database.transact(work) == 3


def test_readers_go_on_while_a_writer_holds_the_lock(database: SqliteDatabase) -> None:
    increment(database, "a")
    inside, done = threading.Event(), threading.Event()

    def slow(cursor: sqlite3.Cursor) -> bool:
        cursor.execute("UPDATE counters SET version = 1")
        inside.set()
        return done.wait(5)

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(database.file.write, slow)
        assert inside.wait(5)
        assert database.get(Counter, "a") == Counter(name="a", count=1)
        done.set()
        assert writing.result()


def test_threads_that_end_leave_no_connections_behind(database: SqliteDatabase) -> None:
    increment(database, "a")
    for _ in range(20):
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: database.get(Counter, "a"), range(8)))
    assert len(database.file._idle) <= 4


def test_a_failed_write_leaves_the_file_writable(database: SqliteDatabase) -> None:
    def broken(cursor: sqlite3.Cursor) -> bool:
        cursor.execute("UPDATE outbox SET body = ''")
        raise KeyError("broken")

    with pytest.raises(KeyError):
        database.file.write(broken)
    with pytest.raises(sqlite3.OperationalError):
        database.file.write(lambda cursor: bool(cursor.execute("SELECT 1 FROM nowhere")))
    assert increment(database, "a") == 1


def test_a_full_disk_is_an_error_that_a_retry_can_help(database: SqliteDatabase) -> None:
    increment(database, "a")
    pages = database.file._writer.execute("PRAGMA page_count").fetchone()[0]
    database.file._writer.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable, match="full"):
        increment(database, "b", filling="x" * 100_000)
    assert database.get(Counter, "b") is None
    database.file._writer.execute("PRAGMA max_page_count=1000000")
    assert increment(database, "b", filling="x" * 100_000) == 1


def test_a_stranger_who_locks_the_file_is_waited_for_and_then_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.05)
    database = open_database(tmp_path)
    stranger = sqlite3.connect(database.file.path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        database.transact(lambda tx: tx.emit(Counted(name="a"), NOW))
    stranger.execute("ROLLBACK")
    stranger.close()
    assert database.outstanding() == 0
    database.transact(lambda tx: tx.emit(Counted(name="a"), NOW))
    assert database.outstanding() == 1
    database.close()


def test_the_file_stands_as_designed(database: SqliteDatabase) -> None:
    increment(database, "a")
    for connection in (database.file._writer, *database.file._idle):
        asked = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert asked == ["wal", 1]
        assert connection.execute("PRAGMA journal_size_limit").fetchone() == (-1,)
        assert connection.execute("PRAGMA mmap_size").fetchone() in (None, (0,))
    [(body,)] = database.file.read('SELECT body FROM "counters"')
    assert json.loads(body) == {"schema_version": 1, "name": "a", "count": 1, "filling": ""}


def test_purging_inside_a_transaction_is_refused(database: SqliteDatabase) -> None:
    fill(database, 1)
    with pytest.raises(TransactionOpen):
        database.transact(lambda tx: database.purge(Hold, datetime(2027, 1, 1, tzinfo=UTC)))
    assert database.get(Hold, "ord_000") is not None


def test_closing_twice_is_no_error_and_gives_the_wal_back(database: SqliteDatabase) -> None:
    increment(database, "a")
    database.close()
    database.close()
    assert not Path(f"{database.file.path}-wal").exists()
