"""Pieces are drawn from locations and shards, never more than there are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from shared.errors import OutOfStock
from shared.stock.levels import level
from shared.stock.reservations import Reservation
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import (
    CALIFORNIA,
    JAR,
    MUG,
    NETHERLANDS,
    NEW_YORK,
    NEWARK,
    RENO,
    VENLO,
    ledger,
    picks,
    reserved,
    stocked,
)

NONE_ASIDE = {"quarantine": 0, "damaged": 0, "in_transit": 0}


def test_one_location_serves_the_whole_order_if_it_can(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, *[(sku, place, 5, "2.00") for sku in (MUG, JAR) for place in (NEWARK, RENO, VENLO)])
    order = {MUG: 2, JAR: 3}
    assert picks(reserved(db, book, "ord_1", order, now, CALIFORNIA)) == {(MUG, RENO): 2, (JAR, RENO): 3}
    assert picks(reserved(db, book, "ord_2", order, now, NEW_YORK)) == {(MUG, NEWARK): 2, (JAR, NEWARK): 3}
    assert picks(reserved(db, book, "ord_3", order, now, NETHERLANDS)) == {(MUG, VENLO): 2, (JAR, VENLO): 3}


def test_a_whole_order_from_farther_away_is_preferred_to_two_parts(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, (MUG, RENO, 5, "2.00"), (MUG, VENLO, 5, "2.00"), (JAR, VENLO, 5, "1.00"))
    assert picks(reserved(db, book, "ord_1", {MUG: 1, JAR: 1}, now, CALIFORNIA)) == {(MUG, VENLO): 1, (JAR, VENLO): 1}
    assert picks(reserved(db, book, "ord_2", {MUG: 1}, now, CALIFORNIA)) == {(MUG, RENO): 1}


def test_an_order_that_no_location_can_serve_alone_is_split(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 4, "2.00"), (MUG, RENO, 3, "2.00"), (JAR, VENLO, 9, "1.00"))
    reservation = reserved(db, book, "ord_1", {MUG: 6, JAR: 2}, now, CALIFORNIA)
    assert picks(reservation) == {(MUG, RENO): 3, (MUG, NEWARK): 3, (JAR, VENLO): 2}
    assert level(db, book, MUG).model_dump() == {
        "sku": MUG,
        "on_hand": 7,
        "reserved": 6,
        "available": 1,
        "locations": [
            {"location": NEWARK, "on_hand": 4, "reserved": 3} | NONE_ASIDE,
            {"location": RENO, "on_hand": 3, "reserved": 3} | NONE_ASIDE,
            {"location": VENLO, "on_hand": 0, "reserved": 0} | NONE_ASIDE,
        ],
        **NONE_ASIDE,
    }


def test_a_refusal_says_which_lines_lack_what_and_holds_nothing(db: Database, now: datetime, emitted):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 4, "2.00"), (JAR, RENO, 1, "1.00"))
    with pytest.raises(OutOfStock) as refused:
        reserved(db, book, "ord_1", {MUG: 4, JAR: 2}, now)
    assert refused.value.extra == {"lines": [{"sku": JAR, "requested": 2, "available": 1}]}
    assert level(db, book, MUG).reserved == level(db, book, JAR).reserved == 0
    assert db.get(Reservation, "ord_1") is None
    assert {event.type for event in emitted(db)} == {"inventory.received"}


def test_receiving_spreads_pieces_evenly_over_shards(db: Database, now: datetime):
    book = ledger(shards=4)
    stocked(db, book, now, (MUG, NEWARK, 10, "2.00"))
    assert [db.get(Stock, f"MUG.{n}").on_hand for n in range(4)] == [3, 3, 2, 2]
    assert level(db, book, MUG).on_hand == 10


def test_a_reservation_draws_on_several_shards_and_is_refused_only_if_all_together_lack_stock(
    db: Database, now: datetime
):
    book = ledger(shards=4)
    stocked(db, book, now, (MUG, NEWARK, 10, "2.00"))
    assert picks(reserved(db, book, "ord_1", {MUG: 9}, now)) == {(MUG, NEWARK): 9}
    with pytest.raises(OutOfStock) as refused:
        reserved(db, book, "ord_2", {MUG: 2}, now)
    assert refused.value.extra["lines"] == [{"sku": MUG, "requested": 2, "available": 1}]
    assert picks(reserved(db, book, "ord_3", {MUG: 1}, now)) == {(MUG, NEWARK): 1}
    assert level(db, book, MUG).available == 0


def test_buyers_of_a_sharded_sku_spread_over_its_shards(db: Database, now: datetime):
    book = ledger(shards=4)
    stocked(db, book, now, (MUG, NEWARK, 400, "2.00"))
    drawn = {reserved(db, book, f"ord_{n}", {MUG: 1}, now).lines[0].picks[0].shard for n in range(40)}
    assert drawn == {0, 1, 2, 3}


@pytest.mark.parametrize("shards", [1, 4])
def test_the_last_pieces_are_sold_once_however_many_race_for_them(db: Database, now: datetime, shards: int):
    book = ledger(shards=shards)
    stocked(db, book, now, (MUG, NEWARK, 7, "2.00"), (MUG, RENO, 5, "2.00"))

    def buy(number: int) -> bool:
        try:
            reserved(db, book, f"ord_{number}", {MUG: 1}, now, CALIFORNIA)
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(16) as racers:
        won = list(racers.map(buy, range(48)))
    assert won.count(True) == 12
    assert level(db, book, MUG).available == 0
    assert level(db, book, MUG).reserved == 12
    assert len([n for n in range(48) if db.get(Reservation, f"ord_{n}")]) == 12
