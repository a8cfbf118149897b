"""What only the Firestore adapter promises: lost answers, contention, how documents lie, who takes over outbox rows."""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from shared.errors import Unavailable
from shared.events.envelope import Envelope, Event
from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Index
from shared.storage.durability import scope
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire, OutcomeUnknown
from shared.storage.instances import LeasedInstance
from shared.values.clock import Timestamp

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Stock(Document):
    collection = "stock"
    key_field = "sku"
    sku: str
    left: int


class Sale(Document):
    collection = "sales"
    key_field = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("sku", "at", sums=("pieces", "net")),
        Index("sku"),
        Index("at"),
    )
    ttl_field = "forgotten_at"
    order_id: str
    sku: str
    pieces: int = 1
    net: int | None = None
    weight: float = 1.5
    at: Timestamp = NOW
    forgotten_at: Timestamp | None = None


class Handled(Document):
    collection = "handled_records"
    token: str
    key_field = "token"


class Sold(Event):
    type: ClassVar[str] = "stock.sold"
    order_id: str


class SoldOut(Exception):
    """What the work raises; not one of our errors, whose list is generated from its classes."""


Open = Callable[..., FirestoreDatabase]


@pytest.fixture
def open_database(open_wire: Callable[[], FirestoreWire]) -> Open:
    def open_one(instance: str = "run-1", wire: FirestoreWire | None = None, **more: Any) -> FirestoreDatabase:
        return FirestoreDatabase(wire or open_wire(), "inventory", LeasedInstance(instance), **more)

    return open_one


@pytest.fixture
def database(open_database: Open) -> FirestoreDatabase:
    return open_database()


def put(database: Database, *documents: Document) -> None:
    database.transact(lambda tx: [tx.put(each) for each in documents])


def sell(database: Database, sku: str, order_id: str, pieces: int = 1) -> int:
    """Sell once per order, never more than there is; returns what is left."""

    def work(tx: Transaction) -> int:
        stock = tx.get(Stock, sku)
        assert stock is not None
        if tx.get(Handled, order_id) is not None:
            return -1
        if stock.left < pieces:
            raise SoldOut
        stock.left -= pieces
        tx.put(stock)
        tx.create(Sale(order_id=order_id, sku=sku, pieces=pieces))
        tx.put(Handled(token=order_id))
        tx.emit(Sold(order_id=order_id), NOW)
        return stock.left

    return database.transact(work)


class LosesAnswers:
    """A wire whose first commits (`lost`) get no answer; whether they take place is told by `arrives`."""

    def __init__(self, wire: FirestoreWire, *, arrives: bool, lost: int = 1, then: Callable[[], object] = int) -> None:
        self._wire, self._arrives, self._lost, self._then = wire, arrives, lost, then
        self.commits = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)

    def commit(self, writes: Sequence[Any]) -> None:
        self.commits += 1
        if self.commits > self._lost:
            return self._wire.commit(writes)
        if self._arrives:
            self._wire.commit(writes)
        self._then()
        raise OutcomeUnknown("connection lost")


