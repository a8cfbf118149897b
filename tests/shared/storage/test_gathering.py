"""A batch makes one commit of transactions that read nothing; whoever reads sees them; a failure fails the batch."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

import pytest

from shared.errors import Unavailable
from shared.events.fraud import FraudScored
from shared.events.priced_order import FraudDecision
from shared.storage import Document, Index
from shared.storage.durability import leaving, scope
from shared.storage.sqlite import SqliteDatabase

DatabaseOf = Callable[[str], SqliteDatabase]
SCORED = FraudScored(order_id="ord_1", fraud=FraudDecision(decision="approve", score=1))


class Note(Document):
    collection = "notes"
    key_field = "name"
    indexes = (Index("kind"),)

    name: str
    kind: str = "plain"


def commits(database: SqliteDatabase) -> int:
    """Another connection's view of how often the file changed."""
    return int(database.file.read("SELECT count(*) FROM notes")[0][0])


def put(database: SqliteDatabase, name: str) -> None:
    database.transact(lambda tx: tx.put(Note(name=name)))


@pytest.fixture
def database(database_of: DatabaseOf) -> SqliteDatabase:
    opened = database_of("inventory")
    put(opened, "first")
    return opened


def test_blind_transactions_of_a_batch_are_one_commit(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch):
    written: list[None] = []
    write = database.file.write
    monkeypatch.setattr(database.file, "write", lambda work: (written.append(None), write(work))[1])
    with scope(lambda events: None, gathers=True):
        for number in range(20):
            put(database, f"note-{number}")
        assert commits(database) == 1, "nothing is committed while the batch goes on"
    assert commits(database) == 21
    assert len(written) == 1


def test_a_read_of_the_same_batch_sees_what_was_gathered(database: SqliteDatabase):
    with scope(lambda events: None, gathers=True):
        put(database, "by key")
        assert database.get(Note, "by key") == Note(name="by key")
        put(database, "by query")
        assert [note.name for note in database.query(Note, kind="plain").items] == ["by key", "by query", "first"]
        put(database, "in a transaction")
        assert database.transact(lambda tx: tx.get(Note, "in a transaction")) is not None


def test_totals_count_what_was_gathered(database: SqliteDatabase):
    with scope(lambda events: None, gathers=True):
        put(database, "second")
        assert database.aggregate(Note).count == 2


def test_what_was_gathered_is_committed_before_an_effect_leaves(database: SqliteDatabase):
    with scope(lambda events: None, gathers=True):
        put(database, "intent")
        leaving()
        assert commits(database) == 2, "the effect leaves after its intent is kept"


def test_what_was_gathered_is_committed_before_its_invocation_commits_elsewhere(
    database: SqliteDatabase, database_of: DatabaseOf
):
    other = database_of("payment")
    with scope(lambda events: None, gathers=True):
        put(database, "intent")
        other.transact(lambda tx: (tx.get(Note, "effect"), tx.put(Note(name="effect"))))
        assert commits(database) == 2


def test_a_commit_that_rests_on_another_database_is_not_kept_back(database: SqliteDatabase, database_of: DatabaseOf):
    other = database_of("payment")
    with scope(lambda events: None, gathers=True) as batch:
        other.transact(lambda tx: (tx.get(Note, "effect"), tx.put(Note(name="effect"))))
        synced: list[int] = []
        sync = other.file.sync
        other.file.sync = lambda: (synced.append(commits(database)), sync())[1]  # type: ignore[method-assign]
        put(database, "handled")
        assert (synced, commits(database)) == ([1], 2), "first the cause is safe, then its record is committed"
        batch.next_invocation()


def test_the_next_invocation_of_a_batch_does_not_commit_what_it_does_not_rest_on(
    database: SqliteDatabase, database_of: DatabaseOf
):
    with scope(lambda events: None, gathers=True) as batch:
        put(database, "unrelated")
        batch.next_invocation()
        put(database_of("payment"), "another")
        leaving()
        assert commits(database) == 1
    assert commits(database) == 2


def test_order_is_kept_between_blind_and_other_transactions(database: SqliteDatabase):
    def change(tx) -> None:
        assert tx.get(Note, "other") is None
        tx.put(Note(name="same", kind="second"))

    with scope(lambda events: None, gathers=True):
        database.transact(lambda tx: tx.put(Note(name="same", kind="first")))
        database.transact(change)
        assert database.get(Note, "same") == Note(name="same", kind="second")


def test_events_of_gathered_transactions_are_published(database: SqliteDatabase, now: datetime):
    published: list[str] = []
    with scope(lambda events: published.extend(event.type for event in events), gathers=True):
        for name in ("a", "b"):
            database.transact(lambda tx, name=name: (tx.put(Note(name=name)), tx.emit(SCORED, now)))
        assert published == []
    assert published == ["fraud.scored", "fraud.scored"]


def test_more_than_a_commit_holds_is_several_commits(database: SqliteDatabase):
    with scope(lambda events: None, gathers=True):
        for number in range(1100):
            put(database, f"note-{number:04}")
    assert commits(database) == 1101


def test_outside_of_a_batch_each_transaction_is_committed_at_once(database: SqliteDatabase):
    with scope(lambda events: None):
        put(database, "second")
        assert commits(database) == 2


def test_a_failed_gathered_commit_fails_the_whole_batch(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch):
    def full(work) -> bool:
        raise Unavailable("disk full") from sqlite3.OperationalError("disk full")

    published: list[object] = []
    with pytest.raises(Unavailable, match="nothing of the batch may count"), scope(published.extend, gathers=True):
        put(database, "called done")
        monkeypatch.setattr(database.file, "write", full)
        with pytest.raises(Unavailable):
            database.get(Note, "called done")
        monkeypatch.undo()
    assert published == []
    assert database.get(Note, "called done") is None
