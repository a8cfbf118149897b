"""What only the SQLite adapter promises: indexes, connections, locks, and its own refusals."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.errors import Unavailable
from shared.storage import sqlite_file
from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index
from shared.storage.guard import TransactionOpen
from shared.storage.instances import LeasedInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import Timestamp
from shared.values.money import Money
from tests.shared.storage.writers import Counted, Counter, increment, open_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Hold(Document):
    collection = "holds"
    key_field = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("state", "at"), Index("state"), Index("at"))
    ttl_field = "expires_at"
    order_id: str
    state: str = "pending"
    at: int | None = 1
    price: Money = Money("USD", 1)
    weight: float | None = None
    expires_at: Timestamp | None = None


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def fill(database: Database, count: int) -> None:
    def work(tx: Transaction) -> None:
        for i in range(count):
            tx.put(Hold(order_id=f"ord_{i:03}", state=("pending", "firm")[i % 2], at=i // 4, expires_at=NOW))

    database.transact(work)


QUERIES: list[dict[str, Any]] = [
    {"state": "firm", "order_by": "at"},
    {"state": "firm", "order_by": "at", "since": 3},
    {"state": "firm", "order_by": "at", "until": 50},
    {"state": "firm", "order_by": "at", "since": 3, "until": 50, "descending": True},
    {"order_by": "at"},
    {"order_by": "at", "descending": True},
    {"state": "firm"},
    {"state": "firm", "descending": True},
    {},
    {"descending": True},
    {"order_by": "order_id", "since": "ord_003"},
]


@pytest.mark.parametrize("asked", QUERIES, ids=str)
def test_every_query_searches_an_index_and_sorts_nothing(
    database: SqliteDatabase, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 300)
    plans = explained(database, monkeypatch)
    first = database.query(Hold, limit=10, **asked)
    database.query(Hold, limit=10, cursor=first.next_cursor, **asked)
    if asked and "descending" not in asked:
        database.aggregate(Hold, **asked)
    assert len(plans) >= 2
    assert all(step.startswith("SEARCH holds USING ") for plan in plans for step in plan), plans


def test_getting_and_purging_search_an_index(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(database, 300)
    table = database.table(Hold)
    plans = explained(database, monkeypatch)
    for statement in (
        (table.get, ["a"]),
        (table.version, ["a"]),
        (table.delete_version, ["a", 1]),
        (table.update, [1, "{}", "a", 1]),
        table.get_many(["a", "b"]),
        table.first_expired(NOW),
    ):
        database.file.read(*statement)
    assert len(plans) == 6
    assert all(step.startswith("SEARCH holds USING ") for plan in plans for step in plan), plans
    assert explain(database, *table.expired(NOW, 9)) == [
        "SEARCH holds USING PRIMARY KEY (key=?)",
        "LIST SUBQUERY 1",
        "SEARCH holds USING INDEX holds(expires_at) (<expr>>? AND <expr><?)",
    ]


def explain(database: SqliteDatabase, sql: str, values: Any) -> list[str]:
    raw = sqlite3.connect(database.file.path)
    steps = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    raw.close()
    return steps


def explained(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the plan of every statement that the database reads with from here on."""
    plans: list[list[str]] = []
    read = database.file.read

    def explaining(sql: str, values: Any = ()) -> list[Any]:
        plans.append(explain(database, sql, values))
        return [] if sql.startswith(("UPDATE", "DELETE")) else read(sql, values)

    monkeypatch.setattr(database.file, "read", explaining)
    return plans


def test_a_second_opening_defines_nothing_and_takes_no_lock(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, 1)
    second = open_database(tmp_path)
    monkeypatch.setattr(second.file, "write", lambda work: pytest.fail("took the write lock"))
    assert second.get(Hold, "ord_000") is not None
    assert second.get(Hold, "ord_999") is None
    assert second.outstanding() == 0
    second.close()


def test_an_index_that_is_new_in_this_version_is_built(database: SqliteDatabase, tmp_path: Path) -> None:
    fill(database, 8)

    class HoldWithMore(Hold):
        indexes: ClassVar[tuple[Index, ...]] = (*Hold.indexes, Index("at", "state"))

    page = database.query(HoldWithMore, at=1, order_by="state", limit=1)
    assert [hold.order_id for hold in page.items] == ["ord_005"]


@pytest.mark.parametrize("name", ["outbox", 'x"; DROP TABLE outbox; --', "Holds", ""])
def test_refuses_a_collection_that_can_be_no_table(database: SqliteDatabase, name: str) -> None:
    class Odd(Document):
        collection = name
        key: str = "a"

    with pytest.raises(TypeError, match="can't be a collection"):
        database.get(Odd, "a")


def test_refuses_an_index_on_no_field(database: SqliteDatabase) -> None:
    class Odd(Document):
        collection = "odd"
        indexes = (Index("colour"),)
        key: str = "a"

    with pytest.raises(TypeError, match="colour"):
        database.get(Odd, "a")


@pytest.mark.parametrize("field", ["price", "weight"])
def test_sums_whole_numbers_only(database: SqliteDatabase, field: str) -> None:
    database.transact(lambda tx: tx.put(Hold(order_id="ord_1", weight=1.5)))
    with pytest.raises(TypeError, match="whole numbers"):
        database.aggregate(Hold, sums=[field])


def test_refuses_a_bound_that_is_no_moment_or_can_not_be_indexed(database: SqliteDatabase) -> None:
    with pytest.raises(ValueError, match="zone"):
        database.query(Hold, order_by="at", since=datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="float"):
        database.query(Hold, order_by="at", since=1.5)


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


def test_a_flush_deletes_what_was_sent(database: SqliteDatabase, tmp_path: Path) -> None:
    other = open_database(tmp_path)
    event_id = database.transact(lambda tx: tx.emit(Counted(name="a"), NOW))
    database.discard_sent([event_id, "evt_unknown"])
    assert [database.outstanding(), other.outstanding()] == [0, 1]
    database.flush()
    database.flush()
    assert [database.outstanding(), other.outstanding()] == [0, 0]
    other.close()


def test_events_of_one_commit_are_taken_in_the_order_in_which_they_were_emitted(tmp_path: Path) -> None:
    leaver = SqliteDatabase(tmp_path / "counting.sqlite", "counting", LeasedInstance("gone"), clock=lambda: NOW)
    names = [f"n{i}" for i in range(9)]
    leaver.transact(lambda tx: [tx.emit(Counted(name=name), NOW - timedelta(hours=i)) for i, name in enumerate(names)])
    leaver.close()
    relay = open_database(tmp_path)
    assert [event.subject for event in relay.unsent()] == names
    assert [event.subject for event in relay.unsent(limit=2)] == names[:2]
    relay.close()


def test_events_carry_the_trace_of_their_work(tmp_path: Path) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    database = SqliteDatabase(
        tmp_path / "a.sqlite", "counting", LeasedInstance("me"), traceparent=lambda: trace, clock=lambda: NOW
    )
    database.transact(lambda tx: tx.emit(Counted(name="a"), NOW))
    [(owner, at, body)] = database.file.read("SELECT owner, at, body FROM outbox")
    assert (owner, at) == ("me", "2026-03-01T12:00:00.000000Z")
    assert json.loads(body)["traceparent"] == trace
    database.close()


def test_closing_twice_is_no_error_and_gives_the_wal_back(database: SqliteDatabase) -> None:
    increment(database, "a")
    database.close()
    database.close()
    assert not Path(f"{database.file.path}-wal").exists()