def test_a_commit_that_took_place_though_its_answer_was_lost_is_not_repeated(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    put(database, Stock(sku="mug", left=5))
    losing = LosesAnswers(wire, arrives=True)
    published: list[Envelope] = []
    with scope(published.extend):
        assert sell(open_database(wire=losing), "mug", "ord_1") == 4
    assert losing.commits == 1
    assert database.get(Stock, "mug") == Stock(sku="mug", left=4)
    assert [event.subject for event in published] == ["ord_1"]


def test_a_commit_that_was_lost_on_its_way_is_made_again_once(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    put(database, Stock(sku="mug", left=5))
    losing = LosesAnswers(wire, arrives=False, lost=3)
    assert sell(open_database(wire=losing), "mug", "ord_1") == 4
    assert losing.commits == 4
    assert database.get(Stock, "mug") == Stock(sku="mug", left=4)
    assert database.aggregate(Sale).count == 1


def test_a_lost_answer_is_known_by_the_handled_record_when_others_wrote_the_rest(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    put(database, Stock(sku="mug", left=5))

    def others_go_on() -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(sell, database, "mug", "ord_2").result()
        database.discard_sent([event.id for event in open_database("run-2", clock=later).unsent()])
        database.flush()

    losing = LosesAnswers(wire, arrives=True, then=others_go_on)
    assert sell(open_database(wire=losing), "mug", "ord_1") == 4
    assert database.get(Stock, "mug") == Stock(sku="mug", left=3)


def test_when_nothing_tells_what_became_of_a_commit_it_is_unavailable_and_not_repeated(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    losing = LosesAnswers(wire, arrives=False)
    with pytest.raises(Unavailable, match="did not say"):
        put(open_database(wire=losing), Stock(sku="mug", left=5))
    assert losing.commits == 1
    assert database.get(Stock, "mug") is None


def test_sixteen_threads_sell_three_of_twenty_and_none_is_sold_twice(database: FirestoreDatabase) -> None:
    skus = [f"sku_{i:02}" for i in range(20)]
    put(database, *(Stock(sku=sku, left=12) for sku in skus))
    refused: list[str] = []
    guard = threading.Lock()

    def order(number: int) -> None:
        chosen = random.Random(number).sample(skus, 3)

        def work(tx: Transaction) -> None:
            stocks = [tx.get(Stock, sku) for sku in chosen]
            for stock in stocks:
                assert stock is not None
                if not stock.left:
                    raise SoldOut
                stock.left -= 1
                tx.put(stock)
            tx.create(Sale(order_id=f"ord_{number}", sku=chosen[0], pieces=3))
            tx.emit(Sold(order_id=f"ord_{number}"), NOW)

        try:
            database.transact(work)
        except SoldOut:
            with guard:
                refused.append(f"ord_{number}")

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(order, range(120)))
    left = [stock.left for stock in database.get_many(Stock, skus) if stock]
    sold = database.aggregate(Sale, sums=["pieces"])
    assert min(left) >= 0
    assert len(refused) > 0
    assert sold.count == 120 - len(refused) == database.outstanding()
    assert sum(left) + sold.sums["pieces"] == 20 * 12


def test_the_last_pieces_go_to_as_many_orders_as_there_are(database: FirestoreDatabase) -> None:
    put(database, Stock(sku="mug", left=10))

    def order(number: int) -> bool:
        try:
            return sell(database, "mug", f"ord_{number}") >= 0
        except SoldOut:
            return False

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(order, range(32))) == 10
    assert database.get(Stock, "mug") == Stock(sku="mug", left=0)
    assert database.outstanding() == database.aggregate(Sale).count == 10


def later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=11)


def test_the_rows_of_a_process_in_the_cloud_are_taken_over_after_ten_seconds(open_database: Open) -> None:
    first = open_database("run-1", clock=lambda: NOW)
    event_id = first.transact(lambda tx: tx.emit(Sold(order_id="ord_1"), NOW))
    assert open_database("run-2", clock=lambda: NOW + timedelta(seconds=10)).unsent() == []
    [taken] = open_database("run-2", clock=lambda: NOW + timedelta(seconds=10, milliseconds=1)).unsent()
    assert taken.id == event_id


def test_where_nothing_runs_after_the_answer_sent_rows_are_deleted_before_it(open_database: Open) -> None:
    database = open_database(keeps_running=False)
    with scope(lambda events: None):
        database.transact(lambda tx: tx.emit(Sold(order_id="ord_1"), NOW))
    assert open_database("run-2", clock=later).unsent() == []
    assert open_database("run-2").outstanding() == 0


def test_the_relay_finds_every_row_of_a_long_backlog(open_database: Open) -> None:
    database = open_database("run-1", clock=lambda: NOW)
    for batch in range(2):
        database.transact(lambda tx, b=batch: [tx.emit(Sold(order_id=f"{b}-{i}"), NOW) for i in range(400)])  # type: ignore[misc]
    relay = open_database("run-2")
    assert len(relay.unsent(limit=350)) == 350
    assert [event.subject for event in relay.unsent(limit=1000)] == [f"{b}-{i}" for b in range(2) for i in range(400)]


def test_beside_the_body_lie_only_what_indexes_sums_and_ttl_need(
    database: FirestoreDatabase, wire: FirestoreWire
) -> None:
    put(database, Sale(order_id="ord_1", sku="mug", forgotten_at=NOW), Stock(sku="mug", left=1))
    sale, stock = wire.name("sales", "ord_1"), wire.name("stock", "mug")
    found = wire.documents([sale, stock], ())
    assert not found[sale].fields
    whole = wire.run(of_collection("sales"))[0].fields
    assert sorted(whole) == ["_body", "_commit", "_expires", "_key", "at", "net", "pieces", "sku"]
    assert whole["_expires"].timestamp_value.ToDatetime(UTC) == NOW
    assert whole["at"].string_value == "2026-03-01T12:00:00.000000Z"
    assert sorted(wire.run(of_collection("stock"))[0].fields) == ["_body", "_commit", "_key"]


def of_collection(name: str) -> Any:
    from shared.storage.firestore_wire import Query

    query = Query()
    query.from_.add(collection_id=name)
    return query


def test_sums_that_the_index_names_are_added_up_by_firestore_and_others_here(
    database: FirestoreDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, *(Sale(order_id=f"ord_{i}", sku="mug", pieces=i, net=None if i == 2 else 5) for i in range(4)))
    asked: dict[str, Any] = {"sku": "mug", "order_by": "at", "until": NOW}
    here = database.aggregate(Sale, sums=["pieces", "net"], sku="mug")
    monkeypatch.setattr(database.wire, "run", None)
    assert database.aggregate(Sale, sums=["net", "pieces"], **asked) == here
    assert database.aggregate(Sale, sums=["pieces"], **asked).sums == {"pieces": 6}
    assert here.sums == {"pieces": 6, "net": 15}


def test_only_whole_numbers_are_summed(database: FirestoreDatabase) -> None:
    put(database, Sale(order_id="ord_1", sku="mug"))
    with pytest.raises(TypeError, match="whole numbers"):
        database.aggregate(Sale, sums=["weight"])


def test_an_index_holds_at_most_the_sums_of_one_aggregation() -> None:
    with pytest.raises(TypeError, match="four"):
        Index("sku", sums=("a", "b", "c", "d", "e"))


def test_a_purge_leaves_a_document_that_was_kept_longer_meanwhile(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    put(database, Sale(order_id="ord_1", sku="mug", forgotten_at=NOW))

    class Overtaken(LosesAnswers):
        def commit(self, writes: Sequence[Any]) -> None:
            kept = Sale(order_id="ord_1", sku="mug", forgotten_at=NOW + timedelta(days=9))
            with ThreadPoolExecutor(1) as other:
                other.submit(put, database, kept).result()
            self._wire.commit(writes)

    purging = open_database(wire=Overtaken(wire, arrives=True))
    assert purging.purge(Sale, NOW + timedelta(days=1)) == 0
    assert database.get(Sale, "ord_1") is not None


def test_a_database_that_is_not_there_is_unavailable_at_once() -> None:
    wire = FirestoreWire("local", "nowhere", "127.0.0.1:9")
    database = FirestoreDatabase(wire, "inventory", LeasedInstance("run-1"))
    with pytest.raises(Unavailable):
        database.get(Stock, "mug")
    with pytest.raises(Unavailable):
        put(database, Stock(sku="mug", left=1))
    wire.close()
