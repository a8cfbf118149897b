"""A batch keeps back transactions that read too, if nobody acts on their outcome yet, and does again what loses."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.errors import IllegalTransition, Unavailable
from shared.events.envelope import Envelope
from shared.events.fraud import FraudScored
from shared.events.priced_order import FraudDecision
from shared.storage import Document, Transaction
from shared.storage.durability import scope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase

DatabaseOf = Callable[[str], SqliteDatabase]
SCORED = FraudScored(order_id="ord_1", fraud=FraudDecision(decision="approve", score=1))


class Shelf(Document):
    collection = "shelves"
    key_field = "name"

    name: str
    pieces: int


class Label(Document):
    collection = "labels"
    key_field = "name"

    name: str


@pytest.fixture
def database(database_of: DatabaseOf) -> SqliteDatabase:
    opened = database_of("inventory")
    opened.transact(lambda tx: tx.put(Shelf(name="left", pieces=10)))
    return opened


def taking(name: str = "left") -> Callable[[Transaction], bool]:
    def work(tx: Transaction) -> bool:
        shelf = tx.get(Shelf, name)
        if shelf is None or not shelf.pieces:
            return False
        tx.put(shelf.model_copy(update={"pieces": shelf.pieces - 1}))
        return True

    return work


def take(database: SqliteDatabase) -> bool:
    return database.transact(taking(), deferrable=True)


def committed(database: SqliteDatabase, name: str = "left") -> int:
    """What another connection sees."""
    shelf = Shelf.load(database.file.read(database.table(Shelf).get, (name,))[0][1])
    return shelf.pieces


def elsewhere(work: Callable[[], Any]) -> None:
    """Run in a thread of its own: outside of the batch."""
    other = threading.Thread(target=work)
    other.start()
    other.join()


def batch() -> Any:
    return scope(lambda events: None, gathers=True)


def counted(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    written: list[None] = []
    write = database.file.write
    monkeypatch.setattr(database.file, "write", lambda work: (written.append(None), write(work))[1])
    return written


def test_each_sees_what_those_before_it_will_have_written_and_all_are_one_commit(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
):
    written = counted(database, monkeypatch)
    with batch():
        assert [take(database) for _ in range(12)] == [True] * 10 + [False] * 2
        assert len(written) == 1, "the refusal rests on what is only kept back, so that is committed and it asks again"
    assert (committed(database), len(written)) == (0, 1)


def test_nothing_is_committed_before_the_batch_is_settled(database: SqliteDatabase):
    with batch():
        take(database)
        assert committed(database) == 10
    assert committed(database) == 9


def test_a_created_and_a_deleted_document_are_seen_so(database: SqliteDatabase):
    with batch():
        database.transact(lambda tx: tx.create(Label(name="new")), deferrable=True)
        assert database.transact(lambda tx: tx.get(Label, "new")) == Label(name="new")
        database.transact(lambda tx: tx.delete(Label(name="new")), deferrable=True)
        database.transact(lambda tx: tx.create(Label(name="new")), deferrable=True)
    assert database.get(Label, "new") == Label(name="new")


def test_work_is_done_again_if_another_writer_was_first(database: SqliteDatabase):
    with batch():
        assert [take(database), take(database)] == [True, True]
        elsewhere(lambda: database.transact(taking()))
    assert committed(database) == 7, "three were taken, each once"


def test_only_what_the_conflict_concerns_is_done_again(database: SqliteDatabase):
    runs: list[str] = []

    def label(tx: Transaction) -> None:
        runs.append("label")
        tx.get(Label, "untouched")
        tx.put(Label(name="untouched"))

    def counting(tx: Transaction) -> bool:
        runs.append("take")
        return taking()(tx)

    with batch():
        database.transact(label, deferrable=True)
        database.transact(counting, deferrable=True)
        elsewhere(lambda: database.transact(taking()))
    assert runs == ["label", "take", "take"]
    assert (committed(database), database.get(Label, "untouched")) == (8, Label(name="untouched"))


def test_a_batch_does_not_count_if_work_comes_out_differently(database: SqliteDatabase):
    database.transact(lambda tx: tx.put(Shelf(name="left", pieces=1)))
    published: list[object] = []
    with pytest.raises(Unavailable, match="nothing of the batch may count"), scope(published.extend, gathers=True):
        assert take(database), "it is called done"
        elsewhere(lambda: database.transact(taking()))
        with pytest.raises(Unavailable):
            database.get(Shelf, "left")
    assert (committed(database), published) == (0, []), "the last piece was taken once"


def test_another_invocation_is_not_refused_for_what_was_kept_back(database: SqliteDatabase):
    """A refusal would dead-letter an innocent event; Unavailable has the whole batch delivered again."""

    def refusing(tx: Transaction) -> bool:
        if not taking()(tx):
            raise IllegalTransition("nothing is left")
        return True

    database.transact(lambda tx: tx.put(Shelf(name="left", pieces=1)))
    with pytest.raises(Unavailable), batch():
        database.transact(refusing, deferrable=True)
        elsewhere(lambda: database.transact(taking()))
        with pytest.raises(Unavailable):
            database.transact(lambda tx: (tx.get(Label, "another's"), tx.put(Label(name="another's"))))


def test_what_work_raises_rests_on_nothing_that_may_still_change(database: SqliteDatabase):
    runs: list[int] = []

    def refuse_empty(tx: Transaction) -> None:
        shelf = tx.get(Shelf, "left")
        assert shelf is not None
        runs.append(committed(database))
        raise IllegalTransition("no")

    with batch():
        take(database)
        with pytest.raises(IllegalTransition):
            database.transact(refuse_empty, deferrable=True)
    assert runs == [10, 9], "first on what was kept back, then again on what is committed"


def test_a_transaction_that_may_not_wait_takes_what_waits_into_its_commit(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
):
    written = counted(database, monkeypatch)
    with batch():
        take(database)
        assert database.transact(taking()), "its caller acts on it now"
        assert (committed(database), len(written)) == (8, 1)


def test_a_read_commits_only_what_it_could_miss(database: SqliteDatabase):
    with batch():
        take(database)
        database.get(Shelf, "right")
        database.get(Label, "left")
        database.query(Label)
        assert committed(database) == 10
        database.query(Shelf)
        assert committed(database) == 9


def test_events_keep_the_trace_of_the_delivery_that_they_belong_to(tmp_path: Path, now: datetime):
    traces = ["00-" + "a" * 32 + "-" + "1" * 16 + "-01"]
    instance = LocalInstance(tmp_path / "instances")
    database = SqliteDatabase(tmp_path / "traced.sqlite", "inventory", instance, lambda: traces[-1])
    database.transact(lambda tx: tx.put(Shelf(name="left", pieces=10)))
    published: list[Envelope] = []
    with scope(published.extend, gathers=True):
        database.transact(lambda tx: (taking()(tx), tx.emit(SCORED, now))[0], deferrable=True)
        traces.append("00-" + "b" * 32 + "-" + "2" * 16 + "-01")
        elsewhere(lambda: database.transact(taking()))
    database.close()
    assert [event.traceparent for event in published] == traces[:1]
