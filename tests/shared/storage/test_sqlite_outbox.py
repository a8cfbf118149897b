"""What only the SQLite adapter promises of its outbox: rows in the order of commits, and when they are deleted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.storage.instances import LeasedInstance
from shared.storage.sqlite import SqliteDatabase
from tests.shared.storage.writers import Counted, open_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


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
