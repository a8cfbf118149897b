"""A batch whose invocations go through two databases, as calls in this process do, while both keep something back."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import pytest

from shared.events.envelope import Envelope
from shared.events.fraud import FraudScored
from shared.events.priced_order import FraudDecision
from shared.storage import Document, Transaction
from shared.storage.durability import Scope, leaving, scope
from shared.storage.sqlite import SqliteDatabase

SCORED = FraudScored(order_id="ord_1", fraud=FraudDecision(decision="approve", score=1))
whose: ContextVar[str] = ContextVar("whose", default="nobody's")


class Note(Document):
    collection = "notes"
    key_field = "name"

    name: str
    times: int = 1


class Watched:
    """Databases that tell what of them is committed, and what a power cut would take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **databases: SqliteDatabase) -> None:
        self.unsafe: set[str] = set()
        for name, database in databases.items():
            monkeypatch.setattr(database.file, "write", self._write(name, database.file.write))
            monkeypatch.setattr(database.file, "sync", self._sync(name, database.file.sync))

    def _write(self, name: str, write: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def written(work: Any) -> bool:
            committed = write(work)
            if committed:
                self.unsafe.add(name)
            return committed

        return written

    def _sync(self, name: str, sync: Callable[[], None]) -> Callable[[], None]:
        return lambda: (sync(), self.unsafe.discard(name))[0]


@pytest.fixture
def warehouse(database_of: Callable[[str], SqliteDatabase]) -> SqliteDatabase:
    opened = database_of("warehouse")
    opened.transact(lambda tx: tx.put(Note(name="before")))
    return opened


@pytest.fixture
def inventory(database_of: Callable[[str], SqliteDatabase]) -> SqliteDatabase:
    opened = database_of("inventory")
    opened.transact(lambda tx: tx.put(Note(name="before")))
    return opened


def once_more(name: str) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        known = tx.get(Note, name)
        tx.put(Note(name=name, times=known.times + 1 if known else 1))

    return work


def both_keep_back(batch: Scope, *databases: SqliteDatabase) -> None:
    for database in databases:
        database.transact(once_more("kept"), deferrable=True)
        batch.next_invocation()


@pytest.fixture
def batch() -> Callable[..., Any]:
    return lambda publish=lambda events: None: scope(publish, gathers=True)


def committed(database: SqliteDatabase) -> dict[str, int]:
    found: Iterator[tuple[str]] = iter(database.file.read("SELECT body FROM notes"))
    return {note.name: note.times for note in (Note.load(body) for (body,) in found) if note.name != "before"}


@pytest.mark.parametrize("name", ["kept", "another"])
def test_a_commit_that_has_what_it_saw_elsewhere_made_safe_takes_nothing_in_twice(
    warehouse: SqliteDatabase, inventory: SqliteDatabase, batch: Callable[..., Any], name: str
):
    with batch() as present:
        both_keep_back(present, warehouse, inventory)
        warehouse.get(Note, "before")
        inventory.get(Note, "before")
        warehouse.transact(once_more(name))
    assert committed(warehouse) == ({"kept": 2} if name == "kept" else {"kept": 1, "another": 1})
    assert committed(inventory) == {"kept": 1}


def test_blind_writes_and_their_events_are_not_taken_in_twice_either(
    warehouse: SqliteDatabase, inventory: SqliteDatabase, batch: Callable[..., Any], now: datetime
):
    published: list[Envelope] = []
    with batch(published.extend) as present:
        for database in (warehouse, inventory):
            database.transact(lambda tx: (tx.put(Note(name="kept")), tx.emit(SCORED, now)))
            present.next_invocation()
        warehouse.get(Note, "before")
        inventory.get(Note, "before")
        warehouse.transact(once_more("another"))
    assert committed(warehouse) == {"kept": 1, "another": 1}
    assert len(published) == 2


@pytest.mark.parametrize("deferrable", [True, False])
def test_all_is_safe_when_the_batch_has_settled(
    warehouse: SqliteDatabase,
    inventory: SqliteDatabase,
    batch: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    deferrable: bool,
):
    watched = Watched(monkeypatch, warehouse=warehouse, inventory=inventory)
    with batch() as present:
        both_keep_back(present, warehouse, inventory)
        warehouse.get(Note, "before")
        inventory.get(Note, "before")
        warehouse.transact(once_more("plan"), deferrable=deferrable)
        present.next_invocation()
    assert watched.unsafe == set()


def test_what_a_read_commits_is_safe_when_the_batch_has_settled(
    warehouse: SqliteDatabase, inventory: SqliteDatabase, batch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    watched = Watched(monkeypatch, warehouse=warehouse, inventory=inventory)
    with batch() as present:
        both_keep_back(present, warehouse, inventory)
        inventory.get(Note, "before")
        warehouse.get(Note, "kept")
        present.next_invocation()
    assert watched.unsafe == set()


def test_an_effect_leaves_after_the_commit_of_its_invocation_is_safe(
    warehouse: SqliteDatabase, inventory: SqliteDatabase, batch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    watched = Watched(monkeypatch, warehouse=warehouse, inventory=inventory)
    with batch() as present:
        both_keep_back(present, warehouse, inventory)
        warehouse.get(Note, "before")
        inventory.get(Note, "before")
        warehouse.transact(once_more("intent"), deferrable=True)
        leaving()
        assert committed(warehouse) == {"kept": 1, "intent": 1}
        assert "warehouse" not in watched.unsafe


def test_work_done_again_is_told_as_its_own_delivery(warehouse: SqliteDatabase, batch: Callable[..., Any]):
    told: list[str] = []

    def telling(tx: Transaction) -> None:
        told.append(whose.get())
        once_more("kept")(tx)

    with batch():
        token = whose.set("the first's")
        warehouse.transact(telling, deferrable=True)
        whose.reset(token)
        table = warehouse.table(Note)
        warehouse.file.write(lambda cursor: bool(cursor.execute(table.upsert, (7, '{"name": "kept"}', "kept"))))
    assert told == ["the first's", "the first's"]
    assert committed(warehouse) == {"kept": 2}
