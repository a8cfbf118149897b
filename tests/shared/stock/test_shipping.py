"""Goods leave once, at their exact cost."""

from collections import Counter
from datetime import datetime

import pytest

from shared.errors import Undeliverable
from shared.stock.control_totals import control_totals
from shared.stock.holding import firm, release
from shared.stock.levels import level
from shared.stock.movements import Movement
from shared.stock.reservations import Reservation
from shared.stock.shipping import ship
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, dispatched, ledger, reserved, stocked, usd

BOOK = ledger()


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    """Three mugs that cost 10.00 together and a jar; 2 mugs at 3.33, 1 at 3.34 by average; from Newark."""
    stocked(db, BOOK, now, (MUG, NEWARK, 2, "3.00"), (MUG, NEWARK, 1, "4.00"), (JAR, NEWARK, 5, "1.60"))
    reserved(db, BOOK, "ord_1", {MUG: 3, JAR: 1}, now)
    firm(db, BOOK, "ord_1", now)
    return "ord_1"


def leave(db: Database, now: datetime, *what, **more) -> None:
    event = dispatched(*what, **more)
    db.transact(lambda tx: ship(tx, BOOK, event, now))


def test_a_shipment_takes_its_pieces_at_their_exact_cost(db: Database, order: str, now: datetime, emitted):
    leave(db, now, order, "shp_1", NEWARK, {MUG: 3, JAR: 1})
    committed = emitted(db)[-1]
    assert (committed.type, committed.subject, committed.time) == ("inventory.committed", order, now)
    assert committed.data == {
        "order_id": order,
        "shipment_id": "shp_1",
        "lines": [
            {"sku": MUG, "location": NEWARK, "quantity": 2, "unit_cost": usd("3.33").as_json()},
            {"sku": MUG, "location": NEWARK, "quantity": 1, "unit_cost": usd("3.34").as_json()},
            {"sku": JAR, "location": NEWARK, "quantity": 1, "unit_cost": usd("1.60").as_json()},
        ],
    }
    mugs, jars = db.get(Stock, "MUG.0"), db.get(Stock, "JAR.0")
    assert (mugs.on_hand, mugs.reserved, mugs.value_minor) == (0, 0, 0)
    assert (jars.on_hand, jars.reserved, jars.value_minor) == (4, 0, 640)
    assert db.get(Movement, "shp_1.MUG.newark-us").model_dump(exclude={"schema_version"}) == {
        "key": "shp_1.MUG.newark-us",
        "kind": "shipment",
        "cause": "shp_1",
        "sku": MUG,
        "location": NEWARK,
        "state": "sellable",
        "delta": -3,
        "value_minor": -1000,
        "currency": "USD",
        "at": now,
    }
    assert db.get(Reservation, order).state == "committed"


def test_the_same_shipment_again_changes_nothing(db: Database, order: str, now: datetime, emitted):
    leave(db, now, order, "shp_1", NEWARK, {MUG: 1})
    before = db.get(Stock, "MUG.0"), db.get(Reservation, order), len(emitted(db)), db.aggregate(Movement).count
    leave(db, now, order, "shp_1", NEWARK, {MUG: 1})
    assert before == (
        db.get(Stock, "MUG.0"),
        db.get(Reservation, order),
        len(emitted(db)),
        db.aggregate(Movement).count,
    )


def test_an_order_may_leave_in_parts_and_is_committed_with_the_last(db: Database, order: str, now: datetime):
    leave(db, now, order, "shp_1", NEWARK, {MUG: 1})
    assert db.get(Reservation, order).state == "firm"
    leave(db, now, order, "shp_2", NEWARK, {MUG: 2, JAR: 1})
    assert db.get(Reservation, order).state == "committed"
    moved = [db.get(Movement, key).value_minor for key in ("shp_1.MUG.newark-us", "shp_2.MUG.newark-us")]
    assert moved == [-333, -667]


def test_a_shipment_of_the_other_fulfilment_is_no_concern(db: Database, now: datetime, emitted):
    leave(db, now, "ord_unknown", "shp_1", NEWARK, {MUG: 1}, fulfilment="freight")
    assert emitted(db) == []


def test_a_shipment_of_what_is_not_held_is_refused_for_good_and_changes_nothing(
    db: Database, order: str, now: datetime, emitted
):
    before = db.get(Stock, "MUG.0"), db.get(Stock, "JAR.0"), len(emitted(db))
    for what in (
        ("ord_unknown", "shp_1", NEWARK, {MUG: 1}),
        (order, "shp_1", RENO, {MUG: 1}),
        (order, "shp_1", NEWARK, {MUG: 4}),
        (order, "shp_1", NEWARK, {JAR: 1, "OTHER": 1}),
    ):
        with pytest.raises(Undeliverable):
            leave(db, now, *what)
    assert before == (db.get(Stock, "MUG.0"), db.get(Stock, "JAR.0"), len(emitted(db)))
    db.transact(lambda tx: release(tx, BOOK, order, "cancelled", "order cancelled", now))
    with pytest.raises(Undeliverable):
        leave(db, now, order, "shp_1", NEWARK, {MUG: 1})


def test_pieces_of_several_shards_leave_at_each_shards_cost_and_every_cent_is_moved(
    db: Database, now: datetime, emitted
):
    book = ledger(shards=3)
    stocked(db, book, now, (MUG, NEWARK, 4, "1.00"), (MUG, NEWARK, 3, "1.01"))
    reserved(db, book, "ord_1", {MUG: 7}, now)
    firm(db, book, "ord_1", now)
    for number, pieces in enumerate((5, 2)):
        event = dispatched("ord_1", f"shp_{number}", NEWARK, {MUG: pieces})
        db.transact(lambda tx, e=event: ship(tx, book, e, now))
    lines = [line for event in emitted(db) if event.type == "inventory.committed" for line in event.data["lines"]]
    pieces = Counter()
    for line in lines:
        pieces[line["unit_cost"]["amount"]] += line["quantity"]
    assert pieces == {"1.00": 4, "1.01": 3}
    assert [db.get(Stock, f"MUG.{n}").value_minor for n in range(3)] == [0, 0, 0]


def test_stock_equals_movements_after_any_story(db: Database, order: str, now: datetime):
    leave(db, now, order, "shp_1", NEWARK, {MUG: 2})
    reserved(db, BOOK, "ord_2", {JAR: 3}, now)
    assert control_totals(db, BOOK, now).totals == {
        "movements.MUG": 1,
        "movements.JAR": 5,
        "stock_unexplained": 0,
        "value_unexplained": 0,
        "reserved_unexplained": 0,
    }
    value = sum(db.aggregate(Movement, sums=("value_minor",), sku=sku).sums["value_minor"] for sku in (MUG, JAR))
    assert value == db.get(Stock, "MUG.0").value_minor + db.get(Stock, "JAR.0").value_minor
    assert level(db, BOOK, JAR).reserved == 4
