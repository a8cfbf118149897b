"""What only the SQLite adapter promises of queries: each searches an index, which is there once it is asked for."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import Timestamp
from shared.values.money import Money
from tests.shared.storage.writers import open_database

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
