"""Operators split a SKU's stock over more documents, or fewer, while orders go on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from shared.errors import NotFound, OutOfStock
from shared.stock.holding import firm, release
from shared.stock.levels import level
from shared.stock.sharding import SkuShards, change_shards
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import MUG, NEWARK, RENO, ledger, reserved, stocked
from tests.shared.stock.stories import leaves, unexplained


def split(db: Database, book, count: int) -> SkuShards:
    return db.transact(lambda tx: change_shards(tx, book, MUG, count))


def values(db: Database, count: int) -> list[int]:
    return [db.get(Stock, f"MUG.{number}").value_minor for number in range(count)]


def test_free_pieces_are_spread_evenly_and_every_cent_with_them(db: Database, now: datetime, emitted):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 9, "1.00"), (MUG, NEWARK, 1, "1.01"), (MUG, RENO, 2, "1.00"))
    before, told = level(db, book, MUG), len(emitted(db))
    answer = split(db, book, 4)
    assert [(each.shard, each.on_hand) for each in answer.holding] == [(0, 4), (1, 4), (2, 2), (3, 2)]
    assert sum(values(db, 4)) == 1201
    assert level(db, book, MUG) == before
    assert len(emitted(db)) == told
    assert unexplained(db, book, now) == {}


def test_the_same_number_again_changes_nothing(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 10, "1.00"))
    assert split(db, book, 3) == split(db, book, 3)


def test_held_pieces_stay_where_their_reservation_knows_them(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 10, "1.00"))
    reserved(db, book, "ord_1", {MUG: 4}, now)
    answer = split(db, book, 3)
    assert [(each.on_hand, each.reserved) for each in answer.holding] == [(6, 4), (2, 0), (2, 0)]
    firm(db, book, "ord_1", now)
    leaves(db, book, now, MUG=4)
    assert (level(db, book, MUG).on_hand, level(db, book, MUG).reserved) == (6, 0)
    assert unexplained(db, book, now) == {}


def test_pieces_freed_in_a_shard_that_has_gone_are_still_sold(db: Database, now: datetime):
    book = ledger(shards=4)
    stocked(db, book, now, (MUG, NEWARK, 8, "1.00"))
    for number in range(8):
        reserved(db, book, f"ord_{number}", {MUG: 1}, now)
    assert len(split(db, book, 1).holding) == 4
    for number in range(8):
        db.transact(lambda tx, n=number: release(tx, book, f"ord_{n}", "released", "declined", now))
    assert level(db, book, MUG).available == 8
    reserved(db, book, "ord_all", {MUG: 8}, now)
    with pytest.raises(OutOfStock):
        reserved(db, book, "ord_more", {MUG: 1}, now)
    db.transact(lambda tx: release(tx, book, "ord_all", "released", "declined", now))
    assert [(each.shard, each.on_hand) for each in split(db, book, 1).holding] == [(0, 8)]
    assert db.get(Stock, "MUG.0").widest == 1


def test_goods_received_later_are_spread_over_the_shards_that_are(db: Database, now: datetime):
    book = ledger(shards=2)
    stocked(db, book, now, (MUG, NEWARK, 2, "1.00"))
    split(db, book, 4)
    stocked(db, book, now, *[(MUG, RENO, 1, "1.00")], (MUG, NEWARK, 8, "1.00"))
    assert [db.get(Stock, f"MUG.{number}").places[NEWARK].on_hand for number in range(4)] == [3, 3, 2, 2]


def test_a_process_that_remembers_another_number_sells_no_piece_less_and_none_twice(db: Database, now: datetime):
    here, elsewhere = ledger(), ledger()
    stocked(db, here, now, (MUG, NEWARK, 20, "1.00"))
    reserved(db, elsewhere, "ord_0", {MUG: 1}, now)
    split(db, here, 5)
    shards = {reserved(db, elsewhere, f"ord_1{n}", {MUG: 1}, now).lines[0].picks[0].shard for n in range(12)}
    assert len(shards) > 1, "it learns the new number from any shard it meets"
    split(db, here, 1)
    reserved(db, elsewhere, "ord_rest", {MUG: 7}, now)
    with pytest.raises(OutOfStock):
        reserved(db, elsewhere, "ord_more", {MUG: 1}, now)
    assert level(db, here, MUG).reserved == 20
    assert unexplained(db, here, now) == {}


def test_orders_and_changes_of_shards_race_and_exactly_what_there_is_is_sold(db: Database, now: datetime):
    book = ledger()
    stocked(db, book, now, (MUG, NEWARK, 60, "1.00"), (MUG, RENO, 40, "1.01"))

    def buy(number: int) -> bool:
        try:
            reserved(db, book, f"ord_{number}", {MUG: 1}, now)
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        changes = [racers.submit(split, db, book, count) for count in (8, 2, 5)]
        sold = list(racers.map(buy, range(150)))
        assert [change.result().shards for change in changes] == [8, 2, 5]
    assert sold.count(True) == 100
    assert (level(db, book, MUG).available, level(db, book, MUG).reserved) == (0, 100)
    assert unexplained(db, book, now) == {}


def test_another_services_sku_is_not_found(db: Database):
    with pytest.raises(NotFound):
        db.transact(lambda tx: change_shards(tx, ledger(), "FURN-001", 2))
