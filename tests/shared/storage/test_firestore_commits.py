"""Firestore commits whose answers are lost, and many threads at the same documents: nothing lost, nothing twice."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.database import Transaction
from shared.storage.durability import scope
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire
from tests.shared.storage.selling import NOW, LosesAnswers, Open, Sale, Sold, SoldOut, Stock, later, put, sell


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
