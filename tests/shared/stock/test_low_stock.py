"""Low stock is told once per crossing, from outside the transactions that reserve."""

from dataclasses import replace
from datetime import datetime

import pytest

from shared.stock.holding import release
from shared.stock.low_stock import LowStock, watch
from shared.stock.skus import skus
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, ledger, reserved, stocked

PLAIN = ledger()
BOOK = replace(
    PLAIN,
    skus={
        MUG: replace(PLAIN.skus[MUG], low_stock_threshold=5),
        JAR: replace(PLAIN.skus[JAR], low_stock_threshold=0),
    },
)


@pytest.fixture
def look(db: Database, now: datetime, emitted):
    """Look at stock; returns what is told by that."""

    def once() -> list[dict]:
        told = len(emitted(db))
        watch(db, BOOK, now)
        watch(db, BOOK, now)
        return [event.data for event in emitted(db)[told:] if event.type == "inventory.low_stock"]

    return once


def take(db: Database, now: datetime, order_id: str, pieces: int) -> None:
    reserved(db, BOOK, order_id, {MUG: pieces}, now)


def back(db: Database, now: datetime, order_id: str) -> None:
    db.transact(lambda tx: release(tx, BOOK, order_id, "released", "declined", now))


def test_a_crossing_is_told_once_and_armed_again_when_stock_rises_above(db: Database, now: datetime, look):
    stocked(db, BOOK, now, (MUG, NEWARK, 8, "2.00"))
    assert look() == []
    take(db, now, "ord_1", 3)  # five left: not fewer than five
    assert look() == []
    take(db, now, "ord_2", 1)
    assert look() == [{"sku": MUG, "available": 4, "threshold": 5}]
    take(db, now, "ord_3", 1)
    assert look() == []
    back(db, now, "ord_2")
    back(db, now, "ord_3")  # five again: not above
    take(db, now, "ord_4", 1)
    assert look() == []
    back(db, now, "ord_1")
    assert look() == []
    assert db.get(LowStock, MUG).low is False
    take(db, now, "ord_5", 3)
    assert look() == [{"sku": MUG, "available": 4, "threshold": 5}]


def test_a_sku_that_was_never_stocked_is_low_unless_its_threshold_is_zero(db: Database, look):
    assert look() == [{"sku": MUG, "available": 0, "threshold": 5}]


def test_what_comes_and_goes_between_two_looks_is_not_told(db: Database, now: datetime, look):
    stocked(db, BOOK, now, (MUG, NEWARK, 8, "2.00"))
    take(db, now, "ord_1", 6)
    back(db, now, "ord_1")
    assert look() == []
    assert db.get(LowStock, MUG) is None


def test_several_shards_count_together(db: Database, now: datetime, emitted):
    book = replace(ledger(shards=4), skus={MUG: replace(BOOK.skus[MUG], shards=4)})
    stocked(db, book, now, (MUG, NEWARK, 8, "2.00"))
    watch(db, book, now)
    assert db.get(LowStock, MUG) is None


def test_the_threshold_is_the_skus_own_else_a_tenth_of_the_opening_stock():
    furniture = skus("freight")
    assert (furniture["FURN-003"].low_stock_threshold, furniture["FURN-001"].low_stock_threshold) == (150, 300)
